// What testssl.sh found, without what is explained. Usage: node testssl.mjs JSON
import { readFileSync } from "node:fs";

const EXPLAINED = {
  engine_problem: "about the OpenSSL of this machine, not about the server",
  cert_revocation: "the certificate is of an authority made for this run; a real one names its own lists",
  DNS_CAArecord: "localhost has no DNS",
  cert_trust: "as above",
  cert_chain_of_trust: "as above",
  BREACH:
    "pages are compressed; a secret such as a token or the seed of a code is shown once, in the answer to its own form (cross-site writes are told by Origin), and a session is SameSite=Lax, so no other site can have signed-in pages fetched unseen",
};
const findings = JSON.parse(readFileSync(process.argv[2], "utf8")).filter((f) => !["OK", "INFO", "DEBUG"].includes(f.severity));
const open = findings.filter((f) => !(f.id in EXPLAINED));
for (const f of open) console.error(`${f.severity} ${f.id}: ${f.finding}`);
const kept = [...new Set(findings.filter((f) => f.id in EXPLAINED).map((f) => `${f.id}: ${EXPLAINED[f.id]}`))];
console.log(`${open.length} unexplained, ${kept.length} explained\t${kept.join("; ")}`);
process.exit(open.length > 0 ? 1 : 0);
