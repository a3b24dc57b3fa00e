// Says what has just been done, on the page one is sent to afterwards. It goes by a word in the address, so no text can be put into it.
import { useSearchParams } from "@remix-run/react";
import { useEffect } from "react";
import { Notice } from "./notice";

const sentences = {
  "draft-saved": "Your draft is saved.",
  "post-saved": "Your changes are saved.",
  "post-published": "The post is published. Everyone in this organization can read it now.",
  "post-archived": "The post is archived. It is no longer in the list, but can still be read.",
  "post-deleted": "The post and its comments are deleted.",
  "comment-saved": "Your comment is saved.",
  "comment-deleted": "The comment is deleted.",
};

export type Done = keyof typeof sentences;

/** The address of a page that then tells what was done. */
export function afterwards(path: string, done: Done) {
  return `${path}?done=${done}`;
}

export function DoneNotice() {
  const [search] = useSearchParams();
  const word = search.get("done");
  const done = word !== null && isDone(word) ? word : undefined;

  // Said once: a reload or a bookmark does not say it again.
  useEffect(() => {
    if (!done) return;
    const address = new URL(window.location.href);
    address.searchParams.delete("done");
    window.history.replaceState(window.history.state, "", address);
  }, [done]);

  return done ? (
    <div className="mb-5">
      <Notice tone="success">{sentences[done]}</Notice>
    </div>
  ) : null;
}

function isDone(word: string): word is Done {
  return Object.hasOwn(sentences, word);
}
