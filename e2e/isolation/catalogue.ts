// The cases of the catalogue: what an attacker could try, and what looks at it.
import type { CaseId } from "./part";

export interface Case {
  id: CaseId;
  /** In plain words. */
  title: string;
  /** Requirements of OWASP ASVS 5.0. */
  asvs: string[];
  /** The part that looks at it; none when there is nothing in the app that it could be about. */
  by?: string;
  /** Why it is not applicable. */
  because?: string;
}

export const catalogue: Case[] = [];
