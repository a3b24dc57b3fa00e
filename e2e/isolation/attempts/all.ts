// Every attempt.
import type { Attempt } from "./attempt";
import { doorAttempts } from "./door";
import { guardAttempts } from "./guards";
import { invitationAttempts } from "./invitations";
import { oracleAttempts } from "./oracles";
import { peopleAttempts } from "./people";
import { postAttempts } from "./posts";
import { raceAttempts } from "./races";
import { settingAttempts } from "./settings";
import { twinAttempts } from "./twins";

export const attempts: Attempt[] = [
  ...postAttempts,
  ...peopleAttempts,
  ...invitationAttempts,
  ...settingAttempts,
  ...twinAttempts,
  ...raceAttempts,
  ...doorAttempts,
  ...oracleAttempts,
  ...guardAttempts,
];
