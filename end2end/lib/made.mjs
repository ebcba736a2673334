// Files made for a test: results as FHIR and samples as Apple Health, with what the test asserts in them.
const LOINC = "http://loinc.org";
const UCUM = "http://unitsofmeasure.org";

/** One laboratory result. `of` = { when, value, comparator?, low?, high?, lab? } */
function result({ code, name, unit, ucum = unit }, of, index) {
  const quantity = (value) => ({ value, unit, system: UCUM, code: ucum });
  const range = [of.low, of.high].some((v) => v !== undefined)
    ? [{ ...(of.low !== undefined && { low: quantity(of.low) }), ...(of.high !== undefined && { high: quantity(of.high) }) }]
    : undefined;
  return {
    resource: {
      resourceType: "Observation",
      id: `made-${index}`,
      status: "final",
      category: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] }],
      code: { coding: [{ system: LOINC, code, display: name }], text: name },
      effectiveDateTime: of.when,
      valueQuantity: { ...quantity(of.value), ...(of.comparator && { comparator: of.comparator }) },
      ...(range && { referenceRange: range }),
      ...(of.lab && { performer: [{ display: of.lab }] }),
    },
  };
}

/** A bundle of results of one marker, as a file to be picked. */
export function bundleFile(marker, results, name = "made.json") {
  const entry = results.map((of, index) => result(marker, of, index));
  const text = JSON.stringify({ resourceType: "Bundle", type: "collection", entry });
  return { name, mimeType: "application/json", buffer: Buffer.from(text) };
}

export const FERRITIN = { code: "2276-4", name: "Ferritin", unit: "ng/mL" };
export const GLUCOSE = { code: "2345-7", name: "Glucose", unit: "mg/dL" };

/** An Apple Health export of heart rates: `count` samples, `every` seconds apart, by a clock with an offset such as +0200. */
export function heartRates({ from, every, count, offset }) {
  const sign = offset.startsWith("-") ? -1 : 1;
  const shift = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3))) * 60_000;
  const stamp = (ms) => `${new Date(ms + shift).toISOString().slice(0, 19).replace("T", " ")} ${offset}`;
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<HealthData locale="en_US">'];
  for (let i = 0; i < count; i += 1) {
    const at = stamp(from + i * every * 1000);
    const value = 60 + Math.round(15 * Math.sin(i / 40) + ((i * 7919) % 11));
    lines.push(
      ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" creationDate="${at}" startDate="${at}" endDate="${at}" value="${value}"/>`,
    );
  }
  lines.push("</HealthData>", "");
  return { name: "export.xml", mimeType: "text/xml", buffer: Buffer.from(lines.join("\n")) };
}
