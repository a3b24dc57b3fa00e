// The probe build: the app's own sources in one file, with the hooks that the production build does not have.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build, type Plugin } from "esbuild";
import { root } from "../../../scripts/install.mjs";
import { instrument, type Site } from "./instrument";

/** A change of the sources, before they are built. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

export interface ProbeBuild {
  /** Exports what `entry.ts` does. */
  file: string;
  sites: Site[];
}

const folder = join(root, "build-probe");

/**
 * Builds in half a second, or finds what was built of the same sources. With edits: of sources that were changed so.
 * @throws when the sources do not have what an edit, or a hook, is to replace
 */
export async function buildProbe(edits: Edit[] = []): Promise<ProbeBuild> {
  const hash = createHash("sha256").update(sourcesHash()).update(JSON.stringify(edits)).digest("hex").slice(0, 16);
  const file = join(folder, `${hash}.mjs`);
  const about = join(folder, `${hash}.json`);
  if (existsSync(about)) return { file, sites: JSON.parse(readFileSync(about, "utf8")) as Site[] };
  mkdirSync(folder, { recursive: true });
  const sites: Site[] = [];
  await build({
    absWorkingDir: root,
    stdin: { contents: await entry(), resolveDir: root, sourcefile: "probe-entry.ts", loader: "ts" },
    outfile: `${file}.${process.pid}`,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    jsx: "automatic",
    logLevel: "warning",
    define: {
      Date: "globalThis.atriumProbe.Date",
      "crypto.randomUUID": "globalThis.atriumProbe.randomUUID",
      "process.env.NODE_ENV": '"production"',
    },
    plugins: [hooks(edits, sites)],
  });
  renameSync(`${file}.${process.pid}`, file);
  writeFileSync(`${about}.${process.pid}`, JSON.stringify(sites));
  renameSync(`${about}.${process.pid}`, about);
  return { file, sites };
}

/** Changes whenever anything that the app is built of changes, or how it is built. */
export function sourcesHash(): string {
  const hash = createHash("sha256");
  for (const file of ["app", "db", "e2e/isolation/probe", "package-lock.json"].flatMap(filesIn))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (/\.test\.\w+$/.test(path)) return [];
  const whole = join(root, path);
  return statSync(whole).isDirectory()
    ? readdirSync(whole)
        .toSorted()
        .flatMap((name) => filesIn(`${path}/${name}`))
    : [path];
}

function hooks(edits: Edit[], sites: Site[]): Plugin {
  return {
    name: "probe",
    setup({ onResolve, onLoad, onEnd }) {
      const waiting = new Set(edits);
      onResolve({ filter: /\?url$/ }, ({ path }) => ({ path, namespace: "address" }));
      onLoad({ filter: /.*/, namespace: "address" }, ({ path }) => ({
        contents: `export default ${JSON.stringify(`/assets/${path.split("/").at(-1)?.replace("?url", "")}`)}`,
      }));
      onResolve({ filter: /^node:crypto$/ }, ({ namespace }) =>
        namespace === "random" ? { path: "node:crypto", external: true } : { path: "node:crypto", namespace: "random" },
      );
      onLoad({ filter: /.*/, namespace: "random" }, () => ({
        contents: `export * from "node:crypto";
          export const randomBytes = (size) => globalThis.atriumProbe.randomBytes(size);
          export const randomUUID = () => globalThis.atriumProbe.randomUUID();`,
      }));
      onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const file = relative(root, path).split(sep).join("/");
        if (!/^(app|db)\//.test(file)) return undefined;
        let source = readFileSync(path, "utf8");
        const own = edits.filter((edit) => edit.file === file);
        for (const edit of own) {
          source = edited(source, edit);
          waiting.delete(edit);
        }
        const found = (site: Site) => void sites.push(site);
        const contents = instrument(file, source, { found, isEdited: own.length > 0 });
        return { contents, loader: file.endsWith("x") ? "tsx" : "ts" };
      });
      onEnd(() => {
        const [lost] = waiting;
        if (lost) throw new Error(`${lost.file} is not in the build`);
      });
    },
  };
}

/** Throws unless the passage is there exactly once. */
export function edited(source: string, { file, from, to }: Edit): string {
  const count = source.split(from).length - 1;
  if (count !== 1) throw new Error(`${file} has this ${count} times, not once: ${from}`);
  return source.replace(from, () => to);
}

interface Route {
  id?: string;
  file: string;
  path?: string;
  index?: boolean;
  caseSensitive?: boolean;
}

/** What Remix's own build makes of the routes, without the browser's part. */
async function entry(): Promise<string> {
  Object.assign(globalThis, { __remixAppDirectory: join(root, "app") });
  const { default: routes } = (await import("../../../app/routes")) as { default: Route[] };
  const rows = routes.map(({ file, path, index, id = file.replace(/\.tsx?$/, "") }, number) => ({
    ...{ id, path, index, parentId: "root", file },
    name: `route${number}`,
  }));
  const imports = rows.map(({ name, file }) => `import * as ${name} from "./app/${file}";`);
  const entries = rows.map(
    ({ name, id, path, index }) =>
      `${JSON.stringify(id)}: { ${JSON.stringify({ id, path, index, parentId: "root" }).slice(1, -1)}, module: ${name} }`,
  );
  return `
    import * as entryServer from "./app/entry.server.tsx";
    import * as root from "./app/root.tsx";
    import remixOptions from "./remix.config.js";
    ${imports.join("\n")}
    const routes = { root: { id: "root", path: "", module: root }, ${entries.join(",\n")} };
    const manifest = Object.fromEntries(Object.values(routes).map(({ module, ...route }) => [route.id, {
      ...route, module: "/assets/" + route.id + ".js", imports: [], css: [],
      hasAction: "action" in module, hasLoader: "loader" in module, hasClientAction: false, hasClientLoader: false,
      hasErrorBoundary: "ErrorBoundary" in module,
    }]));
    export const build = {
      entry: { module: entryServer }, routes, future: remixOptions.future, basename: "/", publicPath: "/",
      assetsBuildDirectory: "build-probe/client", isSpaMode: false, mode: "production",
      assets: { version: "probe", url: "/assets/manifest.js", entry: { module: "/assets/entry.js", imports: [] }, routes: manifest },
    };
    export { createApp } from "./app/server";
    export { readConfig } from "./app/config.server";
    export { createLogger } from "./app/http/log.server";
    export { openStore } from "./db";
    export { runBilling } from "./scripts/billing";
  `;
}
