// Cases G3, G5 and G6: what leaves the app in one piece, or goes on after the answer: streams, lists as files, exports.
import { paths } from "../../../app/paths";
import { listen } from "../../http/listener";
import { told } from "../../http/ask";
import { never } from "../../http/every-answer";
import { askedInVain } from "../known-ids";
import { foreignIn, partOf, type CaseFunction } from "./case";

const streams: CaseFunction = async ({ cast, claim, control, newcomer, subjects }) => {
  const { world, actors, canaries, organizations } = cast;
  const ada = actors.ada.visitor;
  const rosa = await newcomer("Rosa", "Collaborator", "acme");
  const hers = await listen(world.baseUrl, rosa);
  const ginas = await listen(world.baseUrl, actors.gita.visitor);
  const foreign = await listen(world.baseUrl, actors.gita.visitor, { page: organizations.acme.id });
  claim("Gita, who listens for a page of Acme's, is told to go", true, (await foreign.next("end")) !== undefined);
  await subjects.post("acme", ada, "published");
  const removed = await ada.submit(paths.removeMember(rosa.person.id));
  control("Ada takes Rosa out", 302, removed.status);
  const end = await hers.next("end");
  control("Rosa's stream ends with it", true, end !== undefined);
  const gita = ginas.heard.map(({ event, data }) => `${event} ${JSON.stringify(data)}`).join("\n");
  claim(
    "Gita, in Globex, has heard nothing of Acme's",
    [],
    canaries.foreignIn(gita, actors.gita.reader).map(({ what }) => what),
  );
  for (const one of [hers, ginas, foreign]) one.close();
};

const lists: CaseFunction = async (ground) => {
  const { cast, claim, control } = ground;
  const { ada, gita, eve } = cast.actors;
  const formula = '=HYPERLINK("https://evil.example")';
  await ada.visitor.submit(paths.newPost, { title: formula, body: "", status: "published" });
  for (const path of [paths.auditCsv, paths.auditJson, paths.invoicesCsv]) {
    for (const { visitor, reader } of [gita, eve]) {
      const answer = await visitor.read(path);
      const asked = askedInVain(cast.database, reader.organization ?? "");
      const name = visitor.name.split(" ")[0];
      claim(
        `${path} holds nothing of Acme's for ${name}`,
        [200, []],
        [answer.status, foreignIn(ground, reader, answer, asked)],
      );
    }
    const own = await ada.visitor.read(path);
    control(`${path} is Ada's own list`, 200, own.status);
    if (path.endsWith(".csv"))
      claim(`No cell of ${path} begins as a formula`, false, /(^|[,\n\r])"?[=+@]/m.test(own.text));
  }
  const log = await ada.visitor.read(paths.auditCsv);
  control("Ada's list has the cell that could have been one", true, log.text.includes("HYPERLINK"));
};

const ranges: Record<string, string>[] = [{}, { Range: "bytes=0-9" }];

const keys: CaseFunction = async ({ cast, subjects, claim, control }) => {
  const { ada, gita, bobInGlobex, bobInAcme } = cast.actors;
  const { ids } = await subjects.make("an export");
  const id = ids.exportId ?? "";
  const unknown = never();
  for (const { visitor } of [gita, bobInGlobex]) {
    const name = visitor.name.split(" ")[0];
    for (const method of ["GET", "HEAD"])
      for (const headers of ranges) {
        const ask = (key: string) =>
          visitor.send(paths.downloadExport(key), { method, headers: { Accept: "text/html", ...headers } });
        const [found, missing] = [await ask(id), await ask(unknown)];
        const how = `${method}${"Range" in headers ? " with a range" : ""}`;
        claim(
          `Acme's export is to ${name} one that never was, by ${how}`,
          [404, told(missing, unknown)],
          [found.status, told(found, id)],
        );
      }
  }
  claim(
    "Bob, a Collaborator of Acme, may not have it",
    403,
    (await bobInAcme.visitor.read(paths.downloadExport(id))).status,
  );
  const ways = [`..%2f${id}`, `${id}%2f..%2f${id}`, `..%2f..%2fatrium.db`, `${id}.zip`, `${id}%00`, `.%2f${id}`];
  for (const way of ways) {
    const { status } = await ada.visitor.read(paths.downloadExport(way));
    claim(`Not even Ada gets a file by "${way.replace(id, "…")}"`, true, status >= 400 && status < 500);
  }
  const own = await ada.visitor.read(paths.downloadExport(id));
  control("Ada gets hers", 200, own.status);
};

export const files = partOf(
  "files",
  "What leaves the app in one piece is one organization's, and what goes on ends with the membership.",
  {
    G3: streams,
    G5: lists,
    G6: keys,
  },
);
