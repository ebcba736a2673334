//! Questions about one's own records, and answers with receipts.
//!
//! An answer is data, not prose with numbers in it: each number that came out of a record is a
//! [`Span::Value`] and names the [`AskReceipt`] that it came from, so that a page can link it and nobody
//! has to trust a sentence. Text that a model wrote carries no value by itself: what matches no receipt of the
//! conversation is a [`Span::Unverified`].

use super::Standing;
use crate::{
    ids::{ConversationId, DocumentId, MessageId, RecordId},
    record::Kind,
    time::Ts,
};
use serde::{Deserialize, Serialize};

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The question was answered from the records.
    #[default]
    Answered,
    /// The question was understood, and the records hold nothing of the kind.
    Nothing,
    /// It can mean several things; [`Answer::choices`] are questions to pick from.
    Ambiguous,
    /// It was not understood; the answer says what can be asked.
    NotUnderstood,
    /// Dosing, diagnosis, prognosis: declined, with whom to ask instead.
    Declined,
    /// It spoke of an emergency or of self-harm: help comes first.
    Help,
}

/// A piece of a line of text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Span {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A value, date or name out of the records.
    Value {
        /// As it is shown: comparator, number as printed, unit.
        text: String,
        /// Which of [`Answer::receipts`], counted from 0.
        receipt: u32,
    },
    /// A number or date in a model's text that no record of this conversation says.
    Unverified {
        /// As the model wrote it.
        text: String,
    },
}

/// A line: what is said in one paragraph or one cell.
pub type Line = Vec<Span>;

/// A point of a small chart.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AskPoint {
    /// UTC milliseconds.
    pub t: i64,
    /// The number in the chart's unit.
    pub v: f64,
    /// Which of [`Answer::receipts`], counted from 0, where one record is behind it.
    pub receipt: Option<u32>,
}

/// A part of an answer.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// What it says.
        line: Line,
    },
    /// A list without order.
    List {
        /// Its points.
        items: Vec<Line>,
    },
    /// A small table.
    Table {
        /// What it shows, in a few words.
        caption: String,
        /// Headings, one for each column.
        head: Vec<String>,
        /// Rows; each has as many cells as there are headings.
        rows: Vec<Vec<Line>>,
    },
    /// A small chart of one marker.
    Chart {
        /// The marker's key, for the link to its page.
        marker: String,
        /// Its name.
        name: String,
        /// The unit of all points, as written.
        unit: String,
        /// Points in time order.
        points: Vec<AskPoint>,
        /// One sentence that says what is to be seen.
        summary: String,
    },
}

/// Where something in an answer comes from.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AskReceipt {
    /// The kind of record. A document itself is a note without a record and a marker: only `document` is set.
    pub kind: Kind,
    /// The record; `None` for a computed value or a day of samples.
    pub record: Option<RecordId>,
    /// The marker's key, for values.
    pub marker: Option<String>,
    /// The name of what was measured or stated, in the language of the answer.
    pub title: String,
    /// The value as printed: comparator, number, unit. Empty where there is none.
    pub value: String,
    /// How it stands to the range that came with it.
    pub standing: Standing,
    /// Date as stated, ISO, as precise as it is.
    pub date: String,
    /// The document that says it; `None` when typed in.
    pub document: Option<DocumentId>,
    /// The document's name.
    pub document_name: String,
    /// The place in it, in the format's own words: `Bundle.entry[3].resource`, `line 12`.
    pub place: String,
    /// For a computed value: the formula in words, and the receipts that it was computed from.
    pub computed: Option<Computed>,
}

/// How a value was computed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    /// The formula in words, with its source where it has one.
    pub formula: String,
    /// Which of [`Answer::receipts`] went in, counted from 0.
    pub from: Vec<u32>,
}

/// Why something was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Rows of a file that wait for the person's review.
    Unreviewed,
    /// Files that wait, are being read, or could not be read.
    Unread,
    /// Sources contradict each other on it.
    Conflicting,
    /// The unit cannot be converted with certainty, so it was not compared.
    NotComparable,
    /// The record states no date.
    Undated,
    /// The program that asks is not allowed to see it.
    NotPermitted,
    /// The person wished that it does not leave the instance.
    NotSent,
}

/// What was looked at, and what was not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Coverage {
    /// How many records or values were looked at for this answer.
    pub looked_at: u32,
    /// Date of the oldest of them, ISO; empty when there is none.
    pub from: String,
    /// Date of the newest of them, ISO; empty when there is none.
    pub to: String,
    /// What was left out: why, how many, and where to go about it.
    pub left_out: Vec<LeftOutItem>,
}

/// One reason in [`Coverage::left_out`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutItem {
    /// Why.
    pub why: LeftOut,
    /// How many.
    pub count: u32,
    /// Where they can be looked at, when it is one document.
    pub document: Option<DocumentId>,
    /// That document's name.
    pub document_name: String,
}

/// Who answered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The answerer that is built in; nothing left the instance.
    #[default]
    Builtin,
    /// A model of a provider.
    Model {
        /// The provider's name, as the person consented to it.
        provider: String,
        /// The model.
        model: String,
    },
}

/// An answer.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Answer {
    /// How it ended.
    pub outcome: Outcome,
    /// What has to be said before anything else: help numbers, or that the newest value still waits for review.
    pub first: Vec<Line>,
    /// The answer itself.
    pub blocks: Vec<Block>,
    /// Where its values come from.
    pub receipts: Vec<AskReceipt>,
    /// What was looked at.
    pub coverage: Coverage,
    /// Questions that can be asked next, or, for [`Outcome::Ambiguous`], that were meant perhaps.
    pub choices: Vec<String>,
    /// Who answered.
    pub by: AnsweredBy,
}

impl Answer {
    /// The answer in plain text: paragraphs, lists and tables as lines, without coverage and receipts.
    #[must_use]
    pub fn plain(&self) -> String {
        self.text(plain_line)
    }

    /// The same, with `[?]` behind each number or date that no record says.
    #[must_use]
    pub fn marked(&self) -> String {
        self.text(|line| {
            let marked = |s: &Span| match s {
                Span::Unverified { text } => format!("{text} [?]"),
                Span::Text { text } | Span::Value { text, .. } => text.clone(),
            };
            line.iter().map(marked).collect()
        })
    }

    fn text(&self, one: fn(&Line) -> String) -> String {
        let mut lines: Vec<String> = self.first.iter().map(one).collect();
        for block in &self.blocks {
            match block {
                Block::Paragraph { line } => lines.push(one(line)),
                Block::List { items } => lines.extend(items.iter().map(|i| format!("- {}", one(i)))),
                Block::Table { caption, head, rows } => {
                    lines.push(caption.clone());
                    lines.push(head.join(" | "));
                    lines.extend(rows.iter().map(|r| r.iter().map(one).collect::<Vec<_>>().join(" | ")));
                }
                Block::Chart { summary, .. } => lines.push(summary.clone()),
            }
        }
        lines.retain(|l| !l.is_empty());
        lines.join("\n")
    }
}

/// A line without its links.
#[must_use]
pub fn plain_line(line: &Line) -> String {
    line.iter()
        .map(|s| match s {
            Span::Text { text } | Span::Value { text, .. } | Span::Unverified { text } => text.as_str(),
        })
        .collect()
}

/// What the stream of an answer sends, one after the other. JSON in `data:`, the variant's name in `event:`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AskEvent {
    /// The question was taken; comes first.
    Begun {
        /// The conversation, a new one where none was named.
        conversation: ConversationId,
        /// The message that the answer will be.
        message: MessageId,
    },
    /// The model looks something up: a tool's name in words of the answer's language.
    Looking {
        /// What is looked at.
        what: String,
    },
    /// The answer grew by some text, to be shown until [`AskEvent::Done`] brings the checked one.
    Delta {
        /// Pieces to append to what is shown.
        line: Line,
    },
    /// The whole answer, checked; comes last.
    Done {
        /// The answer.
        answer: Box<Answer>,
    },
    /// It ended without an answer; comes last.
    Failed {
        /// A plain sentence in the person's language.
        reason: String,
        /// Whether asking again can help.
        again: bool,
    },
}

/// A conversation in the list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationRow {
    /// Id.
    pub id: ConversationId,
    /// The name: the first question, or what the person called it.
    pub title: String,
    /// When something was last said in it.
    pub changed: Ts,
    /// Questions in it.
    pub questions: u32,
}

/// One question and its answer.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Id of the answer.
    pub id: MessageId,
    /// When it was asked.
    pub asked: Ts,
    /// The question as typed.
    pub question: String,
    /// The answer; `None` while it is under way, or when it was stopped before it said anything.
    pub answer: Option<Answer>,
    /// Whether it was stopped by the person.
    pub stopped: bool,
    /// Why there is no answer, in plain words.
    pub failed: Option<String>,
}

/// The Ask page.
#[derive(Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct AskView {
    /// Conversations, the newest first.
    pub conversations: Vec<ConversationRow>,
    /// The open one.
    pub open: Option<ConversationView>,
    /// Questions to begin with, made from what the records hold.
    pub suggestions: Vec<String>,
    /// The provider that may be asked, when one is set up.
    pub provider: Option<ProviderView>,
}

/// One conversation.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationView {
    /// Id.
    pub id: ConversationId,
    /// Its name.
    pub title: String,
    /// What was said, oldest first.
    pub exchanges: Vec<Exchange>,
}

/// A provider of models, as a person decides about it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// Its name.
    pub name: String,
    /// The host that questions go to.
    pub host: String,
    /// The model.
    pub model: String,
    /// Where it stands, as the operator or the person stated: a country, `this machine`.
    pub place: String,
    /// Where its terms can be read; empty when nothing was stated.
    pub terms: String,
    /// Whether the person consented to just this provider, place and model.
    pub consented: bool,
    /// Whether the key and address are the person's own.
    pub own: bool,
}
