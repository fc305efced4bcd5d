import type { DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { isCleartext } from "../client/address.js";
import type { ConnectionSettings } from "../client/settings.js";
import { systemClock, type Clock } from "../clock.js";
import { DecisionClosedError, type DecisionError } from "../errors.js";
import { failureOf, mistakeOf, type CallFailure } from "./call-failure.js";
import type { CallOutcome } from "./call-outcome.js";
import { DecisionStream } from "./decision-stream.js";
import { encoded } from "./encoded.js";
import { Endpoint, type CallMetadata } from "./endpoint.js";
import { EndpointReport } from "./endpoint-report.js";
import { EndpointRotation } from "./endpoint-rotation.js";
import { serverStream } from "./server-stream.js";

const probeEveryMs = 1000;

/**
 * Puts a call to one address, and to another one only where the first certainly did not get it: a request that was sent may have been
 * spent, whatever came back.
 */
export class ServiceCalls {
  private readonly endpoints: readonly Endpoint[];
  private readonly rotation: EndpointRotation;
  private readonly probes = new Map<Endpoint, () => void>();
  private isClosed = false;

  constructor(
    settings: ConnectionSettings,
    private readonly metadata: CallMetadata,
    private readonly clock: Clock = systemClock,
  ) {
    this.endpoints = settings.addresses.map((address) => new Endpoint(address, settings, new EndpointReport(address.text, settings.log, clock)));
    this.rotation = new EndpointRotation(this.endpoints);
    for (const { address } of this.endpoints) {
      if (isCleartext(address)) {
        settings.log.warn(
          `The Decision service is asked at ${address.text} without TLS: keys cross the network in clear. Use https://, or a service on this machine.`);
      }
    }
  }

  /** Calls. Throws a DecisionError for a mistake of the caller's, and the signal's reason where it gave up. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>, message: MessageInitShape<I>, deadlineMs: number, signal?: AbortSignal,
  ): Promise<CallOutcome<MessageShape<O>>> {
    this.requireOpen();
    signal?.throwIfAborted();
    const bytes = encoded(method.input, message);
    const limits = { until: performance.now() + deadlineMs, signal };
    let failure: CallFailure | undefined;
    for (const endpoint of this.rotation.order()) {
      try {
        const response = await endpoint.call(method, bytes, this.metadata, limits);
        endpoint.report.answered();
        return { response };
      } catch (reason) {
        signal?.throwIfAborted();
        failure = failureOf(reason);
      }

      const mistake = mistakeOf(failure);
      if (mistake !== undefined) {
        endpoint.report.answered();
        throw mistake;
      }

      this.failed(endpoint, failure);
      if (!failure.certainlyUnsent || failure.kind === "timed_out") {
        break;
      }
    }

    return { failure: failure! };
  }

  /**
   * A call with many answers, which lasts as long as whoever reads them likes. Throws a DecisionError: for a mistake of the caller's, or what `failed`
   * makes of a failure; and the signal's reason where it gave up.
   */
  async *callForMany<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>, message: MessageInitShape<I>, failed: (failure: CallFailure) => DecisionError, signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    this.requireOpen();
    signal?.throwIfAborted();
    const bytes = encoded(method.input, message);
    let failure: CallFailure | undefined;
    for (const endpoint of this.rotation.order()) {
      try {
        yield* serverStream(endpoint, method, bytes, this.metadata, () => endpoint.report.answered(), signal);
        return;
      } catch (reason) {
        signal?.throwIfAborted();
        failure = failureOf(reason);
      }

      const mistake = mistakeOf(failure);
      if (mistake !== undefined) {
        throw mistake;
      }

      this.failed(endpoint, failure);
      if (!failure.certainlyUnsent || failure.kind === "timed_out") {
        break;
      }
    }

    throw failed(failure!);
  }

  /** A stream of decisions, which asks the same addresses by the same rules. */
  stream(): DecisionStream {
    return new DecisionStream({
      metadata: this.metadata,
      hasSeveral: this.endpoints.length > 1,
      order: () => this.rotation.order(),
      failed: (endpoint, failure) => this.failed(endpoint, failure),
      requireOpen: () => this.requireOpen(),
    });
  }

  /** Connects to every address; answers how many answered. */
  async connect(withinMs: number): Promise<number> {
    this.requireOpen();
    const limits = { until: performance.now() + withinMs };
    const found = await Promise.all(this.endpoints.map((endpoint) => endpoint.isThere(this.metadata, limits)));
    this.endpoints.forEach((endpoint, index) => {
      if (found[index] === false) {
        endpoint.report.failed("it does not answer.");
        this.pause(endpoint);
      }
    });
    return found.filter((isThere) => isThere).length;
  }

  close(): void {
    this.isClosed = true;
    this.probes.forEach((cancel) => cancel());
    this.probes.clear();
    this.endpoints.forEach((endpoint) => endpoint.close());
  }

  private requireOpen(): void {
    if (this.isClosed) {
      throw new DecisionClosedError();
    }
  }

  private failed(endpoint: Endpoint, failure: CallFailure): void {
    endpoint.report.failed(failure.detail);
    if (failure.kind !== "error") {
      this.pause(endpoint);
    }
  }

  // With one address there is no other to ask, and nothing to gain.
  private pause(endpoint: Endpoint): void {
    if (this.endpoints.length > 1 && !endpoint.isPaused && !this.isClosed) {
      endpoint.isPaused = true;
      this.probeLater(endpoint);
    }
  }

  // Looks after an address that does not answer, so that no call has to find out.
  private probeLater(endpoint: Endpoint): void {
    this.probes.set(endpoint, this.clock.after(probeEveryMs, () => void this.probe(endpoint)));
  }

  private async probe(endpoint: Endpoint): Promise<void> {
    const isThere = await endpoint.isThere(this.metadata, { until: performance.now() + probeEveryMs });
    if (this.isClosed) {
      return;
    }

    if (isThere) {
      endpoint.isPaused = false;
      this.probes.delete(endpoint);
      endpoint.report.answered();
    } else {
      this.probeLater(endpoint);
    }
  }
}
