/** Texts of people as values of headers: what a header cannot hold becomes percent escapes of its UTF-8 bytes, and `%` is `%25`. */
export function headerText(text: string): string {
  return escaped(text, /[^ -$&-~]/);
}

/** The same of several, separated by commas; blanks and commas in one of them are escaped too. */
export function headerList(texts: readonly string[]): string {
  return texts.map((text) => escaped(text, /[^!-$&-+\--~]/)).join(",");
}

/** Whole seconds, rounded up, so that who waits as long does not come too early. */
export function headerSeconds(durationMs: number): number {
  return Math.ceil(durationMs / 1000);
}

function escaped(text: string, special: RegExp): string {
  if (!special.test(text)) {
    return text;
  }

  let all = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte);
    all += byte > 0x7f || special.test(character) ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}` : character;
  }

  return all;
}
