import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "../client/options.js";
import { SettingsReader, type ConnectionSettings, type Environment } from "../client/settings.js";

/** Settings of a client for administration. What is left out comes from the environment, under the name at each. */
export interface AdminClientOptions extends ConnectionOptions {
  /** The admin secret. `DECISION_ADMIN_SECRET`. This or {@link secretFile} is needed. */
  readonly secret?: string | undefined;

  /** A file with the admin secret, such as `data/admin-secret` of the server; blanks and line ends around it do not count. `DECISION_ADMIN_SECRET_FILE`. */
  readonly secretFile?: string | undefined;

  /** How long one call may take, in milliseconds, 1 to 300,000. Default: 10,000. `DECISION_ADMIN_DEADLINE`, such as `10s`. */
  readonly deadlineMs?: number | undefined;
}

/** The settings, read and checked. */
export interface AdminSettings extends ConnectionSettings {
  readonly secret: string;
  readonly deadlineMs: number;
}

const names = ["address", "tls", "log", "secret", "secretFile", "deadlineMs"] as const satisfies readonly (keyof AdminClientOptions)[];

/** Reads the options; throws with everything that is wrong. */
export function adminSettings(options: AdminClientOptions, environment: Environment): AdminSettings {
  const reader = new SettingsReader(options, names, environment);
  const settings = {
    ...reader.connection(),
    deadlineMs: reader.duration("deadlineMs", "DECISION_ADMIN_DEADLINE", 10_000, 300_000),
    secret: secret(reader, options) ?? "",
  };
  reader.finish();
  return settings;
}

function secret(reader: SettingsReader<AdminClientOptions>, options: AdminClientOptions): string | undefined {
  // What is in code counts over the environment, of whichever kind it is.
  const file = options.secret === undefined ? reader.text("secretFile", "DECISION_ADMIN_SECRET_FILE") : undefined;
  const text = options.secretFile === undefined ? reader.credential("secret", "DECISION_ADMIN_SECRET") : undefined;
  reader.check(options.secret === undefined || options.secretFile === undefined, "secret and secretFile are both set: write one of them.");
  if (text !== undefined) {
    return text;
  }

  if (file === undefined) {
    reader.check(reader.problems.length > 0, "secret is missing: write the service's admin secret, or secretFile, or set DECISION_ADMIN_SECRET.");
    return undefined;
  }

  try {
    const read = readFileSync(file, "utf8").trim();
    reader.check(/^[!-~]+$/.test(read), `secretFile is '${file}', which is empty or has characters other than visible ASCII: write the secret alone into it.`);
    return read;
  } catch (error) {
    reader.check(false, `secretFile is '${file}', which cannot be read (${(error as Error).message}).`);
    return undefined;
  }
}
