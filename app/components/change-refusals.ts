// Why a change of a member was not made, and what to do now.
export const changeRefusals = {
  yourself: "Nothing was changed: your own role is changed by somebody else who manages the members.",
  "unknown-role": "Nothing was changed: this role does not exist any more. Choose another one.",
  "beyond-you":
    "Nothing was changed: this role, or the one the member has now, allows more than yours does. Ask somebody who may do as much.",
  "last-manager":
    "Nothing was changed: nobody else manages the members. Give somebody else a role that does, then try again.",
  busy: "Nothing was changed: others are changing members at this moment. Wait a few seconds, then try again.",
};

export type ChangeRefused = keyof typeof changeRefusals;
