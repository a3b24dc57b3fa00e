// How invoices are paid. What collects money is behind this interface; the one that ships collects none itself.

export interface PayableInvoice {
  organizationId: string;
  id: string;
  number: string;
  /** In minor units of the currency. */
  total: number;
  currency: string;
  /** Where the invoice is sent; empty when nobody has said. */
  email: string;
}

export interface Payment {
  /** What the pages say of it, in whole sentences. */
  readonly howToPay: string;
  /** Who sends the invoices and where the money goes, line by line, as the operator has set it. */
  readonly payee: readonly string[];
  /** Asked again and again for each invoice that is open, until it says `paid`: by the invoice's id it must know what it has begun already. */
  collect(invoice: PayableInvoice): Promise<"paid" | "open">;
}

/** An invoice by e-mail, paid by bank transfer: whoever runs Atrium sends it and writes down that it is paid (`npm run billing`). */
export const bankTransfer = (payee: readonly string[]): Payment => ({
  payee,
  howToPay:
    "Invoices come by e-mail and are paid by bank transfer, with the invoice’s number as the reference. A payment is noted by hand, so an invoice can stay open for some days after you have paid it.",
  collect: async () => "open",
});
