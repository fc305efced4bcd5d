import type { IncomingMessage } from "node:http";

// Also with underscores, which some servers take for the same.
const ours = /^x[-_]decision[-_]/;

/** Removes everything that a client sent under our names. */
export function removeForged(message: IncomingMessage): void {
  removeHeaders(message, (name) => ours.test(name));
}

/** Removes headers from a request; names are told in lower case. */
export function removeHeaders(message: IncomingMessage, isRemoved: (name: string) => boolean): void {
  const { rawHeaders } = message;
  if (!rawHeaders.some((name, index) => index % 2 === 0 && isRemoved(name.toLowerCase()))) {
    return;
  }

  // Both are made from the raw ones when they are first read, by a count that was taken before: so they are read before that changes.
  for (const headers of [message.headers, distinct(message)]) {
    for (const name of Object.keys(headers)) {
      if (isRemoved(name)) {
        delete headers[name];
      }
    }
  }

  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (isRemoved(rawHeaders[index]!.toLowerCase())) {
      rawHeaders.splice(index, 2);
    }
  }
}

/** Sets a header of a request, for what it goes on to. */
export function setHeader(message: IncomingMessage, name: string, value: string): void {
  removeHeaders(message, (other) => other === name.toLowerCase());
  message.headers[name.toLowerCase()] = value;
  distinct(message)[name.toLowerCase()] = [value];
  message.rawHeaders.push(name, value);
}

// Requests of HTTP/2 have none.
function distinct(message: IncomingMessage): IncomingMessage["headersDistinct"] {
  return (message as Partial<IncomingMessage>).headersDistinct ?? {};
}
