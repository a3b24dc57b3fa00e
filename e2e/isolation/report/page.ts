import type { Result } from "../run";
export function pageOf(result: Result): string {
  return JSON.stringify(result.counted);
}
