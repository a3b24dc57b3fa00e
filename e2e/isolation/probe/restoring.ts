// Puts a database back to what a template holds, under the feet of the app that has it open.
import Database from "better-sqlite3";

const owner = "logto_organization_id";

export function openRestoring(file: string, template: string) {
  const database = new Database(file);
  let inside: unknown = null;
  database.function("current_organization", () => inside as string | null); // what the walls ask for
  database.function("is_forgetting", () => 1);
  for (const setting of ["synchronous = off", "foreign_keys = off", "busy_timeout = 5000"]) database.pragma(setting);
  database.prepare("attach ? as template").run(template);
  const tables = database
    .prepare<[], string>(
      "select name from main.sqlite_schema where type = 'table' and name not like '\\_\\_%' escape '\\' and name not like 'sqlite%'",
    )
    .pluck()
    .all()
    .map((name) => {
      const columns = database.prepare<[string], string>("select name from pragma_table_info(?)").pluck().all(name);
      return { name, owned: columns.includes(owner) };
    });
  const owned = tables.filter((table) => table.owned);
  const organizations = database
    .prepare<[], string>(
      owned
        .flatMap(({ name }) => ["main", "template"].map((where) => `select ${owner} from ${where}.${name}`))
        .join(" union "),
    )
    .pluck();
  const globals = tables.filter((table) => !table.owned).map(({ name }) => statementsFor(name, ""));
  const tenants = owned.map(({ name }) => statementsFor(name, `where ${owner} = ?`));

  function statementsFor(name: string, where: string) {
    return {
      empty: database.prepare(`delete from main.${name} ${where}`),
      fill: database.prepare(`insert into main.${name} select * from template.${name} ${where}`),
    };
  }

  const restore = database.transaction(() => {
    for (const { empty, fill } of globals) {
      empty.run();
      fill.run();
    }
    for (const organization of organizations.all()) {
      inside = organization;
      for (const { empty } of tenants) empty.run(organization);
      for (const { fill } of tenants) fill.run(organization);
    }
    inside = null;
  });

  return { restore: () => restore.immediate(), close: () => database.close() };
}
