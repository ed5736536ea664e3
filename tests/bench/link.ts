import { createServer, connect, type Socket } from "node:net";

/** A way to a server that counts what comes back and lets it through at a rate. */
export interface Link {
  readonly url: string;
  /** Bytes of the server so far, headers included. */
  bytes(): number;
  close(): Promise<void>;
}

/** @param bitsPerSecond undefined: as fast as it goes */
export async function openLink(target: string, bitsPerSecond?: number): Promise<Link> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let bytes = 0;
  // All connections share the link: each byte takes its time after the last.
  let freeAt = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    client.pipe(upstream);
    upstream.on("data", (piece) => {
      bytes += piece.length;
      if (bitsPerSecond === undefined) {
        client.write(piece);
        return;
      }
      freeAt = Math.max(freeAt, performance.now()) + (piece.length * 8000) / bitsPerSecond;
      upstream.pause();
      setTimeout(() => {
        client.write(piece);
        upstream.resume();
      }, freeAt - performance.now());
    });
    upstream.on("end", () => client.end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the link has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    bytes: () => bytes,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
