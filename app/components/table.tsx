// A list of like things. Columns keep their width from page to page; narrow screens leave out those that can be spared.
import { classes } from "./classes";

export interface Column {
  name: string;
  /** Tailwind width; one column should have none and takes the rest. */
  width?: string;
  /** Left out below 640 px, or on medium and large screens too: the first column then tells it in small print. */
  spare?: boolean | "lg" | "xl";
  align?: "right";
  /** The name is for screen readers alone. */
  hidden?: boolean;
}

export function Table({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: Column[];
  children: React.ReactNode;
}) {
  return (
    <table className="w-full table-fixed border-collapse text-left">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line">
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              className={classes(
                "px-4 py-2 text-xs font-medium text-muted",
                column.width,
                spareness(column),
                column.align === "right" && "text-right",
              )}
            >
              {column.hidden ? <span className="sr-only">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">{children}</tbody>
    </table>
  );
}

export function Row({ children }: { children: React.ReactNode }) {
  return <tr className="relative transition-colors hover:bg-canvas">{children}</tr>;
}

export function Cell({
  spare,
  align,
  className,
  children,
}: Pick<Column, "spare" | "align"> & { className?: string; children: React.ReactNode }) {
  return (
    <td
      className={classes(
        "px-4 py-2.5 align-middle",
        spareness({ spare }),
        align === "right" && "text-right",
        className,
      )}
    >
      {children}
    </td>
  );
}

function spareness({ spare }: Pick<Column, "spare">) {
  return spare === "xl" ? "max-xl:hidden" : spare === "lg" ? "max-lg:hidden" : spare && "max-sm:hidden";
}
