// FHIR bundles: from the answer to the upload until the records are there, sealed and deduplicated.
import { existsSync } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ROOT } from "../end2end/lib/server.mjs";
import { workFolder } from "./lib/env.mjs";
import { fhirBundle } from "./lib/generate.mjs";
import { allRead, benchServer, getJson, newPerson, upload } from "./lib/person.mjs";
import { median, now, row, seconds, skipped } from "./lib/report.mjs";

const RECORDS = 10_000;
const folder = workFolder();
const server = await benchServer();
try {
  const file = path.join(folder, "bundle.json");
  await writeFile(file, JSON.stringify(fhirBundle(RECORDS)));
  const rates = [];
  for (let round = 0; round < 3; round += 1) {
    const person = await newPerson(server);
    await upload(person, file, "application/fhir+json");
    const start = now();
    await allRead(person, 1);
    rates.push(RECORDS / seconds(start));
    const { total } = await getJson(person, "records?kind=observation");
    if (total !== RECORDS) throw new Error(`${total} observations are there, not ${RECORDS}`);
  }
  const rate = median(rates);
  row(`Importing ${RECORDS.toLocaleString("en")} FHIR observations into SQLite`, rate, "records/s", { target: "10,000", ok: rate >= 10_000 });

  const synthea = path.join(ROOT, "../shared/data/fhir-r4");
  const name = "The largest Synthea bundle, from upload to visible";
  if (existsSync(synthea)) {
    const files = await Promise.all((await readdir(synthea)).filter((f) => f.startsWith("synthea-") && f.endsWith(".json")).map(async (f) => [path.join(synthea, f), (await stat(path.join(synthea, f))).size]));
    const [largest] = files.sort((a, b) => b[1] - a[1])[0];
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      const person = await newPerson(server);
      const start = now();
      await upload(person, largest, "application/fhir+json");
      await allRead(person, 1);
      const { items } = await getJson(person, "markers");
      if (items.length === 0) throw new Error("no markers after the import");
      times.push(seconds(start));
    }
    row(name, median(times), "s", { target: "under 1", ok: median(times) < 1 });
  } else {
    skipped(name, "../shared/data is not here");
  }
} finally {
  await server.stop();
}
