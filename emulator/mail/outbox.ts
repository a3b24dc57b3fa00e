// The outbox: mails that the emulator sent to nobody, kept to be read.
import type { Store, Table } from "../database/store";
import type { Mail } from "./mailer";
import type { Message } from "./rendering";

export interface KeptMail {
  id: number;
  to: string;
  type: string;
  payload: Record<string, unknown>;
  message: Message | null;
  sentAt: number;
}

const table: Table = { name: "mails", json: ["payload", "message"] };
const columns = `id, recipient as "to", type, payload, message, sent_at`;

export function keepMail(store: Store, { to, type, payload }: Omit<Mail, "ip">, message?: Message): void {
  store.run(
    "insert into mails (recipient, type, payload, message, sent_at) values (?, ?, ?, ?, ?)",
    ...[to, type, JSON.stringify(payload), message ? JSON.stringify(message) : null, Date.now()],
  );
}

/** Oldest first; `to` in any letter case. */
export const listMails = (store: Store, to?: string) =>
  store.list<KeptMail>(
    table,
    `select ${columns} from mails where ? is null or lower(recipient) = lower(?) order by id`,
    to ?? null,
    to ?? null,
  );

export const emptyOutbox = (store: Store) => store.run("delete from mails");
