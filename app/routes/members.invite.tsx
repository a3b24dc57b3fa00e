// members.invite — invites people by mail and by link, and says what became of each address.
import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { SubmissionResult } from "@conform-to/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { useFocusOnHeading } from "../components/bare-page";
import { ButtonLink } from "../components/button";
import { InviteForm, type InviteFormProps } from "../components/invite-form";
import { OutcomeList, type Outcome } from "../components/outcome-page";
import { PageHeader } from "../components/page-header";
import { pageTitle } from "../components/page-title";
import { canBeTriedAgain, isInvited, noSeatSentence, sendSentences } from "../components/send-sentences";
import { counted, inWords } from "../components/words";
import type { invalid } from "../http/form.server";
import { unavailable } from "../http/responses.server";
import { parseAddresses, writeAddresses, type ParsedAddress } from "../models/invitations/addresses.server";
import {
  addressesPerBatch,
  daysByDefault,
  InvitationDays,
  mostDays,
  noteLimit,
  type Sent,
} from "../models/invitations/invitations.server";
import { mayGive, roleToBeginWith, type RoleChoice } from "../models/member-roles.server";
import { findSettings } from "../models/settings/settings.server";
import { paths } from "../paths";

export async function loader({ context, request }: LoaderFunctionArgs) {
  const member = await context.requireMember("invitations.new");
  const [roles, settings] = await Promise.all([context.members.roles(), findSettings(member.scope)]);
  if (roles === "unavailable") throw unavailable();
  const givable = roles.filter((role) => mayGive(member, role));
  const asked = new URL(request.url).searchParams;
  return {
    organization: { name: member.organization.name },
    roles: givable,
    leavesSomeOut: givable.length < roles.length,
    limits: { addresses: addressesPerBatch, note: noteLimit, days: mostDays },
    defaults: {
      batch: crypto.randomUUID(),
      addresses: asked.get("address")?.slice(0, 254),
      role: roleToBeginWith(givable, asked.get("role") ?? settings.invitationRoleId)?.id,
      days: settings.invitationDays ?? daysByDefault,
    },
  };
}

const InvitationForm = z.object({
  batch: z.string().regex(/^[\w-]{8,64}$/, "Reload this page and try again."),
  addresses: z.string().max(20_000, "Use at most 20,000 characters.").default(""),
  /** As text when the form was kept by a page that refused it. */
  file: z
    .union([z.instanceof(File), z.string()])
    .refine(
      (file) => (typeof file === "string" ? file.length : file.size) <= 100_000,
      "Choose a file of at most 100 kB.",
    )
    .optional(),
  role: z.string("Choose a role.").max(64),
  note: z.string().trim().max(noteLimit, `Use at most ${noteLimit} characters.`).default(""),
  days: InvitationDays,
});

export async function action({ context }: ActionFunctionArgs) {
  const member = await context.requireMember("invitations.send");
  const form = await context.form(InvitationForm);
  const roles = await context.members.roles();
  if (roles === "unavailable") throw unavailable({ kept: await context.kept() });
  const list = await listIn(form.submission.payload, roles);
  if (!form.ok || list.wrong) return refused(form, list);
  const { batch, role, note, days } = form.value;
  const idOf = (name = "") => roles.find((one) => isNamed(one, name))?.id ?? role;
  const entries = list.people.map(({ address, role: named }) => ({ address, roleId: idOf(named) }));
  const sent = await context.invitations.send(member.scope, member, { batch, entries, note, days });
  const rest = list.people.filter((_, index) => canBeTriedAgain(sent[index]?.result ?? "unavailable"));
  // The same batch, so that one that was on its way is finished, not doubled.
  const again = rest.length > 0 ? { batch, addresses: writeAddresses(rest), role, note, days } : undefined;
  const isFull = sent.some(({ result }) => result === "no-seat");
  const managers = isFull ? await context.billing.managers(member) : undefined;
  return { sent: sent.map((one) => outcomeOf(one, managers)), again };
}

interface List {
  people: ParsedAddress[];
  uploaded: boolean;
  /** Why it cannot be sent as it is, at the field where it came from. */
  wrong?: Record<string, string[]>;
}

/** Those that were pasted, then those of the file. */
async function listIn({ addresses, file }: Record<string, unknown>, roles: RoleChoice[]): Promise<List> {
  const names = roles.map(({ name }) => name);
  const typed = parseAddresses(typeof addresses === "string" ? addresses : "", names);
  const text = file instanceof File ? await file.text() : typeof file === "string" ? file : "";
  if (/[\0\uFFFD]/.test(text)) return { people: typed, uploaded: false, wrong: { file: [notText] } };
  const people = [...typed, ...parseAddresses(text, names)];
  const wrong = sentenceOn(people, roles);
  return { people, uploaded: text !== "", ...(wrong && { wrong: { addresses: [wrong] } }) };
}

function sentenceOn(people: ParsedAddress[], roles: RoleChoice[]): string | undefined {
  if (people.length === 0) return "Write at least one e-mail address.";
  if (people.length > addressesPerBatch)
    return `These are ${people.length} addresses. Invite at most ${addressesPerBatch} at a time.`;
  const named = people.flatMap(({ role }) => role ?? []);
  const unknown = named.find((name) => !roles.some((role) => isNamed(role, name)));
  if (unknown === undefined) return undefined;
  const known = roles.map(({ name }) => name);
  return `There is no role “${unknown}”. The roles are ${inWords(known)}.`;
}

const isNamed = (role: RoleChoice, name: string) => role.name.toLowerCase() === name.trim().toLowerCase();

const notText = "This file cannot be read as text. Save it as CSV in UTF-8 and choose it again.";

/** The form again, with all that was sent: a file comes back as text, since browsers fill in none. */
function refused({ submission }: Parameters<typeof invalid>[0], { people, uploaded, wrong }: List) {
  const result = submission.reply({ fieldErrors: wrong });
  const read = uploaded ? { addresses: writeAddresses(people) } : undefined;
  return data({ result: { ...result, initialValue: { ...result.initialValue, ...read } }, read }, { status: 422 });
}

/** @param managers those who may change the plan, when the inviter may not */
function outcomeOf({ address, result, link }: Sent, managers: string[] | undefined): Outcome {
  const sentence = result === "no-seat" ? noSeatSentence("Not invited", managers) : sendSentences[result];
  return { address, ok: isInvited(result), sentence, link };
}

interface Answer {
  result?: SubmissionResult;
  /** What was in the file that came with a refused form. */
  read?: { addresses: string };
  sent?: Outcome[];
  again?: { batch: string; addresses: string; role: string; note: string; days: number };
}

export { keepWhileTyping as shouldRevalidate } from "../live/typed";

export default function Invite() {
  const { organization, roles, leavesSomeOut, limits, defaults } = useLoaderData<typeof loader>();
  const answer = useAnswer<Answer>();
  const form = { roles, leavesSomeOut, limits };
  if (answer?.sent) return <Invited sent={answer.sent} again={answer.again} form={form} />;
  return (
    <>
      <PageHeader title={`Invite people to ${organization.name}`} back={{ to: paths.members, name: "Members" }}>
        Each gets a mail with a link of their own.
      </PageHeader>
      {/* The text field keeps what was typed into it, unless it is made anew. */}
      <InviteForm key={answer?.read?.addresses} {...form} defaults={defaults} lastResult={answer?.result} />
    </>
  );
}

type InvitedProps = Required<Pick<Answer, "sent">> &
  Pick<Answer, "again"> & { form: Omit<InviteFormProps, "defaults"> };

function Invited({ sent, again, form }: InvitedProps) {
  const page = useFocusOnHeading();
  const invited = sent.filter(({ ok }) => ok).length;
  return (
    <div ref={page} className="max-w-3xl">
      <PageHeader
        title={invited === 0 ? "Nobody was invited" : `${counted(invited, "person", "people")} invited`}
        back={{ to: paths.invitations, name: "Invitations" }}
        actions={
          <ButtonLink reloadDocument to={paths.invite}>
            Invite more people
          </ButtonLink>
        }
      >
        {invited < sent.length && `${sent.length - invited} of ${sent.length} addresses were not invited.`}
      </PageHeader>
      <OutcomeList outcomes={sent} />
      {again && (
        <section aria-labelledby="again" className="mt-8">
          <h2 id="again" className="mb-4 text-lg font-semibold tracking-tight">
            Correct and send again
          </h2>
          <InviteForm key={again.addresses} {...form} defaults={again} />
        </section>
      )}
    </div>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  { title: pageTitle("Invite people", page?.organization) },
];
