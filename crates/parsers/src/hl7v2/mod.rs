//! HL7 v2 messages (ER7): results (ORU), documents (MDM), and the diagnoses and allergies of any
//! other message; single, several in a file, or in a batch, with any line ends.

mod order;
mod syntax;
mod value;

pub(crate) use syntax::time;

use crate::reason::Remark;
use crate::{
    clinical::{Out, check_size},
    error::{Flaw, ParseError, Reason, Thing},
    sink::{Sink, Summary},
    sniff::Format,
};
use keepwell_domain::{
    locator::Locator,
    record::{Allergy, Body, Condition, Subject},
};
use order::Order;
use std::borrow::Cow;
use syntax::{Delimiters, Segment, segments};

const WHAT: Thing = Thing::Hl7;

/// Reads HL7 v2 messages that are wholly in memory.
///
/// # Errors
/// A file without a message header, and one over 256 MiB. A broken segment is a warning only.
pub fn read(bytes: &[u8], sink: &mut dyn Sink) -> Result<Summary, ParseError> {
    check_size(bytes)?;
    let (text, same_bytes) = decode(bytes);
    let all = segments(&text);
    let header = all.iter().any(|s| s.name() == "MSH");
    if !header {
        return Err(if text.trim().is_empty() {
            Reason::Empty.into()
        } else {
            ParseError::malformed(WHAT, Flaw::NoHeader, None)
        });
    }
    let mut reader = Reader {
        out: Out::new(sink, Summary::new(Format::Hl7v2)),
        message: 0,
        delimiters: None,
        same_bytes,
        person: None,
        stranger: false,
        order: None,
        is_document: false,
        counts: Vec::new(),
    };
    for (n, segment) in all.iter().enumerate() {
        if n % 256 == 0 {
            reader.out.progress(segment.range.0, text.len());
        }
        reader.segment(segment)?;
    }
    reader.end_order()?;
    reader.out.progress(text.len(), text.len());
    Ok(reader.out.summary)
}

/// The text, and whether its offsets are those of the file.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes)
        && encoding != encoding_rs::UTF_8
    {
        return (encoding.decode(bytes).0, false);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), true);
    }
    let declared = declared_charset(bytes).unwrap_or_default().to_ascii_uppercase();
    let encoding = match declared.as_str() {
        "8859/2" => encoding_rs::ISO_8859_2,
        "8859/3" => encoding_rs::ISO_8859_3,
        "8859/4" => encoding_rs::ISO_8859_4,
        "8859/5" => encoding_rs::ISO_8859_5,
        "8859/6" => encoding_rs::ISO_8859_6,
        "8859/7" => encoding_rs::ISO_8859_7,
        "8859/8" => encoding_rs::ISO_8859_8,
        "8859/9" => encoding_rs::WINDOWS_1254,
        "8859/15" => encoding_rs::ISO_8859_15,
        "GB 18030-2000" => encoding_rs::GB18030,
        "BIG-5" => encoding_rs::BIG5,
        "KS X 1001" => encoding_rs::EUC_KR,
        d if d.contains("UTF-8") || d.contains("UNICODE") => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    };
    (encoding.decode(bytes).0, false)
}

/// MSH-18 of the first message.
fn declared_charset(bytes: &[u8]) -> Option<String> {
    let at = memchr::memmem::find(bytes, b"MSH")?;
    let line = bytes[at..].split(|b| matches!(b, b'\r' | b'\n')).next()?;
    let separator = *line.get(3)?;
    let field = line.split(|b| *b == separator).nth(17)?;
    let first = field.split(|b| matches!(b, b'~' | b'^')).next()?;
    Some(String::from_utf8_lossy(first).trim().to_owned())
}

struct Reader<'s> {
    out: Out<'s>,
    message: usize,
    delimiters: Option<Delimiters>,
    same_bytes: bool,
    /// Identifier and person of the first PID.
    person: Option<(Option<String>, Subject)>,
    stranger: bool,
    order: Option<Order>,
    is_document: bool,
    counts: Vec<(String, usize)>,
}

impl Reader<'_> {
    fn segment(&mut self, segment: &Segment<'_>) -> Result<(), ParseError> {
        let name = segment.name().to_owned();
        if matches!(name.as_str(), "MSH" | "BHS" | "FHS") {
            self.end_order()?;
            self.message += usize::from(name == "MSH");
            self.counts.clear();
            self.delimiters = Delimiters::read(&segment.text);
            if self.delimiters.is_none() {
                let place = self.locate(segment, "MSH");
                return self.out.warn(place, Remark::NoDelimiters);
            }
            if let (Some(d), "MSH") = (self.delimiters, name.as_str()) {
                self.is_document = segment.field(9, d).component(1).raw == "MDM";
                // A message without a PID of its own is about nobody known.
                self.stranger = false;
            }
            return Ok(());
        }
        let Some(d) = self.delimiters else {
            self.out.summary.skip("segments", 1);
            return Ok(());
        };
        let place = self.locate(segment, &name);
        if name == "PID" {
            self.end_order()?;
            return self.person(segment, d, place);
        }
        if self.stranger {
            self.out.summary.skip("segments of another person", 1);
            return Ok(());
        }
        match name.as_str() {
            "OBR" => {
                self.end_order()?;
                self.order = Some(Order::begin(segment, d, place, self.is_document));
            }
            "OBX" => self.order().result(segment, d, place),
            "NTE" => {
                if let Some(order) = &mut self.order {
                    order.comment(segment, d);
                }
            }
            "SPM" => self.order().specimen(segment, d),
            "TXA" => self.order().document(segment, d),
            "DG1" => self.diagnosis(segment, d, place)?,
            "AL1" => self.allergy(segment, d, place)?,
            "BTS" | "FTS" | "ORC" | "EVN" | "PV1" | "PD1" | "SFT" => {}
            other => self.out.summary.skip(other, 1),
        }
        Ok(())
    }

    /// The order under way; OBX segments may stand without one.
    fn order(&mut self) -> &mut Order {
        let is_document = self.is_document;
        self.order.get_or_insert_with(|| Order::without_header(is_document))
    }

    fn end_order(&mut self) -> Result<(), ParseError> {
        match self.order.take() {
            Some(order) => order.end(&mut self.out),
            None => Ok(()),
        }
    }

    fn locate(&mut self, segment: &Segment<'_>, name: &str) -> Locator {
        let at = match self.counts.iter().position(|(n, _)| n == name) {
            Some(at) => at,
            None => {
                self.counts.push((name.to_owned(), 0));
                self.counts.len() - 1
            }
        };
        let mut number = 0;
        if let Some((_, count)) = self.counts.get_mut(at) {
            number = *count;
            *count += 1;
        }
        let path = format!("MSG[{}]/{name}[{number}]", self.message.saturating_sub(1));
        let bytes = self.same_bytes.then_some((segment.range.0 as u64, segment.range.1 as u64));
        Locator::Path { path, bytes }
    }

    fn person(&mut self, s: &Segment<'_>, d: Delimiters, place: Locator) -> Result<(), ParseError> {
        let id = s.field(3, d).first().part(1).or_else(|| s.field(2, d).first().part(1));
        let name = s.field(5, d).first();
        // Prefix, given, middle, family, suffix; the family name may hold its parts as subcomponents.
        let family = name.component(1).sub(1).text();
        let words = [name.part(5), name.part(2), name.part(3), family, name.part(4)];
        let words: Vec<_> = words.into_iter().flatten().collect();
        let subject = Subject {
            name: (!words.is_empty()).then(|| words.join(" ")),
            birth_date: s.field(7, d).part(1).and_then(|t| time(&t)),
            sex: s.field(8, d).part(1).map(|code| sex(&code).to_owned()),
        };
        match &self.person {
            None => {
                self.person = Some((id, subject.clone()));
                self.stranger = false;
                self.out.subject(subject)
            }
            Some((known_id, known)) => {
                let same_id = id.is_some() && id == *known_id;
                let same_person = subject.name == known.name && subject.birth_date == known.birth_date;
                self.stranger = !(same_id || same_person);
                if !self.stranger {
                    return Ok(());
                }
                self.out.subject(subject)?;
                self.out.warn(place, Remark::OtherMessage)
            }
        }
    }

    fn diagnosis(&mut self, s: &Segment<'_>, d: Delimiters, place: Locator) -> Result<(), ParseError> {
        let mut code = value::concept(s.field(3, d));
        code.text = code.text.or_else(|| s.field(4, d).text());
        if code.is_empty() {
            self.out.summary.skip("DG1", 1);
            return Ok(());
        }
        let effective = s.field(5, d).part(1).and_then(|t| time(&t));
        let body = Condition { code, onset: None, ..Condition::default() };
        self.out.record(effective, Body::Condition(body), place, None)
    }

    fn allergy(&mut self, s: &Segment<'_>, d: Delimiters, place: Locator) -> Result<(), ParseError> {
        let code = value::concept(s.field(3, d));
        if code.is_empty() {
            self.out.summary.skip("AL1", 1);
            return Ok(());
        }
        let category = s.field(2, d).part(1).map(|c| match c.as_str() {
            "DA" | "MA" => "medication".to_owned(),
            "FA" => "food".to_owned(),
            "EA" | "LA" | "AA" | "PA" => "environment".to_owned(),
            _ => c,
        });
        let severity = s.field(4, d).part(1);
        let body = Allergy {
            code,
            category,
            reactions: s.field(5, d).repeats().take(value::MAX_REPEATS).filter_map(|r| r.whole()).collect(),
            note: severity.map(|s| format!("Severity: {s}")),
            ..Allergy::default()
        };
        let effective = s.field(6, d).part(1).and_then(|t| time(&t));
        self.out.record(effective, Body::Allergy(body), place, None)
    }
}

/// HL7 table 0001 in FHIR's words.
pub(crate) fn sex(code: &str) -> &'static str {
    match code.trim() {
        "M" | "m" => "male",
        "F" | "f" => "female",
        "O" | "A" | "o" | "UN" => "other",
        _ => "unknown",
    }
}
