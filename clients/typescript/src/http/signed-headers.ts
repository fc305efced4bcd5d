import type { IncomingMessage } from "node:http";
import type { RequestHeader } from "../request.js";
import { headerValues } from "./key-finder.js";

const defaultHeader = "date";

// A date that browsers, which may not set Date, sign in its place.
const auxiliaryDate = "x-aux-date";

/** Whether a key is a signature, which names a key and proves to have it. */
export function isSignature(key: string): boolean {
  return /^signature[ \t]/i.test(key);
}

/** Those headers of a request that its signature names: the service needs them to check it. What it does not name needs no look. */
export function signedHeaders(signature: string, message: IncomingMessage): RequestHeader[] {
  const names = new Set([...signedNames(signature), auxiliaryDate].map((name) => name.toLowerCase()));
  return [...names].flatMap((name) => headerValues(message, name).map((value) => ({ name, value })));
}

// The service reads the signature itself, and refuses what is malformed; one header more or less than named only makes it refuse.
function signedNames(signature: string): string[] {
  const match = /headers=(?:"([^"]*)"?|([^,]*))/i.exec(signature);
  return match === null ? [defaultHeader] : (match[1] ?? match[2] ?? "").split(" ").filter((name) => name !== "");
}
