import { readFileSync } from "node:fs";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { DecisionOptionsError } from "../errors.js";
import { parseAddresses, type ServiceAddress } from "./address.js";
import { durationMs } from "./duration.js";
import type { ConnectionOptions, DecisionLog, TlsOptions } from "./options.js";

/** Where settings come from that are left out. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of connections, read and checked. */
export interface ConnectionSettings {
  readonly addresses: readonly ServiceAddress[];
  readonly tls: TlsOptions;
  readonly log: DecisionLog;
}

const defaultAddress = "http://127.0.0.1:50051";
const tlsNames = ["caFile", "certificateFile", "keyFile", "serverName"] as const;

/** Reads options, from code or else the environment, and collects everything that is wrong with them. */
export class SettingsReader<Options extends ConnectionOptions> {
  readonly problems: string[] = [];

  constructor(
    private readonly options: Options,
    names: readonly (keyof Options & string)[],
    private readonly environment: Environment,
  ) {
    this.checkNames("", options, names);
  }

  /** A text; an empty variable is one that is not set. */
  text(name: keyof Options & string, variable: string): string | undefined {
    const value = this.options[name] as unknown;
    if (value === undefined || value === null) {
      return this.environment[variable] === "" ? undefined : this.environment[variable];
    }

    if (typeof value !== "string") {
      this.problems.push(`${name} is ${shown(value)}: write a text, or leave it out.`);
      return undefined;
    }

    return value;
  }

  /** A duration in milliseconds, in the environment with its unit. */
  duration(name: keyof Options & string, variable: string, otherwise: number, longest: number): number {
    let value = this.options[name] as unknown;
    let label = name as string;
    if (value === undefined) {
      const text = this.environment[variable];
      if (text === undefined || text === "") {
        return otherwise;
      }

      label = variable;
      value = durationMs(text);
      if (value === undefined) {
        this.problems.push(`${variable} is '${text}': write a number with its unit, such as 200ms or 1s.`);
        return otherwise;
      }
    }

    if (typeof value !== "number" || !(value >= 1 && value <= longest)) {
      this.problems.push(`${label} is ${shown(value)}: write 1 to ${longest} milliseconds, such as ${otherwise}.`);
      return otherwise;
    }

    return value;
  }

  /** A whole number. */
  whole(name: keyof Options & string, variable: string, otherwise: number, most: number): number {
    const given = this.options[name] as unknown;
    const text = given === undefined ? this.environment[variable] : undefined;
    if (given === undefined && (text === undefined || text === "")) {
      return otherwise;
    }

    const value = given ?? (/^-?\d+$/.test(text ?? "") ? Number(text) : text);
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most) {
      this.problems.push(`${given === undefined ? variable : name} is ${shown(value)}: write 0 to ${most}.`);
      return otherwise;
    }

    return value;
  }

  /** A text that is sent as a credential; it is in no message. */
  credential(name: keyof Options & string, variable: string): string | undefined {
    const value = this.options[name] === undefined ? this.environment[variable] : (this.options[name] as unknown);
    if (value === undefined || (value === "" && this.options[name] === undefined)) {
      return undefined;
    }

    if (typeof value !== "string" || !/^[!-~]+$/.test(value)) {
      this.problems.push(
        `${this.options[name] === undefined ? variable : name} is empty or has characters other than visible ASCII: write it alone, without Bearer, or leave it out.`,
      );
      return undefined;
    }

    return value;
  }

  /** Where to connect to, and how. */
  connection(): ConnectionSettings {
    const given = this.options.address ?? (this.environment["DECISION_ADDRESS"] || defaultAddress);
    const isText = typeof given === "string" || (Array.isArray(given) && given.every((one) => typeof one === "string"));
    const addresses = isText ? parseAddresses(given) : `is ${shown(given)}: write a text, or a list of texts.`;
    if (typeof addresses === "string") {
      this.problems.push(`address ${addresses}`);
    }

    return {
      addresses: typeof addresses === "string" ? [] : addresses,
      tls: this.tls(typeof addresses === "string" ? undefined : addresses),
      log: this.log(),
    };
  }

  /** A problem of the caller's own. */
  check(isRight: boolean, problem: string): void {
    if (!isRight) {
      this.problems.push(problem);
    }
  }

  /** Throws with every problem. */
  finish(): void {
    if (this.problems.length > 0) {
      throw new DecisionOptionsError(this.problems);
    }
  }

  private tls(addresses: readonly ServiceAddress[] | undefined): TlsOptions {
    const given = this.options.tls ?? {};
    this.checkNames("tls.", given, tlsNames);
    const tls: TlsOptions = {
      caFile: given.caFile ?? (this.environment["DECISION_TLS_CA_FILE"] || undefined),
      certificateFile: given.certificateFile ?? (this.environment["DECISION_TLS_CERTIFICATE_FILE"] || undefined),
      keyFile: given.keyFile ?? (this.environment["DECISION_TLS_KEY_FILE"] || undefined),
      serverName: given.serverName ?? (this.environment["DECISION_TLS_SERVER_NAME"] || undefined),
    };
    const isSet = tlsNames.some((name) => tls[name] !== undefined);
    this.check(!isSet || addresses?.some((address) => address.tls) !== false, "tls is set, but no address begins with https://: write the address so, or leave tls out.");
    this.check((tls.certificateFile === undefined) === (tls.keyFile === undefined), "tls.certificateFile and tls.keyFile belong together: write both or none.");
    this.check(
      tls.serverName === undefined || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(tls.serverName),
      `tls.serverName is '${tls.serverName}': write the host name in the service's certificate, or leave it out.`,
    );
    this.checkFile("tls.caFile", tls.caFile, "with at least one certificate", (pem) => new X509Certificate(pem));
    this.checkFile("tls.certificateFile", tls.certificateFile, "of a certificate", (pem) => new X509Certificate(pem));
    this.checkFile("tls.keyFile", tls.keyFile, "of a private key that is not encrypted", (pem) => createPrivateKey(pem));
    return tls;
  }

  private checkFile(name: string, file: string | undefined, what: string, read: (pem: Buffer) => unknown): void {
    if (file === undefined) {
      return;
    }

    try {
      read(readFileSync(file));
    } catch (error) {
      this.problems.push(`${name} is '${file}', which cannot be read (${(error as Error).message}): write a PEM file ${what}.`);
    }
  }

  private log(): DecisionLog {
    const log = this.options.log;
    if (log === false) {
      return { warn: () => undefined, info: () => undefined };
    }

    if (log !== undefined && (typeof log.warn !== "function" || typeof log.info !== "function")) {
      this.problems.push("log has no functions warn and info: write a logger such as console, or false.");
      return { warn: () => undefined, info: () => undefined };
    }

    // console.info writes to stdout, which may be a program's output.
    return log ?? { warn: (message) => console.error(message), info: (message) => console.error(message) };
  }

  private checkNames(prefix: string, given: object, names: readonly string[]): void {
    for (const name of Object.keys(given)) {
      this.check(names.includes(name), `${prefix}${name} is not an option: there are ${names.join(", ")}.`);
    }
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? `'${value}'` : typeof value === "object" ? "an object" : String(value);
}
