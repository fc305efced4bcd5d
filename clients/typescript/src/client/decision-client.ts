import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallOutcome } from "../calls/call-outcome.js";
import { ServiceCalls } from "../calls/service-calls.js";
import { AuthorizeService, type AuthorizeRequestSchema, type AuthorizeResponse } from "../gen/decision/v1/authorize_pb.js";
import { ofFailure, toVerdict } from "../mapping/verdict-mapping.js";
import { requireSound, requireSoundBatch } from "../mapping/request-rules.js";
import { toWire } from "../mapping/request-mapping.js";
import { systemClock, type Clock } from "../clock.js";
import { DenialMemory } from "../memory/denial-memory.js";
import type { AuthorizationRequest } from "../request.js";
import type { ServiceFailure, Verdict } from "../verdict.js";
import type { AuthorizationStream } from "./authorization-stream.js";
import { clientSettings, type ClientSettings } from "./client-settings.js";
import type { DecisionClientOptions } from "./options.js";

type Ask = (wire: MessageInitShape<typeof AuthorizeRequestSchema>) => Promise<CallOutcome<AuthorizeResponse>>;

const connectWithinMs = 2000;

/** How one call differs from the others. */
export interface CallOptions {
  /** Gives up waiting: the call then throws the signal's reason. What the service has spent by then stays spent. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the service over gRPC. One of it serves a whole program. Each request is put to one address; to another one only where the first
 * certainly did not get it, so that nothing is spent twice.
 */
export interface DecisionClient extends Disposable {
  /**
   * Asks whether a request may pass, and spends its cost where it may. A denial is an answer; a service that gives none is answered for by the
   * failure mode.
   * @throws DecisionRequestError The request is malformed.
   * @throws DecisionCredentialError The service does not let this client ask.
   */
  authorize(request: AuthorizationRequest, options?: CallOptions): Promise<Verdict>;

  /**
   * Asks about up to 1,000 independent requests in one call, with the deadline of batches; one verdict for each, at the same position. One
   * malformed request refuses all of them before anything is spent. The memory of denials takes no part.
   * @throws DecisionRequestError A request is malformed; the field names its position, as in `requests[3].cost`.
   * @throws DecisionCredentialError The service does not let this client ask.
   */
  authorizeBatch(requests: readonly AuthorizationRequest[], options?: CallOptions): Promise<readonly Verdict[]>;

  /** Opens a stream, on which each decision costs less than a call of its own; for sidecars, and for whatever asks all the time. */
  stream(): AuthorizationStream;

  /**
   * Connects to every address and spends nothing, so that the first decision does not have to within its deadline. Waits 2 seconds at most.
   * Answers how many addresses answered; one that does not is tried again by itself.
   */
  connect(): Promise<number>;

  /** Closes the connections. Calls that are under way fail; later ones throw. */
  close(): void;
}

/**
 * Makes a client. It connects with its first call, or with `connect()`.
 * @throws DecisionOptionsError Options are wrong; all of them are named, with what to write.
 */
export function createDecisionClient(options: DecisionClientOptions = {}): DecisionClient {
  return new GrpcDecisionClient(clientSettings(options, process.env), options.onVerdict);
}

/** See {@link DecisionClient}. */
export class GrpcDecisionClient implements DecisionClient {
  private readonly calls: ServiceCalls;
  private readonly memory: DenialMemory;

  constructor(
    private readonly settings: ClientSettings,
    private readonly onVerdict?: (verdict: Verdict) => void,
    private readonly clock: Clock = systemClock,
  ) {
    if (settings.failureMode === "open") {
      settings.log.warn("failureMode is open: every request passes while the Decision service does not answer.");
    }

    this.memory = new DenialMemory(settings.denialMemoryCapacity, clock);
    this.calls = new ServiceCalls(settings, settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` }, clock);
  }

  get rememberedDenials(): number {
    return this.memory.size;
  }

  authorize(request: AuthorizationRequest, options: CallOptions = {}): Promise<Verdict> {
    return this.decide(request, options, (wire) => this.calls.call(AuthorizeService.method.authorize, wire, this.settings.deadlineMs, options.signal));
  }

  stream(): AuthorizationStream {
    const stream = this.calls.stream();
    const close = (): void => stream.close();
    return {
      authorize: (request, options = {}) => this.decide(request, options, (wire) => stream.ask(wire, this.settings.deadlineMs, options.signal)),
      close,
      [Symbol.dispose]: close,
    };
  }

  private async decide(request: AuthorizationRequest, options: CallOptions, ask: Ask): Promise<Verdict> {
    requireSound(request);
    if (!this.memory.covers(request)) {
      return this.conclude(await ask(toWire(request)));
    }

    const fingerprint = this.memory.fingerprint(request);
    const remembered = this.memory.find(fingerprint);
    if (remembered !== undefined) {
      options.signal?.throwIfAborted();
      return this.told(remembered);
    }

    const askedAt = this.clock.now();
    const verdict = this.conclude(await ask(toWire(request)));
    this.memory.remember(fingerprint, verdict, askedAt);
    return verdict;
  }

  async authorizeBatch(requests: readonly AuthorizationRequest[], options: CallOptions = {}): Promise<readonly Verdict[]> {
    requireSoundBatch(requests);
    const outcome = await this.calls.call(
      AuthorizeService.method.authorizeBatch, { requests: requests.map(toWire) }, this.settings.batchDeadlineMs, options.signal);
    const answers = outcome.response?.responses;
    const failure = answers !== undefined && answers.length !== requests.length
      ? { kind: "error" as const, detail: `It answered ${answers.length} of ${requests.length} requests.`, mayHaveSpent: true }
      : failureIn(outcome);
    return requests.map((_, index) => this.told(failure === undefined ? toVerdict(answers![index]!) : ofFailure(this.settings.failureMode, failure)));
  }

  connect(): Promise<number> {
    return this.calls.connect(connectWithinMs);
  }

  close(): void {
    this.calls.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private conclude(outcome: CallOutcome<AuthorizeResponse>): Verdict {
    const failure = failureIn(outcome);
    return this.told(failure === undefined ? toVerdict(outcome.response!) : ofFailure(this.settings.failureMode, failure));
  }

  private told(verdict: Verdict): Verdict {
    try {
      this.onVerdict?.(verdict);
    } catch (error) {
      this.settings.log.warn(`onVerdict failed: ${error instanceof Error ? error.message : String(error)}`);
    }

    return verdict;
  }
}

function failureIn(outcome: CallOutcome<unknown>): ServiceFailure | undefined {
  return outcome.failure && { kind: outcome.failure.kind, detail: outcome.failure.detail, mayHaveSpent: !outcome.failure.certainlyUnsent };
}
