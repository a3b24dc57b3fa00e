// What something costs, line by line, with the sum under it.

export interface PriceTableProps {
  caption: string;
  lines: { text: string; quantity: number; unit: string; amount: string }[];
  total: string;
}

export function PriceTable({ caption, lines, total }: PriceTableProps) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line text-xs text-muted">
          <th scope="col" className="py-2 pr-3 font-medium">
            For
          </th>
          <th scope="col" className="py-2 pr-3 text-right font-medium">
            Number
          </th>
          <th scope="col" className="py-2 pr-3 text-right font-medium max-sm:hidden">
            Each
          </th>
          <th scope="col" className="py-2 text-right font-medium">
            Amount
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {lines.map(({ text, quantity, unit, amount }) => (
          <tr key={text}>
            <td className="py-2 pr-3">{text}</td>
            <td className="py-2 pr-3 text-right tabular-nums">{quantity}</td>
            <td className="py-2 pr-3 text-right tabular-nums max-sm:hidden">{unit}</td>
            <td className="py-2 text-right tabular-nums">{amount}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-t border-line font-semibold">
          <th scope="row" colSpan={2} className="py-2 pr-3 text-left font-semibold">
            Total, without tax
          </th>
          <td colSpan={2} className="py-2 text-right tabular-nums">
            {total}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
