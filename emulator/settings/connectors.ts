// E-mail connectors: at most one; the fresh one sends to the outbox of the emulator.
import { z } from "zod";
import type { Store, Table } from "../database/store";
import { LogtoError, notFound, serverError } from "../errors";
import { longId } from "../ids";

export interface StoredConnector {
  id: string;
  connectorId: string;
  config: Record<string, unknown>;
  metadata: Record<string, unknown>;
  syncProfile: boolean;
  enableTokenStorage: boolean;
  createdAt: number;
}

const connectorTable: Table = {
  name: "connectors",
  json: ["config", "metadata"],
  flags: ["syncProfile", "enableTokenStorage"],
};

const formItem = (key: string, label: string, required: boolean) => ({ key, label, type: "Text", required });

const factories = [
  {
    id: "http-email",
    target: "http-email",
    name: { en: "HTTP Email" },
    description: { en: "Send email via HTTP call." },
    formItems: [formItem("endpoint", "Endpoint", true), formItem("authorization", "Authorization Header", false)],
  },
  {
    id: "simple-mail-transfer-protocol",
    target: "smtp",
    name: { en: "SMTP" },
    description: { en: "SMTP is an Internet standard communication protocol for electronic mail transmission." },
    formItems: [
      formItem("host", "Host", true),
      formItem("port", "Port", true),
      formItem("fromEmail", "From Email", true),
    ],
  },
];
const appearance = { logo: "./logo.svg", logoDark: null, readme: "", platform: null, type: "Email", isDemo: false };

/** What can be connected: `GET /connector-factories`. */
export const connectorFactories = () => factories.map((factory) => ({ ...factory, ...appearance }));

/** A connector as the API shows it, its config in clear. */
export function showConnector({ id, connectorId, config, metadata, syncProfile, enableTokenStorage }: StoredConnector) {
  const { id: _, ...factory } = factories.find((candidate) => candidate.id === connectorId) ?? { id: connectorId };
  return {
    id,
    syncProfile,
    enableTokenStorage,
    config,
    metadata,
    connectorId,
    ...factory,
    ...appearance,
    extraInfo: {},
  };
}

export const listConnectors = (store: Store) =>
  store.list<StoredConnector>(connectorTable, "select * from connectors order by created_at");

export const findConnector = (store: Store, id: string) =>
  store.find<StoredConnector>(connectorTable, "select * from connectors where id = ?", id);

export const findEmailConnector = (store: Store): StoredConnector | undefined => listConnectors(store)[0];

/** Logto drops what is empty before it stores a config. */
function cleaned(config: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(config).map(([key, value]): [string, unknown] => [
    key,
    isObject(value) ? cleaned(value) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) =>
  value === "" ||
  value === undefined ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

const requiredUsages = ["Register", "SignIn", "ForgotPassword", "Generic"];
const HttpEmail = z.looseObject({ endpoint: z.string(), authorization: z.string().optional() });
const SmtpTemplate = z.looseObject({
  usageType: z.string(),
  subject: z.string(),
  content: z.string(),
  contentType: z.enum(["text/html", "text/plain"]).optional(),
});
const Smtp = z.looseObject({
  host: z.string(),
  port: z.union([z.string(), z.number()]),
  auth: z.looseObject({}).optional(),
  fromEmail: z.string(),
  templates: z
    .array(SmtpTemplate)
    .refine((templates) => requiredUsages.every((usage) => templates.some(({ usageType }) => usageType === usage))),
});

/** The texts that an SMTP connector brings itself. */
export const ownTemplates = (config: Record<string, unknown>) =>
  z.array(SmtpTemplate).catch([]).parse(config.templates);

function refuseConfig(connectorId: string, config: Record<string, unknown>) {
  const schema = connectorId === "http-email" ? HttpEmail : Smtp;
  if (!schema.safeParse(config).success) throw new LogtoError(400, "connector.invalid_config");
}

/** Makes a connector; the e-mail connector that was there is gone. @throws LogtoError 400 or 422 */
export function createConnector(
  store: Store,
  {
    connectorId,
    config,
    id,
  }: { connectorId: string; config?: Record<string, unknown> | undefined; id?: string | undefined },
): StoredConnector {
  if (!factories.some((factory) => factory.id === connectorId)) {
    throw new LogtoError(422, "connector.not_found_with_connector_id");
  }
  if (config) refuseConfig(connectorId, config);
  if (id && findConnector(store, id)) throw serverError();
  return store.atomic(() => {
    store.run("delete from connectors");
    const made = { id: id ?? longId(), connectorId, config: cleaned(config ?? {}), createdAt: Date.now() };
    return store.insert<StoredConnector>(connectorTable, made);
  });
}

/** Replaces the config. @throws LogtoError 400 or 404 */
export function changeConnector(store: Store, id: string, config: Record<string, unknown>): StoredConnector {
  const connector = findConnector(store, id);
  if (!connector) throw notFound();
  refuseConfig(connector.connectorId, config);
  return store.update<StoredConnector>(connectorTable, id, { config: cleaned(config) }) ?? connector;
}
