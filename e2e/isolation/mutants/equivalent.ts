// The mutants that nobody can notice, each with the reason. At most three of a hundred may be here.
export const equivalent: Record<string, string> = {
  "guards guard:members.remove:membership":
    "the model asks Logto for the same permission once more, and its no is the same 403",
  "guards guard:members.remove:permission":
    "the model asks Logto for the same permission once more, and its no is the same 403",
};
