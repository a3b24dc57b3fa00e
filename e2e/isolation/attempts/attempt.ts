// What an attempt is: somebody tries what they may not, on the probe build in this process, and somebody who may does the same.
import Database from "better-sqlite3";
import type { Answer } from "../../http/ask";
import { header } from "../../http/ask";
import type { OperationName } from "../../../app/auth/policy";
import type { CaseId } from "../part";
import type { BuiltApp, House, Inhabitant, OpenApp } from "../probe/house";
import type { Visitor } from "../../http/visitor";

export interface Attempt {
  /** In plain words, as it should be. */
  title: string;
  case?: CaseId;
  /** The guard it is about, and which of its steps. */
  operation?: OperationName;
  step?: "session" | "page" | "membership" | "permission";
  /** Throws Broken when it is not so. */
  run(scene: Scene): Promise<void>;
}

/** It is not as it should be. */
export class Broken extends Error {
  override name = "Broken";
}

type Row = Record<string, string | number | null>;

/** Where an attempt takes place: everything is as it was when everybody had signed in. */
export interface Scene extends Record<Inhabitant, Visitor> {
  house: House;
  app: OpenApp;
  /** Somebody without a session. */
  nobody: Visitor;
  /** Rows, read by a plain driver. */
  rows(sql: string, ...values: (string | number)[]): Row[];
  /** Changes rows past the app, from inside an organization. */
  change(organization: string, sql: string, ...values: (string | number)[]): void;
  /** Lets time pass for the app. */
  pass(milliseconds: number): void;
  /** Each of the app's jobs runs once. */
  jobs(): Promise<void>;
  /** The command `npm run billing`. @returns its exit code */
  operate(...parameters: string[]): Promise<number>;
}

export const second = 1_000;
export const minute = 60 * second;
export const day = 24 * 60 * minute;

/** Compares as JSON. */
export function same(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value));
  if (is !== should) throw new Broken(`${what}: ${is}, not ${should}`);
}

export function holds(what: string, condition: boolean, answer?: Answer): void {
  if (condition) return;
  const said = answer ? `: ${answer.status} ${header(answer, "location")} ${answer.text.slice(0, 300)}` : "";
  throw new Broken(what + said);
}

export const status = (what: string, answer: Answer, expected: number): void =>
  holds(`${what} is answered with ${answer.status} instead of ${expected}`, answer.status === expected, answer);

export type Theatre = ReturnType<typeof openTheatre>;

/** A place for one attempt after another. */
export function openTheatre(house: House, built?: BuiltApp) {
  house.probe.storeOptions.onStatement = house.probe.countStatement;
  const app = house.openApp(built);
  house.probe.storeOptions.onStatement = undefined;
  const database = new Database(app.file);
  let inside: string | null = null;
  database.function("current_organization", () => inside);
  database.function("is_forgetting", () => 1);
  let at = house.began;

  const scene: Scene = {
    ...app.visitors,
    ...{ house, app, nobody: app.nobody },
    rows: (sql, ...values) => database.prepare<unknown[], Row>(sql).all(...values),
    change(organization, sql, ...values) {
      inside = organization;
      database.prepare(sql).run(...values);
      inside = null;
    },
    pass: (milliseconds) => void (at += milliseconds),
    jobs: () => house.runJobs(app.file, built),
    operate: (...parameters) => house.operate(app.file, parameters, built),
  };

  return {
    /** Undefined: it is as it should be. */
    async perform(attempt: Attempt): Promise<string | undefined> {
      await house.resetLogto();
      await house.ground.heal();
      at = house.began;
      house.probe.setClock(() => at);
      app.restore();
      try {
        await attempt.run(scene);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      return undefined;
    },
    async close(): Promise<void> {
      database.close();
      await app.close();
    },
  };
}
