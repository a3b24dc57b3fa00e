// The mutants that nobody can notice, each with the reason. At most three of a hundred may be here.
export const equivalent: Record<string, string> = {};
