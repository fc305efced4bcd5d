import { readFile } from "node:fs/promises";
import * as http2 from "node:http2";
import * as net from "node:net";
import * as tls from "node:tls";
import type { ServiceAddress } from "../client/address.js";
import type { TlsOptions } from "../client/options.js";
import { CallError } from "./call-error.js";
import { GrpcStatus } from "./grpc-status.js";
import { timeLimit } from "./time-limit.js";
import { callHeaders, exchange, type CallLimits } from "./unary-call.js";

// A replica that went away without a word is noticed; a name's new addresses are found.
const pingEveryMs = 10_000;
const pingTimeoutMs = 5_000;
const lifetimeMs = 600_000;
const connectTimeoutMs = 5_000;

/** A call for any number of messages. */
export interface OpenStream {
  readonly stream: http2.ClientHttp2Stream;
  readonly session: http2.ClientHttp2Session;

  /** While something waits for an answer on it, the program goes on. */
  hold(): void;
  release(): void;
}

/**
 * The connection to one address. It is made when it is needed, kept for all requests, watched by pings, and made anew at once when it broke:
 * nothing waits out a pause while the service is already back. It keeps no program from ending.
 */
export class Connection {
  private session: http2.ClientHttp2Session | undefined;
  private connecting: Promise<http2.ClientHttp2Session> | undefined;
  private isClosed = false;

  constructor(
    private readonly address: ServiceAddress,
    private readonly tlsOptions: TlsOptions,
  ) {}

  /** Calls; throws a CallError, or the signal's reason. */
  async call(path: string, message: Uint8Array, metadata: Readonly<Record<string, string>>, limits: CallLimits): Promise<Uint8Array> {
    const session = this.openSession() ?? (await this.connectWithin(limits));
    const leftMs = Math.ceil(limits.until - performance.now());
    if (leftMs < 1) {
      throw tooLate();
    }

    let stream: http2.ClientHttp2Stream;
    try {
      stream = session.request(callHeaders(path, metadata, leftMs));
    } catch (error) {
      // It was closed a moment ago.
      throw unsent(error);
    }

    hold(session);
    stream.once("close", () => release(session));
    return exchange(stream, message, leftMs, limits.signal);
  }

  /** Opens a call for any number of messages, which keeps no program from ending by itself; throws a CallError. */
  async open(path: string, metadata: Readonly<Record<string, string>>, limits: CallLimits): Promise<OpenStream> {
    const session = this.openSession() ?? (await this.connectWithin(limits));
    try {
      return { stream: session.request(callHeaders(path, metadata)), session, hold: () => hold(session), release: () => release(session) };
    } catch (error) {
      throw unsent(error);
    }
  }

  close(): void {
    this.isClosed = true;
    this.session?.destroy();
    this.session = undefined;
  }

  private openSession(): http2.ClientHttp2Session | undefined {
    return this.session !== undefined && !this.session.closed && !this.session.destroyed ? this.session : undefined;
  }

  // Who gives up while there is no connection has certainly sent nothing; the next call may find one.
  private async connectWithin(limits: CallLimits): Promise<http2.ClientHttp2Session> {
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    const connecting = this.connecting.catch((error: unknown) => Promise.reject(unsent(error)));
    connecting.catch(() => undefined);
    const limit = timeLimit(limits, tooLate);
    try {
      return await Promise.race([connecting, limit.passed]);
    } finally {
      limit.clear();
    }
  }

  private async connect(): Promise<http2.ClientHttp2Session> {
    const secure = this.address.tls ? await secureOptions(this.address, this.tlsOptions) : undefined;
    const session = await new Promise<http2.ClientHttp2Session>((resolve, reject) => {
      const socket = this.address.socketPath !== undefined ? net.connect({ path: this.address.socketPath })
        : secure !== undefined ? tls.connect(secure)
        : net.connect({ host: this.address.host, port: this.address.port, noDelay: true });
      const opening = http2.connect(this.address.origin, { createConnection: () => socket });
      const timer = setTimeout(() => opening.destroy(new Error(`no connection within ${connectTimeoutMs / 1000} s`)), connectTimeoutMs);
      // For good: once it is open, a failure means nothing here, but somebody must listen.
      opening.on("error", reject);
      opening.once("close", () => {
        clearTimeout(timer);
        reject(new Error("the connection was closed at once"));
      });
      opening.once("connect", () => {
        clearTimeout(timer);
        if (secure !== undefined && (socket as tls.TLSSocket).alpnProtocol !== "h2") {
          opening.destroy(new Error("it does not speak HTTP/2"));
          return;
        }

        resolve(opening);
      });
    });
    if (this.isClosed) {
      session.destroy();
      throw new Error("the client was closed");
    }

    this.keep(session);
    return session;
  }

  private keep(session: http2.ClientHttp2Session): void {
    this.session = session;
    session.unref();
    const leave = (): void => {
      if (this.session === session) {
        this.session = undefined;
      }
    };
    const pings = setInterval(() => ping(session), pingEveryMs).unref();

    // Requests that are under way finish on it.
    const end = this.address.socketPath === undefined ? setTimeout(() => {
      leave();
      session.close();
    }, lifetimeMs).unref() : undefined;
    session.on("goaway", leave);
    session.on("error", leave);
    session.once("close", () => {
      clearInterval(pings);
      clearTimeout(end);
      leave();
    });
  }
}

function unsent(cause: unknown): CallError {
  const detail = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || cause.name : String(cause);
  return new CallError(GrpcStatus.Unavailable, detail, "unsent", undefined, { cause });
}

function tooLate(): CallError {
  return new CallError(GrpcStatus.DeadlineExceeded, "there was no connection within the deadline", "unsent");
}

// While requests wait for their answers the program goes on.
const waiting = new WeakMap<http2.ClientHttp2Session, number>();

function hold(session: http2.ClientHttp2Session): void {
  const before = waiting.get(session) ?? 0;
  waiting.set(session, before + 1);
  if (before === 0 && !session.destroyed) {
    session.ref();
  }
}

function release(session: http2.ClientHttp2Session): void {
  const left = (waiting.get(session) ?? 1) - 1;
  waiting.set(session, left);
  if (left === 0 && !session.destroyed) {
    session.unref();
  }
}

function ping(session: http2.ClientHttp2Session): void {
  if (session.destroyed || session.closed) {
    return;
  }

  const timer = setTimeout(() => session.destroy(new Error(`no answer to a ping within ${pingTimeoutMs / 1000} s`)), pingTimeoutMs).unref();
  session.ping(() => clearTimeout(timer));
}

async function secureOptions(address: ServiceAddress, options: TlsOptions): Promise<tls.ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([options.caFile, options.certificateFile, options.keyFile].map((file) => (file === undefined ? undefined : readFile(file))));
  const name = options.serverName ?? (net.isIP(address.host) === 0 ? address.host : undefined);
  return {
    host: address.host,
    port: address.port,
    ALPNProtocols: ["h2"],
    ...(name === undefined ? {} : { servername: name }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
