// Exports: asked for by a member, made in the background into a file of their own, and fetched by nobody else, for an hour.
import { createReadStream, type ReadStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { and, eq, gt, isNull, lt, lte, newId, or, type OrganizationScope, type Row, type System } from "../../../db";
import { writeAudit } from "../audit.server";
import type { Actor } from "../member-roles.server";
import type { Organizations } from "../organizations.server";
import { createQueues } from "../queue.server";
import { countRows, writeArchive } from "./archive.server";

export interface ExportsOptions {
  system: System;
  organizations: Pick<Organizations, "listOrganizations">;
  /** A scope that outlives the request in which an export was asked for. */
  scopeOf: (organizationId: string) => OrganizationScope;
  /** Readable by the app's own user alone. */
  folder: string;
  /** Something has been asked for: whatever makes exports may begin. */
  wake: () => void;
  now: () => number;
}

export type ExportRow = Row<"exportFiles">;

/** `total` is null until its rows are counted. `expiresAt` is when the file goes. */
export type ShownExport = Pick<ExportRow, "id" | "status" | "total" | "done" | "bytes" | "createdAt" | "expiresAt">;

export interface ExportFile {
  name: string;
  bytes: number;
  open(): ReadStream;
}

export type Exports = ReturnType<typeof createExports>;

/** Milliseconds for which a file can be fetched, and for which one that failed is told of. */
export const lifetime = 60 * 60_000;
/** Milliseconds after which another process may take over; renewed with every report. */
const lease = 2 * 60_000;
/** Milliseconds between two reports of how far it is. */
const reportEvery = 500;
const mostAttempts = 3;

/** The row is gone, or somebody else has it: whoever makes the file stops. */
class NoLongerWanted extends Error {}

export function createExports({ system, organizations, scopeOf, folder, wake, now }: ExportsOptions) {
  const queues = createQueues();
  const stopping = new AbortController();

  /** One that is on its way is enough; any other of theirs makes room for it. */
  async function ask(scope: OrganizationScope, { person }: Actor): Promise<void> {
    const createdAt = new Date(now());
    const outdated = await scope.write(async (tx, { exportFiles }) => {
      const mine = eq(exportFiles.userId, person.id);
      const [waiting] = await tx
        .select()
        .from(exportFiles)
        .where(and(mine, eq(exportFiles.status, "waiting")));
      if (waiting) return [];
      const former = await tx.remove(exportFiles, mine);
      const expiresAt = new Date(now() + 24 * lifetime);
      await tx.insert(exportFiles, { id: newId(), userId: person.id, status: "waiting", createdAt, expiresAt });
      await writeAudit(tx, { action: "settings.export.ask" });
      return former;
    });
    for (const { id } of outdated) await rm(fileOf(scope.organizationId, id), { force: true });
    wake();
  }

  async function find(scope: OrganizationScope, personId: string): Promise<ShownExport | undefined> {
    const [found] = await scope.read((db, { exportFiles }) =>
      db
        .select()
        .from(exportFiles)
        .where(and(eq(exportFiles.userId, personId), gt(exportFiles.expiresAt, new Date(now())))),
    );
    if (!found) return undefined;
    const { id, status, total, done, bytes, createdAt, expiresAt } = found;
    return { id, status, total, done, bytes, createdAt, expiresAt };
  }

  /** Undefined for one that is somebody else's, is not made yet, or has expired. */
  async function open(scope: OrganizationScope, personId: string, id: string): Promise<ExportFile | undefined> {
    const [found] = await scope.read((db, { exportFiles }) =>
      db
        .select()
        .from(exportFiles)
        .where(
          and(
            eq(exportFiles.id, id),
            eq(exportFiles.userId, personId),
            eq(exportFiles.status, "ready"),
            gt(exportFiles.expiresAt, new Date(now())),
          ),
        ),
    );
    if (!found) return undefined;
    const file = fileOf(scope.organizationId, id);
    const there = await stat(file).catch(unlessMissing);
    if (!there) return undefined;
    await scope.write((tx) => writeAudit(tx, { action: "settings.export.download" }));
    const name = `atrium-export-${found.createdAt.toISOString().slice(0, 10)}.zip`;
    return { name, bytes: there.size, open: () => createReadStream(file, { highWaterMark: 256 * 1024 }) };
  }

  /** Makes all that wait, one after the other, and removes what has expired. */
  function makeAll(): Promise<void> {
    return queues.inTurn("", async () => {
      await removeExpired();
      for (let next = await takeNext(); next && !stopping.signal.aborted; next = await takeNext()) await make(next);
    });
  }

  async function takeNext(): Promise<(ExportRow & { organizationId: string }) | undefined> {
    const at = new Date(now());
    const [next] = await system.read((db, { exportFiles }) =>
      db
        .select()
        .from(exportFiles)
        .where(
          and(
            eq(exportFiles.status, "waiting"),
            or(isNull(exportFiles.leasedUntil), lte(exportFiles.leasedUntil, at)),
            gt(exportFiles.expiresAt, at),
          ),
        )
        .orderBy(exportFiles.createdAt)
        .limit(1),
    );
    return next;
  }

  async function make({ organizationId, ...wanted }: ExportRow & { organizationId: string }): Promise<void> {
    const scope = scopeOf(organizationId);
    const { id } = wanted;
    const attempts = wanted.attempts + 1;
    const file = fileOf(organizationId, id);
    const part = `${file}.part`;
    let leasedUntil = wanted.leasedUntil;

    /** Only as long as nobody else has taken it over. */
    async function note(changes: Partial<ExportRow>): Promise<void> {
      const [noted] = await scope.write((tx, { exportFiles }) => {
        const ours = leasedUntil ? eq(exportFiles.leasedUntil, leasedUntil) : isNull(exportFiles.leasedUntil);
        return tx.update(exportFiles, changes, and(eq(exportFiles.id, id), eq(exportFiles.status, "waiting"), ours));
      });
      if (!noted) throw new NoLongerWanted();
      leasedUntil = noted.leasedUntil;
    }
    const leased = () => ({ leasedUntil: new Date(Math.max(now() + lease, (leasedUntil?.getTime() ?? 0) + 1)) });

    try {
      await note({ ...leased(), attempts, done: 0 });
      await mkdir(folderOf(organizationId), { recursive: true, mode: 0o700 });
      const total = await countRows(scope);
      await note({ ...leased(), total });
      let done = 0;
      let reportedAt = performance.now();
      const onRows = async (count: number) => {
        done += count;
        if (performance.now() - reportedAt < reportEvery) return;
        await note({ ...leased(), done });
        reportedAt = performance.now();
      };
      const about = await aboutOf(organizationId, wanted);
      await writeArchive(scope, { file: part, about, onRows, signal: stopping.signal });
      await rename(part, file);
      const { size: bytes } = await stat(file);
      const ready = { status: "ready", done, bytes, leasedUntil: null, expiresAt: new Date(now() + lifetime) } as const;
      await note(ready);
    } catch (error) {
      await rm(part, { force: true });
      if (error instanceof NoLongerWanted) return rm(file, { force: true });
      if (stopping.signal.aborted) return note({ leasedUntil: null, attempts: wanted.attempts }).catch(unlessUnwanted);
      const failed = attempts >= mostAttempts;
      await note({ ...leased(), ...(failed && { status: "failed", leasedUntil: null }) }).catch(unlessUnwanted);
      throw error;
    }
  }

  async function aboutOf(organizationId: string, { createdAt, userId }: ExportRow): Promise<object> {
    const [organization] = await organizations.listOrganizations([organizationId]);
    return {
      organization: { id: organizationId, name: organization?.name },
      askedAt: createdAt,
      askedBy: userId,
      contents: "Everything that Atrium keeps of the organization, drafts of all authors too. Times are UTC.",
      csv: "A text that a spreadsheet would take for a formula begins with an apostrophe. The JSON files have it as it is.",
    };
  }

  async function removeExpired(): Promise<void> {
    const at = new Date(now());
    const expired = await system.read((db, { exportFiles }) =>
      db.select().from(exportFiles).where(lt(exportFiles.expiresAt, at)).limit(1_000),
    );
    for (const { organizationId, id } of expired) {
      await rm(fileOf(organizationId, id), { force: true });
      await scopeOf(organizationId).write((tx, { exportFiles }) => tx.remove(exportFiles, eq(exportFiles.id, id)));
    }
    await removeStrays();
  }

  /** Files whose row is gone: a crash came between the two. */
  async function removeStrays(): Promise<void> {
    for (const organizationId of (await readdir(folder).catch(unlessMissing)) ?? []) {
      const known = await system.read((db, { exportFiles }) =>
        db
          .select({ id: exportFiles.id })
          .from(exportFiles)
          .where(eq(exportFiles.organizationId, decodeURIComponent(organizationId))),
      );
      const kept = new Set(known.map(({ id }) => id));
      for (const name of await readdir(join(folder, organizationId)))
        if (!kept.has(name.split(".")[0] ?? "")) await rm(join(folder, organizationId, name), { force: true });
    }
  }

  /** An id of Logto as the name of a folder, whatever is in it. */
  const folderOf = (organizationId: string) => join(folder, encodeURIComponent(organizationId));
  const fileOf = (organizationId: string, id: string) => join(folderOf(organizationId), `${id}.zip`);

  return {
    ask,
    find,
    open,
    makeAll,
    /** All of an organization's. */
    removeFiles: (organizationId: string) => rm(folderOf(organizationId), { recursive: true, force: true }),
    /** What is on its way is begun again by the next process. */
    stop: () => stopping.abort(),
  };
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function unlessUnwanted(error: unknown): void {
  if (!(error instanceof NoLongerWanted)) throw error;
}
