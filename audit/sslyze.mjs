// What sslyze says against Mozilla's "modern" profile. Usage: node sslyze.mjs OUTPUT
import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const verdict = text.split("COMPLIANCE AGAINST TLS CONFIGURATION")[1] ?? "";
const faults = [...verdict.matchAll(/^ +\* (\w+): (.*)$/gm)].map(([, id, what]) => ({ id, what }));
const open = faults.filter((f) => f.id !== "certificate_path_validation");
for (const f of open) console.error(`${f.id}: ${f.what}`);
const vulnerable = [...text.matchAll(/VULNERABLE - .*$/gm)].map((m) => m[0]);
for (const v of vulnerable) console.error(v);
const scanned = /SCANS COMPLETED/.test(text) && /(Compliant|certificate_path_validation|FAILED)/.test(verdict);
if (!scanned) console.error("it did not come to an end");
const kept = faults.length > open.length ? "the certificate is of an authority made for this run" : "";
const bad = open.length + vulnerable.length;
console.log(`${bad === 0 ? "compliant" : "not compliant"}, ${bad} unexplained\t${kept}`);
process.exit(bad > 0 || !scanned ? 1 : 0);
