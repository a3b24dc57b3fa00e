// A row of each organization in every table of theirs, with a canary in every text column: made from the tables as they are in the file.
import Database from "better-sqlite3";
import type { Cast, Place } from "./cast";
import { fixed } from "./tables";

const organizationColumn = "logto_organization_id";

interface Column {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
}

export interface Planted {
  table: string;
  /** Text columns, and what stands in them at Acme; undefined where no canary fits. */
  columns: { name: string; token: string | undefined }[];
  /** Why there is no row. */
  fault?: string;
}

/** Where a row of a table points to: the table, and a column of each. */
interface Pointer {
  table: string;
  from: string;
  to: string;
}

type Values = Record<string, string | number | null>;

/** Plants for Acme and for Globex, by a plain driver that says to the wall which organization it is in. */
export function plant(cast: Cast): Planted[] {
  const database = new Database(cast.world.databaseFile);
  let current = "";
  database.function("current_organization", () => current);
  database.pragma("foreign_keys = on");
  const columnsOf = (table: string) => database.pragma(`table_info("${table}")`) as Column[]; // as SQLite documents it
  const pointersOf = (table: string) => database.pragma(`foreign_key_list("${table}")`) as Pointer[]; // the same
  const tables = cast.database.tables.filter((table) =>
    columnsOf(table).some(({ name }) => name === organizationColumn),
  );
  try {
    const ofAcme = plantAll("acme");
    letInCast();
    plantAll("globex");
    letInCast();
    return ofAcme;
  } finally {
    database.close();
  }

  /** With a canary among the domains that may be invited, no other one may be, unless it stands beside it. */
  function letInCast(): void {
    database
      .prepare(
        `insert into invitation_domains ("${organizationColumn}", domain, added_by, created_at) values (?, 'example.com', '', ?)`,
      )
      .run(current, aMoment);
  }

  /** Parents first: whoever points to a table that has no row yet comes later. */
  function plantAll(place: Place): Planted[] {
    current = cast.organizations[place].id;
    const rows = new Map<string, Values>();
    const planted: Planted[] = [];
    for (let left = tables; left.length > 0;) {
      const ready = left.filter((table) => pointersOf(table).every((to) => rows.has(to.table) || to.table === table));
      for (const table of ready.length > 0 ? ready : left) planted.push(plantRow(place, table, rows));
      left = left.filter((table) => !planted.some((one) => one.table === table));
    }
    return planted;
  }

  function plantRow(place: Place, table: string, rows: Map<string, Values>): Planted {
    const columns = columnsOf(table);
    const pointers = pointersOf(table);
    const tokens = new Map<string, string>();
    const valueOf = ({ name, type, notnull, dflt_value }: Column): string | number | null => {
      if (name === organizationColumn) return current;
      const pointer = pointers.find(({ from, table: to }) => from === name && to !== table);
      const pointed = pointer && rows.get(pointer.table)?.[pointer.to];
      if (pointed !== undefined) return pointed;
      const given = fixed[`${table}.${name}`]?.value;
      if (given !== undefined && !String(given).includes(hole)) return given;
      if (type.toLowerCase() !== "text") return notnull ? Number(dflt_value ?? aMoment) : null;
      const words = { class: "text", organizations: new Set([current]) } as const;
      const token = cast.canaries.make({ ...words, what: `${table}.${name} of ${place}` });
      tokens.set(name, token);
      return typeof given === "string" ? given.replace(hole, token) : token;
    };
    const values: Values = Object.fromEntries(columns.map((column) => [column.name, valueOf(column)]));
    rows.set(table, values);
    const texts = columns.filter(({ name, type }) => type.toLowerCase() === "text" && name !== organizationColumn);
    const seen = texts.map(({ name }) => ({ name, token: tokens.get(name) ?? tokenOf(values[name]) }));
    const names = Object.keys(values);
    const statement = `insert into "${table}" (${names.map((name) => `"${name}"`).join(", ")}) values (${names.map(() => "?").join(", ")})`;
    try {
      database.prepare(statement).run(...Object.values(values));
      return { table, columns: seen };
    } catch (error) {
      return { table, columns: seen, fault: error instanceof Error ? error.message : String(error) };
    }
  }

  /** What it points to has one of its own. */
  function tokenOf(value: Values[string] | undefined): string | undefined {
    return typeof value === "string" && cast.canaries.foundIn(value).length > 0 ? value : undefined;
  }
}

const hole = "{canary}";

/** In 2021, at a second that nothing else has. */
const aMoment = 1_617_359_873_417;
