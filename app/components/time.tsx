// A moment. The server writes it in UTC; the browser turns it into the reader's own time, the exact one on hover.
import { classes } from "./classes";
import { useInBrowser } from "./in-browser";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @param inSentence with words behind it, which follow closely */
export function Time({ at, inSentence = false }: { at: Date | string; inSentence?: boolean }) {
  const local = useInBrowser();
  const moment = new Date(at);
  const iso = moment.toISOString();
  return (
    // In a list as wide as the longer text, so that nothing beside it moves when the browser takes over.
    <time
      dateTime={iso}
      title={local ? exactText(moment) : iso}
      className={classes("tabular-nums", inSentence ? "whitespace-nowrap" : "inline-block min-w-[11.5em]")}
    >
      {local ? localText(moment) : utcText(moment)}
    </time>
  );
}

export function utcText(moment: Date) {
  const month = months[moment.getUTCMonth()];
  const time = `${twoDigits(moment.getUTCHours())}:${twoDigits(moment.getUTCMinutes())}`;
  return `${moment.getUTCDate()} ${month} ${moment.getUTCFullYear()}, ${time} UTC`;
}

// Not Intl, whose abbreviations differ between versions of it.
function localText(moment: Date) {
  const time = `${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
  return `${moment.getDate()} ${months[moment.getMonth()]} ${moment.getFullYear()}, ${time}`;
}

function exactText(moment: Date) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" }).format(moment);
}

function twoDigits(value: number) {
  return String(value).padStart(2, "0");
}

/** A day in UTC, written YYYY-MM-DD, which is the same day for every reader. */
export function Day({ on }: { on: string }) {
  return (
    <time dateTime={on} className="whitespace-nowrap">
      {dayText(on)}
    </time>
  );
}

export function dayText(on: string) {
  const [year, month, day] = on.split("-").map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}`;
}
