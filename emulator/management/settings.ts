// /sign-in-exp, /connectors, /email-templates and what is told without a token.
import { z } from "zod";
import type { Store } from "../database/store";
import { LogtoError, notExistsWithId, notFound } from "../errors";
import type { Mailer } from "../mail/mailer";
import {
  changeConnector,
  connectorFactories,
  createConnector,
  findConnector,
  listConnectors,
  showConnector,
} from "../settings/connectors";
import { type EmailTemplate, emailTemplateTable, putTemplates, templateTypes } from "../settings/email-templates";
import { type SignInExperience, changeSignInExperience, readSignInExperience } from "../settings/sign-in-experience";
import { type Route, empty, ok, route } from "./api";
import { parse } from "./validation";

const json = z.record(z.string(), z.unknown());
const identifier = z.enum(["username", "email", "phone"]);
const isLanguage = (tag: string) => {
  try {
    const [language = ""] = tag.split("-");
    return new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }).of(language) !== undefined;
  } catch {
    return false;
  }
};
const Experience = z
  .object({
    signIn: z.object({
      methods: z.array(
        z.object({ identifier, password: z.boolean(), verificationCode: z.boolean(), isPasswordPrimary: z.boolean() }),
      ),
    }),
    signUp: z.object({
      identifiers: z.array(identifier),
      password: z.boolean(),
      verify: z.boolean(),
      secondaryIdentifiers: z
        .array(z.object({ identifier: z.union([identifier, z.array(identifier)]), verify: z.boolean().optional() }))
        .optional(),
    }),
    signInMode: z.enum(["SignIn", "Register", "SignInAndRegister"]),
    languageInfo: z.object({
      autoDetect: z.boolean(),
      fallbackLanguage: z.string().refine(isLanguage, "Invalid language tag"),
    }),
    forgotPasswordMethods: z.array(z.enum(["EmailVerificationCode", "PhoneVerificationCode"])).nullable(),
  })
  .partial();
// Settings that the emulator keeps without acting on them.
const Kept = z.looseObject({});

export function signInExperienceRoutes(store: Store): Route[] {
  return [
    route("get", "/sign-in-exp", {}, () => ok(readSignInExperience(store))),
    route("patch", "/sign-in-exp", { body: Kept }, ({ body }) => {
      const { tenantId: _, id: __, ...kept } = body;
      const changes = { ...kept, ...parse(Experience, body) };
      return ok(changeSignInExperience(store, changes as Partial<SignInExperience>));
    }),
    route("get", "/.well-known/sign-in-exp", { open: true }, () => {
      const { mfa: _, sentinelPolicy: __, ...shown } = readSignInExperience(store);
      return ok({ ...shown, socialConnectors: [], ssoConnectors: [] });
    }),
    route("get", "/status", { open: true }, () => empty()),
  ];
}

export function connectorRoutes(store: Store, mailer: Mailer): Route[] {
  const NewConnector = z.object({ connectorId: z.string().min(1), config: json.optional(), id: z.string().optional() });
  const Changes = z.object({ config: json.optional(), metadata: json.optional(), syncProfile: z.boolean().optional() });
  const Test = z.object({ email: z.string().optional(), phone: z.string().optional(), config: json });

  return [
    route("get", "/connector-factories", {}, () => ok(connectorFactories())),
    route("get", "/connector-factories/:id", {}, ({ params }) => {
      const factory = connectorFactories().find(({ id }) => id === params.id);
      if (!factory) throw notFound();
      return ok(factory);
    }),
    route("get", "/connectors", {}, ({ query }) => {
      const target = query.get("target");
      const connectors = listConnectors(store).map(showConnector);
      return ok(connectors.filter((connector) => !target || ("target" in connector && connector.target === target)));
    }),
    route("post", "/connectors", { body: NewConnector }, ({ body }) => ok(showConnector(createConnector(store, body)))),
    route("get", "/connectors/:id", {}, ({ params: { id = "" } }) => {
      const connector = findConnector(store, id);
      if (!connector) throw notFound();
      return ok(showConnector(connector));
    }),
    route("patch", "/connectors/:id", { body: Changes }, ({ params: { id = "" }, body }) => {
      if (!findConnector(store, id)) throw notFound();
      if (body.metadata) {
        throw new LogtoError(400, "connector.cannot_overwrite_metadata_for_non_standard_connector");
      }
      if (!body.config) throw new LogtoError(422, "entity.invalid_input");
      return ok(showConnector(changeConnector(store, id, body.config)));
    }),
    route("delete", "/connectors/:id", {}, ({ params: { id = "" } }) => {
      if (store.run("delete from connectors where id = ?", id) === 0) throw notFound();
      return empty();
    }),
    route("post", "/connectors/:factoryId/test", { body: Test }, async ({ params: { factoryId = "" }, body, ip }) => {
      if (!connectorFactories().some(({ id }) => id === factoryId)) throw notFound();
      const mail = { to: body.email ?? "", type: "Generic", payload: { code: "000000" }, ip };
      await mailer.sendBy({ connectorId: factoryId, config: body.config }, mail);
      return empty();
    }),
  ];
}

export function emailTemplateRoutes(store: Store): Route[] {
  const path = "/email-templates";
  const templateType = z.enum(templateTypes);
  const Details = z.object({
    subject: z.string(),
    content: z.string(),
    contentType: z.enum(["text/html", "text/plain"]).optional(),
    replyTo: z.string().optional(),
    sendFrom: z.string().optional(),
  });
  const languageTag = z.string().min(1).max(16);
  const Templates = z.object({ templates: z.array(z.object({ languageTag, templateType, details: Details })).min(1) });
  const Filter = z.object({ languageTag: languageTag.optional(), templateType: templateType.optional() });
  const find = (id: string) =>
    store.find<EmailTemplate>(emailTemplateTable, "select * from email_templates where id = ?", id);

  function filter(query: URLSearchParams) {
    const wanted = parse(Filter, Object.fromEntries(query));
    const sql = [wanted.languageTag && "language_tag = ?", wanted.templateType && "template_type = ?"].filter(Boolean);
    const values = [wanted.languageTag, wanted.templateType].filter((value) => value !== undefined);
    return { where: sql.length === 0 ? "1" : sql.join(" and "), values };
  }

  return [
    route("get", path, {}, ({ query }) => {
      const { where, values } = filter(query);
      const sql = `select * from email_templates where ${where} order by language_tag, template_type`;
      return ok(store.list(emailTemplateTable, sql, ...values));
    }),
    route("put", path, { body: Templates }, ({ body }) => ok(putTemplates(store, body.templates))),
    route("delete", path, {}, ({ query }) => {
      const { where, values } = filter(query);
      if (values.length === 0) throw new LogtoError(422, "connector.email_connector.bulk_deletion_no_filter");
      return ok({ rowCount: store.run(`delete from email_templates where ${where}`, ...values) });
    }),
    route("get", `${path}/:id`, {}, ({ params: { id = "" } }) => {
      const template = find(id);
      if (!template) throw notExistsWithId("email_templates", id);
      return ok(template);
    }),
    route("patch", `${path}/:id/details`, { body: Details.partial() }, ({ params: { id = "" }, body }) => {
      const template = find(id);
      if (!template) throw notExistsWithId("email_templates", id);
      return ok(store.update(emailTemplateTable, id, { details: { ...template.details, ...body } }));
    }),
    route("delete", `${path}/:id`, {}, ({ params: { id = "" } }) => {
      if (store.run("delete from email_templates where id = ?", id) === 0) throw notExistsWithId("email_templates", id);
      return empty();
    }),
  ];
}
