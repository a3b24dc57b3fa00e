// The pages of the benchmark: a thread of its own holds their streams, so that the server's heap is the server's alone.
import { request } from "node:http";
import { parentPort } from "node:worker_threads";

const open = new Set();

function listen({ url, cookie }) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { Accept: "text/event-stream", Cookie: cookie }, agent: false }, (answer) => {
      open.add(sent);
      answer.on("data", (chunk) => chunk.includes("event: ready") && resolve(undefined));
      answer.on("error", () => open.delete(sent));
    });
    sent.once("error", reject).end();
  });
}

parentPort.on("message", async ({ streams }) => {
  if (streams) {
    for (let from = 0; from < streams.length; from += 50) await Promise.all(streams.slice(from, from + 50).map(listen));
    parentPort.postMessage("open");
  } else {
    for (const sent of open) sent.destroy();
    parentPort.close();
  }
});
