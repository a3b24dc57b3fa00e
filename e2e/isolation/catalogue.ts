// The cases of the catalogue: what an attacker could try, which requirement of OWASP ASVS 5.0 it is about, and what looks at it.
import { jobs } from "./jobs";
import type { CaseId } from "./part";

export interface Case {
  id: CaseId;
  /** In plain words. */
  title: string;
  asvs: string[];
  /** The part of the suite that looks at it. */
  by?: string;
  /** Test files that look at it, when no part does: `npm test` runs them before the suite. */
  tests?: string[];
  /** Why nothing looks at it: there is nothing in the app that it could be about, or it is still to be done. */
  because?: string;
}

export const chapters: Record<string, string> = {
  A: "Objects of another organization",
  B: "Functions and fields",
  C: "Sessions, and which organization is active",
  D: "Invitations and membership",
  E: "The database",
  F: "What can be told apart",
  G: "Caches, streams, jobs, files",
  H: "The web platform",
  I: "Webhooks and Logto",
  J: "Races and faults",
  K: "Logs, limits, the end of an organization",
};

export const catalogue: Case[] = [
  {
    id: "A1",
    title: "Reading another organization's object by its id, in any way to ask",
    asvs: ["8.2.2", "8.4.1"],
    by: "matrix",
  },
  { id: "A2", title: "Changing or deleting another organization's object", asvs: ["8.2.2", "8.4.1"], by: "matrix" },
  { id: "A3", title: "Reaching another organization's child through one's own parent", asvs: ["8.2.2"], by: "objects" },
  { id: "A4", title: "Slipping a foreign id into a form that names several", asvs: ["8.2.2"], by: "objects" },
  {
    id: "A5",
    title: "Moving or copying from another organization's object",
    asvs: ["8.2.2"],
    because: "nothing in the app can be moved or copied",
  },
  { id: "A6", title: "Lists, counts and searches that take in another organization", asvs: ["8.4.1"], by: "objects" },
  {
    id: "A7",
    title: "Parameters that name an organization, or a relation to one",
    asvs: ["8.2.3", "15.3.7"],
    by: "objects",
  },
  { id: "A8", title: "Opening an organization that one is not in", asvs: ["8.4.1"], by: "objects" },
  { id: "B1", title: "A Collaborator who calls what only Admins may", asvs: ["8.2.1"], by: "matrix" },
  { id: "B2", title: "A role that counts elsewhere, or that is only called Admin", asvs: ["8.2.1"], by: "functions" },
  {
    id: "B3",
    title: "Fields and parameters that no form has, or that come twice",
    asvs: ["15.3.3", "15.3.7"],
    by: "functions",
  },
  { id: "B4", title: "Promoting oneself; the last Admin who goes", asvs: ["8.2.1"], by: "functions" },
  { id: "B5", title: "Reading as a Collaborator what only Admins may read", asvs: ["8.2.3"], by: "functions" },
  {
    id: "C1",
    title: "Choosing the organization by header, host, query, cookie or field",
    asvs: ["8.2.2", "4.1.3"],
    by: "sessions",
  },
  { id: "C2", title: "Two tabs, of which one has moved to another organization", asvs: ["8.4.1"], by: "browsers" },
  { id: "C3", title: "No active organization, or one that was deleted", asvs: ["8.3.2"], by: "sessions" },
  { id: "C4", title: "A session that was planted before the sign-in", asvs: ["7.2.4"], by: "sessions" },
  { id: "C5", title: "A session's cookie that was tampered with", asvs: ["7.2.2"], by: "sessions" },
  { id: "C6", title: "A cookie that was copied before the sign-out", asvs: ["7.4.1"], by: "sessions" },
  { id: "C7", title: "Taken out, demoted or suspended while signed in", asvs: ["8.3.2", "7.4.2"], by: "sessions" },
  { id: "C8", title: "What the cookie says, and to whom", asvs: ["3.3.1", "3.3.2", "3.3.4"], by: "sessions" },
  { id: "D1", title: "An invitation that somebody else opens", asvs: ["2.3.1", "8.2.2"], by: "invitations" },
  { id: "D2", title: "An invitation that is used twice, and at once", asvs: ["2.3.4", "15.4.2"], by: "invitations" },
  { id: "D3", title: "An invitation that is over or was revoked", asvs: ["2.3.1"], by: "invitations" },
  { id: "D4", title: "Guessing the link of an invitation", asvs: ["2.4.1", "11.5.1"], by: "invitations" },
  { id: "D5", title: "Another role or organization in the request that accepts", asvs: ["15.3.3"], by: "invitations" },
  { id: "D6", title: "Inviting without the permission, or above one's own role", asvs: ["8.2.1"], by: "invitations" },
  { id: "D7", title: "Learning by an invitation who has an account", asvs: ["8.4.1"], by: "invitations" },
  {
    id: "E1",
    title: "Keys and indexes of every table begin with the organization",
    asvs: ["8.4.1"],
    tests: ["db/schema.test.ts"],
  },
  {
    id: "E2",
    title: "Every table, past the app, at the wall of the database",
    asvs: ["8.4.1"],
    tests: ["db/walls.test.ts"],
  },
  { id: "E3", title: "Filters that are undefined, empty or no number", asvs: ["8.4.1"], tests: ["db/scoped.test.ts"] },
  {
    id: "E4",
    title: "Roles and views of a Postgres database",
    asvs: ["8.4.1"],
    because: "the app runs on SQLite, which has neither",
  },
  {
    id: "E5",
    title: "A connection that keeps the organization of whoever used it before",
    asvs: ["8.4.1"],
    tests: ["db/store.test.ts"],
  },
  {
    id: "E6",
    title: "Many organizations on one connection at once",
    asvs: ["8.4.1", "15.4.2"],
    tests: ["db/interleaving.test.ts"],
  },
  { id: "E7", title: "Migrating a file with two organizations in it", asvs: ["8.4.1"], tests: ["db/migrate.test.ts"] },
  { id: "F1", title: "Telling a foreign id from one that never was", asvs: ["8.2.2"], by: "matrix" },
  { id: "F2", title: "Making in one organization what another has already", asvs: ["8.4.1"], by: "oracles" },
  {
    id: "F3",
    title: "Telling them apart by how much work the answer was",
    asvs: ["8.4.1"],
    by: "attempts",
  },
  { id: "F4", title: "Ids from which another organization's number of things follows", asvs: ["8.4.1"], by: "oracles" },
  { id: "F5", title: "Errors that tell of the inside", asvs: ["16.5.1"], by: "oracles" },
  {
    id: "G1",
    title: "A cache of the server that is warm with another organization's",
    asvs: ["8.4.1"],
    by: "attempts",
  },
  { id: "G2", title: "Answers that a proxy or a browser would keep", asvs: ["14.3.2"], by: "matrix" },
  { id: "G3", title: "A stream that goes on after the membership", asvs: ["8.3.2"], by: "files" },
  {
    id: "G4",
    title: "A job without an organization, or with a forged one",
    asvs: ["8.4.1"],
    tests: [...new Set(Object.values(jobs).flatMap(({ tests }) => tests))],
  },
  {
    id: "G5",
    title: "Exports that take in another organization, or run in a spreadsheet",
    asvs: ["1.2.10", "8.4.1"],
    by: "files",
  },
  { id: "G6", title: "Files by another organization's key", asvs: ["5.3.2", "8.2.2"], by: "files" },
  { id: "G7", title: "Mail that goes to the wrong people, or says too much", asvs: ["8.4.1"], by: "traces-left" },
  {
    id: "H1",
    title: "Forms from another site, and reading that changes something",
    asvs: ["3.5.1", "3.5.3"],
    by: "web",
  },
  { id: "H2", title: "Being led elsewhere after the sign-in", asvs: ["3.7.2"], by: "web" },
  { id: "H3", title: "A sign-in that somebody else began", asvs: ["10.2.1", "10.5.1"], by: "web" },
  {
    id: "H4",
    title: "Names and texts that are markup; framing; other origins",
    asvs: ["1.2.1", "3.4.3", "3.4.6"],
    by: "browsers",
  },
  { id: "H5", title: "Pages for development in the real build", asvs: ["13.4.2"], by: "web" },
  { id: "I1", title: "A webhook that Logto did not sign", asvs: ["11.3.3"], by: "webhooks" },
  { id: "I2", title: "A webhook that is sent again and again", asvs: ["2.3.4"], by: "webhooks" },
  { id: "I3", title: "A webhook about what nobody knows, or of another time", asvs: ["2.3.1"], by: "webhooks" },
  { id: "I4", title: "Logto is out of reach, slow or wrong", asvs: ["16.5.2", "16.5.3"], by: "webhooks" },
  {
    id: "I5",
    title: "Logto fails half-way",
    asvs: ["2.3.3"],
    tests: ["app/models/organizations.server.test.ts", "app/models/invitations/broken-off.server.test.ts"],
  },
  {
    id: "J1",
    title: "Taken out between the guard and the write",
    asvs: ["15.4.2"],
    by: "attempts",
  },
  {
    id: "J2",
    title: "One person who moves between two organizations in all tabs at once",
    asvs: ["15.4.2"],
    by: "sessions",
  },
  { id: "J3", title: "Two Admins who demote each other; forms that are sent twice", asvs: ["15.4.2"], by: "functions" },
  {
    id: "J4",
    title: "The process is killed while it writes",
    asvs: ["16.5.3"],
    tests: ["e2e/http/killing.spec.ts"],
  },
  {
    id: "J5",
    title: "The disk is full, or the file is locked",
    asvs: ["16.5.3"],
    tests: ["db/writer.test.ts"],
  },
  { id: "K1", title: "What the log tells", asvs: ["16.2.5", "16.3.2"], by: "traces-left" },
  { id: "K2", title: "One organization that asks too much", asvs: ["2.4.1"], by: "limits" },
  {
    id: "K3",
    title: "What is left of a deleted organization",
    asvs: ["14.2.7"],
    tests: ["app/models/settings/deletion.server.test.ts"],
  },
];
