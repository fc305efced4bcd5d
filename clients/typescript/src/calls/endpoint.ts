import { fromBinary, type DescMessage, type DescMethodBiDiStreaming, type DescMethodServerStreaming, type DescMethodUnary, type MessageShape } from "@bufbuild/protobuf";
import type { ServiceAddress } from "../client/address.js";
import type { ConnectionSettings } from "../client/settings.js";
import { Health } from "../gen/grpc/health/v1/health_pb.js";
import { failureOf } from "./call-failure.js";
import { Connection, type OpenStream } from "./connection.js";
import type { EndpointReport } from "./endpoint-report.js";
import type { CallLimits } from "./unary-call.js";

/** What goes with each call. */
export type CallMetadata = Readonly<Record<string, string>>;

/** One address with its connection. */
export class Endpoint {
  /** True = it does not answer; others are asked first. */
  isPaused = false;

  private readonly connection: Connection;

  constructor(
    readonly address: ServiceAddress,
    settings: ConnectionSettings,
    readonly report: EndpointReport,
  ) {
    this.connection = new Connection(address, settings.tls);
  }

  /** Calls; throws a CallError, or the signal's reason. It is not repeated: a request that was sent may have been spent. */
  async call<O extends DescMessage>(method: DescMethodUnary<DescMessage, O>, message: Uint8Array, metadata: CallMetadata, limits: CallLimits): Promise<MessageShape<O>> {
    return fromBinary(method.output, await this.connection.call(`/${method.parent.typeName}/${method.name}`, message, metadata, limits));
  }

  /** Opens a call for any number of messages. */
  open(method: DescMethodBiDiStreaming | DescMethodServerStreaming, metadata: CallMetadata, limits: CallLimits): Promise<OpenStream> {
    return this.connection.open(`/${method.parent.typeName}/${method.name}`, metadata, limits);
  }

  /** Connects and asks for its health, which spends nothing; answers whether anybody answered. */
  async isThere(metadata: CallMetadata, limits: CallLimits): Promise<boolean> {
    try {
      await this.call(Health.method.check, new Uint8Array(), metadata, limits);
      return true;
    } catch (reason) {
      return failureOf(reason).kind === "error";
    }
  }

  close(): void {
    this.connection.close();
  }
}
