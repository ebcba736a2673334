// Writes the results between the marks of the document; a tool that did not run keeps its row.
// Usage: node table.mjs RESULTS DOCUMENT. Fails when a row is not well.
import { readFileSync, writeFileSync } from "node:fs";

const [, , results, file] = process.argv;
const BEGIN = "<!-- audit:begin -->";
const END = "<!-- audit:end -->";
const cell = (text) => text.replaceAll("|", "\\|");
const rows = readFileSync(results, "utf8").trim().split("\n").map((line) => line.split("\t"));
const text = readFileSync(file, "utf8");
const [before, rest] = text.split(BEGIN);
const [old, after] = rest.split(END);
const kept = new Map(old.split("\n").filter((l) => l.startsWith("| ")).slice(1).filter((l) => !l.startsWith("| ---")).map((l) => [l.split(" | ")[0].slice(2), l]));
for (const [ok, tool, command, found, remains = ""] of rows) {
  const marks = { yes: "passed", no: "**failed**", skipped: "not run" };
  kept.set(cell(tool), `| ${[tool, `\`${command}\``, found, marks[ok], remains].map(cell).join(" | ")} |`);
}
const head = "| tool | command | found | result | what remains, and why |\n| --- | --- | --- | --- | --- |";
writeFileSync(file, `${before}${BEGIN}\n${head}\n${[...kept.values()].join("\n")}\n${END}${after}`);
const bad = rows.filter((row) => row[0] === "no");
for (const row of bad) console.error(`failed: ${row[1]}: ${row[3]}`);
process.exit(bad.length > 0 ? 1 : 0);
