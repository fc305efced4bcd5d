import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AuthorizeRequestSchema, AuthorizeResponse } from "../gen/decision/v1/authorize_pb.js";
import { DecisionClosedError, DecisionError } from "../errors.js";
import { failureOf, mistakeOf, type CallFailure } from "./call-failure.js";
import type { CallOutcome } from "./call-outcome.js";
import type { CallMetadata, Endpoint } from "./endpoint.js";
import { StreamCall } from "./stream-call.js";

// As connections are made anew from time to time, so that a name's new addresses are found.
const lifetimeMs = 600_000;

/** What a stream needs of the calls that it is one of. */
export interface StreamHost {
  readonly metadata: CallMetadata;
  readonly hasSeveral: boolean;
  order(): Iterable<Endpoint>;
  failed(endpoint: Endpoint, failure: CallFailure): void;
  requireOpen(): void;
}

/** Decisions on one call at a time, which is opened anew where it ended: at another address only for what was certainly not sent. */
export class DecisionStream {
  private current: StreamCall | undefined;
  private isClosed = false;

  constructor(private readonly host: StreamHost) {}

  /** Asks. Throws a DecisionError for a mistake of the caller's, and the signal's reason where it gave up. */
  async ask(request: MessageInitShape<typeof AuthorizeRequestSchema>, deadlineMs: number, signal?: AbortSignal): Promise<CallOutcome<AuthorizeResponse>> {
    signal?.throwIfAborted();
    const limits = { until: performance.now() + deadlineMs, signal };
    const addresses = this.host.order()[Symbol.iterator]();
    let failure: CallFailure | undefined;
    for (;;) {
      this.requireOpen();
      const call = this.current ?? this.begin(addresses);
      if (call === undefined) {
        return { failure: failure! };
      }

      try {
        return { response: await call.ask(request, limits) };
      } catch (reason) {
        signal?.throwIfAborted();
        if (reason instanceof DecisionError) {
          throw reason;
        }

        failure = failureOf(reason);
      }

      const mistake = mistakeOf(failure);
      if (mistake !== undefined) {
        call.endpoint.report.answered();
        throw mistake;
      }

      this.host.failed(call.endpoint, failure);
      if (failure.kind === "timed_out" && this.host.hasSeveral) {
        this.leave(call);
      }

      if (!failure.certainlyUnsent || failure.kind === "timed_out") {
        return { failure };
      }
    }
  }

  close(): void {
    this.isClosed = true;
    this.current?.cancel();
  }

  private begin(addresses: Iterator<Endpoint>): StreamCall | undefined {
    const next = addresses.next();
    if (next.done === true) {
      return undefined;
    }

    const call = new StreamCall(next.value, this.host.metadata, (over) => this.leave(over));
    setTimeout(() => this.leave(call), lifetimeMs).unref();
    this.current = call;
    return call;
  }

  private leave(call: StreamCall): void {
    if (this.current === call) {
      this.current = undefined;
    }

    call.finish();
  }

  private requireOpen(): void {
    this.host.requireOpen();
    if (this.isClosed) {
      throw new DecisionClosedError();
    }
  }
}
