//! A value that only JSON can carry: one whose type says inside which of several things it is.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

/// Travels as one text of JSON.
#[derive(Clone, PartialEq)]
pub struct AsJson<T>(pub T);

impl<T: Serialize> Serialize for AsJson<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // Without the cause: it may quote what it failed on.
        let text = serde_json::to_string(&self.0).map_err(|_| serde::ser::Error::custom("no JSON"))?;
        s.serialize_str(&text)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for AsJson<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        serde_json::from_str(&text).map(Self).map_err(|_| serde::de::Error::custom("no JSON of that type"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::AsJson;
    use keepwell_domain::view::{Answer, Block, Span};

    #[test]
    fn an_answer_travels_in_postcard() {
        let line = vec![Span::Value { text: "31 ng/mL".into(), receipt: 0 }];
        let answer = Answer { blocks: vec![Block::Paragraph { line }], ..Answer::default() };
        let bytes = postcard::to_stdvec(&AsJson(answer.clone())).unwrap();
        assert!(postcard::from_bytes::<AsJson<Answer>>(&bytes).unwrap().0 == answer);
    }
}
