// Makes a <details> behave as a menu once there is JavaScript: arrows, Home, End, type-ahead, Esc, and closing by itself.
import { useEffect, useRef, type KeyboardEvent } from "react";

/** Marks what the arrows walk over; type-ahead compares the name. */
export function menuRow(name: string) {
  return { "data-menu-row": name };
}

export function useMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const typed = useRef({ text: "", at: 0 });

  useEffect(() => {
    function closeFromOutside(event: Event) {
      if (event.target instanceof Node && !menu.current?.contains(event.target)) menu.current?.removeAttribute("open");
    }
    document.addEventListener("pointerdown", closeFromOutside);
    document.addEventListener("focusin", closeFromOutside);
    return () => {
      document.removeEventListener("pointerdown", closeFromOutside);
      document.removeEventListener("focusin", closeFromOutside);
    };
  }, []);

  function onKeyDown(event: KeyboardEvent<HTMLDetailsElement>) {
    const details = event.currentTarget;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && details.open) {
      event.preventDefault();
      details.open = false;
      details.querySelector("summary")?.focus();
      return;
    }
    const target = nextRow(details, event, typed.current);
    if (!target) return;
    event.preventDefault();
    details.open = true;
    target.focus();
  }

  return { ref: menu, onKeyDown };
}

function nextRow(details: HTMLDetailsElement, event: KeyboardEvent, typed: { text: string; at: number }) {
  const rows = [...details.querySelectorAll<HTMLElement>("[data-menu-row]")];
  const search = details.querySelector<HTMLInputElement>("input[type=search]");
  const at = rows.findIndex((row) => row === document.activeElement);
  const inSearch = search !== null && document.activeElement === search;
  switch (event.key) {
    case "ArrowDown":
      return at >= 0 ? rows[Math.min(at + 1, rows.length - 1)] : inSearch ? rows[0] : current(rows);
    case "ArrowUp":
      if (at === 0 && search) return search;
      return at >= 0 ? rows[Math.max(at - 1, 0)] : inSearch ? undefined : rows.at(-1);
    case "Home":
      return inSearch || !details.open ? undefined : rows[0];
    case "End":
      return inSearch || !details.open ? undefined : rows.at(-1);
    default:
      return inSearch || !details.open ? undefined : typeAhead(rows, at, event, typed);
  }
}

function current(rows: HTMLElement[]) {
  return rows.find((row) => row.getAttribute("aria-current") === "true") ?? rows[0];
}

function typeAhead(rows: HTMLElement[], at: number, event: KeyboardEvent, typed: { text: string; at: number }) {
  const continues = event.timeStamp - typed.at < 700 && typed.text !== "";
  // A space that starts nothing presses the row.
  if (event.key.length !== 1 || (event.key === " " && !continues)) return undefined;
  typed.text = (continues ? typed.text : "") + event.key.toLocaleLowerCase();
  typed.at = event.timeStamp;
  const from = continues ? Math.max(at, 0) : at + 1;
  return [...rows.slice(from), ...rows.slice(0, from)].find((row) =>
    row.dataset.menuRow?.toLocaleLowerCase().startsWith(typed.text),
  );
}
