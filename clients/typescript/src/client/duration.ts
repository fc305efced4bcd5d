const longestMs = 86_400_000;

/** Milliseconds of a duration as people write it in settings, `200ms` or `1s`; undefined = it is none. */
export function durationMs(text: string): number | undefined {
  // A bare number is refused: nobody can tell whether it means seconds or milliseconds.
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s)\s*$/.exec(text);
  if (match === null) {
    return undefined;
  }

  const value = Number(match[1]) * (match[2] === "ms" ? 1 : 1000);
  return value <= longestMs ? value : undefined;
}
