// The parts of the isolation suite, in the order of the report; those on the shared world also run in it.
import { attemptsPart } from "./attempts/part";
import { browsers } from "./cases/browsers";
import { files } from "./cases/files";
import { functions } from "./cases/functions";
import { invitations } from "./cases/invitations";
import { limits } from "./cases/limits";
import { objects } from "./cases/objects";
import { oracles } from "./cases/oracles";
import { sessions } from "./cases/sessions";
import { tracesLeft } from "./cases/traces-left";
import { web } from "./cases/web";
import { webhooks } from "./cases/webhooks";
import { inventory } from "./inventory/inventory";
import { matrix } from "./matrix/matrix";
import type { Part } from "./part";
import { tracesOverHttpPart } from "./traces/over-http";
import { tracesPart } from "./traces/part";

export const parts: Part[] = [
  inventory,
  matrix,
  objects,
  functions,
  sessions,
  invitations,
  oracles,
  files,
  web,
  webhooks,
  { ...limits, place: "beside" },
  tracesOverHttpPart,
  tracesPart,
  attemptsPart,
  browsers,
  tracesLeft,
];
