// organizations.switch — moves the session to another of the person's organizations.
import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { policy } from "../auth/policy";
import { BarePage } from "../components/bare-page";
import { ButtonLink } from "../components/button";
import { KeptForm, KeptText } from "../components/kept-form";
import { localPath } from "../http/local-path.server";
import { badRequest, notFound, unavailable } from "../http/responses.server";
import { paths } from "../paths";

/** Runs after the action too, whose answer must not be lost, so it leads nowhere. */
export async function loader({ context }: LoaderFunctionArgs) {
  await context.requirePerson("organizations.switched");
  return null;
}

const SwitchForm = z.object({
  organization: z.string().min(1).max(64),
  returnTo: z.string().optional(),
  /** What was typed for this organization in a page that the session had moved away from. */
  kept: z.string().optional(),
});

const Kept = z.object({ action: z.string(), fields: z.array(z.tuple([z.string(), z.string()])).max(256) });

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("organizations.switch");
  const form = await context.form(SwitchForm);
  if (!form.ok) throw badRequest("This form does not say which organization to switch to.");
  const { organization, returnTo, kept } = form.value;
  const moved = await context.session.activate(person, organization);
  if (moved === "unavailable") throw unavailable();
  if (moved === "not-theirs") throw notFound();
  const typed = kept === undefined ? undefined : readKept(kept);
  return typed ? data({ typed }) : redirect(placeIn(localPath(returnTo)));
}

/** The same page, if every organization has it; the list of a record that only the other one has. */
function placeIn(path: string | undefined): string {
  const everywhere = Object.values(policy)
    .filter(({ method, path: page, permission }) => method === "GET" && !page.includes(":") && permission.includes(":"))
    .map(({ path: page }): string => page);
  const page = path?.split(/[?#]/)[0] ?? "";
  const list = `/${page.split("/")[1] ?? ""}`;
  return [page, list].find((candidate) => everywhere.includes(candidate)) ?? paths.posts;
}

function readKept(text: string): z.infer<typeof Kept> | undefined {
  try {
    const kept = Kept.parse(JSON.parse(text));
    return localPath(kept.action) ? kept : undefined; // it becomes a form's address
  } catch {
    return undefined;
  }
}

export default function Switched() {
  const answer = useAnswer<typeof action>();
  if (!answer) return <Nothing />;
  return (
    <BarePage title="You have switched back">
      <p>What you typed has not been sent yet. Send it now, or let it go.</p>
      <KeptText kept={answer.typed} />
      <div className="flex flex-wrap gap-2">
        <KeptForm kept={answer.typed}>Send it now</KeptForm>
        <ButtonLink to={paths.posts} look="quiet">
          Do not send it
        </ButtonLink>
      </div>
    </BarePage>
  );
}

/** Somebody has typed this address. */
function Nothing() {
  return (
    <BarePage title="Nothing was switched">
      <p>
        <ButtonLink to={paths.organizations}>Choose an organization</ButtonLink>
      </p>
    </BarePage>
  );
}

export const meta: MetaFunction = () => [{ title: "Switch organization · Atrium" }];
