// A run as one page: it is read offline, in light and dark, and on paper.
import { catalogue, chapters, type Case } from "../catalogue";
import { actorKeys, introductions, type ActorKey } from "../cast";
import type { Outcome } from "../requests";
import { readMutantResults } from "../mutant-results";
import type { Verdict } from "../part";
import type { Reported, Result } from "../run";
import { escaped } from "./junit";
import { countsOf, exitCodeOf, firstLine, lastLine } from "./lines";
import { script } from "./script";
import { style } from "./style";

export function pageOf(result: Result): string {
  const cells = result.checks.filter(({ cell }) => cell);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${exitCodeOf(result) === 0 ? "Isolated" : "Not isolated"} · Atrium's isolation report</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="line">${escaped(firstLine(result))}</p>
<h1>${headline(result)}</h1>
<p>${summary(result)}</p>
<nav aria-label="Contents">${contents(result)}</nav>
</header>
<main>
${failures(result)}
${casesOf(result)}
${matrixOf(cells)}
${inventoryOf(result)}
${asvsOf(result)}
${mutantsOf()}
${partsOf(result)}
${meaning(result)}
</main>
<dialog aria-labelledby="cell-title"><form method="dialog"><button autofocus>Close</button></form><h2 id="cell-title"></h2><div id="cell"></div></dialog>
<script type="application/json" id="checks">${json(cells.map(({ title, verdict, expected, actual, evidence }) => ({ title, verdict, expected, actual, evidence })))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Inside a script element nothing may end it. */
const json = (value: unknown) => JSON.stringify(value).replaceAll("<", String.raw`\u003c`);

function headline({ checks }: Result): string {
  const leaks = checks.filter(({ verdict }) => verdict === "leaked").length;
  if (leaks > 0) return `${leaks} ${leaks === 1 ? "thing" : "things"} crossed from one organization to another`;
  if (checks.some(({ verdict }) => verdict === "broken"))
    return "Nothing leaked, but not everything is as it should be";
  if (checks.some(({ verdict }) => verdict === "unproven")) return "Nothing leaked, but not everything was proved";
  return "Nothing crossed from one organization to another";
}

function summary(result: Result): string {
  const { at, seconds, length, isWhole, counted } = result;
  const parts = [
    `${lastLine(countsOf(result))}.`,
    `${counted.probes} requests were sent, and every refusal was compared with the same request by somebody who may: ${counted["controls worked"]} of ${counted.controls} of these worked.`,
    isWhole ? `This was a whole run (${length})` : "This was a part of a run: somebody asked to see only some of it",
  ];
  return `${parts.join(" ")}, on ${at.toISOString().slice(0, 16).replace("T", " ")} UTC, in ${Math.round(seconds)} seconds.`;
}

const contents = ({ checks }: Result) =>
  [
    ...(checks.some(({ verdict }) => verdict !== "held") ? [["failures", "What is wrong"]] : []),
    ...[
      ["cases", "Cases"],
      ["matrix", "Matrix"],
      ["inventory", "Inventory"],
      ["asvs", "ASVS"],
      ["mutants", "Mutants"],
      ["parts", "Parts"],
      ["meaning", "What it means"],
    ],
  ]
    .map(([id = "", name = ""]) => `<a href="#${id}">${name}</a>`)
    .join(" ");

/** What a reader sees of a verdict besides its colour. */
const words: Record<Verdict, string> = { held: "held", broken: "broken", leaked: "LEAKED", unproven: "not proved" };

const badge = (verdict: Verdict) => `<span class="badge ${verdict}">${words[verdict]}</span>`;

function worstOf(checks: Reported[]): Verdict | undefined {
  return (["leaked", "broken", "unproven", "held"] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
}

function failures({ checks }: Result): string {
  const failed = checks.filter(({ verdict }) => verdict !== "held");
  if (failed.length === 0) return "";
  return `<section id="failures"><h2>What is wrong</h2>${failed.map(item).join("\n")}</section>`;
}

function item({ title, verdict, case: id, part, expected, actual, evidence = [] }: Reported): string {
  const narrow = id ? `--case ${id}` : `--part ${part}`;
  const shown = evidence
    .slice(0, 4)
    .map(
      ({ what, text, curl }) =>
        `<h4>${escaped(what)}</h4><pre>${escaped(text)}</pre>${curl ? `<pre>${escaped(curl)}</pre>` : ""}`,
    );
  return `<article><h3>${badge(verdict)} ${escaped(title)}</h3>
<dl><dt>Expected</dt><dd>${escaped(expected ?? "")}</dd><dt>Was</dt><dd>${escaped(actual ?? "")}</dd>
<dt>Again</dt><dd><code>npm run test:isolation -- ${narrow}</code></dd></dl>${shown.join("")}</article>`;
}

function casesOf(result: Result): string {
  const automated = catalogue.filter(({ by }) => by).length;
  const elsewhere = catalogue.filter(({ tests }) => tests).length;
  const without = catalogue.length - automated - elsewhere;
  const said = `${catalogue.length} cases: ${automated} looked at by this suite, ${elsewhere} by tests that run before it, ${without} not looked at, with the reason.`;
  const sections = Object.entries(chapters).map(([letter, name]) => {
    const rows = catalogue.filter(({ id }) => id.startsWith(letter)).map((one) => caseRow(one, result));
    return `<h3>${letter}. ${escaped(name)}</h3><div class="scroll"><table class="cases"><thead><tr><th scope="col">Case</th><th scope="col">What was tried</th><th scope="col">ASVS</th><th scope="col">Result</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  });
  return `<section id="cases"><h2>Cases</h2><p>${said}</p>${sections.join("\n")}</section>`;
}

function caseRow({ id, title, asvs, tests, because }: Case, { checks }: Result): string {
  const own = checks.filter((check) => check.case === id);
  const worst = worstOf(own);
  const lines = own
    .slice(0, 60)
    .map((check) => `<li>${check.verdict === "held" ? "" : `${badge(check.verdict)} `}${escaped(check.title)}</li>`);
  const more = own.length > 60 ? `<li>and ${own.length - 60} more</li>` : "";
  const looked = worst
    ? `<details><summary>${badge(worst)} ${own.length} ${own.length === 1 ? "check" : "checks"}</summary><ul>${lines.join("")}${more}</ul></details>`
    : because
      ? `<span class="badge">not looked at</span> ${escaped(because)}`
      : tests
        ? `<span class="badge">elsewhere</span> ${tests.map((file) => `<code>${escaped(file)}</code>`).join(", ")}`
        : `<span class="badge">not in this run</span>`;
  return `<tr><th scope="row">${id}</th><td>${escaped(title)}</td><td>${asvs.join(", ")}</td><td>${looked}</td></tr>`;
}

const marks: Record<Outcome, string> = {
  page: "reads",
  done: "does",
  "leads on": "led on",
  answered: "does",
  "told so": "nothing",
  mistaken: "asked again",
  refused: "rule",
  forbidden: "403",
  nothing: "404",
  "no longer": "410",
  "sign in": "sign in",
};

function matrixOf(cells: Reported[]): string {
  if (cells.length === 0) return `<section id="matrix"><h2>Matrix</h2><p>It was not asked for.</p></section>`;
  const rows = new Map<string, Map<ActorKey, number>>();
  for (const [index, { cell }] of cells.entries()) {
    if (!cell) continue;
    const name = `${cell.operation}\n${cell.about ?? ""}`;
    const row = rows.get(name) ?? new Map<ActorKey, number>();
    rows.set(name, row.set(cell.actor as ActorKey, index)); // the matrix's own
  }
  const head = actorKeys
    .map((key) => `<th scope="col" title="${escaped(introductions[key])}"><span>${key}</span></th>`)
    .join("");
  const body = [...rows].map(([name, row]) => {
    const [operation = "", about] = name.split("\n");
    const columns = actorKeys.map((key) => cellOf(row.get(key), cells)).join("");
    return `<tr><th scope="row">${escaped(operation)}${about ? ` <small>${escaped(about)}</small>` : ""}</th>${columns}</tr>`;
  });
  const people = actorKeys.map((key) => `<dt>${key}</dt><dd>${escaped(introductions[key])}</dd>`).join("");
  return `<section id="matrix"><h2>Matrix</h2>
<p>Every operation, asked for by everybody, in every way: as a page, as its data, as the data of the route alone, and as headers alone. A cell says what is expected;
its colour, whether it was so. Press one to see the requests. Green: as expected. Red: not. Blue: the control did not work, so a refusal proves nothing.</p>
<p><label>Show rows with <input type="search" id="filter" placeholder="posts"></label></p>
<div class="scroll"><table class="matrix"><thead><tr><th scope="col">Operation, and what of Acme's it is about</th>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>
<h3>Who they are</h3><dl class="people">${people}</dl></section>`;
}

function cellOf(index: number | undefined, cells: Reported[]): string {
  const check = index === undefined ? undefined : cells[index];
  if (!check) return "<td></td>";
  const mark = marks[check.expected as Outcome] ?? check.expected ?? ""; // the matrix's own
  return `<td><button type="button" class="cell ${check.verdict}" data-check="${index}" aria-label="${escaped(`${words[check.verdict]}: ${check.title}`)}">${check.verdict === "held" ? mark : `${mark} ✗`}</button></td>`;
}

function inventoryOf({ checks }: Result): string {
  const found = checks.filter(({ part }) => part === "inventory");
  if (found.length === 0) return `<section id="inventory"><h2>Inventory</h2><p>It was not asked for.</p></section>`;
  const lines = found.map(
    ({ title, verdict, actual }) =>
      `<li>${verdict === "held" ? "" : `${badge(verdict)} `}${escaped(title)}${verdict === "held" ? "" : `: ${escaped(actual ?? "")}`}</li>`,
  );
  const held = found.filter(({ verdict }) => verdict === "held").length;
  return `<section id="inventory"><h2>Inventory</h2><p>${held} of ${found.length}: every loader, action and endpoint of the running build has its row, every table its owner, every
text column a canary or a reason why it cannot hold one.</p><details><summary>All of them</summary><ul>${lines.join("")}</ul></details></section>`;
}

function asvsOf({ checks }: Result): string {
  const numbers = [...new Set(catalogue.flatMap(({ asvs }) => asvs))].toSorted((one, other) =>
    one.localeCompare(other, "en", { numeric: true }),
  );
  const rows = numbers.map((number) => {
    const cases = catalogue.filter(({ asvs }) => asvs.includes(number));
    const looked = checks.filter((check) => cases.some(({ id }) => id === check.case));
    const worst = worstOf(looked);
    return `<tr><th scope="row">${number}</th><td>${cases.map(({ id }) => id).join(", ")}</td><td>${looked.length}</td><td>${worst ? badge(worst) : "not in this run"}</td></tr>`;
  });
  return `<section id="asvs"><h2>ASVS 5.0</h2><p>The requirements that the cases are about. This suite is evidence for them, not the whole of it.</p>
<div class="scroll"><table><thead><tr><th scope="col">Requirement</th><th scope="col">Cases</th><th scope="col">Checks</th><th scope="col">Result</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function mutantsOf(): string {
  const results = readMutantResults();
  const why =
    "<p>A mutant is the app with one rule taken out on purpose. The suite has to turn red for each, or its green would say nothing.</p>";
  if (!results)
    return `<section id="mutants"><h2>Mutants</h2>${why}<p>They were not run for this tree: <code>npm run test:isolation:mutants</code> runs them.</p></section>`;
  const rows = results.parts.map(
    ({ name, mutants, killed, survivors, equivalent }) =>
      `<tr><th scope="row">${escaped(name)}</th><td>${killed} of ${mutants}</td><td>${survivors.map(escaped).join(", ") || "none"}</td><td>${equivalent.length}</td></tr>`,
  );
  return `<section id="mutants"><h2>Mutants</h2>${why}<div class="scroll"><table><thead><tr><th scope="col">Kind</th><th scope="col">Found</th><th scope="col">Not found</th><th scope="col">Change nothing</th></tr></thead><tbody>${rows.join("")}</tbody></table></div><p>Run on ${escaped(results.at.slice(0, 10))}.</p></section>`;
}

function partsOf({ parts, checks }: Result): string {
  const rows = parts.map(({ name, proves, seconds }) => {
    const own = checks.filter(({ part }) => part === name);
    const worst = worstOf(own);
    return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(proves)}</td><td>${own.length}</td><td>${worst ? badge(worst) : ""}</td><td>${seconds.toFixed(1)} s</td></tr>`;
  });
  return `<section id="parts"><h2>Parts</h2><div class="scroll"><table><thead><tr><th scope="col">Part</th><th scope="col">What it proves</th><th scope="col">Checks</th><th scope="col">Result</th><th scope="col">Time</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function meaning({ counted, seed }: Result): string {
  const bound =
    counted.traces > 0
      ? `With ${counted.traces} traces and no difference, fewer than ${((3 / counted.traces) * 100).toFixed(2)} % of such traces would show one, with 95 % confidence.`
      : "";
  return `<section id="meaning"><h2>What green means, and what it does not</h2>
<ul><li>Every request of this run was answered as the reviewed table says, by the production build, over HTTP, with real sessions.</li>
<li>It does not mean that there is no leak: only that none of these requests found one. ${bound}</li>
<li>It says nothing of Logto itself, of the machine, of backups, or of people who may read the database.</li>
<li>The same chance again: <code>npm run test:isolation -- --seed ${seed}</code>.</li></ul></section>`;
}
