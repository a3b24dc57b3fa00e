// Holds the rows of an organization against its audit log: every change has its line, and every line its change.
import { colourNames } from "../../app/colours";
import type { PlainDatabase, Row } from "./database";

export type Ledger = ReturnType<typeof openLedger>;

export function openLedger(database: PlainDatabase, organizationId: string) {
  const rows = (sql: string): Row[] => database.rows(`${sql} logto_organization_id = ?`, organizationId);
  const lines = () =>
    database.rows("select * from audit_events where logto_organization_id = ? order by rowid", organizationId);
  const unlogged = rows("select * from billing_details where").length; // what was there before anybody pressed anything

  /** One sentence for each thing that does not fit. What Logto makes is not looked at: between two steps of it both sides differ. */
  function faults(): string[] {
    const all = lines();
    const done = (action: string) => all.filter((line) => line.action === action && line.result === "done");
    const of = (action: string, id: unknown) => done(action).filter(({ target_id }) => target_id === id);
    const found: string[] = [];
    const same = (what: string, one: unknown, other: unknown) =>
      one === other || found.push(`${what}: ${String(one)} is not ${String(other)}`);

    for (const noun of ["posts", "comments"]) {
      const kept = rows(`select * from ${noun} where`);
      for (const { id, version } of kept) {
        same(`lines of the making of ${noun} ${id}`, of(`${noun}.create`, id).length, 1);
        same(`lines of changes to ${noun} ${id}`, of(`${noun}.update`, id).length, Number(version) - 1);
      }
      same(`lines of ${noun}`, done(`${noun}.create`).length, kept.length);
    }

    const invitations = rows("select * from invitations where");
    for (const { id, status } of invitations) {
      same(`lines of invitation ${id}`, of("invitations.send", id).length, 1);
      same(`lines of its end, ${id}`, of("invitations.revoke", id).length, status === "revoked" ? 1 : 0);
    }
    same("lines of invitations", done("invitations.send").length, invitations.length);
    same("links of invitations", rows("select * from invitation_links where").length, invitations.length);

    const details = rows("select * from billing_details where");
    same("lines of billing details", done("billing.details").length, details.length - unlogged);
    same("their versions", Math.max(...details.map(({ version }) => Number(version))), details.length);

    const plan = done("billing.plan").at(-1)?.to_value;
    const ahead = rows("select * from plan_choices where starts_on > date('now') and");
    const chosen = ahead.map(({ starts_on }) => `Team, from ${starts_on} on`);
    if (plan) same("the plan ahead", chosen.join(), String(plan).startsWith("Team") ? plan : "");

    const [settings] = rows("select * from organization_settings where");
    const colours = done("settings.colour");
    if (colours.length > 0) same("the colour", colourNames[Number(settings?.colour)], colours.at(-1)?.to_value);
    for (const [index, { from_value: from }] of colours.entries())
      if (index > 0) same("the colour before", from, colours[index - 1]?.to_value);
    const invites = done("settings.invitations").at(-1);
    if (invites) same("the days of invitations", `Collaborator, ${settings?.invitation_days} days`, invites.to_value);
    const domains = rows("select domain from invitation_domains where").map(({ domain }) => domain);
    const named = done("settings.domains").at(-1);
    if (named) same("the domains", domains.toSorted().join(", "), named.to_value ?? "");

    same(
      "an export was asked for",
      rows("select * from export_files where").length,
      Math.min(1, done("settings.export.ask").length),
    );
    return found;
  }

  /** What was asked of Logto and of which the log does not say what became of it. */
  const unended = () => {
    const all = lines();
    return all.filter(
      ({ result, correlation_id: id }) =>
        result === "asked" && !all.some((line) => line.correlation_id === id && line.result !== "asked"),
    );
  };

  /** What the last line of this action says that it is now. */
  const lastOf = (action: string) =>
    lines().findLast((line) => line.action === action && line.result === "done")?.to_value;

  return { faults, unended, lastOf };
}
