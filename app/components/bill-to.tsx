// Whom invoices are for, as an address is written. Lines that nobody has filled in are left out.

export interface ShownBillTo {
  company: string;
  line1: string;
  line2: string;
  postalCode: string;
  city: string;
  /** In words. */
  countryName: string;
  taxId: string;
  email: string;
  purchaseOrder: string;
}

export function BillToAddress({ billTo }: { billTo: ShownBillTo }) {
  const { company, line1, line2, postalCode, city, countryName, taxId, email, purchaseOrder } = billTo;
  const lines = [
    company,
    line1,
    line2,
    [postalCode, city].filter(Boolean).join(" "),
    countryName,
    email,
    taxId && `VAT or tax number: ${taxId}`,
    purchaseOrder && `Purchase order: ${purchaseOrder}`,
  ].filter(Boolean);
  return <Address lines={lines} />;
}

/** The first line is a name. */
export function Address({ lines }: { lines: readonly string[] }) {
  return (
    <address className="not-italic wrap-anywhere">
      {lines.map((line, index) => (
        <span key={index} className="block first:font-medium">
          {line}
        </span>
      ))}
    </address>
  );
}
