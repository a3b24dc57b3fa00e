// Where one is signed in, and the buttons that end it there.
import { Form } from "@remix-run/react";
import { paths } from "../paths";
import { Badge } from "./badge";
import { Button } from "./button";
import { Time } from "./time";

export interface ShownSession {
  id: string;
  device: string;
  lastSeenAt: Date;
  createdAt: Date;
  isCurrent: boolean;
}

export function SessionList({ sessions }: { sessions: ShownSession[] }) {
  return (
    <>
      <ul className="divide-y divide-line rounded-control border border-line">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
            <div className="min-w-0 flex-1 basis-40">
              <p className="flex items-center gap-2 font-medium">
                {session.device}
                {session.isCurrent && <Badge tone="accent">This one</Badge>}
              </p>
              <p className="text-xs text-muted">
                Last seen <Time at={session.lastSeenAt} />
              </p>
            </div>
            {!session.isCurrent && (
              <Form method="post" action={paths.endSession}>
                <input type="hidden" name="session" value={session.id} />
                <Button aria-label={`Sign out ${session.device}`}>Sign out there</Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Form method="post" action={paths.endOtherSessions}>
          <Button>Sign out everywhere but here</Button>
        </Form>
      )}
      <p className="text-xs text-muted">
        A browser that is signed out here may still be signed in at Logto. If somebody else has it, change your password
        there too.
      </p>
    </>
  );
}
