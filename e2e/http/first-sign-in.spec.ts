// Somebody new, in twenty browsers at once: one organization, at Logto and here, and a session in each.
import { z } from "zod";
import { paths } from "../../app/paths";
import { createManagementApi } from "../../scripts/management-api";
import { Walker } from "../walker";
import { expect, test } from "./suite";

const Named = z.object({ id: z.string(), name: z.string() });
const browsers = 20;

test("twenty first sign-ins at once make one organization and twenty sessions", async ({
  world,
  operator,
  database,
}) => {
  const { resource, ...machine } = world.management;
  const logto = createManagementApi({ endpoint: world.logtoEndpoint, machine, resource });
  const before = await logto.list("/organizations", Named);
  const nora = await operator.makePerson("Nora");

  const walkers = Array.from({ length: browsers }, () => new Walker(world.baseUrl));
  const callbacks: string[] = [];
  for (const walker of walkers) callbacks.push((await walker.signIn(nora, { stopAtCallback: true })).url);
  expect(database.rows("select id from users where logto_id = ?", nora.id), "nothing is known of her yet").toEqual([]);
  const landings = await Promise.all(
    walkers.map(async (walker, index) => {
      const callback = callbacks[index] ?? "";
      return walker.follow(await walker.send(callback), callback);
    }),
  );
  for (const { response, url } of landings)
    expect([response.status, new URL(url).pathname]).toEqual([200, paths.posts]);

  const made = (await logto.list("/organizations", Named)).filter(({ id }) => before.every((known) => known.id !== id));
  const [organization] = made;
  expect(made.map(({ name }) => name)).toEqual(["Nora's organization"]);
  expect(await logto.list(`/users/${nora.id}/organizations`, Named), "at Logto").toEqual([organization]);

  const [user] = database.rows("select id from users where logto_id = ?", nora.id);
  const ofNora = (columns: string, table: string) =>
    database.rows(`select ${columns} from ${table} where user_id = ?`, String(user?.id));
  const there = { id: organization?.id };
  expect(ofNora("organization_id as id, finished_at is not null as finished", "new_organizations")).toEqual([
    { ...there, finished: 1 },
  ]);
  expect(ofNora("logto_organization_id as id", "members")).toEqual([there]);
  expect(ofNora("organization_id as id", "sessions")).toEqual(Array(browsers).fill(there));
  expect(new Set(walkers.map((walker) => walker.cookies(world.baseUrl))).size).toBe(browsers);

  const written = await Promise.all(
    walkers.map((walker) => walker.post(paths.newPost, { title: "A post", status: "draft" }, organization?.id)),
  );
  expect(
    written.map(({ status }) => status),
    "she may write in each of them",
  ).toEqual(Array(browsers).fill(302));
});
