import type { DecisionClient } from "../client/decision-client.js";
import type { DecisionLog } from "../client/options.js";
import { DecisionOptionsError } from "../errors.js";
import type { KeyPlaces } from "./key-finder.js";

/** What the middleware for every framework needs to know. */
export interface GuardOptions {
  /** The client that asks; one for the whole program. */
  readonly client: DecisionClient;

  /** The organisation that every key must belong to: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ -`. Default: any. */
  readonly organizationId?: string | undefined;

  /** The headers that may hold the key; the first that is there counts. A leading `Bearer ` is allowed. Default: `X-Api-Key`, then `Authorization`. */
  readonly keyHeader?: string | readonly string[] | undefined;

  /** The query parameter that holds the key, where no header does. Default: none. */
  readonly keyQueryParameter?: string | undefined;

  /** The cookie that holds the key, where neither header nor query parameter does. Default: none. */
  readonly keyCookie?: string | undefined;

  /** True = the key is taken out of the request before it goes on, so that nothing behind sees it. Default: false. */
  readonly removeCredential?: boolean | undefined;

  /** Where to tell that the service does not let this program ask. Default: stderr. `false` = nowhere. */
  readonly log?: DecisionLog | false | undefined;
}

/** What is asked about a request. */
export interface GuardRule {
  /** The API; left out = the service finds it by host and path in its API registry. */
  readonly apiId?: string | undefined;

  /** The version of the API; left out = its default. */
  readonly apiVersion?: string | undefined;

  /** What the request counts for on every limit, in units, 1 or more; left out = 1. */
  readonly cost?: number | undefined;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const id = /^[A-Za-z0-9._~-]{1,128}$/;

/** Whether an id is one that the service takes. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && id.test(value);
}

/** Everything that is wrong with options, each with what to write instead. */
export function optionProblems(options: GuardOptions, names: readonly string[]): string[] {
  const problems: string[] = [];
  const check = (isRight: boolean, problem: string): void => void (isRight || problems.push(problem));
  for (const name of Object.keys(options)) {
    check(names.includes(name), `${name} is not an option: there are ${names.join(", ")}.`);
  }

  check(typeof options.client?.authorize === "function", "client is missing: write the client that createDecisionClient made.");
  check(options.organizationId === undefined || isId(options.organizationId), `organizationId is '${options.organizationId}': write 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, or leave it out.`);
  const headers = headerNames(options);
  for (const header of headers) {
    check(token.test(header), `keyHeader has '${header}', which no header can be called: write names such as X-Api-Key.`);
  }

  check(options.keyQueryParameter !== "", "keyQueryParameter is empty: write the parameter's name, or leave it out.");
  check(options.keyCookie === undefined || token.test(options.keyCookie), `keyCookie is '${options.keyCookie}', which no cookie can be called: write its name, or leave it out.`);
  check(
    headers.length > 0 || options.keyQueryParameter !== undefined || options.keyCookie !== undefined,
    "Nothing says where keys are: write keyHeader, keyQueryParameter or keyCookie.");
  return problems;
}

/** The problems of a rule that is known beforehand. */
export function ruleProblems(rule: GuardRule): string[] {
  return [
    ...(rule.apiId === undefined || isId(rule.apiId) ? [] : [`apiId is '${rule.apiId}': write 1 to 128 characters of A-Z a-z 0-9 . _ ~ -, or leave it out (the service finds the API by host and path).`]),
    ...(rule.cost === undefined || (Number.isSafeInteger(rule.cost) && rule.cost >= 1) ? [] : [`cost is ${rule.cost}: write a whole number, 1 or more.`]),
  ];
}

/** Throws with every problem. */
export function requireNone(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new DecisionOptionsError(problems);
  }
}

/** Where keys are. */
export function keyPlaces(options: GuardOptions): KeyPlaces {
  return { headers: headerNames(options).map((name) => name.toLowerCase()), queryParameter: options.keyQueryParameter, cookie: options.keyCookie };
}

function headerNames(options: GuardOptions): string[] {
  const given = options.keyHeader ?? ["X-Api-Key", "Authorization"];
  return (typeof given === "string" ? given.split(",") : [...given]).map((name) => name.trim()).filter((name) => name !== "");
}
