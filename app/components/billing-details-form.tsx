// Writes whom the invoices are for.
import { useForm, type SubmissionResult } from "@conform-to/react";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";
import { FormErrors, SelectField, TextField } from "./field";
import { MemberForm } from "./page-organization";

interface DetailFields {
  company: string;
  line1: string;
  line2: string;
  postalCode: string;
  city: string;
  country: string;
  taxId: string;
  email: string;
  purchaseOrder: string;
  version: number;
}

interface BillingDetailsFormProps {
  details: Partial<DetailFields>;
  version: number;
  countries: { code: string; name: string }[];
  limits: { name: number; line: number; code: number; number: number; email: number };
  lastResult?: SubmissionResult;
}

export function BillingDetailsForm({ details, version, countries, limits, lastResult }: BillingDetailsFormProps) {
  const [form, fields] = useForm<DetailFields>({ id: "billing-details", lastResult, defaultValue: details });
  const options = [
    { value: "", label: "Choose a country" },
    ...countries.map(({ code, name }) => ({ value: code, label: name })),
  ];
  return (
    <MemberForm id={form.id} noValidate className="grid gap-5">
      <FormErrors form={form} hidden={[fields.version]} />
      <input type="hidden" name="version" value={version} />
      <TextField field={fields.company} label="Company" limit={limits.name} autoComplete="organization" required />
      <TextField field={fields.line1} label="Address" limit={limits.line} autoComplete="address-line1" required />
      <TextField
        field={fields.line2}
        label="Address, second line"
        optional
        limit={limits.line}
        autoComplete="address-line2"
      />
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <TextField
          field={fields.postalCode}
          label="Postal code"
          optional
          limit={limits.code}
          autoComplete="postal-code"
        />
        <TextField field={fields.city} label="City" limit={limits.name} autoComplete="address-level2" required />
      </div>
      <SelectField field={fields.country} label="Country" options={options} />
      <TextField
        field={fields.email}
        label="E-mail address for invoices"
        type="email"
        autoComplete="email"
        spellCheck={false}
        required
      />
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <TextField field={fields.taxId} label="VAT or tax number" optional limit={limits.number} autoComplete="off" />
        <TextField
          field={fields.purchaseOrder}
          label="Purchase order"
          hint="Stands on each invoice."
          optional
          limit={limits.number}
          autoComplete="off"
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="primary">Save billing details</Button>
        <ButtonLink look="quiet" to={paths.billing}>
          Cancel
        </ButtonLink>
      </div>
    </MemberForm>
  );
}
