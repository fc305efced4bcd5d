import { once } from "node:events";
import * as http2 from "node:http2";
import * as net from "node:net";
import { create, fromBinary, fromJson, toBinary, type JsonObject } from "@bufbuild/protobuf";
import {
  AuthorizeBatchRequestSchema, AuthorizeBatchResponseSchema, AuthorizeRequestSchema, AuthorizeResponseSchema, AuthorizeStreamRequestSchema,
  AuthorizeStreamResponseSchema, Reason, type AuthorizeRequest, type AuthorizeResponse,
} from "../../src/gen/decision/v1/authorize_pb.js";
import { BadRequestSchema } from "../../src/gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../../src/gen/google/rpc/status_pb.js";
import { GrpcStatus } from "../../src/calls/grpc-status.js";
import { anyPack } from "@bufbuild/protobuf/wkt";

/** What the service answers to one request. */
export interface Answer {
  readonly response?: JsonObject;
  readonly status?: { readonly code: string; readonly message?: string; readonly violations?: readonly { readonly field: string; readonly description: string }[] };
  readonly hangs?: boolean;
  readonly breaks?: "connection" | "stream" | "refused";
  readonly advance_ms?: number;
  readonly missing_responses?: number;

  /** Of a stream: so many answers come at once, the last first. */
  readonly backwards?: number;
}

export type Listens = "service" | "nobody" | "silence" | "stranger";

export interface ServiceOptions {
  readonly answers?: readonly Answer[];
  readonly listens?: Listens;
  readonly advance?: (ms: number) => void;
  readonly tls?: http2.SecureServerOptions;
  readonly socketPath?: string;
}

/** What an answer is where nothing else is said. */
export const allowed: Answer = { response: { allowed: true, reason: "REASON_ALLOWED", http_status: 200, decision_id: "d-1", key_id: "k-1" } };

/** A service over real connections that answers what a test says, also what no service of ours would, and keeps what it was asked. */
export class ScriptedService {
  readonly asked: AuthorizeRequest[] = [];
  readonly metadata: http2.IncomingHttpHeaders[] = [];
  answers: readonly Answer[];
  connections = 0;
  streams = 0;

  private server: net.Server | undefined;
  private readonly sockets = new Set<net.Socket>();
  private port = 0;

  private constructor(private readonly options: ServiceOptions) {
    this.answers = options.answers ?? [allowed];
  }

  static async start(options: ServiceOptions = {}): Promise<ScriptedService> {
    const service = new ScriptedService(options);
    await service.listen();
    if (options.listens === "nobody") {
      await service.stop();
    }

    return service;
  }

  get address(): string {
    return this.options.socketPath !== undefined ? `unix:${this.options.socketPath}` : `${this.options.tls === undefined ? "http" : "https"}://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    this.server = this.make();
    this.server.on("connection", (socket: net.Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.sockets.delete(socket));
    });
    this.server.listen(this.options.socketPath === undefined ? { host: "127.0.0.1", port: this.port } : { path: this.options.socketPath });
    await once(this.server, "listening");
    const address = this.server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  async stop(): Promise<void> {
    if (this.server?.listening === true) {
      const closed = once(this.server, "close");
      this.server.close();
      this.sockets.forEach((socket) => socket.destroy());
      await closed;
    }
  }

  private make(): net.Server {
    switch (this.options.listens ?? "service") {
      case "silence":
        return net.createServer();
      case "stranger":
        return net.createServer((socket) => socket.write("SSH-2.0-other\r\n"));
      default: {
        const server = this.options.tls === undefined ? http2.createServer() : http2.createSecureServer(this.options.tls);
        server.on("stream", (stream, headers) => void this.answer(stream, headers));
        server.on("sessionError", () => undefined);
        return server as unknown as net.Server;
      }
    }
  }

  private async answer(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): Promise<void> {
    stream.on("error", () => undefined);
    const path = headers[":path"];
    const isBatch = path === "/decision.v1.AuthorizeService/AuthorizeBatch";
    if (path === "/decision.v1.AuthorizeService/AuthorizeStream") {
      this.streams++;
      this.metadata.push(headers);
      this.answerEach(stream);
      return;
    }

    if (path !== "/decision.v1.AuthorizeService/Authorize" && !isBatch) {
      end(stream, { "grpc-status": String(GrpcStatus.Unimplemented) });
      return;
    }

    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
    }

    const message = Buffer.concat(chunks).subarray(5);
    const requests = isBatch ? fromBinary(AuthorizeBatchRequestSchema, message).requests : [fromBinary(AuthorizeRequestSchema, message)];
    const answers = requests.map((request) => {
      this.asked.push(request);
      return this.answers[Math.min(this.asked.length, this.answers.length) - 1]!;
    });
    this.metadata.push(headers);
    const first = answers[0]!;
    if (first.hangs === true) {
      return;
    }

    if (first.breaks !== undefined) {
      this.breakOff(stream, first.breaks);
      return;
    }

    if (first.advance_ms !== undefined) {
      this.options.advance?.(first.advance_ms);
    }

    if (first.status !== undefined) {
      end(stream, statusTrailers(first.status));
      return;
    }

    const responses = answers.map(responseOf).slice(0, answers.length - (first.missing_responses ?? 0));
    const bytes = isBatch ? toBinary(AuthorizeBatchResponseSchema, create(AuthorizeBatchResponseSchema, { responses })) : toBinary(AuthorizeResponseSchema, responses[0]!);
    const frame = frameOf(bytes);
    stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(frame);
  }

  // Answers may be held back until there are so many, and then come backwards.
  private answerEach(stream: http2.ServerHttp2Stream): void {
    let rest = Buffer.alloc(0);
    let isOver = false;
    const held: Buffer[] = [];
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.on("end", () => isOver || stream.end());
    stream.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (!isOver && rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
        const { request } = fromBinary(AuthorizeStreamRequestSchema, rest.subarray(5, 5 + rest.readUInt32BE(1)));
        rest = rest.subarray(5 + rest.readUInt32BE(1));
        this.asked.push(request!);
        isOver = this.answerOne(stream, request!, held);
      }
    });
  }

  /** Answers whether the stream is over. */
  private answerOne(stream: http2.ServerHttp2Stream, request: AuthorizeRequest, held: Buffer[]): boolean {
    const answer = this.answers[Math.min(this.asked.length, this.answers.length) - 1]!;
    if (answer.hangs === true) {
      return false;
    }

    if (answer.breaks !== undefined) {
      this.breakOff(stream, answer.breaks);
      return true;
    }

    if (answer.status !== undefined) {
      end(stream, statusTrailers(answer.status));
      return true;
    }

    if (!stream.headersSent) {
      stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true });
    }

    const response = responseOf(answer);
    response.alias = request.path;
    held.push(frameOf(toBinary(AuthorizeStreamResponseSchema, create(AuthorizeStreamResponseSchema, { response, requestId: request.requestId }))));
    if (held.length >= (answer.backwards ?? 1)) {
      held.reverse().splice(0).forEach((frame) => stream.write(frame));
    }

    return false;
  }

  private breakOff(stream: http2.ServerHttp2Stream, how: NonNullable<Answer["breaks"]>): void {
    if (how === "connection") {
      this.sockets.forEach((socket) => socket.destroy());
    } else {
      stream.close(how === "refused" ? http2.constants.NGHTTP2_REFUSED_STREAM : http2.constants.NGHTTP2_INTERNAL_ERROR);
    }
  }
}

function frameOf(bytes: Uint8Array): Buffer {
  const frame = Buffer.alloc(5 + bytes.length);
  frame.writeUInt32BE(bytes.length, 1);
  frame.set(bytes, 5);
  return frame;
}

// Numbers of reasons that no version knows are no proto JSON.
function responseOf(answer: Answer): AuthorizeResponse {
  const { reason, ...rest } = answer.response ?? {};
  const response = fromJson(AuthorizeResponseSchema, rest);
  response.reason = (typeof reason === "string" ? Reason[reason.replace("REASON_", "") as keyof typeof Reason] : (reason ?? 0)) as Reason;
  return response;
}

function statusTrailers(status: NonNullable<Answer["status"]>): http2.OutgoingHttpHeaders {
  const code = codeOf(status.code);
  return {
    "grpc-status": String(code),
    "grpc-message": encodeURIComponent(status.message ?? ""),
    ...(status.violations === undefined ? {} : { "grpc-status-details-bin": detailsOf(code, status.message ?? "", status.violations) }),
  };
}

/** The number of a status, by its name in gRPC. */
export function codeOf(name: string): GrpcStatus {
  const pascal = name.toLowerCase().replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  const code = GrpcStatus[pascal as keyof typeof GrpcStatus];
  if (code === undefined) {
    throw new Error(`${name} is no status`);
  }

  return code;
}

function detailsOf(code: number, message: string, violations: NonNullable<NonNullable<Answer["status"]>["violations"]>): string {
  const detail = anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [...violations] }));
  return Buffer.from(toBinary(StatusSchema, create(StatusSchema, { code, message, details: [detail] }))).toString("base64");
}

function end(stream: http2.ServerHttp2Stream, trailers: http2.OutgoingHttpHeaders): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc+proto", ...trailers }, { endStream: true });
}
