// Stops a server without cutting anybody off.
import type { Server } from "node:http";

/** Takes no new connection, lets requests that are on their way end, and cuts what is left after `timeoutMs`. */
export function closeGracefully(server: Server, { timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    // Node closes the connections that are idle now; one whose answer ends later would wait for its keep-alive to run out.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const late = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close((error) => {
      clearInterval(idle);
      clearTimeout(late);
      if (error) reject(error);
      else resolve();
    });
  });
}
