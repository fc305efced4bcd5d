/** The path and query of a request as the client sent them: what a server decodes or tidies up could be read differently by the next one. */
export function pathAndQuery(target: string): string {
  if (target.startsWith("/")) {
    return target;
  }

  // The form for proxies: scheme and authority come first.
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(target);
  if (scheme === null) {
    return target;
  }

  const rest = target.slice(scheme[0].length);
  const path = rest.search(/[/?]/);
  return path < 0 ? "/" : rest[path] === "?" ? `/${rest.slice(path)}` : rest.slice(path);
}

/** The path alone. */
export function withoutQuery(target: string): string {
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}
