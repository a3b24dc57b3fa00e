// The mutants that nobody can notice, each with the reason. At most three of a hundred may be here.
export const equivalent: Record<string, string> = {
  "guards guard:members.remove:membership":
    "the model asks Logto for the same permission once more, and its no is the same 403",
  "guards guard:members.remove:permission":
    "the model asks Logto for the same permission once more, and its no is the same 403",
  "queries query:exports/exports.note.update.exportFiles":
    "an export's id is unique over all organizations, and was read from its own",
  "queries query:exports/exports.removeExpired.remove.exportFiles":
    "an export's id is unique over all organizations, and was read from its own",
  "queries query:invitations/send.forget.remove.invitationLinks":
    "a link's id is unique over all organizations, and was drawn a moment ago",
  "queries query:member-changes.whatGoes.select.members":
    "only the person's id is read, which is the same in every organization",
};
