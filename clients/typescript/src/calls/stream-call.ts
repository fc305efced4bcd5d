import { fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import * as http2 from "node:http2";
import { AuthorizeService, AuthorizeStreamRequestSchema, AuthorizeStreamResponseSchema, type AuthorizeRequestSchema, type AuthorizeResponse } from "../gen/decision/v1/authorize_pb.js";
import { CallError } from "./call-error.js";
import type { OpenStream } from "./connection.js";
import { encoded } from "./encoded.js";
import type { CallMetadata, Endpoint } from "./endpoint.js";
import { GrpcStatus } from "./grpc-status.js";
import { timeLimit } from "./time-limit.js";
import { endOf, framed, largestAnswerBytes, prefixBytes, type AnswerHeaders, type CallLimits } from "./unary-call.js";

const openWithinMs = 10_000;

interface Waiting {
  isWritten: boolean;
  resolve(response: AuthorizeResponse): void;
  reject(error: CallError): void;
}

/** One call of AuthorizeStream, from its opening to its end. Requests are named anew on it, so that none is taken for another. */
export class StreamCall {
  private readonly waiting = new Map<string, Waiting>();
  private readonly opening: Promise<OpenStream>;
  private ended: CallError | undefined;
  private names = 0;

  /** `onOver`: no more requests should go on it. */
  constructor(
    readonly endpoint: Endpoint,
    metadata: CallMetadata,
    private readonly onOver: (call: StreamCall) => void,
  ) {
    this.opening = endpoint.open(AuthorizeService.method.authorizeStream, metadata, { until: performance.now() + openWithinMs });
    this.opening.then((open) => this.read(open), (error: CallError) => this.end(error));
  }

  /** Asks; throws a CallError, or the signal's reason. */
  async ask(request: MessageInitShape<typeof AuthorizeRequestSchema>, limits: CallLimits): Promise<AuthorizeResponse> {
    if (this.ended !== undefined) {
      throw this.unwritten(this.ended);
    }

    const name = (request.requestId ?? "") === "" ? `${++this.names}` : `${++this.names}:${request.requestId}`;
    const frame = framed(encoded(AuthorizeStreamRequestSchema, { request: { ...request, requestId: name } }));
    const waiting: Waiting = { isWritten: false, resolve: () => undefined, reject: () => undefined };
    const answer = new Promise<AuthorizeResponse>((resolve, reject) => Object.assign(waiting, { resolve, reject }));
    this.waiting.set(name, waiting);
    const limit = timeLimit(limits, () => new CallError(GrpcStatus.DeadlineExceeded, "the deadline passed without an answer on the stream", waiting.isWritten ? "sent" : "unsent"));
    let held: OpenStream | undefined;
    this.opening.then((open) => {
      if (this.waiting.has(name) && this.ended === undefined) {
        waiting.isWritten = true;
        held = open;
        open.hold();
        open.stream.write(frame);
      }
    }, () => undefined);
    try {
      return await Promise.race([answer, limit.passed]);
    } finally {
      limit.clear();
      this.waiting.delete(name);
      held?.release();
    }
  }

  /** No more requests; those that wait get their answers. */
  finish(): void {
    this.opening.then(({ stream }) => stream.end(), () => undefined);
  }

  /** Ends it at once. */
  cancel(): void {
    this.opening.then(({ stream }) => stream.close(http2.constants.NGHTTP2_CANCEL), () => undefined);
    this.end(new CallError(GrpcStatus.Cancelled, "the stream was closed", "sent"));
  }

  private read(open: OpenStream): void {
    const { stream, session } = open;
    let headers: AnswerHeaders = {};
    let trailers: http2.IncomingHttpHeaders | undefined;
    let cause: Error | undefined;
    let rest: Buffer = Buffer.alloc(0);

    // The service is about to go away: later requests go elsewhere.
    const leave = (): void => this.onOver(this);
    session.once("goaway", leave);
    stream.on("response", (received) => {
      headers = received;
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("data", (chunk: Buffer) => {
      rest = this.take(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), stream);
    });
    stream.on("error", (error) => {
      cause = error;
    });

    // The service has ended it: so do we.
    stream.on("end", () => stream.end());
    stream.on("close", () => {
      session.off("goaway", leave);
      this.end(endOf(stream.rstCode, headers, trailers, cause) ?? new CallError(GrpcStatus.Unavailable, "the stream ended without an answer", "sent"));
    });
  }

  /** Takes every whole message; answers what is left. */
  private take(bytes: Buffer, stream: http2.ClientHttp2Stream): Buffer {
    while (bytes.length >= prefixBytes) {
      const length = bytes.readUInt32BE(1);
      if (bytes[0] !== 0 || length > largestAnswerBytes) {
        stream.close(http2.constants.NGHTTP2_CANCEL);
        this.end(new CallError(GrpcStatus.Internal, "an answer on the stream is no message", "answered"));
        return Buffer.alloc(0);
      }

      if (bytes.length < prefixBytes + length) {
        break;
      }

      const { requestId, response } = fromBinary(AuthorizeStreamResponseSchema, bytes.subarray(prefixBytes, prefixBytes + length));
      this.endpoint.report.answered();
      if (response !== undefined) {
        this.waiting.get(requestId)?.resolve(response);
      }

      bytes = bytes.subarray(prefixBytes + length);
    }

    return bytes;
  }

  private end(error: CallError): void {
    if (this.ended === undefined) {
      this.ended = error;
      this.onOver(this);
    }

    for (const waiting of this.waiting.values()) {
      waiting.reject(waiting.isWritten ? this.ended : this.unwritten(this.ended));
    }
  }

  // What the service said about the call it said about every request.
  private unwritten(error: CallError): CallError {
    return error.progress === "answered" ? error : new CallError(error.status, error.detail, "unsent", error.statusDetails, { cause: error });
  }
}
