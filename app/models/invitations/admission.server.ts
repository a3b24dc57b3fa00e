// Whom an organization takes in at this moment: asked when inviting, when sending again and when accepting.
import { domainToASCII } from "node:url";
import type { Reads, TenantTables } from "../../../db";

/** `being-deleted`: nobody is invited or taken in while it waits for that. `domain-not-allowed`: the address is of none of the domains that are set. */
export type NotAdmitted = "being-deleted" | "domain-not-allowed";

/** @returns why an address is not taken; undefined when it is. */
export type Admission = (address: string) => NotAdmitted | undefined;

export async function admissionOf(db: Reads, tables: TenantTables): Promise<Admission> {
  const { organizationSettings, invitationDomains } = tables;
  const [settings] = await db.select({ deletesAt: organizationSettings.deletesAt }).from(organizationSettings);
  const allowed = (await db.select().from(invitationDomains)).map(({ domain }) => domain);
  return (address) => {
    if (settings?.deletesAt) return "being-deleted";
    return allowed.length === 0 || allowed.includes(domainOf(address)) ? undefined : "domain-not-allowed";
  };
}

export const mostDomains = 50;

/** Domains as people write them, one a line or with commas or blanks between them, each once; and what is none. */
export function parseDomains(text: string): { domains: string[]; wrong: string[] } {
  const typed = text.split(/[\s,;]/).filter(Boolean);
  const read = typed.map((word) => ({ word, domain: asDomain(word) }));
  const domains = read.flatMap(({ domain }) => domain ?? []);
  const wrong = read.flatMap(({ word, domain }) => (domain === undefined ? word : []));
  return { domains: [...new Set(domains)], wrong };
}

/** `Example.com`, `@example.com`: in lower case, and in ASCII as mail servers have it. */
function asDomain(word: string): string | undefined {
  const domain = domainToASCII(word.replace(/^@/, ""));
  return domain.length <= 253 && /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]*[a-z\d]$/.test(domain)
    ? domain
    : undefined;
}

const domainOf = (address: string) => asDomain(address.slice(address.lastIndexOf("@") + 1)) ?? "";
