// What happens while a page is open, told at its foot, where nothing that is being typed or pressed moves for it.
import { X } from "lucide-react";
import { paths } from "../paths";
import type { Permission } from "../permissions";
import { Button, ButtonLink } from "./button";
import { inWords, permissionsInWords, withArticle } from "./words";

export type ShownNews = { id: number } & (
  | { kind: "promoted" | "demoted" | "another-role"; organization: string; roles: string[]; by: string | null }
  | { kind: "allows-more" | "allows-less"; organization: string; permissions: Permission[] }
  | { kind: "renamed"; before: string; now: string; by: string | null }
  | { kind: "invited"; organization: string; by: string; role: string }
);

export interface LiveBarsProps {
  organization: string;
  news: ShownNews[];
  dismiss(id: number): void;
  /** The page is not its session's any more, and something is being typed in it. */
  left?: { kind: "signed-out" } | { kind: "switched"; to?: string };
  switchBack(): void;
  /** The page behind what is being typed cannot be read any more. */
  isStranded: boolean;
  /** What the person may do now is had by a short visit to Logto. */
  needsConsent: boolean;
  consent(): void;
  isDown: boolean;
}

export function LiveBars({ organization, news, dismiss, left, isStranded, isDown, ...rest }: LiveBarsProps) {
  return (
    <div aria-live="polite" className="sticky bottom-3 z-10 mt-auto grid justify-items-start gap-2 pt-6">
      {news.map((each) => (
        <Bar key={each.id} onDismiss={() => dismiss(each.id)}>
          <NewsSentence news={each} />
        </Bar>
      ))}
      {rest.needsConsent && (
        <Bar actions={<Button onClick={rest.consent}>Use it now</Button>}>
          Your role in {organization} allows more now. Logto is asked for it in a moment of its own; what you have typed
          stays.
        </Bar>
      )}
      {isStranded && (
        <Bar>
          What this page was about is gone, or you may not see it any more, so that this cannot be sent. Your text stays
          here to copy.
        </Bar>
      )}
      {left?.kind === "switched" && (
        <Bar actions={<SwitchedActions organization={organization} to={left.to} switchBack={rest.switchBack} />}>
          {switchedSentence(left.to)} What you have typed is for {organization}, and cannot be sent from there.
        </Bar>
      )}
      {left?.kind === "signed-out" && (
        <Bar
          actions={
            <ButtonLink reloadDocument to={paths.signIn()} target="_blank" rel="noopener">
              Sign in (opens a new tab)
            </ButtonLink>
          }
        >
          You have signed out in another tab. What you have typed stays here: sign in again, then send it.
        </Bar>
      )}
      {isDown && !left && (
        <p className="rounded-control border border-line bg-surface px-2.5 py-1 text-xs text-muted shadow-pop">
          <span className="font-medium text-ink">Not live.</span> What others change shows when you come back to this
          page.
        </p>
      )}
    </div>
  );
}

export function switchedSentence(to: string | undefined) {
  return `You switched to ${to ?? "another organization"} in another tab.`;
}

interface SwitchedActionsProps {
  organization: string;
  to: string | undefined;
  switchBack(): void;
}

export function SwitchedActions({ organization, to, switchBack }: SwitchedActionsProps) {
  return (
    <>
      <ButtonLink reloadDocument to={paths.posts}>
        Show {to ?? "the other organization"}
      </ButtonLink>
      <Button type="button" breaks onClick={switchBack}>
        Switch back to {organization}
      </Button>
    </>
  );
}

interface BarProps {
  actions?: React.ReactNode;
  onDismiss?(): void;
  children: React.ReactNode;
}

function Bar({ actions, onDismiss, children }: BarProps) {
  return (
    <div className="flex max-w-full items-start gap-2 rounded-control border border-line bg-surface py-2 pr-2 pl-3.5 shadow-pop">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 py-0.5 wrap-anywhere">{children}</div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {onDismiss && (
        <button
          type="button"
          onClick={onDismiss}
          className="grid size-7 shrink-0 place-items-center rounded-control text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-10"
        >
          <X aria-hidden="true" className="size-4" />
          <span className="sr-only">Dismiss</span>
        </button>
      )}
    </div>
  );
}

export function NewsSentence({ news }: { news: ShownNews }) {
  switch (news.kind) {
    case "promoted":
    case "another-role":
      return news.by ? (
        <>
          {news.by} made you {rolesInWords(news.roles)} of {news.organization}.
        </>
      ) : (
        <>
          You are now {rolesInWords(news.roles)} of {news.organization}.
        </>
      );
    case "demoted":
      return (
        <>
          You are now {rolesInWords(news.roles)} in {news.organization}
          {news.by && ` (changed by ${news.by})`}.
        </>
      );
    case "allows-more":
      return (
        <>
          Your role in {news.organization} allows more now: {permissionsInWords(news.permissions)}.
        </>
      );
    case "allows-less":
      return (
        <>
          Your role in {news.organization} does not allow this any more: {permissionsInWords(news.permissions)}.
        </>
      );
    case "renamed":
      return (
        <>
          {news.before} is now called {news.now}
          {news.by && ` (renamed by ${news.by})`}.
        </>
      );
    case "invited":
      return (
        <>
          {news.by ? `${news.by} invites you` : "You are invited"} to {news.organization} as {news.role}.{" "}
          <a href={paths.organizations} className="font-medium text-accent underline underline-offset-2">
            Look at the invitation
          </a>
        </>
      );
  }
}

function rolesInWords(roles: string[]) {
  return roles.length === 0 ? "without a role" : inWords(roles.map(withArticle));
}
