// The answer to something that was asked for several invitations, when it could not be done for all as asked.
import { useAnswer } from "./answer";
import { paths } from "../paths";
import { BarePage } from "./bare-page";
import { ButtonLink } from "./button";
import { OutcomePage, type Outcome } from "./outcome-page";

export function InvitationOutcomes({ title }: { title: string }) {
  const answer = useAnswer<{ outcomes: Outcome[] }>();
  if (answer) return <OutcomePage title={title} back={{ to: paths.invitations, name: "Invitations" }} {...answer} />;
  return (
    <BarePage title="Choose invitations first">
      <p>
        <ButtonLink to={paths.invitations}>Go to the invitations</ButtonLink>
      </p>
    </BarePage>
  );
}
