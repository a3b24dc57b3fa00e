// What the holder of a link is shown.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startGround, type App, type Ground } from "../../../e2e/ground";
import { day, openOffice, type Office } from "../../../e2e/office";
import { allPermissions } from "../../permissions";
import { changeDomains } from "../settings/settings.server";

let ground: Ground;
let app: App;
let office: Office;
beforeAll(async () => {
  ground = await startGround();
  app = ground.openApp({ line: { patience: 10_000, failures: 1_000 } });
});
beforeEach(async () => {
  await ground.heal();
  office = await openOffice(ground, app);
});
afterAll(() => ground.close());

test("is who invites into what, until when, and of the address no more than one's own tells", async () => {
  app.clock.standsAt = Date.now();
  const note = "See you on Monday.";
  const { id, token } = await office.inviteOne("Guest@example.com", { role: "Admin", days: 2, note });
  expect(await app.invitations.open(token)).toEqual({
    kind: "usable",
    invitationId: id,
    organizationId: office.organizationId,
    ...{ organizationName: "Acme", organizationColour: 3, inviterName: "Ada" },
    ...{ roleName: "Admin", rolePermissions: allPermissions, note },
    expiresAt: new Date(app.clock.standsAt + 2 * day),
    ...{ maskedAddress: "G***@example.com", address: "Guest@example.com", notAdmitted: undefined },
  });
  app.clock.standsAt = undefined;
});

test("is the role as Logto calls it now, or as it was called when Logto is away", async () => {
  const name = `Guest of ${office.organizationId}`;
  const roleId = await ground.makeRole(name, ["read:posts"]);
  const { token } = await office.inviteOne("guest@example.com", { role: roleId });
  await ground.api.write("PATCH", `/organization-roles/${roleId}`, { name: `${name}, renamed` });
  const rolePermissions = ["read:posts"];
  expect(await app.invitations.open(token)).toMatchObject({ roleName: `${name}, renamed`, rolePermissions });
  await ground.fault({ kind: "status", status: 500, match: { path: "/api" } });
  expect(await app.invitations.open(token)).toMatchObject({ roleName: name, rolePermissions: [] });
});

test("is why nobody can join by it at the moment", async () => {
  const { token } = await office.inviteOne("guest@example.com");
  const organization = { id: office.organizationId, name: "Acme", colour: 3, deletesAt: null };
  await changeDomains(office.scope, office.ada, organization, ["example.org"]);
  expect(await app.invitations.open(token)).toMatchObject({ kind: "usable", notAdmitted: "domain-not-allowed" });
});
