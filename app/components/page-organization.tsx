// Which organization this page was rendered for: its forms send it back, and a session that has moved on refuses them.
import { Form, type FormProps } from "@remix-run/react";
import { createContext, useContext } from "react";
import { organizationField } from "../paths";

/** The id of the page's organization; null on pages that belong to none. */
export const PageOrganization = createContext<string | null>(null);

export function OrganizationField() {
  const organization = useContext(PageOrganization);
  return organization === null ? null : <input type="hidden" name={organizationField} value={organization} />;
}

/** The form of every page inside an organization. */
export function MemberForm({ children, ...form }: Omit<FormProps, "method">) {
  return (
    <Form method="post" {...form}>
      <OrganizationField />
      {children}
    </Form>
  );
}
