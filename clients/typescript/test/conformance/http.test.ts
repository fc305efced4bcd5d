import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { repositoryPath } from "../support/decision-server.js";
import { caseApplications } from "./http-applications.js";
import { runHttpCase, type HttpCase } from "./http-runner.js";

const cases = repositoryPath("clients/conformance/cases/http");

for (const framework of Object.keys(caseApplications)) {
  describe(`conformance: ${framework}`, () => {
    for (const name of readdirSync(cases)) {
      for (const one of (JSON.parse(readFileSync(`${cases}/${name}`, "utf8")) as { cases: HttpCase[] }).cases) {
        test(`${name}: ${one.name}`, () => runHttpCase(one, framework));
      }
    }
  });
}
