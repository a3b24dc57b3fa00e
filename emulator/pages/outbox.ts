// The outbox: mail as a person would see it, and as JSON for tests.
import express, { type Router } from "express";
import type { Store } from "../database/store";
import { type KeptMail, emptyOutbox, listMails } from "../mail/outbox";
import { show } from "./forms";
import { type Html, html } from "./html";

export function outboxPages(store: Store): Router {
  const router = express.Router();

  router.get("/outbox", (_request, response) => {
    const mails = listMails(store).slice(-200).reverse();
    const body = html`<h1>Outbox</h1>
      <p class="quiet">Mail that the emulator did not send to anybody, newest first.</p>
      ${mails.length === 0 ? html`<p>No mail yet. Codes and invitations will be here.</p>` : mails.map(mailPart)}`;
    show(response, { title: "Outbox", body, wide: true });
  });

  router.get("/outbox.json", (request, response) => {
    const to = typeof request.query.to === "string" ? request.query.to : undefined;
    response.set("cache-control", "no-store").json(
      listMails(store, to).map(({ to: recipient, type, payload, message }) => ({
        to: recipient,
        type,
        payload,
        ...(message ? { message } : {}),
      })),
    );
  });

  router.delete("/outbox.json", (_request, response) => {
    emptyOutbox(store);
    response.status(204).end();
  });
  return router;
}

const subjects: Record<string, string> = {
  Register: "Your code to create an account",
  SignIn: "Your code to sign in",
  ForgotPassword: "Your code to set a new password",
  OrganizationInvitation: "An invitation",
  Generic: "A test message",
};

const nameIn = (value: unknown, ...keys: string[]): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const record = value as Record<string, unknown>;
  return keys.map((key) => record[key]).find((found): found is string => typeof found === "string" && found !== "");
};

function mailPart({ id, to, type, payload, message, sentAt }: KeptMail): Html {
  const sent = new Date(sentAt).toISOString();
  return html`<article aria-labelledby="mail-${id}">
    <h2 id="mail-${id}">${message?.subject ?? subjects[type] ?? type}</h2>
    <p class="quiet">To ${to} · <time datetime="${sent}">${sent.replace("T", " ").slice(0, 19)} UTC</time></p>
    ${message ? html`<pre>${message.content}</pre>` : ""} ${invitationPart(payload)}
    ${typeof payload.code === "string" ? html`<p class="code">${payload.code}</p>` : ""} ${linkPart(payload.link)}
    <details>
      <summary>As the connector got it: ${type}</summary>
      <pre>${JSON.stringify(payload, null, 2)}</pre>
    </details>
  </article>`;
}

function invitationPart({ organization, inviter }: Record<string, unknown>): Html {
  const name = nameIn(organization, "name");
  if (!name) return html``;
  const by = nameIn(inviter, "name", "primaryEmail", "username");
  return html`<p>${by ? `${by} invites you` : "You are invited"} to join ${name}.</p>`;
}

/** Only web addresses become links: a payload may hold anything. */
function linkPart(link: unknown): Html {
  if (typeof link !== "string") return html``;
  return /^https?:\/\//.test(link) ? html`<p><a href="${link}">${link}</a></p>` : html`<p>${link}</p>`;
}
