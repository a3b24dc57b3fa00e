// Says what has just been done, on the page one is sent to afterwards. It goes by a word in the address, so no text can be put into it.
import { useSearchParams } from "@remix-run/react";
import { useEffect } from "react";
import { Notice } from "./notice";

const done = {
  "draft-saved": "Your draft is saved.",
  "post-saved": "Your changes are saved.",
  "post-published": "The post is published. Everyone in this organization can read it now.",
  "post-archived": "The post is archived. It is no longer in the list, but can still be read.",
  "post-deleted": "The post and its comments are deleted.",
  "comment-saved": "Your comment is saved.",
  "comment-deleted": "The comment is deleted.",
  "role-changed": "The role is changed. What comes with it counts at once.",
  "member-removed": "The member is removed, and has no access any more.",
  "left-organization": "You have left the organization.",
  joined: "You have joined.",
  declined: "The invitation is declined.",
  "invitation-role-changed": "The role is changed. Whoever accepts the invitation gets it.",
  "invitations-resent": "The invitations are sent again. Until when each is valid stands beside it.",
  "invitations-revoked": "The invitations are revoked. Their links can't be used any more.",
  asked: "If the link was real, the people who can invite you have been told.",
  "theme-changed": "The theme is changed, in this browser.",
  "session-ended": "That session is signed out.",
  "sessions-ended": "You are signed out everywhere but here.",
  "account-deleted": "Your account is deleted.",
  "request-dismissed": "The request is put away.",
  "plan-chosen": "The plan is chosen.",
  "billing-details-saved": "The billing details are saved. They count for the invoices that are made from now on.",
  "organization-renamed": "The organization has its new name.",
  "colour-changed": "The colour is changed.",
  "invitation-defaults-changed": "New invitations now begin with this role and this time.",
  "domains-changed": "Who can be invited is changed. It also counts for invitations that wait already.",
  "export-asked": "The export is being made. It is listed below.",
  "deletion-asked": "The organization will be deleted. Until then it can be undone here.",
  "deletion-undone": "The organization stays. Nothing of it was deleted.",
};

/** Nothing is wrong with these either: the page one came from was not up to date. */
const notDone = {
  "post-not-published":
    "Nothing was changed: this post has been archived, and an archived post is not published again.",
  "post-not-archived": "Nothing was changed: this post is a draft, and only a published post can be archived.",
  "session-not-ended": "Nothing was changed: that session has ended already.",
  "none-chosen": "Nothing was changed: choose at least one invitation first.",
  "invitation-gone": "This invitation can't be used any more. Ask whoever invited you for a new one.",
  "invitation-full":
    "You have not joined: all seats of the organization’s plan are used. Ask whoever invited you to make room, then try again.",
  "invitation-being-deleted":
    "You have not joined: this organization is going to be deleted, so nobody can join it now. Ask whoever invited you.",
  "invitation-domain-not-allowed":
    "You have not joined: this organization now takes only addresses of certain domains, and yours is of another one. Ask whoever invited you.",
  "deletion-not-undone": "Nothing was changed: nobody is deleting this organization.",
  "invitation-unverified":
    "You have not joined: your e-mail address is not confirmed yet. Confirm it, then sign in again.",
};

const sentences = { ...done, ...notDone };

export type Done = keyof typeof sentences;

/** The address of a page that then tells what was done; `about` is the id of what it was done to. */
export function afterwards(path: string, what: Done, about?: string) {
  return `${path}?${new URLSearchParams({ done: what, ...(about && { about }) })}`;
}

/** A page that knows more of what was done says it in a sentence of its own. */
export function DoneNotice({ sentence }: { sentence?: React.ReactNode }) {
  const [search] = useSearchParams();
  const word = search.get("done");
  const what = word !== null && isDone(word) ? word : undefined;

  // Said once: a reload or a bookmark does not say it again.
  useEffect(() => {
    if (!what) return;
    const address = new URL(window.location.href);
    address.searchParams.delete("done");
    address.searchParams.delete("about");
    window.history.replaceState(window.history.state, "", address);
  }, [what]);

  return what ? (
    <div className="mb-5">
      <Notice tone={what in done ? "success" : "info"}>{sentence ?? sentences[what]}</Notice>
    </div>
  ) : null;
}

function isDone(word: string): word is Done {
  return Object.hasOwn(sentences, word);
}
