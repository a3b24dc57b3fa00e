// What the report does: a cell opens its requests, and rows can be found. Without it all but the requests can be read.
export const script = `
const checks = JSON.parse(document.getElementById("checks").textContent);
const dialog = document.querySelector("dialog");
const add = (parent, name, text) => { const one = document.createElement(name); one.textContent = text; parent.append(one); return one; };
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-check]");
  if (!button) return;
  const { title, expected, actual, evidence = [] } = checks[button.dataset.check];
  document.getElementById("cell-title").textContent = title;
  const place = document.getElementById("cell");
  place.replaceChildren();
  const list = add(place, "dl", "");
  for (const [name, value] of [["Expected", expected], ["Was", actual]]) { add(list, "dt", name); add(list, "dd", value || ""); }
  for (const { what, text, curl } of evidence) { add(place, "h4", what); add(place, "pre", text); if (curl) add(place, "pre", curl); }
  dialog.showModal();
});
document.getElementById("filter")?.addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase();
  for (const row of document.querySelectorAll(".matrix tbody tr")) row.hidden = !row.firstChild.textContent.toLowerCase().includes(words);
});
`;
