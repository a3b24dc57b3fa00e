// One person in two organizations, all tabs at once: what is written is where its form says, and no answer mixes the two.
import { organizationHeader, paths } from "../../app/paths";
import type { Organization } from "../operator";
import { header, type Answer } from "./ask";
import { expect, test, writePost } from "./suite";
import { enter, transports, type Transport, type Visitor } from "./visitor";

const rounds = 20;

interface Write {
  title: string;
  page: Organization;
  answer: Answer;
}

async function write(bob: Visitor, page: Organization, what: string, as: Transport = "document"): Promise<Write> {
  const title = `${page.id} ${what}`;
  const answer = await bob.submit(paths.newPost, { title, status: "published" }, { page: page.id, as });
  return { title, page, answer };
}

async function read(bob: Visitor, page: Organization): Promise<Omit<Write, "title">> {
  return { page, answer: await bob.read(paths.posts, "data", { [organizationHeader]: page.id }) };
}

function moveTo(bob: Visitor, { id }: Organization): Promise<Answer> {
  return bob.submit(paths.switchOrganization, { organization: id });
}

/** Ten requests of Bob's tabs at once, while he is `here`: two writes and two reads, a move, the same again, and the move back. */
async function atOnce(bob: Visitor, here: Organization, there: Organization, round: number) {
  const writes: Promise<Write>[] = [];
  const reads: ReturnType<typeof read>[] = [];
  const moves: Promise<Answer>[] = [];
  for (const [turn, to] of [there, here].entries()) {
    for (const page of [here, there]) {
      writes.push(write(bob, page, `${round}, ${turn}`, transports[turn]));
      reads.push(read(bob, page));
    }
    moves.push(moveTo(bob, to));
  }
  return { writes: await Promise.all(writes), reads: await Promise.all(reads), moves: await Promise.all(moves) };
}

const staleness = (answer: Answer) => (header(answer, "x-atrium-stale") ? "of another page" : "moved meanwhile");
const isTaken = ({ status }: Answer) => status === 302 || status === 202;

test("200 writes, reads and switches of one session, ten at once, end where each form says", async ({
  world,
  cast,
  database,
}) => {
  const { acme, globex } = cast;
  const bob = await enter(world.baseUrl, cast.people.bob, acme);
  await writePost(cast.ada, { title: `${acme.id} before` });
  await writePost(cast.cleo, { title: `${globex.id} before` });

  const expectItsPlace = ({ title, page, answer }: Write) => {
    const rows = database.rows("select logto_organization_id as id from posts where title = ?", title);
    expect(rows, `${title}: ${answer.status}`).toEqual(isTaken(answer) ? [{ id: page.id }] : []);
    if (!isTaken(answer)) expect([409, 503], answer.text.slice(0, 200)).toContain(answer.status);
  };
  const expectUnmixed = (page: Organization, { status, text }: Answer) => {
    const other = page === acme ? globex : acme;
    if (status === 200) expect(text, "posts of the page's organization").toContain(`"${page.id} `);
    expect(text, "and none of the other one").not.toContain(`"${other.id} `);
  };

  const tally: Record<string, number> = {};
  const count = (outcome: string) => (tally[outcome] = (tally[outcome] ?? 0) + 1);
  for (let round = 0; round < rounds; round += 1) {
    const [here, there] = round % 2 === 0 ? [acme, globex] : [globex, acme];
    const { writes, reads, moves } = await atOnce(bob, here, there, round);
    for (const written of writes) expectItsPlace(written);
    for (const { page, answer } of reads) expectUnmixed(page, answer);
    for (const { status } of moves) expect(status).toBe(302);
    for (const { answer } of writes) count(isTaken(answer) ? "taken" : staleness(answer));

    expect((await moveTo(bob, there)).status).toBe(302);
    const stale = await write(bob, here, `${round}, stale`);
    const taken = await write(bob, there, `${round}, after`);
    for (const written of [stale, taken]) expectItsPlace(written);
    expect([stale.answer.status, taken.answer.status], "once it is quiet").toEqual([409, 302]);
  }
  test.info().annotations.push({ type: "writes", description: JSON.stringify(tally) });
  expect(tally.taken, "while he moved").toBeGreaterThan(0);
});
