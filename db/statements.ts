// Prepared queries: built and compiled once on a connection, filled with values each time.
import { type Placeholder, sql } from "drizzle-orm";
import type { Ordered, Prepared, Reads } from "./query";

/** The name under which the store itself fills in the scope's organization; no query can ask for it. */
export const scopeOrganization = "the scope's organization";

export function createStatements(reads: Reads) {
  const compiled = new WeakMap<object, Statement<unknown>>();

  function compile<Tables, Values, Answer>(query: Prepared<Tables, Values, Answer>, tables: Tables) {
    const statement = preparedBy(query.build(reads, tables, givenByName()));
    compiled.set(query, statement);
    return statement;
  }

  return {
    run<Tables, Values, Answer>(
      query: Prepared<Tables, Values, Answer>,
      tables: Tables,
      values: Values,
      organizationId?: string,
    ): Answer[] {
      const statement = (compiled.get(query) as Statement<Answer> | undefined) ?? compile(query, tables);
      return statement.all(storable(values, organizationId));
    },
  };
}

type Statement<Answer> = { all(values: Record<string, unknown>): Answer[] };

function preparedBy<Answer>(built: Ordered<Answer>): Statement<Answer> {
  return (built as unknown as { prepare(): Statement<Answer> }).prepare(); // Drizzle's builder, whose type query.ts hides
}

/** A placeholder for each name that a query asks for. */
function givenByName<Given>(): Given {
  const named: ProxyHandler<object> = { get: (_, name): Placeholder => sql.placeholder(String(name)) };
  return new Proxy({}, named) as Given; // typed by the query's own annotation
}

/** Drizzle does not convert what fills a placeholder. */
function storable(values: unknown, organizationId: string | undefined): Record<string, unknown> {
  const converted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values ?? {})) {
    converted[name] = value instanceof Date ? value.getTime() : value;
  }
  converted[scopeOrganization] = organizationId; // last: no value can take its place
  return converted;
}
