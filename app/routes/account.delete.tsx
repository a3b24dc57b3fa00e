// account.delete — says what becomes of each organization, asks for a typed word, and ends the account.
import { redirectDocument, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { useForm } from "@conform-to/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { AccountFates } from "../components/account-fates";
import { BarePage } from "../components/bare-page";
import { Button, ButtonLink } from "../components/button";
import { afterwards } from "../components/done-notice";
import { FormErrors, TextField } from "../components/field";
import { Notice } from "../components/notice";
import { SignOutForm } from "../components/sign-out-form";
import { inWords } from "../components/words";
import { invalid } from "../http/form.server";
import { unavailable } from "../http/responses.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const person = await context.requirePerson("account.delete.confirm");
  const end = await context.accounts.end(person);
  if (end === "unavailable") throw unavailable();
  return { name: person.name, word: wordOf(person), ...end };
}

const DeleteForm = z.object({
  confirmation: z.string("Type it to confirm").trim().min(1, "Type it to confirm").max(320, "This is not it"),
  /** Organizations that the page said would go. */
  goes: z
    .array(z.string().max(64, "Reload this page and try again"))
    .max(100, "Reload this page and try again")
    .default([]),
});

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("account.delete");
  const form = await context.form(DeleteForm);
  if (!form.ok) return invalid(form);
  const { confirmation, goes } = form.value;
  if (confirmation.toLowerCase() !== wordOf(person).toLowerCase())
    return invalid(form, { fieldErrors: { confirmation: [`This is not ${wordOf(person)}. Nothing was changed.`] } });
  const deletion = await context.accounts.remove(person, goes);
  if (deletion.ok) {
    const headers = { "Set-Cookie": await context.session.forget() };
    return redirectDocument(afterwards(paths.home, "account-deleted"), { headers });
  }
  if (deletion.reason === "unavailable") throw unavailable({ kept: await context.kept() });
  return invalid(form, { formErrors: [sentences[deletion.reason]] }, 409);
}

const sentences = {
  held: "Your account was not deleted: below it says of which organizations you are the only one who manages the members.",
  changed:
    "Your account was not deleted: meanwhile what becomes of an organization has changed. Read below how it is now, then confirm it again.",
  busy: "Your account is not deleted yet: somebody is just joining or changing members. Wait a minute, then try again.",
};

/** Also after a refusal: it is about what has changed since the page was shown. */
export const shouldRevalidate = () => true;

/** What is typed to confirm: nobody writes it by accident. */
const wordOf = ({ email, name }: { email: string; name: string }) => email || name;

export default function DeleteAccount() {
  const { name, word, organizations, isUnderWay } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const [form, fields] = useForm<z.input<typeof DeleteForm>>({ id: "delete-account", lastResult: answer?.result });
  const goes = organizations.filter(({ fate }) => fate === "goes");
  const held = organizations.filter(({ fate }) => fate === "held");
  return (
    <BarePage title="Delete your account?" aside={<SignOutForm name={name} />}>
      {isUnderWay && (
        <Notice>You have confirmed this already. It goes on by itself; with the button it goes on now.</Notice>
      )}
      <p>
        Your account at Logto is deleted, here and for every other app that uses it, and you are signed out everywhere.
        This cannot be undone.
      </p>
      <AccountFates organizations={organizations} />
      <Form method="post" id={form.id} className="grid gap-4 wrap-anywhere" noValidate>
        <FormErrors form={form} hidden={[{ errors: Object.values(fields.goes.allErrors ?? {}).flat() }]} />
        {goes.map(({ id }) => (
          <input key={id} type="hidden" name="goes" value={id} />
        ))}
        <TextField
          field={fields.confirmation}
          label={`Type ${word} to confirm`}
          hint={goes.length > 0 ? `This deletes ${inWords(goes.map((gone) => gone.name))} too.` : undefined}
          autoComplete="off"
        />
        <div className="flex flex-wrap items-start gap-2">
          <Button look="danger" breaks disabledBecause={held.length > 0 ? heldBack(held) : undefined}>
            {["Delete your account", ...goes.map((gone) => gone.name)].join(" and ")}
          </Button>
          <ButtonLink to={paths.account}>Cancel</ButtonLink>
        </div>
      </Form>
    </BarePage>
  );
}

function heldBack(held: { name: string }[]): string {
  return `First somebody else has to manage the members of ${inWords(held.map(({ name }) => name))}.`;
}

export const meta: MetaFunction = () => [{ title: "Delete your account · Atrium" }];
