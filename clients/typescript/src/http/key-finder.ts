import type { IncomingMessage } from "node:http";

/** Where requests may carry their key. */
export interface KeyPlaces {
  /** Names of headers, in lower case; the first that is there counts. */
  readonly headers: readonly string[];
  readonly queryParameter: string | undefined;
  readonly cookie: string | undefined;
}

/** A key as presented, and where it was; an empty text = none. */
export interface FoundKey {
  readonly text: string;
  readonly place: "none" | "header" | "query" | "cookie";
  readonly name: string;
}

const none: FoundKey = { text: "", place: "none", name: "" };

/**
 * Takes the key out of a request: from a header, else from the query, else from a cookie; a text = why it cannot be told which one is meant. A
 * place that holds two keys is refused: what is behind could go by the other one.
 */
export function findKey(message: IncomingMessage, target: string, places: KeyPlaces): FoundKey | string {
  for (const name of places.headers) {
    const values = headerValues(message, name);
    if (values.length > 1) {
      return `${name} was sent ${values.length} times: send the key once.`;
    }

    if (values.length === 1 && values[0] !== "") {
      return { text: values[0]!, place: "header", name };
    }
  }

  if (places.queryParameter !== undefined) {
    const name = places.queryParameter;
    const values = queryPairs(target).filter((pair) => nameOf(pair) === name).map((pair) => decoded(pair.slice(pair.indexOf("=") + 1 || pair.length)));
    if (values.length > 1) {
      return `The query parameter ${name} was sent ${values.length} times: send the key once.`;
    }

    if (values.length === 1 && values[0] !== "") {
      return { text: values[0]!, place: "query", name };
    }
  }

  if (places.cookie !== undefined) {
    const name = places.cookie;
    const values = cookies(message).filter((cookie) => cookieName(cookie) === name).map((cookie) => unquoted(cookie.slice(cookie.indexOf("=") + 1).trim()));
    if (values.length > 1) {
      return `The cookie ${name} was sent ${values.length} times: send the key once.`;
    }

    if (values.length === 1 && values[0] !== "") {
      return { text: values[0]!, place: "cookie", name };
    }
  }

  return none;
}

/** The values of a header, one by one, as they came: `headers` joins some and drops others. */
export function headerValues(message: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    if (message.rawHeaders[index]!.toLowerCase() === name) {
      values.push(message.rawHeaders[index + 1]!);
    }
  }

  return values;
}

/** A target without a query parameter; what else is there stays as it was written. */
export function withoutParameter(target: string, name: string): string {
  const start = target.indexOf("?");
  if (start < 0) {
    return target;
  }

  const kept = queryPairs(target).filter((pair) => nameOf(pair) !== name).join("&");
  return target.slice(0, start) + (kept === "" ? "" : `?${kept}`);
}

/** The cookies of a request without one of them, as a header; undefined = none is left. */
export function withoutCookie(message: IncomingMessage, name: string): string | undefined {
  return cookies(message).filter((cookie) => cookieName(cookie) !== name).join("; ") || undefined;
}

function queryPairs(target: string): string[] {
  const start = target.indexOf("?");
  return start < 0 || start + 1 === target.length ? [] : target.slice(start + 1).split("&");
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return decoded(equals < 0 ? pair : pair.slice(0, equals));
}

// What is no escape stays as it is, and so is part of no key.
function decoded(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

// Names of cookies are compared exactly (RFC 6265).
function cookies(message: IncomingMessage): string[] {
  return headerValues(message, "cookie").flatMap((header) => header.split(";")).map((cookie) => cookie.trim()).filter((cookie) => cookie.includes("="));
}

function cookieName(cookie: string): string {
  return cookie.slice(0, cookie.indexOf("=")).trim();
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
