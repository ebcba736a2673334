//! One question answered by a model: the request, its tools, its text, checked.
//!
//! A model gets the question, what was said before with it, and tools over the one profile's facts, which only
//! read. Nothing that it writes, and nothing that a document says to it, can do more than become text.

use super::{
    consent::named,
    model::{ModelCall, ModelFault, Provider, pass, piped},
};
use crate::{
    actor::{Actor, Lang},
    audit::Act,
    core::Services,
    error::{Result, ServiceError},
};
use futures::{Stream, StreamExt, channel::mpsc::Sender};
use keepwell_ask::{
    facts::Facts,
    model::{
        ModelEvent, Part, ProviderFault, Request, Speaker, Stop, ToolCall, ToolSpec, Turn, Usage, WireFault,
        check::{check, check_part},
        prompt,
        tools::{Desk, specs},
    },
};
use keepwell_domain::{
    act::Action,
    view::{Answer, AnsweredBy, AskEvent, Block, Line, Outcome, Span},
};
use std::sync::Arc;

/// Requests for one question.
const ROUNDS: usize = 8;
/// Tokens of one answer of the model.
const TOKENS: u32 = 4096;
/// Tokens that a model may write for one question.
const TOKENS_IN_ALL: u64 = 16_000;
/// Bytes of one request.
const BODY: usize = 1 << 20;
/// Earlier questions that go with a new one.
const EARLIER: usize = 6;
/// Characters of an earlier answer.
const EARLIER_TEXT: usize = 4000;
/// Bytes of text after which a part is shown although its sentence goes on.
const PART: usize = 600;

/// An earlier question of the conversation with its answer.
pub struct Earlier {
    /// As typed.
    pub question: String,
    /// Its answer. One that stayed here is not sent later either.
    pub answer: Answer,
}

/// A talk with a model, before and between its requests.
pub(crate) struct Talk<'f> {
    desk: Desk<'f>,
    turns: Vec<Turn>,
    system: String,
    tools: Vec<ToolSpec>,
    may_call: bool,
    provider: Arc<Provider>,
    german: bool,
    /// The question as it was sent.
    question: String,
}

/// Why there is no answer.
enum Ended {
    /// Nobody listens any more.
    Left,
    /// For the person: in which words, and whether asking again can help.
    Why(&'static str, bool),
    /// A fault of ours.
    Fault(ServiceError),
}

impl From<ServiceError> for Ended {
    fn from(e: ServiceError) -> Self {
        Self::Fault(e)
    }
}

impl Talk<'_> {
    /// The next request.
    pub fn body(&mut self) -> Vec<u8> {
        let request = Request {
            model: &self.provider.model,
            system: &self.system,
            turns: &self.turns,
            tools: &self.tools,
            may_call: self.may_call,
            max_tokens: TOKENS,
            new_limit_name: self.provider.new_limit_name(),
        };
        self.provider.wire.encode(&request).to_string().into_bytes()
    }

    /// What stands for what.
    pub fn stand_ins(&self) -> impl Iterator<Item = (&str, &str)> {
        self.desk.standins.pairs()
    }

    /// Real names in the place of stand-ins.
    fn restored(&self, line: Line) -> Line {
        let real = |text: String| self.desk.standins.restore(&text);
        line.into_iter()
            .map(|span| match span {
                Span::Text { text } => Span::Text { text: real(text) },
                Span::Unverified { text } => Span::Unverified { text: real(text) },
                value @ Span::Value { .. } => value,
            })
            .collect()
    }

    fn restored_block(&self, block: Block) -> Block {
        match block {
            Block::Paragraph { line } => Block::Paragraph { line: self.restored(line) },
            Block::List { items } => {
                Block::List { items: items.into_iter().map(|i| self.restored(i)).collect() }
            }
            Block::Table { caption, head, rows } => Block::Table {
                caption,
                head: head.iter().map(|h| self.desk.standins.restore(h)).collect(),
                rows: rows.into_iter().map(|r| r.into_iter().map(|c| self.restored(c)).collect()).collect(),
            },
            chart @ Block::Chart { .. } => chart,
        }
    }

    fn part(&self, text: &str) -> Line {
        self.restored(check_part(text, &self.question, &self.desk.ledger, self.german))
    }

    /// The answer of a text.
    fn answer(&self, text: &str, stop: Stop, lang: Lang) -> Answer {
        let checked = check(text, &self.question, &self.desk.ledger, self.german);
        let mut first: Vec<Line> = Vec::new();
        for (marker, document) in self.desk.unreviewed() {
            first.push(vec![Span::Text { text: waits(&marker, &document, lang) }]);
        }
        if stop == Stop::Length {
            let cut = lang.pick(
                "The answer was cut off at its longest length.",
                "Die Antwort wurde bei ihrer größten Länge abgeschnitten.",
            );
            first.push(vec![Span::Text { text: cut.to_owned() }]);
        }
        Answer {
            outcome: Outcome::Answered,
            first,
            blocks: checked.blocks.into_iter().map(|b| self.restored_block(b)).collect(),
            receipts: checked.used.into_receipts(),
            coverage: self.desk.coverage(),
            choices: Vec::new(),
            by: AnsweredBy::Model {
                provider: self.provider.name.clone(),
                model: self.provider.model.clone(),
            },
        }
    }
}

impl Services {
    /// Whether a question of this person's goes to a model: a provider is set up and they consented to just it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn asks_model(&self, actor: &Actor) -> Result<bool> {
        match self.provider(actor).await? {
            Some(provider) => self.has_consent(actor, &provider).await,
            None => Ok(false),
        }
    }

    /// Has a question answered by the model that the person consented to; without consent nothing is sent. Of what
    /// was said before, only what went to a model already goes with it. The last event is `Done` or `Failed`;
    /// dropping the stream ends the request. [`AskEvent::Begun`] is for the caller to send, and receipts in
    /// [`AskEvent::Delta`] are counted otherwise than in the answer.
    pub fn ask_model<'a>(
        &'a self,
        actor: &'a Actor,
        earlier: &'a [Earlier],
        question: &'a str,
    ) -> impl Stream<Item = AskEvent> + Send + use<'a> {
        piped(move |mut to| async move {
            let last = match self.ask_round(actor, earlier, question, &mut to).await {
                Ok(answer) => AskEvent::Done { answer: Box::new(answer) },
                Err(Ended::Left) => return,
                Err(Ended::Why(reason, again)) => AskEvent::Failed { reason: reason.to_owned(), again },
                Err(Ended::Fault(e)) => {
                    let (reason, again) = fault(&e, actor.lang);
                    AskEvent::Failed { reason: reason.to_owned(), again }
                }
            };
            pass(&mut to, last).await;
        })
    }

    /// The talk as it begins; also what a person sees before they consent.
    pub(crate) async fn talk<'f>(
        &self,
        actor: &Actor,
        facts: &'f Facts,
        provider: &Arc<Provider>,
        earlier: &[Earlier],
        question: &str,
    ) -> Result<Talk<'f>> {
        let mut before: Vec<&Earlier> = earlier
            .iter()
            .rev()
            .filter(|e| matches!(e.answer.by, AnsweredBy::Model { .. }))
            .take(EARLIER)
            .collect();
        before.reverse();
        let spoken: Vec<&str> = before.iter().map(|e| e.question.as_str()).chain([question]).collect();
        let stand_ins = self.stand_ins(actor, facts, &spoken.join("\n")).await?;
        let mut desk = Desk::new(facts, stand_ins);
        let mut turns = Vec::new();
        for e in before {
            desk.ledger.add_earlier(&e.answer.receipts);
            let said = desk.standins.hide(&e.answer.plain());
            let said: String = said.chars().take(EARLIER_TEXT).collect();
            if !said.trim().is_empty() {
                turns.push(Turn::text(Speaker::Person, desk.standins.hide(&e.question)));
                turns.push(Turn::text(Speaker::Model, said));
            }
        }
        let asked = desk.standins.hide(question);
        turns.push(Turn::text(Speaker::Person, asked.clone()));
        let german = actor.lang == Lang::De;
        Ok(Talk {
            desk,
            turns,
            system: prompt::system(german, facts.today),
            tools: specs(),
            may_call: true,
            provider: Arc::clone(provider),
            german,
            question: asked,
        })
    }

    async fn ask_round(
        &self,
        actor: &Actor,
        earlier: &[Earlier],
        question: &str,
        to: &mut Sender<AskEvent>,
    ) -> std::result::Result<Answer, Ended> {
        let lang = actor.lang;
        let provider = self.provider(actor).await?;
        let Some(provider) = provider else {
            return Err(Ended::Why(
                lang.pick("No model is set up.", "Es ist kein Modell eingerichtet."),
                false,
            ));
        };
        if !self.has_consent(actor, &provider).await? {
            let why = lang.pick(
                "Nothing was sent: you have not agreed to this provider.",
                "Es wurde nichts gesendet: Sie haben diesem Anbieter nicht zugestimmt.",
            );
            return Err(Ended::Why(why, false));
        }
        let facts = self.facts(actor).await?;
        if let Some(mut answer) = here_first(&facts, question).await? {
            self.finish_answer(actor, &mut answer).await?;
            return Ok(answer);
        }
        let mut talk = self.talk(actor, &facts, &provider, earlier, question).await?;
        // On disk before the first byte leaves.
        self.log_now(Act::of(actor, Action::ModelAsked).with_metadata(named(&provider))).await?;
        let mut used = Usage::default();
        let answered = self.rounds(actor, &mut talk, &mut used, to).await;
        let kinds: Vec<&str> = talk.desk.kinds().map(|k| k.as_str()).collect();
        let sum =
            format!("{} · {} in, {} out · {}", named(&provider), used.input, used.output, kinds.join(", "));
        let act = Act::of(actor, Action::ModelAsked).with_metadata(sum);
        self.log_now(if answered.is_ok() { act } else { act.failed() }).await?;
        let mut answer = answered?;
        self.finish_answer(actor, &mut answer).await?;
        Ok(answer)
    }

    /// Asks until the model has no more calls.
    async fn rounds(
        &self,
        actor: &Actor,
        talk: &mut Talk<'_>,
        used: &mut Usage,
        to: &mut Sender<AskEvent>,
    ) -> std::result::Result<Answer, Ended> {
        let lang = actor.lang;
        let mut so_far = String::new();
        for round in 0..ROUNDS {
            if round + 1 == ROUNDS || used.output >= TOKENS_IN_ALL {
                // The last one has to be an answer.
                talk.may_call = false;
            }
            let (text, calls, stop) = self.one(actor, talk, used, to).await?;
            if stop == Stop::Refused && text.trim().is_empty() {
                let why = lang.pick("The model declined to answer.", "Das Modell hat die Antwort abgelehnt.");
                return Err(Ended::Why(why, false));
            }
            if stop != Stop::Tools || calls.is_empty() || !talk.may_call {
                let last = if text.trim().is_empty() { so_far } else { text };
                if last.trim().is_empty() {
                    return Err(Ended::Why(
                        lang.pick("The model said nothing.", "Das Modell hat nichts gesagt."),
                        true,
                    ));
                }
                return Ok(talk.answer(&last, stop, lang));
            }
            if !text.trim().is_empty() {
                so_far.push_str(&text);
                so_far.push_str("\n\n");
                let gap = vec![Span::Text { text: "\n".to_owned() }];
                send(to, AskEvent::Delta { line: gap }).await?;
            }
            let mut results = Vec::with_capacity(calls.len());
            for call in &calls {
                send(to, AskEvent::Looking { what: looking(&call.name, lang).to_owned() }).await?;
                results.push(Part::Result(talk.desk.call(call)));
            }
            let mut said: Vec<Part> = vec![Part::Text(text)];
            said.retain(|p| !matches!(p, Part::Text(t) if t.trim().is_empty()));
            said.extend(calls.into_iter().map(Part::Call));
            talk.turns.push(Turn { speaker: Speaker::Model, parts: said });
            talk.turns.push(Turn { speaker: Speaker::Person, parts: results });
        }
        Err(Ended::Why(lang.pick("The model came to no end.", "Das Modell kam zu keinem Ende."), true))
    }

    /// One request, its text passed on as it comes.
    async fn one(
        &self,
        actor: &Actor,
        talk: &mut Talk<'_>,
        used: &mut Usage,
        to: &mut Sender<AskEvent>,
    ) -> std::result::Result<(String, Vec<ToolCall>, Stop), Ended> {
        let lang = actor.lang;
        let Some(host) = &self.0.ai.host else { return Err(Ended::Why("", false)) };
        let body = talk.body();
        if body.len() > BODY {
            let why = lang.pick(
                "This conversation has become too long for the model.",
                "Diese Unterhaltung ist für das Modell zu lang geworden.",
            );
            return Err(Ended::Why(why, false));
        }
        // Consent may have been taken back while the model was looking things up.
        if !self.has_consent(actor, &talk.provider).await? {
            let why = lang.pick(
                "Nothing more was sent: you took your consent back.",
                "Es wurde nichts weiter gesendet: Sie haben Ihre Zustimmung widerrufen.",
            );
            return Err(Ended::Why(why, false));
        }
        let mut events = host.call(ModelCall { provider: Arc::clone(&talk.provider), body });
        let (mut text, mut calls, mut shown) = (String::new(), Vec::new(), 0);
        while let Some(event) = events.next().await {
            match event {
                Ok(ModelEvent::Text(more)) => {
                    text.push_str(&more);
                    let whole = whole_part(&text[shown..]);
                    if whole > 0 {
                        let line = talk.part(&text[shown..shown + whole]);
                        shown += whole;
                        send(to, AskEvent::Delta { line }).await?;
                    }
                }
                Ok(ModelEvent::Call(call)) => calls.push(call),
                Ok(ModelEvent::Stop(stop, usage)) => {
                    used.input = used.input.saturating_add(usage.input);
                    used.output = used.output.saturating_add(usage.output);
                    if shown < text.len() {
                        let line = talk.part(&text[shown..]);
                        send(to, AskEvent::Delta { line }).await?;
                    }
                    return Ok((text, calls, stop));
                }
                Err(fault) => {
                    let (why, again) = said_of(fault, lang);
                    return Err(Ended::Why(why, again));
                }
            }
        }
        let (why, again) = said_of(ModelFault::Wire(WireFault::Cut), lang);
        Err(Ended::Why(why, again))
    }
}

/// Help in an emergency, and what no model may be asked, come from here: nothing is sent for them.
async fn here_first(facts: &Facts, question: &str) -> Result<Option<Answer>> {
    let (facts, question) = (facts.clone(), question.to_owned());
    let answering = move || keepwell_ask::answer(&facts, &question, &keepwell_ask::Context::default()).0;
    let answer = tokio::task::spawn_blocking(answering).await?;
    Ok(matches!(answer.outcome, Outcome::Help | Outcome::Declined).then_some(answer))
}

async fn send(to: &mut Sender<AskEvent>, event: AskEvent) -> std::result::Result<(), Ended> {
    if pass(to, event).await { Ok(()) } else { Err(Ended::Left) }
}

/// How much of a text can be shown: whole lines, whole sentences, and of a long sentence all but its end. No
/// stand-in and no number is ever cut in two.
fn whole_part(text: &str) -> usize {
    let mut end = text.rfind('\n').map_or(0, |i| i + 1);
    let line = &text[end..];
    if !line.starts_with('|') {
        let mut before = ' ';
        for (i, c) in line.char_indices() {
            let ends = matches!(c, '!' | '?') || (c == '.' && before.is_alphabetic());
            let next = line[i + c.len_utf8()..].chars().next();
            if ends && next == Some(' ') {
                end = text.len() - line.len() + i + 2;
            }
            before = c;
        }
    }
    if end == 0 && text.len() > PART {
        // Behind a word of small letters that no number and no name goes before or behind.
        let small = |w: &str| w.len() > 3 && w.chars().all(char::is_lowercase);
        let words: Vec<(usize, &str)> =
            text.match_indices(' ').map(|(i, _)| i).zip(text.split(' ')).collect();
        let cut = words.windows(2).rev().find(|w| small(w[0].1) && small(w[1].1));
        end = cut.map_or(0, |w| w[0].0 + 1);
    }
    end
}

fn waits(marker: &str, document: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!(
            "A value of {marker} in “{document}” that may be newer waits for your review and is not in this answer."
        ),
        Lang::De => format!(
            "Ein möglicherweise neuerer Wert von {marker} in „{document}“ wartet auf Ihre Prüfung und ist nicht in dieser Antwort."
        ),
    }
}

/// A tool's name in words.
const fn tool_words(lang: Lang) -> [(&'static str, &'static str); 8] {
    match lang {
        Lang::En => [
            ("find_markers", "which markers there are"),
            ("latest", "newest values"),
            ("series", "values over time"),
            ("statistics", "values over time"),
            ("compare", "two times, compared"),
            ("list_records", "list of records"),
            ("search_documents", "texts"),
            ("what_is_missing", "what is missing"),
        ],
        Lang::De => [
            ("find_markers", "welche Messwerte es gibt"),
            ("latest", "neueste Werte"),
            ("series", "Werte im Verlauf"),
            ("statistics", "Werte im Verlauf"),
            ("compare", "zwei Zeiten im Vergleich"),
            ("list_records", "Liste der Einträge"),
            ("search_documents", "Texte"),
            ("what_is_missing", "was fehlt"),
        ],
    }
}

/// What a model does, for the eye; its own word for it never counts.
fn looking(tool: &str, lang: Lang) -> &'static str {
    let known = tool_words(lang).into_iter().find(|(name, _)| *name == tool);
    known.map_or(lang.pick("the records", "die Einträge"), |(_, words)| words)
}

const fn said_of(fault: ModelFault, lang: Lang) -> (&'static str, bool) {
    match fault {
        ModelFault::Unreachable => (
            lang.pick(
                "The model's server cannot be reached.",
                "Der Server des Modells ist nicht erreichbar.",
            ),
            true,
        ),
        ModelFault::Forbidden => (
            lang.pick(
                "The model's address leads to where this server may not connect.",
                "Die Adresse des Modells führt dorthin, wohin dieser Server sich nicht verbinden darf.",
            ),
            false,
        ),
        ModelFault::Timeout => {
            (lang.pick("The model took too long.", "Das Modell hat zu lange gebraucht."), true)
        }
        ModelFault::Provider(ProviderFault::Busy)
        | ModelFault::Wire(WireFault::Provider(ProviderFault::Busy)) => (
            lang.pick(
                "The provider is busy. Please ask again in a moment.",
                "Der Anbieter ist überlastet. Bitte fragen Sie gleich noch einmal.",
            ),
            true,
        ),
        ModelFault::Provider(ProviderFault::Key)
        | ModelFault::Wire(WireFault::Provider(ProviderFault::Key)) => (
            lang.pick(
                "The provider did not accept the key.",
                "Der Anbieter hat den Schlüssel nicht angenommen.",
            ),
            false,
        ),
        ModelFault::Provider(ProviderFault::NotFound)
        | ModelFault::Wire(WireFault::Provider(ProviderFault::NotFound)) => (
            lang.pick(
                "The provider does not know this model or address.",
                "Der Anbieter kennt dieses Modell oder diese Adresse nicht.",
            ),
            false,
        ),
        ModelFault::Provider(ProviderFault::Request)
        | ModelFault::Wire(WireFault::Provider(ProviderFault::Request)) => (
            lang.pick(
                "The provider did not take the question.",
                "Der Anbieter hat die Frage nicht angenommen.",
            ),
            false,
        ),
        ModelFault::Provider(ProviderFault::Other)
        | ModelFault::Wire(WireFault::Provider(ProviderFault::Other)) => {
            (lang.pick("The provider reported a fault.", "Der Anbieter hat einen Fehler gemeldet."), true)
        }
        ModelFault::Wire(WireFault::Format | WireFault::TooLong) => (
            lang.pick(
                "The model's server sent something that cannot be read.",
                "Der Server des Modells hat etwas Unlesbares gesendet.",
            ),
            false,
        ),
        ModelFault::Wire(WireFault::Cut) => {
            (lang.pick("The answer broke off.", "Die Antwort ist abgebrochen."), true)
        }
    }
}

const fn fault(e: &ServiceError, lang: Lang) -> (&'static str, bool) {
    match e {
        ServiceError::Ended => (lang.pick("You were signed out.", "Sie wurden abgemeldet."), false),
        _ => (
            lang.pick(
                "Your records could not be looked at just now. Please ask again in a moment.",
                "Ihre Einträge konnten gerade nicht gelesen werden. Bitte fragen Sie gleich noch einmal.",
            ),
            true,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_shown_at_the_end_of_lines_and_sentences() {
        for (text, whole) in [
            ("", 0),
            ("Your LDL", 0),
            ("Your LDL was 3.", 0),
            ("It was 3. März and", 0),
            ("It is fine. Next", 12),
            ("It is fine.", 0),
            ("one\ntwo", 4),
            ("| a. b | ", 0),
            ("Hm? Ja! x", 8),
        ] {
            assert_eq!(whole_part(text), whole, "{text}");
        }
        let long = format!("{}Person A is", "word ".repeat(200));
        let end = whole_part(&long);
        assert!(end > 0 && !long[..end].contains("Person"));
        assert_eq!(whole_part(&"Person A ".repeat(100)), 0);
    }
}
