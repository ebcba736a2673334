// Google's CSP Evaluator over the policy of a page. Usage: node csp.mjs PACKAGES URL
import { readFileSync } from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";
import path from "node:path";

const [, , packages, url] = process.argv;
const require = createRequire(path.join(packages, "node_modules", "x.js"));
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Severity } = require("csp_evaluator/dist/finding.js");

// What stays, and why. Anything else fails.
const EXPLAINED = [
  [/^script-src .*'self'/, "'self' serves no file that anybody brought: uploads are attachments with a sandboxing policy, and there is no JSONP"],
  [/report-to|report-uri|reporting/i, "report-uri is what all current browsers send to; report-to would name no other place"],
];

const policy = await new Promise((done, fail) => {
  https.get(url, { ca: readFileSync(process.env.NODE_EXTRA_CA_CERTS) }, (answer) => {
    answer.resume();
    done(String(answer.headers["content-security-policy"]));
  }).on("error", fail);
});
const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
const open = [];
const kept = [];
for (const finding of findings) {
  if (finding.severity >= Severity.INFO) continue;
  const text = `${finding.directive} ${finding.value ?? ""}: ${finding.description}`;
  const reason = EXPLAINED.find(([pattern]) => pattern.test(text));
  if (reason) kept.push(`${finding.directive} ${finding.value ?? ""}: ${reason[1]}`);
  else open.push(`${Severity[finding.severity]} ${text}`);
}
for (const line of open) console.error(line);
console.log(`${open.length} unexplained, ${kept.length} explained of ${findings.length}\t${kept.join("; ")}`);
process.exit(open.length > 0 ? 1 : 0);
