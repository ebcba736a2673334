// A series of 1,000,000 points, asked for as 800.
import path from "node:path";
import { scale, workFolder } from "./lib/env.mjs";
import { appleXml } from "./lib/generate.mjs";
import { allRead, benchServer, getJson, newPerson, upload } from "./lib/person.mjs";
import { median, now, row, seconds } from "./lib/report.mjs";

const ROUTE = "markers/8867-4/series?points=800";
const server = await benchServer();
try {
  const file = path.join(workFolder(), "export.xml");
  const { records } = await appleXml(file, { records: scale(1_000_000), kinds: 1 });
  const person = await newPerson(server);
  await upload(person, file, "application/xml");
  await allRead(person, 1);

  const start = now();
  const { points } = await getJson(person, ROUTE);
  const cold = seconds(start) * 1000;
  if (points.length < 400 || points.length > 800) throw new Error(`${points.length} points came back`);
  const times = [];
  for (let round = 0; round < 31; round += 1) {
    const begin = now();
    await getJson(person, ROUTE);
    times.push(seconds(begin) * 1000);
  }
  const name = `A series of ${records.toLocaleString("en")} points as 800`;
  row(`${name}, warm`, median(times), "ms", { target: "under 50", ok: median(times) < 50 });
  row(`${name}, first time`, cold, "ms");
} finally {
  await server.stop();
}
