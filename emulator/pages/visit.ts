// A visit to one of the pages between application and sign-in: who comes, from which authorization request, and where it goes on.
import type { Request, RequestHandler, Response } from "express";
import type { Store } from "../database/store";
import { clientOf } from "../experience/api";
import type { Experience } from "../experience/experience";
import type { Interaction, Interactions } from "../experience/state";
import { findApplication } from "../settings/applications";
import { type Fault, alert, sentence, show } from "./forms";
import { type Html, html } from "./html";

export interface PageParts {
  store: Store;
  interactions: Interactions;
  experience: Experience;
}

export interface Visit {
  interaction: Interaction;
  request: Request;
  response: Response;
}

/** Errors reach the error handler; no authorization request under way is one. */
export function visited({ interactions }: PageParts, run: (visit: Visit) => Promise<void> | void): RequestHandler {
  return (request, response, next) => {
    interactions
      .current(request, response)
      .then((interaction) => run({ interaction, request, response }))
      .catch(next);
  };
}

/** Runs a step; what it refuses comes back as a sentence for the person. */
export async function attempt(step: () => Promise<void> | void): Promise<Fault | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    return sentence(error);
  }
}

/** Signs the identified person in and sends the browser on. */
export async function goOn({ interactions, experience }: PageParts, { interaction, request, response }: Visit) {
  const accountId = experience.complete(interaction, clientOf(request));
  response.redirect(303, await interactions.finish(request, response, interaction, accountId));
}

/** What the application said about who comes. */
export const loginHint = ({ interaction: { params } }: Visit) =>
  typeof params.login_hint === "string" ? params.login_hint : "";

export const applicationName = (store: Store, { interaction: { clientId } }: Visit) =>
  findApplication(store, clientId)?.name ?? clientId;

interface Page {
  title: string;
  /** Why the last try did not work. */
  fault?: Fault | undefined;
  status?: number;
  body: Html;
}

/** A redirect URI as a source of a Content-Security-Policy; those of native applications have a scheme of their own. */
function formTarget(uri: string): string {
  const { origin, protocol } = new URL(uri);
  return origin === "null" ? protocol : origin;
}

/** A page of the sign-in; its forms may end at the application. */
export function showPage(
  { interaction, response }: Visit,
  { title, fault, status = fault?.status ?? 200, body }: Page,
): void {
  const { redirect_uri: target } = interaction.params;
  const formTargets = typeof target === "string" ? [formTarget(target)] : [];
  show(response, {
    title,
    body: html`<h1>${title}</h1>
      ${alert(fault?.text)}${body}`,
    status,
    formTargets,
  });
}
