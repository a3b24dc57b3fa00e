// settings.domains — of which domains the addresses must be that are invited.
import { redirect, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { afterwards } from "../components/done-notice";
import { DomainsForm, SettingsFormPage } from "../components/settings-forms";
import { inWords } from "../components/words";
import { invalid, maybeEmpty } from "../http/form.server";
import { mostDomains, parseDomains } from "../models/invitations/admission.server";
import { changeDomains } from "../models/settings/settings.server";
import { paths } from "../paths";

/** Sent empty it lifts the limit; not sent, it must change nothing. */
const DomainsField = maybeEmpty().refine((domains) => domains.length <= 5_000, "Use at most 5,000 characters.");
const DomainsOfForm = z.object({ domains: DomainsField });

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("settings.domains");
  const form = await context.form(DomainsOfForm);
  if (!form.ok) return invalid(form);
  const { domains, wrong } = parseDomains(form.value.domains);
  if (wrong.length > 0) return invalid(form, { fieldErrors: { domains: [notDomains(wrong)] } });
  if (domains.length > mostDomains) return invalid(form, { fieldErrors: { domains: [tooMany(domains.length)] } });
  await changeDomains(member.scope, member, member.organization, domains);
  return redirect(afterwards(paths.settings, "domains-changed"));
}

function notDomains(wrong: string[]): string {
  const named = wrong.slice(0, 3).map((word) => `“${word.slice(0, 100)}”`);
  const rest = wrong.length > 3 ? [`${wrong.length - 3} more`] : [];
  return `${inWords([...named, ...rest])} ${wrong.length === 1 ? "is not a domain" : "are not domains"}. Write them as “example.com”.`;
}

const tooMany = (count: number) => `These are ${count} domains. Name at most ${mostDomains}.`;

export default function Domains() {
  const answer = useAnswer<typeof action>();
  return (
    <SettingsFormPage title="Who can be invited">
      {answer && <DomainsForm lastResult={answer.result} />}
    </SettingsFormPage>
  );
}

export const meta: MetaFunction = () => [{ title: "Who can be invited · Atrium" }];
