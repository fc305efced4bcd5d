import type { IncomingMessage } from "node:http";

// Also with underscores, which some servers take for the same.
const ours = /^x[-_]decision[-_]/;

/** Removes everything that a client sent under our names. */
export function removeForged(message: IncomingMessage): void {
  removeHeaders(message, (name) => ours.test(name));
}

/** Removes headers from a request; names are told in lower case. */
export function removeHeaders(message: IncomingMessage, isRemoved: (name: string) => boolean): void {
  for (let index = message.rawHeaders.length - 2; index >= 0; index -= 2) {
    if (isRemoved(message.rawHeaders[index]!.toLowerCase())) {
      message.rawHeaders.splice(index, 2);
    }
  }

  // What was read from the raw ones before.
  for (const headers of [message.headers, message.headersDistinct]) {
    for (const name of Object.keys(headers)) {
      if (isRemoved(name)) {
        delete headers[name];
      }
    }
  }
}

/** Sets a header of a request, for what it goes on to. */
export function setHeader(message: IncomingMessage, name: string, value: string): void {
  removeHeaders(message, (other) => other === name.toLowerCase());
  message.rawHeaders.push(name, value);
  message.headers[name.toLowerCase()] = value;
  message.headersDistinct[name.toLowerCase()] = [value];
}
