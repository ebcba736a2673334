// Made-up inputs of any size. Nothing of them comes from a real person.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { ANALYTES } from "./analytes.mjs";

/** The same numbers every time. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const DAY = 86_400_000;
const LOINC = "http://loinc.org";
const UCUM = "http://unitsofmeasure.org";

/** A FHIR R4 Bundle of laboratory observations, spread over the first `markers` analytes. */
export function fhirBundle(observations, markers = ANALYTES.length) {
  const next = random(7);
  const start = Date.UTC(2012, 0, 9, 7, 30);
  const entry = [];
  for (let i = 0; i < observations; i += 1) {
    const [code, display, unit, low, high] = ANALYTES[i % markers];
    const round = Math.floor(i / markers);
    const span = high - low;
    const value = Number((low + span * (1.3 * next() - 0.1)).toPrecision(4));
    const quantity = (number) => ({ value: number, unit, system: UCUM, code: unit });
    entry.push({
      fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(i + 1).padStart(12, "0")}`,
      resource: {
        resourceType: "Observation",
        id: `o${i}`,
        status: "final",
        category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }],
        code: { coding: [{ system: LOINC, code, display }], text: display },
        subject: { reference: "Patient/bench" },
        effectiveDateTime: new Date(start + round * 45 * DAY + (i % markers) * 1000).toISOString(),
        valueQuantity: quantity(value),
        referenceRange: [{ low: quantity(low), high: quantity(high) }],
      },
    });
  }
  const patient = { resourceType: "Patient", id: "bench", gender: "female", birthDate: "1980-02-29" };
  return { resourceType: "Bundle", type: "collection", entry: [{ fullUrl: "Patient/bench", resource: patient }, ...entry] };
}

const KINDS = [
  ["HKQuantityTypeIdentifierHeartRate", "count/min", 48, 140, 0],
  ["HKQuantityTypeIdentifierStepCount", "count", 3, 180, 0],
  ["HKQuantityTypeIdentifierActiveEnergyBurned", "kcal", 0.1, 9, 3],
  ["HKQuantityTypeIdentifierDistanceWalkingRunning", "km", 0.001, 0.3, 5],
  ["HKQuantityTypeIdentifierRespiratoryRate", "count/min", 11, 22, 1],
  ["HKQuantityTypeIdentifierOxygenSaturation", "%", 0.92, 1, 2],
];
const stamp = (ms) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} +0000`;

/**
 * An Apple Health export.xml of about `bytes` bytes, or of exactly `records` records.
 * @returns {Promise<{records: number, bytes: number}>}
 */
export async function appleXml(file, { bytes = Infinity, records = Infinity, kinds = KINDS.length }) {
  const next = random(11);
  const out = createWriteStream(file, { highWaterMark: 1 << 20 });
  let at = Date.UTC(2015, 2, 1);
  let [written, count, text] = [0, 0, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="en_GB">
 <ExportDate value="2026-01-02 03:04:05 +0000"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1980-02-29" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet"/>
`];
  const flush = async () => {
    written += text.length;
    if (!out.write(text)) await once(out, "drain");
    text = "";
  };
  while (written + text.length < bytes && count < records) {
    const [type, unit, low, high, digits] = KINDS[Math.floor(next() * kinds)];
    at += 5_000 + Math.floor(next() * 110_000);
    const value = (low + (high - low) * next()).toFixed(digits);
    text += ` <Record type="${type}" sourceName="Bench Watch" sourceVersion="11.4" device="&lt;&lt;HKDevice: 0x2830b1f40&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, software:11.4&gt;" unit="${unit}" creationDate="${stamp(at + 2000)}" startDate="${stamp(at)}" endDate="${stamp(at + 1000)}" value="${value}"/>\n`;
    count += 1;
    if (text.length > 1 << 20) await flush();
  }
  text += "</HealthData>\n";
  await flush();
  out.end();
  await once(out, "finish");
  return { records: count, bytes: written };
}
