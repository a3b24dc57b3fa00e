// Which organization this page was rendered for: its forms send it back, and a session that has moved on refuses them.
import { Form, type FormProps } from "@remix-run/react";
import { createContext, useContext, useId } from "react";
import { organizationField } from "../paths";
import { permissions as permissionWords, type Permission } from "../permissions";
import { ClosedForm } from "./button";

/** The id of the page's organization; null on pages that belong to none. */
export const PageOrganization = createContext<string | null>(null);

export function OrganizationField() {
  const organization = useContext(PageOrganization);
  return organization === null ? null : <input type="hidden" name={organizationField} value={organization} />;
}

/** What its person may do there, as the page was last read; null on pages that belong to no organization. */
export const PagePermissions = createContext<readonly Permission[] | null>(null);

interface MemberFormProps extends Omit<FormProps, "method"> {
  /** What it takes to send it. Without it the form stays, with what was typed, and says why it cannot be sent. */
  needs?: Permission;
}

/** The form of every page inside an organization. */
export function MemberForm({ needs, children, ...form }: MemberFormProps) {
  const reason = useId();
  const permissions = useContext(PagePermissions);
  const isClosed = needs !== undefined && permissions !== null && !permissions.includes(needs);
  return (
    <ClosedForm.Provider value={isClosed ? reason : undefined}>
      <Form method="post" {...form} onSubmit={isClosed ? (event) => event.preventDefault() : form.onSubmit}>
        <OrganizationField />
        {children}
        {isClosed && (
          <p id={reason} className="rounded-control bg-danger-soft px-3 py-2.5">
            This cannot be sent any more: your role does not allow you to {permissionWords[needs]} now. What you have
            typed stays here, to read and to copy.
          </p>
        )}
      </Form>
    </ClosedForm.Provider>
  );
}
