// Every page of Atrium and of the emulator in each of its states, and the way there.
import { account } from "./account";
import { audit } from "./audit";
import { billing } from "./billing";
import { emulator } from "./emulator";
import { invitations } from "./invitations";
import { joining } from "./join";
import { live } from "./live";
import { members } from "./members";
import { organizations } from "./organizations";
import { posts } from "./posts";
import { refusals } from "./refusals";
import { settings } from "./settings";

export const views = [
  ...refusals,
  ...account,
  ...organizations,
  ...posts,
  ...members,
  ...live,
  ...billing,
  ...invitations,
  ...joining,
  ...audit,
  ...settings,
  ...emulator,
];
