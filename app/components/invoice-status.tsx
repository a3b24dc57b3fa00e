// Whether an invoice is paid.
import { Badge } from "./badge";

export type ShownInvoiceStatus = "open" | "overdue" | "paid" | "void";

const shown = {
  open: { tone: "warning", text: "Open" },
  overdue: { tone: "danger", text: "Overdue" },
  paid: { tone: "success", text: "Paid" },
  void: { tone: "neutral", text: "Void" },
} as const;

export function InvoiceStatusBadge({ status }: { status: ShownInvoiceStatus }) {
  const { tone, text } = shown[status];
  return <Badge tone={tone}>{text}</Badge>;
}
