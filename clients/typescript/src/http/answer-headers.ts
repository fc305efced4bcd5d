import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

type HeaderList = readonly (string | readonly string[])[];

/**
 * Sets headers of an answer when its head is written, so that they take the place of what an upstream sent under these names; undefined = such a
 * header must not be there.
 */
export function setOnWriting(response: ServerResponse, headers: () => Readonly<Record<string, string | undefined>>): void {
  const write = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse;
  response.writeHead = function writeHead(status: number, ...rest: unknown[]): ServerResponse {
    response.writeHead = write as ServerResponse["writeHead"];
    const given = rest.find((argument) => typeof argument === "object" && argument !== null);
    adopt(response, given as OutgoingHttpHeaders | HeaderList | undefined);
    for (const [name, value] of Object.entries(headers())) {
      if (value === undefined) {
        response.removeHeader(name);
      } else {
        response.setHeader(name, value);
      }
    }

    return typeof rest[0] === "string" ? write(status, rest[0]) : write(status);
  } as ServerResponse["writeHead"];
}

// Headers that are given with the head would count over those that are set.
function adopt(response: ServerResponse, given: OutgoingHttpHeaders | HeaderList | undefined): void {
  if (given === undefined) {
    return;
  }

  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given as OutgoingHttpHeaders)) {
      if (value !== undefined) {
        response.setHeader(name, value);
      }
    }

    return;
  }

  // [name, value, name, value] or [[name, value], ...]; a name may be there several times.
  const pairs = Array.isArray(given[0]) ? (given as [string, string][]) : given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1]] as [string, string]] : []));
  pairs.forEach(([name]) => response.removeHeader(name));
  pairs.forEach(([name, value]) => response.appendHeader(name, value));
}
