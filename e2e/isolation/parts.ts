// The parts of the isolation suite, in the order of the report.
import { inventory } from "./inventory/inventory";
import { matrix } from "./matrix/matrix";
import type { Part } from "./part";

export const parts: Part[] = [inventory, matrix];
