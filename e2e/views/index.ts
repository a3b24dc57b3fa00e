// Every page of Atrium and of the emulator in each of its states, and the way there.
import { emulator } from "./emulator";
import { invitations } from "./invitations";
import { joining } from "./join";
import { live } from "./live";
import { members } from "./members";
import { organizations } from "./organizations";
import { posts } from "./posts";
import { refusals } from "./refusals";

export const views = [
  ...refusals,
  ...organizations,
  ...posts,
  ...members,
  ...live,
  ...invitations,
  ...joining,
  ...emulator,
];
