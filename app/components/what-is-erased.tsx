// What goes with an organization that is deleted, in numbers.
import { counted } from "./words";

interface WhatIsErasedProps {
  goes: { posts: number; drafts: number; comments: number; members: number; invitations: number; unpaid: number };
}

export function WhatIsErased({ goes: { posts, drafts, comments, members, invitations, unpaid } }: WhatIsErasedProps) {
  const lines = [
    ["Posts", `${counted(posts, "post")}${posts > 0 ? `, ${counted(drafts, "draft")} among them` : ""}`],
    ["Comments", counted(comments, "comment")],
    ["Members", members === 1 ? "1 member loses access" : `${counted(members, "member")} lose their access`],
    [
      "Invitations",
      `${counted(invitations, "open invitation")}${invitations > 0 ? ", which can't be used any more" : ""}`,
    ],
    ...(unpaid > 0
      ? [["Invoices", `${counted(unpaid, "invoice")} still to be paid, and due all the same`] as const]
      : []),
    ["At Logto", "The organization itself, with its members and their roles"],
  ] as const;
  return (
    <dl className="divide-y divide-line rounded-panel border border-line">
      {lines.map(([term, text]) => (
        <div key={term} className="flex gap-3 px-4 py-2.5">
          <dt className="w-24 shrink-0 text-muted">{term}</dt>
          <dd className="min-w-0">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
