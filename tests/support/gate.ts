import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";

/** One request for a file of the store. */
export interface Asked {
  readonly name: string;
  readonly headers: IncomingMessage["headers"];
  /** How often this file had been asked for before. */
  readonly before: number;
}

/** What happens to a request for a file of the store: its answer is passed on, changed, or there is none. */
export type Verdict = "pass" | "damage" | "missing" | "refuse";

/** A way to a server that counts what is asked of its store, and spoils what it is told to. */
export interface Gate {
  readonly url: string;
  /** Requests for files of the store so far. */
  readonly asked: Asked[];
  /** Decides on requests from now on. */
  judge: (asked: Asked) => Verdict;
  close(): Promise<void>;
}

/** A byte in the middle is another one; the length is right. */
function damaged(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const middle = changed.length >> 1;
  changed.writeUInt8(changed.readUInt8(middle) ^ 0x55, middle);
  return changed;
}

export async function openGate(target: string): Promise<Gate> {
  const asked: Asked[] = [];
  const gate = { judge: (): Verdict => "pass" } as { judge: (one: Asked) => Verdict };

  const forward = (
    request: IncomingMessage,
    response: ServerResponse,
    change: (bytes: Buffer) => Buffer,
  ): void => {
    const upstream = new URL(request.url ?? "/", target);
    get(upstream, { headers: { ...request.headers, host: upstream.host } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.end(change(Buffer.concat(pieces)));
      });
    }).on("error", () => response.destroy());
  };
  const server = createServer((request, response) => {
    const [, name] = /\/store\/([0-9a-f]{64})$/.exec(request.url ?? "") ?? [];
    if (name === undefined) {
      forward(request, response, (bytes) => bytes);
      return;
    }
    const one = {
      name,
      headers: request.headers,
      before: asked.filter((other) => other.name === name).length,
    };
    asked.push(one);
    switch (gate.judge(one)) {
      case "pass":
        forward(request, response, (bytes) => bytes);
        break;
      case "damage":
        forward(request, response, damaged);
        break;
      case "missing":
        response.writeHead(404).end();
        break;
      case "refuse":
        request.socket.destroy();
        break;
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  return Object.assign(gate, {
    url: `http://127.0.0.1:${address.port}/`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  });
}
