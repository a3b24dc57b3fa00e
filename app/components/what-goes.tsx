// What goes with somebody who leaves an organization, and what stays.
import { counted } from "./words";

interface WhatGoesProps {
  goes: { drafts: number; invitations: number; publishedPosts: number };
  /** Whose it is; nothing for the reader's own. */
  name?: string;
}

export function WhatGoes({ goes: { drafts, invitations, publishedPosts }, name }: WhatGoesProps) {
  const under = name === undefined ? "under your name" : `under ${name}'s name`;
  return (
    <dl className="divide-y divide-line rounded-panel border border-line">
      <Line term="Deleted">
        {drafts === 0
          ? `Nothing: ${name === undefined ? "you have" : `${name} has`} no drafts.`
          : `${counted(drafts, "draft")} that nobody else can see.`}
      </Line>
      <Line term="Revoked">
        {invitations === 0
          ? "No open invitations."
          : `${counted(invitations, "open invitation")} that ${name ?? "you"} sent.`}
      </Line>
      <Line term="Stays">
        {publishedPosts === 0
          ? `All comments, ${under}.`
          : `${counted(publishedPosts, "published post")} and all comments, ${under}.`}
      </Line>
    </dl>
  );
}

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-3 px-4 py-2.5">
      <dt className="w-20 shrink-0 text-muted">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
