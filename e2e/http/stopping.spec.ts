// The end of the process: whoever is being served gets their answer, nobody new is let in, and nothing is lost over a restart.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { organizationField, paths } from "../../app/paths";
import { startWorld } from "../../scripts/world";
import { expect, test } from "../journey";
import { createOperator } from "../operator";
import { ask } from "./ask";
import { bugsIn } from "./log";
import { addressOf, enter, transports, type Transport, type Visitor } from "./visitor";

test.describe.configure({ timeout: 120_000 }); // it starts a world of its own, and the app in it twice

/** A form that is still on its way: the app waits for its body. @returns a function that sends the rest, and answers the status */
async function beginForm(baseUrl: string, ada: Visitor, title: string, as: Transport): Promise<() => Promise<number>> {
  const { origin, port, host } = new URL(baseUrl);
  const page = ada.organization?.id ?? "";
  const body = new URLSearchParams({ [organizationField]: page, title, body: "", status: "published" }).toString();
  const headers = {
    Host: host,
    Origin: origin,
    Cookie: ada.cookie,
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": body.length,
    Expect: "100-continue",
  };
  const sent = request({ host: "127.0.0.1", port, path: addressOf(paths.newPost, as), method: "POST", headers });
  sent.write(body.slice(0, 20));
  await once(sent, "continue"); // with this the app says that it has the request
  return async () => {
    sent.end(body.slice(20));
    const [answer]: IncomingMessage[] = await once(sent, "response");
    answer?.resume();
    return answer?.statusCode ?? 0;
  };
}

test("Ada is served to the end when the app is told to stop, and finds everything as it was when it is back", async () => {
  const world = await startWorld();
  try {
    const { baseUrl, logFile } = world.description;
    const operator = createOperator(world.description);
    const acme = await operator.makeOrganization("Acme to the end");
    const ada = await enter(baseUrl, await operator.makePerson("Ada", [acme, "Admin"]), acme);

    const titles: Record<Transport, string> = { document: "The last page", data: "The last data" };
    const finishing = await Promise.all(transports.map((as) => beginForm(baseUrl, ada, titles[as], as)));
    const restarted = world.restartApp();
    const isOpen = () =>
      ask(baseUrl, paths.health).then(
        () => true,
        () => false,
      );
    await expect.poll(isOpen, { intervals: [20], message: "nobody new is let in" }).toBe(false);

    const statuses = [];
    for (const finish of finishing) statuses.push(await finish());
    expect(statuses).toEqual([302, 202]);
    await restarted;

    const list = await ada.read(paths.posts);
    expect(list.status, "her session goes on").toBe(200);
    for (const title of Object.values(titles)) expect(list.text).toContain(title);
    expect(bugsIn(readFileSync(logFile, "utf8"))).toEqual([]);
  } finally {
    await world.stop();
  }
});
