import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { DecisionServer, repositoryPath } from "../support/decision-server.js";
import { requireKnown, type CaseFile } from "./case.js";
import { CaseRun } from "./runner.js";

const cases = repositoryPath("clients/conformance/cases");

for (const folder of ["client", "server"] as const) {
  describe(`conformance: ${folder}`, () => {
    let server: DecisionServer | undefined;
    before(async () => {
      server = folder === "server" ? await DecisionServer.start() : undefined;
    });
    after(() => server?.stop());

    for (const name of readdirSync(`${cases}/${folder}`)) {
      const file = JSON.parse(readFileSync(`${cases}/${folder}/${name}`, "utf8")) as CaseFile;
      requireKnown(file);
      for (const one of file.cases) {
        test(`${name}: ${one.name}`, () => new CaseRun(one, server).run());
      }
    }
  });
}
