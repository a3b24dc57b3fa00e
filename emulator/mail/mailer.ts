// Mail, as Logto's e-mail connectors send it: by HTTP to the receiver of the connector, or into the outbox.
import type { Store } from "../database/store";
import { LogtoError } from "../errors";
import type { Faults } from "../faults/faults";
import { type StoredConnector, findEmailConnector } from "../settings/connectors";
import { keepMail } from "./outbox";
import { renderMail } from "./rendering";

export interface Mail {
  to: string;
  type: string;
  payload: Record<string, unknown>;
  ip: string;
}

export type Mailer = ReturnType<typeof openMailer>;

const tenMinutes = 10 * 60 * 1000;
const mailsPerTenMinutes = 10;

const failure = (message: string, data: object = {}) =>
  new LogtoError(400, "connector.general", { message: `Error occurred in connector: ${message}`, data });

/** `outboxEndpoint`: the receiver that means "keep it here". Mail of an SMTP connector is kept here as well. */
export function openMailer(store: Store, faults: Faults, outboxEndpoint: string) {
  function refuseFlood(recipient: string) {
    const now = Date.now();
    const address = recipient.toLowerCase();
    const sent = store.value<number>(
      "select count(*) from mail_attempts where recipient = ? and sent_at > ?",
      address,
      now - tenMinutes,
    );
    if ((sent ?? 0) >= mailsPerTenMinutes) throw new LogtoError(429, "request.message_rate_limited");
    store.run("insert into mail_attempts values (?, ?)", address, now);
  }

  async function post(config: Record<string, unknown>, mail: Mail) {
    const { endpoint, authorization } = config;
    const response = await fetch(String(endpoint), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(typeof authorization === "string" ? { authorization } : {}),
      },
      body: JSON.stringify(mail),
      signal: AbortSignal.timeout(10_000),
    }).catch((error: unknown) => {
      throw failure(String(error));
    });
    await response.arrayBuffer();
    if (!response.ok) throw failure(`the receiver answered ${response.status}`, { status: response.status });
  }

  async function sendBy({ connectorId, config }: Pick<StoredConnector, "connectorId" | "config">, mail: Mail) {
    if (faults.mailFails(mail)) throw failure("a fault of the emulator");
    if (connectorId !== "http-email") return keepMail(store, mail, renderMail(store, config, mail));
    if (config.endpoint === outboxEndpoint) return keepMail(store, mail);
    await post(config, mail);
  }

  return {
    sendBy,
    /** One mail by the e-mail connector. @throws LogtoError 501 without one, 429 beyond ten in ten minutes, 400 when it fails */
    async send(mail: Mail) {
      const connector = findEmailConnector(store);
      if (!connector) throw new LogtoError(501, "connector.not_found", { data: { type: "Email" } });
      refuseFlood(mail.to);
      await sendBy(connector, mail);
    },
  };
}
