// What became of each of several things that were asked for at once.
import { ButtonLink } from "./button";
import { CopyLink } from "./copy-link";
import { Notice } from "./notice";
import { PageHeader } from "./page-header";

export interface Outcome {
  address: string;
  /** Whether what was asked for is done. */
  ok: boolean;
  sentence: string;
  link?: string;
}

export function OutcomeList({ outcomes }: { outcomes: Outcome[] }) {
  return (
    <ul className="divide-y divide-line rounded-panel border border-line">
      {outcomes.map(({ address, ok, sentence, link }, index) => (
        <li key={index} className="grid gap-2 px-4 py-3 sm:grid-cols-2 sm:items-center">
          <div className="min-w-0">
            <p className="font-medium wrap-anywhere">{address}</p>
            <p className={ok ? "text-muted" : "text-danger"}>{sentence}</p>
          </div>
          {link && <CopyLink link={link} label={`Link for ${address}`} />}
        </li>
      ))}
    </ul>
  );
}

interface OutcomePageProps {
  title: string;
  back: { to: string; name: string };
  outcomes: Outcome[];
}

export function OutcomePage({ title, back, outcomes }: OutcomePageProps) {
  const failed = outcomes.filter(({ ok }) => !ok).length;
  return (
    <div className="max-w-3xl">
      <PageHeader title={title} back={back} />
      {failed > 0 && (
        <div className="mb-5">
          <Notice tone="danger">
            {failed === outcomes.length ? "None of it was done." : `${failed} of ${outcomes.length} could not be done.`}{" "}
            What to do now stands beside each.
          </Notice>
        </div>
      )}
      <OutcomeList outcomes={outcomes} />
      <p className="mt-5">
        <ButtonLink to={back.to}>Go to the {back.name.toLowerCase()}</ButtonLink>
      </p>
    </div>
  );
}
