// The parts of the isolation suite, in the order of the report.
import { attemptsPart } from "./attempts/part";
import { matrix } from "./matrix/matrix";
import type { Part } from "./part";
import { tracesPart } from "./traces/part";

export const parts: Part[] = [matrix, tracesPart, attemptsPart];
