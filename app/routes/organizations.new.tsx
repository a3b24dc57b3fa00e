// organizations.new — create another organization; whoever creates it looks after it.
import { redirectDocument, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { useForm } from "@conform-to/react";
import { z } from "zod";
import { useAnswer } from "../components/answer";
import { BarePage } from "../components/bare-page";
import { Button, ButtonLink } from "../components/button";
import { FormErrors, TextField } from "../components/field";
import { SignOutForm } from "../components/sign-out-form";
import { invalid } from "../http/form.server";
import { unavailable } from "../http/responses.server";
import { OrganizationName } from "../models/organizations.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const { name } = await context.requirePerson("organizations.new");
  return { name, key: crypto.randomUUID() };
}

const OrganizationForm = z.object({
  name: OrganizationName,
  key: z.string().regex(/^[\w-]{8,64}$/, "Reload this page and try again"),
});

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("organizations.create");
  const form = await context.form(OrganizationForm);
  if (!form.ok) return invalid(form);
  const founding = await context.organizations.foundAnother(person, form.value.key, form.value.name);
  if (!founding.ok && founding.reason === "unavailable") throw unavailable({ kept: await context.kept() });
  if (!founding.ok) return invalid(form, { formErrors: [sentences[founding.reason]] }, 409);
  await context.session.enter(person, founding.organization.id);
  return redirectDocument(paths.posts); // the page in the browser still belongs to the former organization
}

const sentences = {
  "under-way": "This organization is being made at this moment. Wait a few seconds, then try again.",
  gone: "This form has made an organization already, and you are not in it any more. Reload the page to make another.",
  "no-role": "Logto has no role that may look after an organization. Tell whoever runs Atrium.",
};

export default function NewOrganization() {
  const { name, key } = useLoaderData<typeof loader>();
  const answer = useAnswer<typeof action>();
  const [form, fields] = useForm<z.input<typeof OrganizationForm>>({
    id: "organization",
    lastResult: answer?.result,
    defaultValue: { key },
  });
  return (
    <BarePage title="Create an organization" aside={<SignOutForm name={name} />}>
      <p>Its posts and members are its own: nobody outside sees them. You will be its Admin.</p>
      <Form method="post" id={form.id} className="grid gap-4" noValidate>
        <FormErrors form={form} />
        <input type="hidden" name="key" value={fields.key.initialValue} />
        <TextField
          field={fields.name}
          label="Name"
          hint="For example the name of your company."
          limit={128}
          autoComplete="organization"
        />
        <div className="flex flex-wrap gap-2">
          <Button look="primary">Create organization</Button>
          <ButtonLink to={paths.organizations} look="quiet">
            Cancel
          </ButtonLink>
        </div>
      </Form>
    </BarePage>
  );
}

export const meta: MetaFunction = () => [{ title: "Create an organization · Atrium" }];
