// What operations are about, made for one test where a visitor is: posts, colleagues, invitations, requests. People and invitations go with the test.
import { randomUUID } from "node:crypto";
import { policy, type OperationName } from "../../app/auth/policy";
import { paths } from "../../app/paths";
import type { Organization, Person, Role } from "../operator";
import type { PlainDatabase } from "./database";
import { openLogto, type Logto } from "./logto";
import { formFor, newAddress, type Ids } from "./operations";
import { test as base, expect, writeComment, writePost } from "./suite";
import type { Fields, Visitor } from "./visitor";

export { canary, expect } from "./suite";

export interface Invited {
  invitationId: string;
  token: string;
  address: string;
}

interface LogtoFixture {
  logto: Logto;
}

export interface SubjectFixtures {
  /** Somebody whom the app has not seen, in that organization until the test ends. */
  colleague(organization: Organization, role?: Role): Promise<Person>;
  /** Invites by the form. What nobody has answered when the test ends is revoked. */
  invite(inviter: Visitor, invited?: { address?: string; role?: Role; note?: string }): Promise<Invited>;
  /** Somebody asks at an invitation of the inviter for one to their own address. */
  requested(inviter: Visitor, asking: Visitor): Promise<{ requestId: string; invitationId: string }>;
  /** The id of the newest invoice. */
  invoiceOf(organization: Organization): string;
  /** Asks for an export, and waits until it is made. */
  exported(visitor: Visitor): Promise<{ exportId: string }>;
  /** As it is called now. */
  nameOf(organization: Organization | undefined): string;
  /** What an operation is about that the visitor may do it to, and what its form names. */
  subject(visitor: Visitor, operation: OperationName): Promise<Ids>;
}

export const test = base.extend<SubjectFixtures & { unsettled: void }, LogtoFixture>({
  logto: [async ({ world }, use) => use(openLogto(world)), { scope: "worker" }],

  colleague: async ({ operator, logto }, use) => {
    const made: [Organization, Person][] = [];
    await use(async (organization, role = "Collaborator") => {
      const person = await operator.makePerson("Colleague", [organization, role]);
      made.push([organization, person]);
      return person;
    });
    for (const [organization, { id }] of made)
      if (id in (await logto.membersOf(organization))) await logto.removeMember(organization, id);
  },

  invite: async ({ logto }, use) => {
    const made: [Visitor, Invited][] = [];
    await use(async (inviter, { address = newAddress(), role = "Collaborator", note = "" } = {}) => {
      const form = { ...formFor("invitations.send", { roleId: await logto.roleId(role) }), addresses: address, note };
      const answer = await inviter.submit(paths.invite, form);
      const [, token = "", invitationId = ""] = /\/join\/(([\w-]{22})\.[\w-]{22})/.exec(answer.text) ?? [];
      if (!token) throw new Error(`${answer.status} ${answer.text.slice(0, 400)}`);
      const invited = { invitationId, token, address };
      made.push([inviter, invited]);
      return invited;
    });
    for (const inviter of new Set(made.map(([visitor]) => visitor))) {
      const ids = made.filter(([visitor]) => visitor === inviter).map(([, { invitationId }]) => invitationId);
      for (let from = 0; from < ids.length; from += mostAtOnce)
        await inviter.submit(paths.revokeInvitations, chosen(ids.slice(from, from + mostAtOnce)));
    }
  },

  requested: async ({ invite, database }, use) =>
    use(async (inviter, asking) => {
      const { invitationId, token } = await invite(inviter);
      await asking.submit(paths.askForInvitation(token));
      const [row] = database.rows("select id from invitation_requests where invitation_id = ?", invitationId);
      if (!row) throw new Error(`${asking.name} could not ask`);
      return { requestId: String(row.id), invitationId };
    }),

  invoiceOf: async ({ database }, use) =>
    use(({ id }) => {
      const newest = "select id from invoices where logto_organization_id = ? order by number desc limit 1";
      return String(database.rows(newest, id)[0]?.id);
    }),

  exported: async ({ database }, use) =>
    use(async (visitor) => {
      const answer = await visitor.submit(paths.exports);
      expect(answer.status).toBe(302);
      const ready = /\/settings\/export\/([\w-]{22})/;
      const page = async () => (await visitor.read(paths.exports)).text;
      await expect.poll(async () => ready.test(await page()), { timeout: 30_000 }).toBe(true);
      const exportId = ready.exec(await page())?.[1] ?? "";
      expect(database.rows("select status from export_files where id = ?", exportId)).toEqual([{ status: "ready" }]);
      return { exportId };
    }),

  nameOf: async ({ database }, use) =>
    use((organization) => {
      const [row] = database.rows("select name from organizations where id = ?", organization?.id ?? "");
      return String(row?.name ?? organization?.name ?? "");
    }),

  /** A test that renames the organizations of the others, or asks for their deletion, takes it back. */
  unsettled: [
    async ({ cast, database, nameOf }, use) => {
      await use();
      for (const visitor of [cast.ada, cast.bobInGlobex, cast.eve]) {
        const { organization } = visitor;
        if (!organization) continue;
        const { id, name } = organization;
        await stays(visitor, database);
        if (nameOf(organization) !== name) await visitor.submit(paths.organizationName, { name });
        expect(nameOf(organization)).toBe(name);
        expect(deletesAt(database, id)).toBeNull();
      }
    },
    { auto: true },
  ],

  subject: async ({ cast, database, logto, colleague, invite, requested, invoiceOf, exported, nameOf }, use) => {
    const changed = new Set<Visitor>(); // whose billing is put back
    const waiting = new Map<Visitor, Promise<Invited>>(); // of one address only one is open
    await use(async (visitor, operation) => {
      if (operation !== "settings.delete.undo") await stays(visitor, database);
      const { path } = policy[operation];
      const { organization } = visitor;
      const { ada, bobInGlobex, eve } = cast;
      const roleId = await logto.roleId("Admin");
      const about = async (): Promise<Ids> => {
        if (path.includes(":postId")) return postOf(visitor);
        if (path.includes(":memberId") && organization) return { memberId: (await colleague(organization)).id };
        if (path.includes(":invoiceId") && organization) return { invoiceId: invoiceOf(organization) };
        if (operation === "billing.plan" || operation === "billing.details") {
          changed.add(visitor);
          await putBillingBack(visitor, database);
          const company = `Company ${randomUUID()}`;
          return { plan: "team", company, ...billingNow(visitor, database) };
        }
        if (path.includes(":exportId")) return exported(visitor);
        if (operation === "settings.delete.undo")
          await visitor.submit(paths.deleteOrganization, { name: nameOf(organization) });
        if (operation === "requests.dismiss") return requested(visitor, visitor === eve ? ada : eve);
        if (operation.startsWith("waiting.")) {
          const inviter = organization === cast.globex ? ada : bobInGlobex;
          if (!waiting.has(visitor)) waiting.set(visitor, invite(inviter, { address: visitor.email }));
          return { ...(await waiting.get(visitor)) };
        }
        return /:token|:invitationId|\/(resend|revoke)$/.test(path) ? invite(visitor) : {};
      };
      return { roleId, organizationName: nameOf(organization), ...(await about()) };
    });
    for (const visitor of changed) await putBillingBack(visitor, database);
  },
});

const mostAtOnce = 50;

/** A form that names several invitations. */
export const chosen = (ids: string[]): Fields => ids.map((id) => ["invitation", id]);

/** What the pages of billing are made on. */
function billingNow({ organization }: Visitor, database: PlainDatabase): Required<Pick<Ids, "basis" | "version">> {
  const last = (table: string, order: string) =>
    database.rows(
      `select * from ${table} where logto_organization_id = ? order by ${order} desc limit 1`,
      organization?.id ?? "",
    )[0];
  const choice = last("plan_choices", "starts_on");
  return {
    basis: choice ? `${choice.plan} ${choice.starts_on}` : "none",
    version: String(last("billing_details", "version")?.version ?? 0),
  };
}

async function putBillingBack(visitor: Visitor, database: PlainDatabase): Promise<void> {
  if (!visitor.organization) return;
  await visitor.submit(paths.plan(), formFor("billing.plan", billingNow(visitor, database)));
  await visitor.submit(paths.billingDetails, formFor("billing.details", billingNow(visitor, database)));
}

async function postOf(author: Visitor): Promise<Ids> {
  const postId = await writePost(author);
  return { postId, commentId: await writeComment(author, postId) };
}

function deletesAt(database: PlainDatabase, organizationId: string) {
  const of = "select deletes_at from organization_settings where logto_organization_id = ?";
  return database.rows(of, organizationId)[0]?.deletes_at ?? null;
}

/** Nobody is invited into an organization that waits for its deletion. */
async function stays(visitor: Visitor, database: PlainDatabase): Promise<void> {
  if (visitor.organization && deletesAt(database, visitor.organization.id)) await visitor.submit(paths.undoDeletion);
}
