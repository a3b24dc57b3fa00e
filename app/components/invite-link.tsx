// The way to the page where people are invited.
import { UserPlus } from "lucide-react";
import { paths } from "../paths";
import { Button, ButtonLink } from "./button";

export function InviteLink({ disabledBecause }: { disabledBecause?: string }) {
  if (disabledBecause) return <Button disabledBecause={disabledBecause}>Invite people</Button>;
  return (
    <ButtonLink look="primary" to={paths.invite}>
      <UserPlus aria-hidden="true" /> Invite people
    </ButtonLink>
  );
}
