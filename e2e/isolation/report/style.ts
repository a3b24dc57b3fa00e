// How the report looks.
export const style = `
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f6f7f9; --ink: #16181d; --soft: #5b6270; --edge: #d9dde3;
  --held: #e3f4e6; --held-ink: #14532d; --broken: #fde3e1; --broken-ink: #7f1d1d; --unproven: #dfeafe; --unproven-ink: #1e3a8a; --focus: #2563eb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111317; --raised: #1a1d23; --ink: #e8eaee; --soft: #a1a8b5; --edge: #333842;
    --held: #12341d; --held-ink: #a7e8b8; --broken: #4c1512; --broken-ink: #ffc9c4; --unproven: #172b57; --unproven-ink: #bdd3ff; --focus: #7aa7ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 92rem; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .6rem 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
h4 { font-size: .85rem; margin: 1rem 0 .3rem; overflow-wrap: anywhere; }
p, ul, dl { max-width: 75ch; }
a { color: var(--focus); }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.line, code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: .85rem; }
.line { max-width: none; margin: 0; padding: .6rem .8rem; background: var(--raised); border: 1px solid var(--edge); border-radius: .4rem; overflow-wrap: anywhere; }
pre { margin: .3rem 0; padding: .6rem; background: var(--raised); border: 1px solid var(--edge); border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; }
article { margin: 1rem 0; padding: .2rem 1rem .8rem; border: 1px solid var(--edge); border-radius: .4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--edge); text-align: left; vertical-align: top; font-weight: normal; }
thead th { color: var(--soft); font-size: .8rem; }
tbody th { white-space: nowrap; }
@media (width >= 40rem) { .cases th:first-child { width: 4rem; } .cases th:nth-child(2) { width: 45%; } .cases th:nth-child(3) { width: 8rem; } }
summary { cursor: pointer; }
.badge { display: inline-block; padding: 0 .45rem; border: 1px solid var(--edge); border-radius: 1rem; font-size: .75rem; color: var(--soft); white-space: nowrap; }
.held { background: var(--held); color: var(--held-ink); }
.broken, .leaked { background: var(--broken); color: var(--broken-ink); font-weight: 600; }
.unproven { background: var(--unproven); color: var(--unproven-ink); font-weight: 600; }
.matrix { width: auto; font-size: .8rem; }
.matrix th, .matrix td { padding: 1px; border: 0; }
.matrix thead th { vertical-align: bottom; height: 6.2rem; }
.matrix thead th span { display: inline-block; writing-mode: vertical-rl; rotate: 180deg; padding: .3rem .4rem; }
.matrix thead th:first-child { min-width: 17rem; }
.matrix tbody th { padding-right: 1rem; position: sticky; left: 0; background: var(--ground); }
.matrix small { color: var(--soft); }
.cell { width: 100%; min-width: 3.6rem; height: 1.6rem; padding: 0 .2rem; border: 0; border-radius: .25rem; font: inherit; font-size: .7rem; cursor: pointer; white-space: nowrap; }
.cell:hover { outline: 1px solid var(--focus); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
input { font: inherit; padding: .2rem .5rem; color: inherit; background: var(--raised); border: 1px solid var(--soft); border-radius: .3rem; }
dialog { width: min(60rem, 92vw); max-height: 88vh; color: inherit; background: var(--ground); border: 1px solid var(--edge); border-radius: .5rem; }
dialog::backdrop { background: #0008; }
dialog form { float: right; } dialog h2 { margin-top: 0; }
dialog button { font: inherit; padding: .2rem .8rem; color: inherit; background: var(--raised); border: 1px solid var(--soft); border-radius: .3rem; cursor: pointer; }
@media (width < 40rem) { body { padding: 1rem .7rem; } th, td { padding: .35rem .25rem; } td code { overflow-wrap: anywhere; } }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { --ground: #fff; --raised: #fff; --ink: #000; --soft: #444; --edge: #bbb; --held: #e3f4e6; --held-ink: #14532d; --broken: #fde3e1; --broken-ink: #7f1d1d; --unproven: #dfeafe; --unproven-ink: #1e3a8a; }
  body { padding: 0; font-size: 10px; max-width: none; } nav, #filter, label, dialog { display: none; }
  .scroll { overflow: visible; } .matrix { font-size: 7px; } .cell { min-width: 0; font-size: 6px; height: auto; } .matrix thead th:first-child { min-width: 0; }
  * { print-color-adjust: exact; } tr, article { break-inside: avoid; }
}
`;
