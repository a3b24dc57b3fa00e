// Members, invitations and requests stand beside each other, for whoever may invite.
import { paths } from "../paths";
import { Tabs } from "./tabs";

export interface Waiting {
  /** Invitations that nobody has answered yet. */
  invited: number;
  /** Requests for an invitation that nobody has answered yet. */
  requests: number;
}

export function MemberTabs({ invited, requests }: Waiting) {
  return (
    <Tabs
      label="Members and invitations"
      tabs={[
        { name: "Members", to: paths.members },
        { name: "Invitations", to: paths.invitations, count: invited },
        { name: "Requests", to: paths.requests, count: requests },
      ]}
    />
  );
}
