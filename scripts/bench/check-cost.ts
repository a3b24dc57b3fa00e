// What a request pays for knowing who asks, in which organization and what they may do, while Logto's last answer still counts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { LogtoSession } from "../../app/auth/logto-session.server";
import { createMembership } from "../../app/auth/membership.server";
import { createSeal } from "../../app/auth/seal.server";
import { createSessions } from "../../app/auth/session.server";
import { rememberPerson } from "../../app/models/users.server";
import { openStore } from "../../db";

const count = 20_000;

/** @returns the median in microseconds: cookie → row → check. */
export async function checkCost(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "atrium-bench-"));
  const store = openStore(join(folder, "check.db"));
  try {
    const { system } = store;
    const secrets = ["a secret for the benchmark alone, long enough"];
    const sessions = createSessions({ system, seal: createSeal(secrets), secrets, secure: false, now: Date.now });
    const membership = createMembership({
      sessions,
      logto: neverAsked,
      maxAge: 60_000,
      now: Date.now,
      onAnswer: async () => {},
    });
    const cookie = await signedIn(system, sessions);
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const began = performance.now();
      const row = await sessions.read(cookie);
      const checked = row && (await membership.check(row, organizationId));
      times.push(performance.now() - began);
      if (typeof checked !== "object") throw new Error(`The check said ${checked}`);
    }
    return (times.toSorted((one, other) => one - other)[count / 2] ?? NaN) * 1_000;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

const organizationId = "organization1";
const permissions = ["read:posts", "write:posts", "read:members"];

async function signedIn(system: ReturnType<typeof openStore>["system"], sessions: ReturnType<typeof createSessions>) {
  const person = await rememberPerson(system, { logtoId: "ada", name: "Ada", email: "ada@example.com" }, new Date());
  const organizations = [{ id: organizationId, roles: ["Admin"] }];
  const items = { refreshToken: "r".repeat(43), idToken: "i".repeat(1_200) };
  const header = await sessions.start({
    userId: person.id,
    items,
    organizations,
    organizationId,
    granted: [],
    userAgent: undefined,
  });
  const cookie = header.split(";")[0] ?? "";
  const row = await sessions.read(cookie);
  if (!row) throw new Error("The session did not begin");
  const answer = { organizationId, permissions, askedAt: Date.now(), epoch: row.epoch };
  await sessions.save(row, { items, organizations, answer });
  return cookie;
}

const neverAsked = new Proxy({} as LogtoSession, {
  get() {
    throw new Error("A fresh answer must not be asked for again");
  },
});
