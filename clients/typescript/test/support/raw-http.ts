import { once } from "node:events";
import * as net from "node:net";

/** An answer over HTTP as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;

  /** The names of the headers, in lower case, each as often as it came. */
  readonly names: readonly string[];

  readonly body: string;
}

/** Sends a request as it is written, which no HTTP client would leave as it is, and gives the answer. */
export async function sendRaw(port: number, head: readonly string[]): Promise<RawAnswer> {
  const socket = net.connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`${[...head, "Connection: close"].join("\r\n")}\r\n\r\n`, "latin1");
  let text = "";
  for await (const chunk of socket) {
    text += (chunk as Buffer).toString("latin1");
  }

  const end = text.indexOf("\r\n\r\n");
  const [statusLine, ...lines] = text.slice(0, end).split("\r\n");
  return {
    status: Number(statusLine!.split(" ")[1]),
    headers: new Map(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()])),
    names: lines.map((line) => line.slice(0, line.indexOf(":")).toLowerCase()),
    body: text.slice(end + 4),
  };
}
