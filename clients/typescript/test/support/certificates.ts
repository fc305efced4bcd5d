import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A root of our own with a certificate for the server (`localhost`, `127.0.0.1`) and one for a client, as PEM files in a folder. */
export class Certificates {
  readonly caFile: string;
  readonly serverFile: string;
  readonly serverKeyFile: string;
  readonly clientFile: string;
  readonly clientKeyFile: string;

  constructor(folder: string, serverName = "localhost") {
    const path = (name: string): string => join(folder, name);
    this.caFile = path("ca.pem");
    openssl("req", "-x509", ...newKey(path("ca.key")), "-out", this.caFile, "-days", "2", "-subj", "/CN=a-root");
    [this.serverFile, this.serverKeyFile] = this.sign(path, "server", `subjectAltName=DNS:${serverName},IP:127.0.0.1\nextendedKeyUsage=serverAuth`);
    [this.clientFile, this.clientKeyFile] = this.sign(path, "client", "extendedKeyUsage=clientAuth");
  }

  private sign(path: (name: string) => string, name: string, extensions: string): [string, string] {
    openssl("req", ...newKey(path(`${name}.key`)), "-out", path(`${name}.csr`), "-subj", `/CN=a-${name}`);
    writeFileSync(path(`${name}.ext`), extensions);
    openssl(
      "x509", "-req", "-in", path(`${name}.csr`), "-CA", this.caFile, "-CAkey", path("ca.key"), "-CAcreateserial", "-out", path(`${name}.pem`), "-days", "2",
      "-extfile", path(`${name}.ext`));
    return [path(`${name}.pem`), path(`${name}.key`)];
  }
}

function newKey(file: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file];
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
