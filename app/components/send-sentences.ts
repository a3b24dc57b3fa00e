// What became of an invitation and its mail, and what to do now.
import { someOf } from "./words";

const allSeats = "all seats of your organization’s plan are used.";

/** For whoever may not change the plan, this needs the names of those who may. */
const makeRoom = (managers: string[] | undefined) =>
  managers
    ? `Ask ${someOf(managers)} to choose a larger plan, or revoke an invitation.`
    : "Choose a larger plan under Billing, or revoke an invitation.";

/** Invited, but no mail went out: the link has to be passed on by hand. */
const withoutMail = {
  "made-no-mail": "Invited, but Logto has no way to send mail. Copy the link and pass it on.",
  "mail-refused": "Invited, but the mail could not be sent. Copy the link and pass it on, or send it again later.",
  "mail-limited":
    "Invited, but this address got ten mails in ten minutes, so no more is sent now. Copy the link and pass it on.",
};

const notInvited = {
  "already-member": "Is a member already.",
  "already-invited": "Is invited already. Send it again from the list of invitations.",
  "not-an-address": "Is not an e-mail address.",
  twice: "Stands in the list twice.",
  "too-many": "Not invited: at most 100 invitations can wait at a time. Revoke some, or wait until they are answered.",
  "no-seat": `Not invited: ${allSeats} ${makeRoom(undefined)}`,
  "unknown-role": "Not invited: this role does not exist any more. Choose another one.",
  "beyond-you": "Not invited: this role allows more than yours does. Choose another one.",
  "being-deleted": "Not invited: the organization is going to be deleted. Undo that first.",
  "domain-not-allowed":
    "Not invited: the settings allow only addresses of certain domains, and this is of another one.",
  unavailable: "Not invited yet: Logto does not answer. Send it again.",
};

export const sendSentences = { sent: "Invited. The mail is sent.", ...withoutMail, ...notInvited };

export type SendResult = keyof typeof sendSentences;

export function isInvited(result: SendResult): boolean {
  return result === "sent" || result in withoutMail;
}

/** Whether another try, perhaps with a correction, may do it. */
export function canBeTriedAgain(result: SendResult): boolean {
  return !isInvited(result) && !["already-member", "already-invited", "twice"].includes(result);
}

/** After a resend or a new link, when the invitation itself is as it should be. */
export const mailSentences = {
  sent: "The mail is sent.",
  "made-no-mail": "Logto has no way to send mail. Copy the link and pass it on.",
  "mail-refused": "The mail could not be sent. Copy the link and pass it on, or send it again later.",
  "mail-limited": "This address got ten mails in ten minutes, so no more is sent now. Copy the link and pass it on.",
  unavailable: "Logto does not answer, so no mail is sent yet. Send it again.",
};

export const invitationRefusals = {
  missing: "There is no such invitation any more.",
  closed: "Nothing was changed: it is accepted, declined or revoked already.",
  busy: "Nothing was changed: somebody is accepting it at this moment.",
  "already-member": "Nothing was sent: is a member already. Revoke the invitation, nobody needs it any more.",
  expired: "Nothing was changed: it has expired. Send it again first.",
  "beyond-you": "Nothing was changed: its role allows more than yours does.",
  "unknown-role": "Nothing was changed: its role does not exist any more. Choose another one first.",
  "no-seat": `Nothing was changed: ${allSeats} ${makeRoom(undefined)}`,
  "too-many": "Nothing was changed: at most 100 invitations can wait at a time.",
  "being-deleted": "Nothing was changed: the organization is going to be deleted. Undo that first.",
  "domain-not-allowed":
    "Nothing was changed: the settings allow only addresses of certain domains, and this is of another one.",
  unavailable: "Nothing was changed: Logto does not answer. Try again.",
};

/** In place of the sentence for `no-seat`, when the reader may not change the plan; and before anybody is invited at all. */
export function noSeatSentence(
  begins: "Not invited" | "Nothing was changed" | "Nobody can be invited",
  managers: string[] | undefined,
): string {
  return `${begins}: ${allSeats} ${makeRoom(managers)}`;
}
