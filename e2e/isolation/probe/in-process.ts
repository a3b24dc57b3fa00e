// Runs what computes long in a process of its own, and hears what it says.
import { fork } from "node:child_process";
import { join } from "node:path";
import { root } from "../../../scripts/install.mjs";

/** Ends when the process has said `{ over: true }` and is gone. Throws, with the last that it complained of, when it ends otherwise. */
export function inProcess(file: string, order: object, onMessage: (message: unknown) => void): Promise<void> {
  const child = fork(join(root, "scripts/run.mjs"), [file, JSON.stringify(order)], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let over = false;
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4_000)));
  return new Promise((resolve, reject) => {
    child.on("message", (message) => {
      over ||= typeof message === "object" && message !== null && "over" in message;
      try {
        onMessage(message);
      } catch (error) {
        reject(error);
      }
    });
    child.once("error", reject);
    child.once("exit", () => (over ? resolve() : reject(new Error(`${file} was broken off: ${complaint}`))));
  });
}
