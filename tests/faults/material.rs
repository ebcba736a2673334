//! Files of several kinds, each with values of its own, so that no two of them say the same.

use serde_json::json;

/// A steady stream of numbers (xorshift64*), the same for the same seed.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(len + 8);
        while out.len() < len {
            out.extend_from_slice(&self.next().to_le_bytes());
        }
        out.truncate(len);
        out
    }
}

/// A file and what must come of it.
#[derive(Clone)]
pub struct Material {
    pub name: String,
    pub bytes: Vec<u8>,
    pub records: u64,
    pub samples: u64,
}

/// A minute of its own, as day and time of day.
fn minute(n: u64) -> (String, String) {
    let (day, rest) = (n / 1440, n % 1440);
    let (year, month, day) = (2015 + day / 336, 1 + day % 336 / 28, 1 + day % 28);
    (format!("{year}-{month:02}-{day:02}"), format!("{:02}:{:02}", rest / 60, rest % 60))
}

/// The `n`th file of a person; `clock` counts the minutes that are used up.
pub fn material(rng: &mut Rng, n: u64, clock: &mut u64) -> Material {
    let count = 5 + rng.below(60);
    let times: Vec<_> = (0..count).map(|i| minute(*clock + i)).collect();
    *clock += count;
    match rng.below(5) {
        0 => fhir(n, &times),
        1 => table(n, &times),
        2 => hl7(n, &times),
        3 => apple(n, &times),
        _ => {
            let len = 1 + rng.below(3 << 20) as usize;
            let mut bytes = b"\x7fjunk\0".to_vec();
            bytes.extend(rng.bytes(len));
            Material { name: format!("junk-{n}.bin"), bytes, records: 0, samples: 0 }
        }
    }
}

fn fhir(n: u64, times: &[(String, String)]) -> Material {
    let entry: Vec<_> = times
        .iter()
        .enumerate()
        .map(|(i, (day, time))| {
            json!({"resource": {"resourceType": "Observation", "status": "final",
                "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}]},
                "effectiveDateTime": format!("{day}T{time}:00Z"),
                "valueQuantity": {"value": 4.0 + i as f64 / 100.0, "unit": "mmol/L",
                    "system": "http://unitsofmeasure.org", "code": "mmol/L"}}})
        })
        .collect();
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entry});
    Material {
        name: format!("fhir-{n}.json"),
        bytes: bundle.to_string().into_bytes(),
        records: times.len() as u64,
        samples: 0,
    }
}

fn table(n: u64, times: &[(String, String)]) -> Material {
    let mut text = "Test,Result,Unit,Reference range,Date\n".to_owned();
    for (i, (day, time)) in times.iter().enumerate() {
        text += &format!("Sodium,{},mmol/L,135 - 145,{day} {time}\n", 130 + i);
    }
    let records = times.len() as u64;
    Material { name: format!("table-{n}.csv"), bytes: text.into_bytes(), records, samples: 0 }
}

fn hl7(n: u64, times: &[(String, String)]) -> Material {
    let mut text = format!(
        "MSH|^~\\&|LAB|HOSP|APP|FAC|20240102030405||ORU^R01|M{n}|P|2.5.1\rPID|1||77^^^HOSP||Doe^Jane||19800101|F\r\
         OBR|1||A{n}|24323-8^Panel^LN|||20240102030400\r"
    );
    for (i, (day, time)) in times.iter().enumerate() {
        let at = format!("{}{}", day.replace('-', ""), time.replace(':', ""));
        text += &format!(
            "OBX|{0}|NM|2075-0^Chloride^LN||{1}|mmol/L^mmol/L^UCUM|98-107||||F|||{at}\r",
            i + 1,
            90 + i
        );
    }
    // The report is a record of its own.
    let records = times.len() as u64 + 1;
    Material { name: format!("oru-{n}.hl7"), bytes: text.into_bytes(), records, samples: 0 }
}

fn apple(n: u64, times: &[(String, String)]) -> Material {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_US\">\n <ExportDate \
                    value=\"2024-05-01 10:00:00 +0000\"/>\n"
        .to_owned();
    for (i, (day, time)) in times.iter().enumerate() {
        text += &format!(
            " <Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"Watch {n}\" unit=\"count/min\" \
             creationDate=\"{day} {time}:30 +0000\" startDate=\"{day} {time}:00 +0000\" \
             endDate=\"{day} {time}:00 +0000\" value=\"{}\"/>\n",
            50 + i
        );
    }
    text += "</HealthData>\n";
    let samples = times.len() as u64;
    Material { name: format!("apple-{n}.xml"), bytes: text.into_bytes(), records: 0, samples }
}
