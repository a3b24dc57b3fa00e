// The way to the page where people are invited.
import { UserPlus } from "lucide-react";
import { paths } from "../paths";
import { ButtonLink } from "./button";

export function InviteLink() {
  return (
    <ButtonLink look="primary" to={paths.invite}>
      <UserPlus aria-hidden="true" /> Invite people
    </ButtonLink>
  );
}
