// The one stylesheet of the emulator's pages, and its icon.

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#7a4a00"/>
<path d="M5 3v10h6" fill="none" stroke="#fff" stroke-width="2"/></svg>`;

export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #fff; --text: #1d1d1b; --quiet: #5c5c57; --line: #d4d4ce; --field: #85857d;
  --accent: #2848b0; --on-accent: #fff; --strip: #fff1d1; --on-strip: #5a3a00; --bad: #a3231b; --good: #1e6330;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161615; --card: #20201e; --text: #ecece8; --quiet: #a9a9a2; --line: #3a3a37; --field: #7c7c75;
    --accent: #9db4ff; --on-accent: #10162b; --strip: #3a2a08; --on-strip: #ffdf9c; --bad: #ff9d94; --good: #8fd6a0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.strip { display: flex; flex-wrap: wrap; gap: 0 1.5rem; padding: .4rem 1rem; background: var(--strip); color: var(--on-strip); font-size: .875rem; }
.strip p { margin: 0; }
.strip a { color: inherit; margin-right: 1rem; }
main { margin: 2rem auto; padding: 0 1rem; }
main.narrow { max-width: 25rem; }
main.wide { max-width: 64rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0 1rem; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
form { margin: 1rem 0; }
label, legend { display: block; font-weight: 600; margin-top: 1rem; }
label.choice { display: inline-flex; align-items: center; gap: .4rem; font-weight: 400; margin: 0 1rem 0 0; min-height: 1.75rem; }
.hint { color: var(--quiet); font-size: .875rem; margin: .25rem 0 0; }
input:not([type=checkbox]):not([type=hidden]) { width: 100%; min-height: 2.75rem; padding: .4rem .6rem; margin-top: .25rem;
  border: 1px solid var(--field); border-radius: .375rem; background: var(--card); color: inherit; font: inherit; }
input[type=checkbox] { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--accent); }
button { min-height: 2.75rem; padding: .4rem 1rem; margin-top: 1.25rem; border: 1px solid var(--accent); border-radius: .375rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
.narrow button { width: 100%; }
button.plain { background: transparent; color: var(--accent); }
.demo { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .5rem; }
.demo form { margin: 0; }
.demo button { margin-top: .5rem; }
.member button { min-height: 2rem; padding: .1rem .75rem; margin: .25rem 0 0; }
.member fieldset { border: 0; padding: 0; margin: 0; }
.member legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.member form { margin: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert { border-left: 4px solid var(--bad); padding: .5rem .75rem; background: var(--card); color: var(--bad); }
.notice { border-left: 4px solid var(--good); padding: .5rem .75rem; background: var(--card); color: var(--good); }
.scroll { overflow-x: auto; position: relative; }
table { width: 100%; border-collapse: collapse; background: var(--card); font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
.scroll th, .scroll td { overflow-wrap: normal; }
article h2 { margin-top: 0; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
.code { font: 600 1.5rem/1.4 ui-monospace, monospace; letter-spacing: .15em; }
pre { overflow-x: auto; font-size: .8125rem; background: var(--page); padding: .75rem; border-radius: .375rem; white-space: pre-wrap; }
`;
