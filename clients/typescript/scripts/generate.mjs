// Makes src/gen from the protos; with --check, only tells whether that would change anything.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isCheck = process.argv.includes("--check");
const folder = isCheck ? mkdtempSync(join(tmpdir(), "decision-gen-")) : root;
try {
  execFileSync(join(root, "node_modules/.bin/buf"), ["generate", "--output", folder], { cwd: root, stdio: "inherit" });
  if (isCheck) {
    const wrong = differences(join(root, "src/gen"), join(folder, "src/gen"));
    if (wrong.length > 0) {
      console.error(`src/gen is not what the protos say:\n  ${wrong.join("\n  ")}\nRun npm run generate and commit what it changes.`);
      process.exitCode = 1;
    } else {
      console.log("src/gen is what the protos say.");
    }
  }
} finally {
  if (isCheck) {
    rmSync(folder, { recursive: true, force: true });
  }
}

function differences(checkedIn, made) {
  const names = new Set([...files(checkedIn), ...files(made)]);
  return [...names].sort().filter((name) => text(join(checkedIn, name)) !== text(join(made, name)));
}

function files(from) {
  return readdirSync(from, { recursive: true }).map(String).filter((name) => statSync(join(from, name)).isFile()).map((name) => relative(".", name));
}

function text(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
