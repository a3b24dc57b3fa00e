// For tests: Acme and Globex with a row of the same shape in every tenant table, written past the app.
import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import { getTableName } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { connect } from "./connection";
import { type BillTo, tenantTables } from "./schema";
import { behindItsView } from "./scoped";
import { raiseWall } from "./walls";

type TenantName = keyof typeof tenantTables;
type NewRows = { [K in TenantName]: (typeof tenantTables)[K]["$inferInsert"] };

export const tenantNames = Object.keys(tenantTables) as TenantName[];

const at = new Date(1_700_000_000_000);

/** A new tenant table does not compile until it has its row here, and with it the tests of both walls. */
export function exampleRows(organizationId: string, id = organizationId): NewRows {
  return {
    members: {
      organizationId,
      userId: id,
      logtoId: id,
      name: id,
      email: `${id}@example.com`,
      joinedAt: at,
      lastActiveAt: at,
      updatedAt: at,
    },
    posts: {
      organizationId,
      id,
      authorId: organizationId,
      title: id,
      body: id,
      status: "published",
      createdAt: at,
      updatedAt: at,
    },
    comments: {
      organizationId,
      id,
      postId: organizationId,
      authorId: organizationId,
      body: id,
      createdAt: at,
      updatedAt: at,
    },
    invitations: {
      organizationId,
      id,
      address: `${id}@example.com`,
      addressKey: `${id}@example.com`,
      roleId: "role",
      roleName: "Collaborator",
      note: id,
      status: "pending",
      days: 7,
      expiresAt: at,
      invitedBy: organizationId,
      batch: id,
      delivery: "waiting",
      createdAt: at,
      updatedAt: at,
    },
    invitationRequests: {
      organizationId,
      id,
      invitationId: organizationId,
      kind: "unusable-link",
      address: id,
      createdAt: at,
    },
    invitationDomains: { organizationId, domain: id, addedBy: id, createdAt: at },
    auditEvents: { organizationId, id, at, actorName: id, action: "posts.create", targetName: id, result: "done" },
    auditRefusals: { organizationId, id, action: id, writtenAt: at, held: 0 },
    planChoices: { organizationId, id, plan: "team", startsOn: id, createdAt: at },
    billingDetails: {
      organizationId,
      id,
      version: id === organizationId ? 1 : 2,
      ...nobody,
      company: id,
      createdAt: at,
    },
    invoices: {
      organizationId,
      id,
      number: id === organizationId ? 1 : 2,
      plan: "team",
      startsOn: id,
      endsOn: id,
      currency: "EUR",
      lines: [{ kind: "plan", quantity: 1, unit: 1 }],
      billTo: { ...nobody, company: id },
      status: "open",
      issuedOn: id,
      dueOn: id,
      createdAt: at,
    },
  };
}

const nobody: BillTo = {
  company: "",
  line1: "",
  line2: "",
  postalCode: "",
  city: "",
  country: "",
  taxId: "",
  email: "",
  purchaseOrder: "",
};

/** The columns that tell a row from its neighbours, and one that can be changed. */
export const columnsOf = {
  members: { id: "userId", text: "name" },
  posts: { id: "id", text: "title" },
  comments: { id: "id", text: "body" },
  invitations: { id: "id", text: "note" },
  invitationRequests: { id: "id", text: "address" },
  invitationDomains: { id: "domain", text: "addedBy" },
  auditEvents: { id: "id", text: "targetName" },
  auditRefusals: { id: "id", text: "action" },
  planChoices: { id: "id", text: "startsOn" },
  billingDetails: { id: "id", text: "company" },
  invoices: { id: "id", text: "dueOn" },
} as const satisfies Record<TenantName, { id: string; text: string }>;

/** A connection as the store has it, with the organization for everybody to set. */
export function walledConnection(file: string) {
  const current: { organizationId: string | null } = { organizationId: null };
  const connection = connect(file);
  raiseWall(connection, () => current.organizationId);
  return { connection, db: drizzle(connection), current };
}

export function fillBoth(file: string) {
  const { connection, db, current } = walledConnection(file);
  for (const organizationId of ["acme", "globex"]) {
    current.organizationId = organizationId;
    const rows = exampleRows(organizationId);
    for (const name of tenantNames) db.insert(behindItsView(tenantTables[name])).values(rows[name]).run();
  }
  connection.close();
}

/** Over all rows of an organization, in every tenant table, read by a program that knows no walls. */
export function checksum(file: string, organizationId: string): string {
  const plain = new Database(file, { readonly: true });
  const hash = createHash("sha256");
  for (const name of tenantNames) {
    const table = tenantTables[name];
    const rows = plain
      .prepare(`select * from "${getTableName(table)}" where "${table.organizationId.name}" = ? order by 1, 2`)
      .all(organizationId);
    hash.update(JSON.stringify([name, rows]));
  }
  plain.close();
  return hash.digest("hex");
}
