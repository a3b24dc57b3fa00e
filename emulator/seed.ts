// What a fresh Logto holds: the Management API with its role, one machine application, one e-mail connector.
import { readSetting, writeSetting } from "./database/settings";
import type { Store } from "./database/store";
import { longId } from "./ids";
import { managementResource } from "./management/authorization";
import { createApplication, findApplication, secretsOf } from "./settings/applications";
import { changeConnector, createConnector, findEmailConnector } from "./settings/connectors";

export interface Machine {
  id: string;
  secret: string;
}

/** Makes what is missing, and only once: what somebody deleted or changed later stays so. */
export function seed(store: Store, machine: Machine | undefined): Machine {
  return store.atomic(() => {
    if (readSetting(store, "seeded") === undefined) {
      seedManagementApi(store);
      writeSetting(store, "seeded", "true");
    }
    return machine ? seedMachine(store, machine) : keptMachine(store);
  });
}

function seedManagementApi(store: Store) {
  const roleId = longId();
  store.run(
    "insert into resources (id, name, indicator) values ('management-api', 'Logto Management API', ?)",
    managementResource,
  );
  store.run(
    `insert into scopes (id, resource_id, name, description, created_at)
     values ('management-api-all', 'management-api', 'all', 'Default scope for Management API, allows all permissions.', ?)`,
    Date.now(),
  );
  store.run(
    `insert into roles (id, name, description, type)
     values (?, 'Logto Management API access', 'Has the permission "all" of the Management API.', 'MachineToMachine')`,
    roleId,
  );
  store.run("insert into role_scopes values (?, 'management-api-all')", roleId);
}

function seedMachine(store: Store, machine: Machine): Machine {
  if (!findApplication(store, machine.id)) {
    const name = "Machine of the emulator's start";
    createApplication(store, { name, type: "MachineToMachine" }, machine);
    store.run(
      "insert into application_roles select ?, role_id from role_scopes where scope_id = 'management-api-all'",
      machine.id,
    );
  }
  if (!secretsOf(store, machine.id).some(({ value }) => value === machine.secret)) {
    const sql = "insert into application_secrets values (?, ?, ?, ?, null)";
    store.run(sql, machine.id, `Start ${longId()}`, machine.secret, Date.now());
  }
  writeSetting(store, "machine", machine.id);
  return machine;
}

function keptMachine(store: Store): Machine {
  const id = readSetting(store, "machine");
  const secret = id === undefined ? undefined : secretsOf(store, id)[0]?.value;
  return id !== undefined && secret !== undefined
    ? { id, secret }
    : seedMachine(store, { id: longId(), secret: longId() });
}

/** The connector of a fresh Logto, and of the last start: the outbox may listen on another port now. */
export function seedConnector(store: Store, outboxEndpoint: string): void {
  const before = readSetting(store, "outbox-endpoint");
  const connector = findEmailConnector(store);
  if (before === undefined) createConnector(store, { connectorId: "http-email", config: { endpoint: outboxEndpoint } });
  else if (connector && connector.config.endpoint === before) {
    changeConnector(store, connector.id, { ...connector.config, endpoint: outboxEndpoint });
  }
  writeSetting(store, "outbox-endpoint", outboxEndpoint);
}
