// Plan and invoices stand beside each other.
import { paths } from "../paths";
import { Tabs } from "./tabs";

export function BillingTabs() {
  return (
    <Tabs
      label="Billing"
      tabs={[
        { name: "Plan", to: paths.billing },
        { name: "Invoices", to: paths.invoices },
      ]}
    />
  );
}
