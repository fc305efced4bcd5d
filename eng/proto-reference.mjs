// Writes docs/reference/protos.md from the comments of protos/decision:
//
//   node eng/proto-reference.mjs            writes it
//   node eng/proto-reference.mjs --check    compares it, and ends with status 1 where it is not fresh
//
// Needs buf, as eng/lint-protos.sh installs it (npm ci in eng/).
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const page = join(root, "docs/reference/protos.md");
const image = JSON.parse(
  execFileSync(join(root, "eng/node_modules/.bin/buf"), ["build", "protos", "--path", "protos/decision", "-o", "-#format=json"], {
    cwd: root,
    maxBuffer: 64 << 20,
  }),
);
const files = image.file.filter((file) => file.package.startsWith("decision.")).sort((a, b) => a.name.localeCompare(b.name, "en"));

// Numbers of descriptor.proto: 4 = messages of a file, 5 = enums, 6 = services, 2 = fields, values and methods.
const comments = (file) => {
  const byPath = new Map(file.sourceCodeInfo.location.map((location) => [(location.path ?? []).join("."), location.leadingComments ?? ""]));
  return (...path) => (byPath.get(path.join(".")) ?? "").trim().split("\n").map((line) => line.trim()).join(" ");
};
const head = (file) => file.sourceCodeInfo.location.find((location) => location.path?.join(".") === "2")?.leadingComments ?? "";

// In a table a bar would end the cell, and < begin a tag.
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const short = (type) => type.replace(/^\./, "");
const own = new Set(files.flatMap((file) => [...(file.messageType ?? []), ...(file.enumType ?? [])].map((one) => `${file.package}.${one.name}`)));
const named = (type) => (own.has(type) ? `[${type.split(".").at(-1)}](#${type.split(".").at(-1).toLowerCase()})` : `\`${type}\``);

const typeOf = (field, message) => {
  const entry = (message.nestedType ?? []).find((one) => one.options?.mapEntry && field.typeName?.endsWith(`.${message.name}.${one.name}`));
  if (entry) {
    return `map of ${typeOf(entry.field[0], entry)} to ${typeOf(entry.field[1], entry)}`;
  }

  const type = field.typeName ? named(short(field.typeName)) : `\`${field.type.replace("TYPE_", "").toLowerCase()}\``;
  return field.label === "LABEL_REPEATED" ? `${type}, repeated` : field.proto3Optional ? `${type}, optional` : type;
};

const lines = [
  "# Protos",
  "",
  "The calls, messages and enums of the contract, with the comments of [protos/](../../protos/). Made from them by `eng/proto-reference.mjs`: change the comments there, and run it.",
  "",
  "In JSON, fields may be written in snake_case as here or in camelCase. The server has reflection on.",
  "",
];
for (const file of files) {
  for (const service of file.service ?? []) {
    lines.push(`- [${file.package}.${service.name}](#${service.name.toLowerCase()})`);
  }
}

lines.push("");
for (const file of files) {
  const comment = comments(file);
  lines.push(`## ${file.name}`, "");
  for (const text of [head(file)].filter((one) => one.trim())) {
    lines.push(text.trim().split("\n").map((line) => line.trim()).join("\n"), "");
  }

  (file.service ?? []).forEach((service, place) => {
    lines.push(`### ${service.name}`, "", comment(6, place), "", "| call | request | answer | |", "|---|---|---|---|");
    service.method.forEach((method, index) => {
      const side = (type, isStream) => `${isStream ? "stream of " : ""}${named(short(type))}`;
      lines.push(
        `| \`${method.name}\` | ${side(method.inputType, method.clientStreaming)} | ${side(method.outputType, method.serverStreaming)} | ${cell(comment(6, place, 2, index))} |`,
      );
    });
    lines.push("");
  });
  (file.messageType ?? []).forEach((message, place) => {
    lines.push(`### ${message.name}`, "", comment(4, place), "");
    if (message.field?.length) {
      lines.push("| field | # | type | |", "|---|---|---|---|");
      message.field.forEach((field, index) =>
        lines.push(`| \`${field.name}\` | ${field.number} | ${typeOf(field, message)} | ${cell(comment(4, place, 2, index))} |`),
      );
      lines.push("");
    }
  });
  (file.enumType ?? []).forEach((type, place) => {
    lines.push(`### ${type.name}`, "", comment(5, place), "", "| value | # | |", "|---|---|---|");
    type.value.forEach((value, index) => lines.push(`| \`${value.name}\` | ${value.number ?? 0} | ${cell(comment(5, place, 2, index))} |`));
    lines.push("");
  });
}

const text = `${lines.join("\n").trimEnd()}\n`;
if (!process.argv.includes("--check")) {
  writeFileSync(page, text);
  console.log(`written: docs/reference/protos.md, ${text.split("\n").length - 1} lines`);
} else if (readFileSync(page, "utf8") === text) {
  console.log("fresh: docs/reference/protos.md");
} else {
  console.error("docs/reference/protos.md is not what protos/ says now: run node eng/proto-reference.mjs and commit");
  process.exitCode = 1;
}
