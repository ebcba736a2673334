// MDN's HTTP Observatory, run here. Usage: node observatory.mjs PACKAGES HOST:PORT
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , packages, host] = process.argv;
const home = path.join(packages, "node_modules/@mdn/mdn-http-observatory");
// The preload list is fetched from GitHub when the package is installed with its scripts. This host is in
// none, so an empty one says the same.
const list = path.join(home, "conf/hsts-preload.json");
if (!existsSync(list)) writeFileSync(list, "{}\n");

const { scan } = await import(pathToFileURL(path.join(home, "src/scanner/index.js")).href);
const result = await scan(host);
const failed = Object.entries(result.tests).filter(([, test]) => !test.pass);
for (const [name, test] of failed) console.error(`${name}: ${test.result} (${test.scoreModifier})`);
const { grade, score, testsPassed, testsQuantity } = result.scan;
console.log(`grade ${grade}, score ${score}, ${testsPassed} of ${testsQuantity} tests`);
for (const [name, test] of Object.entries(result.tests)) console.error(`${name}: ${test.result} ${test.scoreModifier}`);
process.exit(grade === "A+" && failed.length === 0 ? 0 : 1);
