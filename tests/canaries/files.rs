//! Files of every format with canaries in their names, persons, values and remarks.

use super::{needles::Canaries, zipped::zip};
use serde_json::json;

/// A file, and what of it must come back in its records.
pub struct Planted {
    pub name: String,
    pub bytes: Vec<u8>,
    pub shown: Vec<String>,
}

pub fn all(c: &mut Canaries) -> Vec<Planted> {
    let plain = vec![fhir(c), cda(c), hl7(c), csv(c), apple(c)];
    let inside: Vec<_> = [fhir(c), hl7(c)].into_iter().map(|p| (p.name, p.bytes)).collect();
    let archive = Planted {
        name: format!("{}.zip", c.word("name of an archive")),
        bytes: zip(&inside),
        shown: Vec::new(),
    };
    let mut odd = vec![
        Planted {
            name: format!("../../{}\u{202e}gpj.exe", c.word("hostile file name")),
            bytes: c.word("content of a text file").into_bytes(),
            shown: Vec::new(),
        },
        Planted {
            name: format!("{}.pdf", c.word("name of a document")),
            bytes: format!("%PDF-1.7\n({}) Tj\n%%EOF", c.word("content of a PDF")).into_bytes(),
            shown: Vec::new(),
        },
    ];
    odd.extend(broken(c));
    plain.into_iter().chain([archive]).chain(odd).collect()
}

fn fhir(c: &mut Canaries) -> Planted {
    let value = c.number("value in a FHIR file");
    let number: f64 = value.parse().unwrap();
    let coded = |text: &str| json!({"text": text});
    let (marker, condition) = (c.word("name of a test in FHIR"), c.word("condition in FHIR"));
    let entries = [
        json!({"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01",
            "name": [{"family": c.word("patient's family name in FHIR"), "given": [c.word("given name in FHIR")]}],
            "address": [{"city": c.word("city in FHIR")}],
            "telecom": [{"system": "email", "value": format!("{}@example.org", c.word("e-mail in FHIR"))}]}),
        json!({"resourceType": "Observation", "status": "final", "code": coded(&marker),
            "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2024-03-01T08:00:00Z",
            "valueQuantity": {"value": number, "unit": c.word("unit in FHIR")},
            "note": [{"text": c.word("remark in FHIR")}]}),
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/p"}, "code": coded(&condition),
            "onsetDateTime": "2020-02-02"}),
        json!({"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p"},
            "code": coded(&c.word("allergy in FHIR"))}),
        json!({"resourceType": "MedicationStatement", "status": "active", "subject": {"reference": "Patient/p"},
            "medicationCodeableConcept": coded(&c.word("medicine in FHIR"))}),
    ];
    let entry: Vec<_> = entries.into_iter().map(|r| json!({"resource": r})).collect();
    Planted {
        name: format!("{}.json", c.word("name of a FHIR file")),
        bytes: json!({"resourceType": "Bundle", "type": "collection", "entry": entry})
            .to_string()
            .into_bytes(),
        shown: vec![value, marker, condition],
    }
}

fn cda(c: &mut Canaries) -> Planted {
    let (value, problem) = (c.number("value in a CDA file"), c.word("name of a test in CDA"));
    let text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.10.20.22.1.1"/><templateId root="2.16.840.1.113883.10.20.22.1.2"/>
<id root="1.2.3"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title>
<effectiveTime value="20240501"/><recordTarget><patientRole><id root="1.2.3.4" extension="7"/><patient><name>
<given>{given}</given><family>{family}</family></name><birthTime value="19800101"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><templateId root="2.16.840.1.113883.10.20.22.2.3.1"/>
<code code="30954-2" codeSystem="2.16.840.1.113883.6.1"/><title>RESULTS</title><text>{narrative}</text>
<entry typeCode="DRIV"><organizer classCode="BATTERY" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.1"/>
<id root="1.2.3.5"/><code code="1" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>
<component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.2"/>
<id root="1.2.3.6"/><code code="99999-9" displayName="{problem}" codeSystem="2.16.840.1.113883.6.1"/>
<statusCode code="completed"/><effectiveTime value="20240302080000+0000"/>
<value xsi:type="PQ" value="{value}" unit="mg/dL"/></observation></component></organizer></entry>
</section></component></structuredBody></component></ClinicalDocument>"#,
        title = c.word("title in CDA"),
        given = c.word("given name in CDA"),
        family = c.word("family name in CDA"),
        narrative = c.word("narrative in CDA"),
    );
    let name = format!("{}.xml", c.word("name of a CDA file"));
    Planted { name, bytes: text.into_bytes(), shown: vec![value, problem] }
}

fn hl7(c: &mut Canaries) -> Planted {
    let (value, marker) = (c.number("value in an HL7 file"), c.word("name of a test in HL7"));
    let text = format!(
        "MSH|^~\\&|LAB|{hospital}|APP|FAC|20240102030405||ORU^R01|M1|P|2.5.1\r\
         PID|1||{number}^^^HOSP||{family}^{given}||19800101|F\rOBR|1||A1|1^Panel|||20240102030400\r\
         OBX|1|NM|{marker}^{marker}^L||{value}|mg/dL||||||F|||20240304\rNTE|1||{remark}\r",
        hospital = c.word("hospital in HL7"),
        number = c.word("patient's number in HL7"),
        family = c.word("family name in HL7"),
        given = c.word("given name in HL7"),
        remark = c.word("remark in HL7"),
    );
    let name = format!("{}.hl7", c.word("name of an HL7 file"));
    Planted { name, bytes: text.into_bytes(), shown: vec![value, marker] }
}

fn csv(c: &mut Canaries) -> Planted {
    let (value, marker) = (c.number("value in a table"), c.word("name of a test in a table"));
    let text = format!(
        "Test,Result,Unit,Reference range,Date,Comment\n{marker},{value},{},1 - 2,2024-03-05,{}\nSodium,140,mmol/L,135 - 145,2024-03-05,\n",
        c.word("unit in a table"),
        c.word("remark in a table")
    );
    let name = format!("{}.csv", c.word("name of a table"));
    Planted { name, bytes: text.into_bytes(), shown: vec![value, marker] }
}

fn apple(c: &mut Canaries) -> Planted {
    let value = c.number("value in an Apple Health file");
    let record = |value: &str, minute: u32, source: &str| {
        format!(
            "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"{source}\" unit=\"count\" \
             creationDate=\"2024-05-01 10:{minute:02}:00 +0000\" startDate=\"2024-05-01 09:{minute:02}:00 +0000\" \
             endDate=\"2024-05-01 09:{minute:02}:30 +0000\" value=\"{value}\"/>\n"
        )
    };
    let source = c.word("device in an Apple Health file");
    let mut text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_US\">\n<ExportDate value=\"2024-05-01 10:00:00 +0000\"/>\n\
         <Me HKCharacteristicTypeIdentifierDateOfBirth=\"1980-01-01\"/>\n"
        .to_owned();
    // A whole column of the same number would show in a sloppy encoding.
    for minute in 0..50 {
        text += &record(&value, minute, &source);
    }
    text += "</HealthData>\n";
    let name = format!("{}.xml", c.word("name of an Apple Health file"));
    Planted { name, bytes: text.into_bytes(), shown: Vec::new() }
}

/// Files that cannot be read to their end; a reason must not quote them into a log.
fn broken(c: &mut Canaries) -> Vec<Planted> {
    let mut all = Vec::new();
    for whole in [fhir(c), cda(c), apple(c)] {
        let cut = whole.bytes.len() * 3 / 4;
        all.push(Planted { name: whole.name, bytes: whole.bytes[..cut].to_vec(), shown: Vec::new() });
    }
    let odd: [(&str, Vec<u8>); 4] = [
        ("json", format!("{{\"resourceType\": \"{}\", \"x\": tru", c.word("odd type in JSON")).into_bytes()),
        ("xml", format!("<a><{0}></a>", c.word("odd element in XML")).into_bytes()),
        ("hl7", format!("MSH|^~\\&|{}\rOBX|||||", c.word("odd field in HL7")).into_bytes()),
        ("zip", {
            let name = c.word("name in a broken archive");
            let mut bytes = zip(&[(name, b"x".to_vec())]);
            let end = bytes.len() - 30;
            bytes.truncate(end);
            bytes
        }),
    ];
    for (kind, bytes) in odd {
        let name = format!("{}.{kind}", c.word("name of a broken file"));
        all.push(Planted { name, bytes, shown: Vec::new() });
    }
    all
}
