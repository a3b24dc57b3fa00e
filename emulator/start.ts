// Starts the emulator: one port, one file, everything of Logto that an application on this machine needs.
import { once } from "node:events";
import { type RequestListener, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from "jose";
import { keepClean } from "./database/cleaning";
import { keptSetting } from "./database/settings";
import { type Store, openStore } from "./database/store";
import { openBaseline } from "./faults/baseline";
import { openFaults } from "./faults/faults";
import { withFaults } from "./faults/requests";
import { resigner } from "./faults/tokens";
import { secret } from "./ids";
import { refuseForeign } from "./loopback";
import { type Machine, seed, seedConnector } from "./seed";
import { application } from "./server";

export interface EmulatorOptions {
  /** 0 takes any free port. */
  port: number;
  /** Path of the SQLite file, or ":memory:". The same file again gives the same keys, people and sessions. */
  file: string;
  /** The application that will use the emulator. It must be on loopback. */
  appUrl?: string | undefined;
  /** The machine-to-machine application with all rights on the Management API; without it, one is made and kept. */
  machine?: Machine | undefined;
}

export interface Emulator {
  /** `http://127.0.0.1:<port>`; the issuer is `<endpoint>/oidc`. */
  endpoint: string;
  machine: Machine;
  /** JSON of all mails, oldest first. */
  outboxUrl: string;
  close(): Promise<void>;
}

/** @throws Error when the application is not on loopback, or the port is taken */
export async function startEmulator({ port, file, appUrl, machine }: EmulatorOptions): Promise<Emulator> {
  if (appUrl !== undefined) refuseForeign(appUrl);
  const listener = await listen(port);
  const { endpoint } = listener;
  const store = openStore(file);
  const outboxEndpoint = `${endpoint}/emulator/mail`;
  const stopCleaning = keepClean(store);
  const made = seed(store, machine);
  seedConnector(store, outboxEndpoint);

  const { signingKey, publicKey, cookieKey } = await keys(store);
  const faults = openFaults();
  const baseline = openBaseline(store);
  const { serve, settled } = application({
    ...{ store, endpoint, appUrl, signingKey, publicKey, cookieKey, faults, baseline, outboxEndpoint },
  });
  listener.serve(withFaults({ faults, resign: resigner(signingKey), stopListening: listener.pause }, serve));

  return {
    endpoint,
    machine: made,
    outboxUrl: `${endpoint}/emulator/outbox.json`,
    async close() {
      await listener.close();
      await settled();
      stopCleaning();
      store.close();
    },
  };
}

async function keys(store: Store) {
  const kept = await keptSetting(store, "signing-key", async () => {
    const { privateKey } = await generateKeyPair("ES384", { extractable: true });
    return JSON.stringify({ ...(await exportJWK(privateKey)), alg: "ES384", use: "sig", kid: secret() });
  });
  const signingKey = JSON.parse(kept) as JWK;
  const { d: _, ...publicJwk } = signingKey;
  const publicKey = (await importJWK(publicJwk, "ES384")) as CryptoKey;
  return { signingKey, publicKey, cookieKey: await keptSetting(store, "cookie-key", secret) };
}

/** How long requests under way may take when the emulator stops, in milliseconds. */
const patience = 1000;

/** Listens on loopback at once, so that the port is known; requests wait until something serves them. */
async function listen(port: number) {
  let ready: (serve: (...parts: Parameters<RequestListener>) => Promise<void>) => void;
  const serving = new Promise<(...parts: Parameters<RequestListener>) => Promise<void>>((resolve) => (ready = resolve));
  const server = createServer((request, response) => {
    serving
      .then((serve) => serve(request, response))
      .catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
  });
  const open = async (wanted: number) => {
    server.listen(wanted, "127.0.0.1");
    await once(server, "listening").catch((error: unknown) => {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      throw taken ? new Error(`Port ${wanted} is taken. Stop what listens there, or choose another port.`) : error;
    });
    return (server.address() as AddressInfo).port;
  };
  const bound = await open(port);
  let resumption: NodeJS.Timeout | undefined;

  return {
    endpoint: `http://127.0.0.1:${bound}`,
    serve: (serve: (...parts: Parameters<RequestListener>) => void | Promise<void>) =>
      ready(async (request, response) => serve(request, response)),
    /** Refuses connections for a while. */
    pause(milliseconds: number) {
      clearTimeout(resumption);
      server.close();
      server.closeAllConnections();
      resumption = setTimeout(() => void open(bound).catch(console.error), milliseconds);
    },
    async close() {
      clearTimeout(resumption);
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      const giveUp = setTimeout(() => server.closeAllConnections(), patience);
      await closed;
      clearTimeout(giveUp);
    },
  };
}
