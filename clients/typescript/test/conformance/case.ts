import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Answer, Listens } from "../support/scripted-service.js";

/** A file of cases, as clients/conformance/README.md describes it. */
export interface CaseFile {
  readonly about: string;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly name: string;
  readonly given?: readonly Step[];
  readonly services?: readonly { readonly answers?: readonly Answer[]; readonly listens?: Listens }[];
  readonly client?: {
    readonly failure_mode?: "closed" | "open";
    readonly deadline_ms?: number | null;
    readonly token?: string | null;
    readonly denial_memory_capacity?: number;
  };
  readonly steps: readonly Step[];
}

export interface Step {
  readonly authorize?: JsonObject;
  readonly times?: number;
  readonly parallel?: number;
  readonly batch?: readonly JsonObject[];
  readonly expect_each?: readonly JsonObject[];
  readonly admin?: string;
  readonly secret?: string;
  readonly expect_response?: JsonObject;
  readonly explain?: JsonObject;
  readonly expect_steps?: Readonly<Record<string, string>>;
  readonly connect?: boolean;
  readonly expect_answering?: number;
  readonly advance_ms?: number;
  readonly stop?: number;
  readonly start?: number;
  readonly until_asked?: number;
  readonly request?: JsonObject;
  readonly expect?: JsonObject;
  readonly error?: ExpectedError;
  readonly as?: string;
  readonly asked?: readonly number[];
  readonly asked_in_all?: number;
  readonly asked_at_most?: number;
  readonly received?: JsonObject;
  readonly received_metadata?: Readonly<Record<string, string>>;
  readonly received_deadline_ms?: readonly [number, number];
  readonly took_ms?: readonly [number, number];
}

export interface ExpectedError {
  readonly type: "request" | "credential" | "admin";
  readonly violations?: readonly string[];
  readonly message_has?: readonly string[];
  readonly message_lacks?: readonly string[];
  readonly code?: string;
}

const names = {
  file: ["about", "cases"],
  case: ["name", "given", "services", "client", "steps"],
  service: ["answers", "listens"],
  answer: ["response", "status", "hangs", "breaks", "advance_ms", "missing_responses"],
  client: ["failure_mode", "deadline_ms", "token", "denial_memory_capacity"],
  step: [
    "authorize", "times", "parallel", "batch", "expect_each", "admin", "secret", "expect_response", "explain", "expect_steps", "connect",
    "expect_answering", "advance_ms", "stop", "start", "until_asked", "request", "expect", "error", "as", "asked", "asked_in_all", "asked_at_most",
    "received", "received_metadata", "received_deadline_ms", "took_ms",
  ],
  error: ["type", "violations", "message_has", "message_lacks", "code"],
};

/** Throws where a file has something that this runner does not know: nothing is skipped unseen. */
export function requireKnown(file: CaseFile): void {
  check(file, names.file, "the file");
  for (const one of file.cases) {
    check(one, names.case, one.name);
    check(one.client ?? {}, names.client, one.name);
    for (const service of one.services ?? []) {
      check(service, names.service, one.name);
      service.answers?.forEach((answer) => check(answer, names.answer, one.name));
    }

    for (const step of [...(one.given ?? []), ...one.steps]) {
      check(step, names.step, one.name);
      check(step.error ?? {}, names.error, one.name);
    }
  }
}

/** Puts kept fields in the place of `${name.field}`, and `${unique}`, in every text of a value and in names of fields. */
export function filledIn<Value>(value: Value, kept: ReadonlyMap<string, JsonValue>): Value {
  if (typeof value === "string") {
    return value.replace(/\$\{(\w+)(?:\.([\w.]+))?\}/g, (_, name: string, path: string | undefined) => {
      if (path === undefined) {
        return String(kept.get(name));
      }

      const found = path.split(".").reduce<JsonValue | undefined>((part, field) => (part as JsonObject | undefined)?.[field], kept.get(name));
      if (found === undefined || typeof found === "object") {
        throw new Error(`nothing was kept as ${name}.${path}`);
      }

      return String(found);
    }) as Value;
  }

  if (Array.isArray(value)) {
    return value.map((one) => filledIn(one, kept)) as Value;
  }

  return typeof value === "object" && value !== null
    ? (Object.fromEntries(Object.entries(value).map(([name, one]) => [filledIn(name, kept), filledIn(one, kept)])) as Value)
    : value;
}

function check(value: object, known: readonly string[], where: string): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new Error(`${where} has ${name}, which this runner does not know`);
    }
  }
}
