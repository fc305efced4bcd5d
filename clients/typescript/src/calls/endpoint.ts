import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { ServiceAddress } from "../client/address.js";
import type { ConnectionSettings } from "../client/settings.js";
import { Health } from "../gen/grpc/health/v1/health_pb.js";
import { failureOf } from "./call-failure.js";
import { Connection, UnsentError } from "./connection.js";
import type { EndpointReport } from "./endpoint-report.js";
import { timeLimit } from "./time-limit.js";

const largestAnswerBytes = 32 * 1024 * 1024;

/** How long a call may last: until a moment on the clock of performance.now(), and until its caller gives up. */
export interface CallLimits {
  readonly until: number;
  readonly signal?: AbortSignal | undefined;
}

/** One address with its connection. */
export class Endpoint {
  /** True = it does not answer; others are asked first. */
  isPaused = false;

  private readonly connection: Connection;
  private readonly transport: Transport;

  constructor(
    readonly address: ServiceAddress,
    settings: ConnectionSettings,
    readonly report: EndpointReport,
  ) {
    this.connection = new Connection(address, settings.tls);

    // It does not retry: a request that was sent may have been spent.
    this.transport = createGrpcTransport({ baseUrl: address.origin, sessionManager: this.connection, readMaxBytes: largestAnswerBytes });
  }

  /** Calls; throws what the transport does. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>, message: MessageInitShape<I>, header: Headers, limits: CallLimits,
  ): Promise<MessageShape<O>> {
    if (!this.connection.isOpen) {
      await this.connect(limits);
    }

    // Its own timer begins here, with what is left.
    const leftMs = Math.max(1, Math.ceil(limits.until - performance.now()));
    const response = await this.transport.unary(method, limits.signal, leftMs, header, message);
    return response.message;
  }

  /** Connects and asks for its health, which spends nothing; answers whether anybody answered. */
  async isThere(header: Headers, limits: CallLimits): Promise<boolean> {
    try {
      await this.call(Health.method.check, {}, header, limits);
      return true;
    } catch (reason) {
      return failureOf(reason).kind === "error";
    }
  }

  close(): void {
    this.connection.close();
  }

  // Who gives up while there is no connection has certainly sent nothing.
  private async connect(limits: CallLimits): Promise<void> {
    const limit = timeLimit(limits, () => new ConnectError("no connection within the deadline", Code.DeadlineExceeded, undefined, undefined, new UnsentError("no connection")));
    const connecting = this.connection.connect();
    connecting.catch(() => undefined);
    try {
      await Promise.race([connecting, limit.passed]);
    } finally {
      limit.clear();
    }
  }
}
