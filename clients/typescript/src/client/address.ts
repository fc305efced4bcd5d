/** One address of the service. */
export interface ServiceAddress {
  /** What the HTTP requests are for: scheme, host and port. */
  readonly origin: string;

  /** The host to connect to, without brackets. */
  readonly host: string;

  readonly port: number;

  readonly tls: boolean;

  /** The Unix socket to connect to in place of host and port. */
  readonly socketPath?: string;

  /** As in messages. */
  readonly text: string;
}

const forms = "write http://host:port, https://host:port or unix:/path/of/the.sock; several separated by commas";
const mostAddresses = 32;

// Longer names of sockets do not fit into the kernel's structure.
const longestSocketPath = 107;

/** Reads all addresses of a setting; a text = what is wrong. */
export function parseAddresses(setting: string | readonly string[]): readonly ServiceAddress[] | string {
  const parts = (typeof setting === "string" ? setting.split(",") : setting).map((part) => part.trim()).filter((part) => part !== "");
  const addresses: ServiceAddress[] = [];
  for (const part of parts) {
    const address = one(part);
    if (address === undefined) {
      return `has '${part}': ${forms}.`;
    }

    if (addresses.some((other) => other.text === address.text)) {
      return `has '${part}' twice: write each address once.`;
    }

    addresses.push(address);
  }

  return addresses.length === 0 ? `is empty: ${forms}.`
    : addresses.length > mostAddresses ? `has ${addresses.length} addresses: write ${mostAddresses} at most.`
    : addresses;
}

/** Whether keys cross a network in clear. */
export function isCleartext(address: ServiceAddress): boolean {
  return address.socketPath === undefined && !address.tls && !/^(localhost|127(\.\d+){3}|::1)$/.test(address.host);
}

function one(text: string): ServiceAddress | undefined {
  if (/^unix:/i.test(text)) {
    const path = text.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    return path.startsWith("/") && !path.startsWith("//") && path.length > 1 && Buffer.byteLength(path) <= longestSocketPath
      ? { origin: "http://localhost", host: "localhost", port: 80, tls: false, socketPath: path, text: `unix:${path}` }
      : undefined;
  }

  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    return undefined;
  }

  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.pathname !== "/" || url.search !== "" || url.hash !== "" || text.endsWith("?") || text.endsWith("#")) {
    return undefined;
  }

  const tls = url.protocol === "https:";
  return { origin: url.origin, host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || (tls ? 443 : 80), tls, text: url.origin };
}
