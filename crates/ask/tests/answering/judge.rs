//! Whether an answer is exact: what a question expects, held against what was answered.

use crate::oracle::{Oracle, Stated};
use keepwell_domain::view::{Answer, AskReceipt, Block, Line, Outcome, Span};

/// How an answer turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All that was expected, and nothing that was not.
    Exact,
    /// It asked back, declined, or said that it found nothing.
    AskedBack,
    /// It answered, but not what was asked; no number in it is wrong.
    Other,
    /// The number, date or name that was asked for is another one.
    Wrong,
}

/// All lines of an answer.
pub fn lines(a: &Answer) -> Vec<&Line> {
    let mut out: Vec<&Line> = a.first.iter().collect();
    for b in &a.blocks {
        match b {
            Block::Paragraph { line } => out.push(line),
            Block::List { items } => out.extend(items),
            Block::Table { rows, .. } => out.extend(rows.iter().flatten()),
            Block::Chart { .. } => {}
        }
    }
    out
}

fn spans(a: &Answer) -> Vec<(&str, &AskReceipt)> {
    lines(a)
        .into_iter()
        .flatten()
        .filter_map(|s| match s {
            Span::Value { text, receipt } => Some((text.as_str(), &a.receipts[*receipt as usize])),
            _ => None,
        })
        .collect()
}

/// Values of the first paragraph that has any; of a table or list all.
fn told(a: &Answer) -> Vec<(&str, &AskReceipt)> {
    for b in &a.blocks {
        let only = Answer { blocks: vec![b.clone()], receipts: a.receipts.clone(), ..Answer::default() };
        if !spans(&only).is_empty() {
            let n = spans(&only).len();
            let all = spans(a);
            let skip: usize = a.first.iter().flatten().filter(|s| matches!(s, Span::Value { .. })).count();
            // Blocks before this one have no values, so its values are the first.
            return all.into_iter().skip(skip).take(n).collect();
        }
    }
    Vec::new()
}

/// The number at the beginning of a text, in either language.
fn number(text: &str) -> Option<(f64, usize)> {
    let t = text.trim_start_matches(['<', '>', '=']).replace(',', ".").replace('−', "-");
    let end = t
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .map_or(t.len(), |x| x.0);
    let n = t[..end].trim_end_matches('.');
    let decimals = n.split_once('.').map_or(0, |x| x.1.len());
    n.parse().ok().map(|v| (v, decimals))
}

fn is_value(s: &(&str, &AskReceipt), v: &Stated) -> bool {
    let signed = s.0.starts_with(v.sign.as_str()) && (!v.sign.is_empty() || !s.0.starts_with(['<', '>']));
    signed
        && number(s.0).is_some_and(|(n, _)| (n - v.printed).abs() < 1e-9)
        && s.0.ends_with(v.unit.as_str())
        && s.1.date.get(..10) == Some(v.day.as_str())
}

fn about(s: &(&str, &AskReceipt), n: f64) -> bool {
    s.1.computed.is_some()
        && number(s.0).is_some_and(|(m, d)| (m - n).abs() <= 0.55 * 10f64.powi(-i32::try_from(d).unwrap()))
}

fn outcome(name: &str) -> Outcome {
    match name {
        "answered" => Outcome::Answered,
        "nothing" => Outcome::Nothing,
        "ambiguous" => Outcome::Ambiguous,
        "unclear" => Outcome::NotUnderstood,
        "declined" => Outcome::Declined,
        "help" => Outcome::Help,
        other => panic!("no outcome {other}"),
    }
}

/// Holds one expectation against an answer: (met, whether it is about a number, date or name of the records).
fn holds(expected: &str, a: &Answer, o: &Oracle) -> (bool, bool) {
    let (word, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    let args: Vec<&str> = rest.split_whitespace().collect();
    let id = args.first().copied().unwrap_or("");
    let (from, to) = args.get(1).and_then(|r| r.split_once("..")).unwrap_or(("", ""));
    let values = || o.values(id, from, to);
    let uncensored = || values().into_iter().filter(|v| v.sign.is_empty()).collect::<Vec<_>>();
    let tells = |v: Option<&Stated>| v.is_some_and(|v| told(a).iter().any(|s| is_value(s, v)));
    let plain = || a.plain().to_lowercase();
    match word {
        "latest" => (tells(values().last().copied()), true),
        "first" => (tells(values().first().copied()), true),
        "max" => {
            (tells(uncensored().into_iter().reduce(|x, y| if y.number > x.number { y } else { x })), true)
        }
        "min" => {
            (tells(uncensored().into_iter().reduce(|x, y| if y.number < x.number { y } else { x })), true)
        }
        "nth" => {
            let k: usize = args[1].parse().unwrap();
            let all = o.values(id, "", "");
            (tells(all.get(all.len() - k).copied()), true)
        }
        "any" => (values().last().is_some_and(|v| spans(a).iter().any(|s| is_value(s, v))), true),
        "near" => {
            let day = keepwell_domain::time::Date::parse(args[1]).unwrap().days();
            let far = |v: &&Stated| (keepwell_domain::time::Date::parse(&v.day).unwrap().days() - day).abs();
            (tells(o.values(id, "", "").into_iter().min_by_key(far)), true)
        }
        "over" | "under" => {
            // How many lie above or below a number.
            let limit: f64 = args[1].parse().unwrap();
            let all = o.values(id, "", "");
            let n = all
                .iter()
                .filter(|v| if word == "over" { v.number > limit } else { v.number < limit })
                .count();
            (spans(a).iter().any(|s| s.1.computed.is_some() && s.0 == n.to_string()), true)
        }
        "all" => {
            (values().iter().all(|v| spans(a).iter().any(|s| is_value(s, v))) && !values().is_empty(), true)
        }
        "newest" => {
            // The newest so many, and no other value of it.
            let n: usize = args[1].parse().unwrap();
            let all = o.values(id, "", "");
            let dates: Vec<&str> = all[all.len() - n..].iter().map(|v| v.day.as_str()).collect();
            let rows = all[all.len() - n..].iter().all(|v| spans(a).iter().any(|s| is_value(s, v)));
            let others = spans(a).iter().all(|s| s.1.date.get(..10).is_none_or(|d| dates.contains(&d)));
            (rows && others, true)
        }
        "mean_last" => {
            let n: usize = args[1].parse().unwrap();
            let all: Vec<f64> = uncensored().iter().map(|v| v.number).collect();
            let mean = all[all.len() - n..].iter().sum::<f64>() / n as f64;
            (spans(a).iter().any(|s| about(s, mean)), true)
        }
        "mean" => {
            let all: Vec<f64> = uncensored().iter().map(|v| v.number).collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            (spans(a).iter().any(|s| about(s, mean)), true)
        }
        "count" => {
            (spans(a).iter().any(|s| s.1.computed.is_some() && s.0 == values().len().to_string()), true)
        }
        "diff" => {
            // From the last value before a day to the newest.
            let all = o.values(id, "", "");
            let base =
                if args.len() > 1 { all.iter().rfind(|v| v.day.as_str() < args[1]) } else { all.first() };
            let d = all.last().unwrap().number - base.unwrap().number;
            (spans(a).iter().any(|s| about(s, d.abs())), true)
        }
        "standing" => {
            let s = values().iter().rev().find_map(|v| v.standing).unwrap();
            let words: &[&str] = match s {
                -1 => &["below", "unter dem"],
                0 => &["within", "liegt im bereich"],
                _ => &["above", "über dem"],
            };
            (words.iter().any(|w| plain().contains(w)), true)
        }
        "outcount" => {
            let n = values().iter().filter(|v| v.standing.is_some_and(|s| s != 0)).count();
            (spans(a).iter().any(|s| s.1.computed.is_some() && s.0 == n.to_string()), true)
        }
        "conv" => {
            let factor: f64 = args[1].parse().unwrap();
            let all = o.values(id, "", "");
            let back = args.get(2).map_or(1, |k| k.parse::<usize>().unwrap());
            let n = all[all.len() - back].number * factor;
            (spans(a).iter().any(|s| about(s, n)), true)
        }
        "begin" => {
            let day =
                o.named(rest).into_iter().map(|t| t.start.as_str()).filter(|d| !d.is_empty()).min().unwrap();
            (spans(a).iter().any(|s| s.1.date.get(..10) == Some(day)), true)
        }
        "newest_of" => {
            let day = o.named(rest).into_iter().map(|t| t.start.as_str()).max().unwrap();
            (told(a).iter().any(|s| s.1.date.get(..10) == Some(day)), true)
        }
        "end" => {
            let day =
                o.named(rest).into_iter().map(|t| t.end.as_str()).filter(|d| !d.is_empty()).max().unwrap();
            (spans(a).iter().any(|s| s.1.date.get(..10) == Some(day)), true)
        }
        "active" | "every" | "past" => {
            let of = |t: &&crate::oracle::Thing| t.kind.starts_with(rest);
            let want = |t: &&crate::oracle::Thing| match word {
                "active" => t.active,
                "past" => !t.active,
                _ => true,
            };
            let has = |n: &str| spans(a).iter().any(|s| s.0 == n);
            let all: Vec<_> = o.things.iter().filter(of).collect();
            let there = all.iter().filter(|t| want(t)).all(|t| has(&t.name));
            let not = word == "every"
                || all
                    .iter()
                    .filter(|t| !want(t))
                    .all(|t| !has(&t.name) || all.iter().any(|x| want(x) && x.name == t.name));
            (there && not && all.iter().any(want), true)
        }
        "name" => (spans(a).iter().any(|s| s.0.to_lowercase().contains(&rest.to_lowercase())), true),
        "value" => (spans(a).iter().any(|s| s.0 == rest), true),
        "tells" => (told(a).iter().any(|s| s.0 == rest), true),
        "date" => (spans(a).iter().any(|s| s.1.date.starts_with(rest)), true),
        "out" => (a.outcome == outcome(rest), false),
        "has" => (plain().contains(&rest.to_lowercase()), false),
        "lacks" => (!plain().contains(&rest.to_lowercase()), true),
        "first_says" => (
            a.first
                .iter()
                .any(|l| keepwell_domain::view::plain_line(l).to_lowercase().contains(&rest.to_lowercase())),
            false,
        ),
        "left" => (a.coverage.left_out.iter().any(|l| format!("{:?}", l.why).to_lowercase() == rest), false),
        "choice" => (a.choices.iter().any(|c| c.to_lowercase().contains(&rest.to_lowercase())), false),
        "chart" => (a.blocks.iter().any(|b| matches!(b, Block::Chart { .. })), false),
        other => panic!("no expectation {other}"),
    }
}

/// Judges an answer; the second is what was not met.
pub fn judge(expected: &str, a: &Answer, o: &Oracle) -> (Verdict, String) {
    let mut missed = Vec::new();
    let mut is_number = false;
    for e in expected.split(" & ").map(str::trim) {
        let (met, number) = holds(e, a, o);
        if !met {
            missed.push(e);
            is_number |= number;
        }
    }
    // Where nothing else is said, it has to be an answer.
    let says_outcome = expected.split(" & ").any(|e| e.trim().starts_with("out "));
    if !says_outcome && a.outcome != Outcome::Answered {
        missed.push("out answered");
    }
    let verdict = match (missed.is_empty(), a.outcome, is_number) {
        (true, ..) => Verdict::Exact,
        (_, Outcome::Answered | Outcome::Help, true) => Verdict::Wrong,
        (_, Outcome::Answered | Outcome::Help, false) => Verdict::Other,
        _ => Verdict::AskedBack,
    };
    (verdict, missed.join(" & "))
}
