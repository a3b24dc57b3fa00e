// billing.invoices.csv — every invoice as a table for a spreadsheet.
import type { LoaderFunctionArgs } from "@remix-run/node";

export async function loader({ context }: LoaderFunctionArgs) {
  const { scope } = await context.requireMember("billing.invoices.csv");
  return new Response(await context.billing.csv(scope), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="invoices.csv"',
    },
  });
}
