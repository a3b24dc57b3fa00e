// organizations.new — create another organization; whoever creates it looks after it.
import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { useForm } from "@conform-to/react";
import { z } from "zod";
import { BarePage } from "../components/bare-page";
import { Button, ButtonLink } from "../components/button";
import { FormErrors, TextField } from "../components/field";
import { SignOutForm } from "../components/sign-out-form";
import { invalid } from "../http/form.server";
import { unavailable } from "../http/responses.server";
import { paths } from "../paths";

export async function loader({ context }: LoaderFunctionArgs) {
  const { name } = await context.requirePerson("organizations.new");
  return { name, key: crypto.randomUUID() };
}

const OrganizationForm = z.object({
  name: z
    .string("Give the organization a name")
    .trim()
    .min(1, "Give the organization a name")
    .max(128, "A name has at most 128 characters"),
  key: z.string().regex(/^[\w-]{8,64}$/, "Reload this page and try again"),
});

export async function action({ context }: ActionFunctionArgs) {
  const person = await context.requirePerson("organizations.create");
  const form = await context.form(OrganizationForm);
  if (!form.ok) return invalid(form);
  const founding = await context.organizations.foundAnother(person, form.value.key, form.value.name);
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
