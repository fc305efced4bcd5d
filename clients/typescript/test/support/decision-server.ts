import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = new URL("../../../../../", import.meta.url);

/** A path in the repository; tests run from build/test/support. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** A real server with the policies, APIs and callers of the conformance cases. */
export class DecisionServer {
  private constructor(
    private readonly process: ChildProcess,
    readonly address: string,
    readonly httpAddress: string,
    readonly secret: string,
  ) {}

  static async start(...args: string[]): Promise<DecisionServer> {
    const child = spawn(repositoryPath("clients/conformance/server.sh"), args, { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = (await Promise.race([
      once(createInterface(child.stdout), "line"),
      once(child, "exit").then(([code]) => Promise.reject(new Error(`the server ended with ${String(code)}`))),
    ])) as [string];
    const { grpc, http, secret } = JSON.parse(line) as { grpc: string; http: string; secret: string };
    return new DecisionServer(child, `http://${grpc}`, `http://${http}`, secret);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = once(this.process, "exit");
      this.process.stdin?.end();
      await ended;
    }
  }
}
