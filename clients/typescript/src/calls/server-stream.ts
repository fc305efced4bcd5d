import { fromBinary, type DescMessage, type DescMethodServerStreaming, type MessageShape } from "@bufbuild/protobuf";
import * as http2 from "node:http2";
import { CallError } from "./call-error.js";
import type { CallMetadata, Endpoint } from "./endpoint.js";
import { GrpcStatus } from "./grpc-status.js";
import { endOf, framed, largestAnswerBytes, prefixBytes, type AnswerHeaders } from "./unary-call.js";

const openWithinMs = 10_000;

/**
 * The answers of a call that has many, as they come; whoever stops reading ends the call. `onBegun`: the service has answered. Throws a CallError, or
 * the signal's reason.
 */
export async function* serverStream<O extends DescMessage>(
  endpoint: Endpoint, method: DescMethodServerStreaming<DescMessage, O>, message: Uint8Array, metadata: CallMetadata, onBegun: () => void, signal?: AbortSignal,
): AsyncGenerator<MessageShape<O>, void, undefined> {
  const { stream, hold, release } = await endpoint.open(method, metadata, { until: performance.now() + openWithinMs, signal });
  let headers: AnswerHeaders = {};
  let trailers: http2.IncomingHttpHeaders | undefined;
  let cause: Error | undefined;
  const closed = new Promise<void>((resolve) => stream.once("close", resolve));
  const giveUp = (): void => stream.close(http2.constants.NGHTTP2_CANCEL);
  signal?.addEventListener("abort", giveUp, { once: true });
  stream.on("response", (received) => {
    headers = received;
    onBegun();
  });
  stream.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("error", (error) => {
    cause = error;
  });
  hold();
  try {
    stream.end(framed(message));
    yield* messages(stream, method.output);
    await closed;
  } catch (error) {
    if (error instanceof CallError) {
      throw error;
    }

    cause ??= error as Error;
    await closed;
  } finally {
    signal?.removeEventListener("abort", giveUp);
    giveUp();
    release();
  }

  signal?.throwIfAborted();
  const failure = endOf(stream.rstCode, headers, trailers, cause);
  if (failure !== undefined) {
    throw failure;
  }
}

async function* messages<O extends DescMessage>(stream: http2.ClientHttp2Stream, schema: O): AsyncGenerator<MessageShape<O>, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= prefixBytes) {
      const end = prefixBytes + rest.readUInt32BE(1);
      if (rest[0] !== 0 || end > largestAnswerBytes) {
        throw new CallError(GrpcStatus.Internal, "an answer is no message", "answered");
      }

      if (rest.length < end) {
        break;
      }

      yield fromBinary(schema, rest.subarray(prefixBytes, end));
      rest = rest.subarray(end);
    }
  }
}
