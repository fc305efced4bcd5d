import type { DecisionClientOptions, FailureMode } from "./options.js";
import { SettingsReader, type ConnectionSettings, type Environment } from "./settings.js";

/** The settings of a client, read and checked. */
export interface ClientSettings extends ConnectionSettings {
  readonly failureMode: FailureMode;
  readonly deadlineMs: number;
  readonly batchDeadlineMs: number;
  readonly token: string | undefined;
  readonly denialMemoryCapacity: number;
}

const names = [
  "address", "failureMode", "deadlineMs", "batchDeadlineMs", "token", "tls", "denialMemoryCapacity", "log", "onVerdict",
] as const satisfies readonly (keyof DecisionClientOptions)[];

const longestDeadlineMs = 60_000;
const longestBatchDeadlineMs = 300_000;
const largestMemory = 1_000_000;

/** Reads the options of a client; throws with everything that is wrong. */
export function clientSettings(options: DecisionClientOptions, environment: Environment): ClientSettings {
  const reader = new SettingsReader(options, names, environment);
  const failureMode = reader.text("failureMode", "DECISION_FAILURE_MODE") ?? "closed";
  reader.check(failureMode === "closed" || failureMode === "open", `failureMode is '${failureMode}': write closed or open.`);
  const settings: ClientSettings = {
    ...reader.connection(),
    failureMode: failureMode as FailureMode,
    deadlineMs: reader.duration("deadlineMs", "DECISION_DEADLINE", 200, longestDeadlineMs),
    batchDeadlineMs: reader.duration("batchDeadlineMs", "DECISION_BATCH_DEADLINE", 5000, longestBatchDeadlineMs),
    token: reader.credential("token", "DECISION_TOKEN"),
    denialMemoryCapacity: reader.whole("denialMemoryCapacity", "DECISION_DENIAL_MEMORY_CAPACITY", 10_000, largestMemory),
  };
  reader.check(options.onVerdict === undefined || typeof options.onVerdict === "function", "onVerdict is no function: write one that takes a verdict, or leave it out.");
  reader.finish();
  return settings;
}
