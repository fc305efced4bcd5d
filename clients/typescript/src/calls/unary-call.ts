import * as http2 from "node:http2";
import { CallError } from "./call-error.js";
import { GrpcStatus, statusOf, statusOfHttp } from "./grpc-status.js";

export const largestAnswerBytes = 32 * 1024 * 1024;

// Before each message: one byte that says whether it is compressed, four with its length.
export const prefixBytes = 5;

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

export type AnswerHeaders = http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;

/** How long a call may last: until a moment on the clock of performance.now(), and until its caller gives up. */
export interface CallLimits {
  readonly until: number;
  readonly signal?: AbortSignal | undefined;
}

/** The headers of a call; its deadline goes to the service too, where it has one. */
export function callHeaders(path: string, metadata: Readonly<Record<string, string>>, leftMs?: number): http2.OutgoingHttpHeaders {
  return {
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc+proto",
    te: "trailers",
    ...(leftMs === undefined ? {} : { "grpc-timeout": `${leftMs}m` }),
    ...metadata,
  };
}

/** Sends a message on a stream and awaits the one that comes back; throws a CallError, or the signal's reason. */
export function exchange(stream: http2.ClientHttp2Stream, message: Uint8Array, leftMs: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let headers: AnswerHeaders = {};
    let trailers: http2.IncomingHttpHeaders | undefined;
    let cause: Error | undefined;
    const giveUp = (reason: unknown): void => {
      reject(reason);
      stream.close(NGHTTP2_CANCEL);
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = setTimeout(() => giveUp(new CallError(GrpcStatus.DeadlineExceeded, "the deadline passed", "sent")), leftMs);
    signal?.addEventListener("abort", onAbort, { once: true });

    stream.on("response", (received) => {
      headers = received;
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > largestAnswerBytes) {
        giveUp(new CallError(GrpcStatus.ResourceExhausted, `an answer of more than ${largestAnswerBytes} bytes`, "answered"));
      }
    });
    stream.on("error", (error) => {
      cause = error;
    });
    stream.on("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      const failure = endOf(stream.rstCode, headers, trailers, cause);
      if (failure !== undefined) {
        reject(failure);
      } else {
        settle(chunks, resolve, reject);
      }
    });
    stream.end(framed(message));
  });
}

/** Why a call that ended has failed; undefined = its status is OK. */
export function endOf(
  reset: number | undefined, headers: AnswerHeaders, trailers: http2.IncomingHttpHeaders | undefined, cause: Error | undefined,
): CallError | undefined {
  // What has nothing to say but a status says it in its headers.
  const told = trailers ?? headers;
  const status = told["grpc-status"];
  if (typeof status === "string") {
    return status === "0" ? undefined : new CallError(statusOf(Number(status)), messageOf(told["grpc-message"]), "answered", detailsOf(told["grpc-status-details-bin"]));
  }

  const httpStatus = headers[":status"];
  if (httpStatus !== undefined && httpStatus !== 200) {
    return new CallError(statusOfHttp(httpStatus), `HTTP status ${httpStatus} from what is no gRPC service`, "answered");
  }

  // RFC 9113, 8.7: the stream was refused before any processing.
  if (reset === NGHTTP2_REFUSED_STREAM) {
    return new CallError(GrpcStatus.Unavailable, "the service refused the stream unread", "unsent", undefined, { cause });
  }

  const detail = cause?.message ?? (reset === undefined || reset === NGHTTP2_NO_ERROR ? "it ended without a status" : `the stream was reset with code ${reset}`);
  return new CallError(GrpcStatus.Unavailable, detail, "sent", undefined, { cause });
}

function settle(chunks: readonly Buffer[], resolve: (message: Uint8Array) => void, reject: (reason: CallError) => void): void {
  const frame = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  if (frame.length < prefixBytes || frame[0] !== 0 || frame.readUInt32BE(1) !== frame.length - prefixBytes) {
    reject(new CallError(GrpcStatus.Internal, "the answer is not one message", "answered"));
    return;
  }

  resolve(frame.subarray(prefixBytes));
}

/** A message with its prefix. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixBytes);
  return frame;
}

// Percent-encoded UTF-8; what is not is given as it is.
function messageOf(header: string | readonly string[] | undefined): string {
  const text = String(header ?? "");
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function detailsOf(header: string | readonly string[] | undefined): Uint8Array | undefined {
  return header === undefined ? undefined : Buffer.from(String(header), "base64");
}
