// A link to hand on: to select by hand, or to copy by a button once there is JavaScript.
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { useInBrowser } from "./in-browser";

export function CopyLink({ link, label }: { link: string; label: string }) {
  const inBrowser = useInBrowser();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false), // not allowed: the link can still be selected
    );
  return (
    <div className="flex gap-1.5">
      <input
        readOnly
        value={link}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
        className="control min-w-0 font-mono text-xs"
      />
      {inBrowser && (
        <Button type="button" onClick={() => void copy()} aria-label={`Copy: ${label}`}>
          {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />} {copied ? "Copied" : "Copy"}
        </Button>
      )}
      <output className="sr-only">{copied && "The link is copied."}</output>
    </div>
  );
}
