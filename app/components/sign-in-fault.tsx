// A sign-in that did not come to its end: what happened, and the way to try again.
import { useLoaderData } from "@remix-run/react";
import { paths } from "../paths";
import { BarePage } from "./bare-page";
import { ButtonLink } from "./button";

const sentences = {
  "no-state": "This page is the end of a sign-in, and none was begun here.",
  "unknown-state": "This sign-in was begun in another browser, or too long ago.",
  spent: "This sign-in was used already.",
  cancelled: "You were not signed in: the sign-in was cancelled.",
  refused: "Logto did not accept this sign-in. That happens when it took too long, or when the page was loaded twice.",
  incomplete:
    "Logto's answer lacked something that Atrium needs, so you were not signed in. If trying again does not help, tell whoever runs Atrium.",
  unavailable: "Logto, which signs people in, does not answer at the moment.",
} as const;

export function SignInFaultPage() {
  const { fault, returnTo } = useLoaderData<{ fault: keyof typeof sentences; returnTo: string | undefined }>();
  return (
    <BarePage title="You are not signed in">
      <p>{sentences[fault]}</p>
      <p>
        <ButtonLink reloadDocument to={paths.signIn(returnTo)} look="primary">
          Try again
        </ButtonLink>
      </p>
    </BarePage>
  );
}
