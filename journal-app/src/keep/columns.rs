//! How the person last had a table read, sealed: a file that is chosen again, in another language or after the journal
//! was locked, is read as before. What was said of one file is never taken for another.

use super::with;
use crate::browser::{
    Result, Trouble,
    db::{Batch, Db},
    random::Os,
};
use keepwell_journal::{
    import::TablePlan,
    model::{EntityId, TextType},
};

/// Where it lies beside the entries.
const NAME: &str = "table";

fn mark(file: &[u8]) -> String {
    EntityId::derived(&[b"import-table", file]).to_text()
}

fn db() -> Option<Db> {
    with(|open| open.db.clone())
}

/// Remembers how a file is to be read.
pub async fn remember(file: &[u8], plan: &TablePlan) -> Result<()> {
    let text = [mark(file).as_str(), " ", &plan.to_line()].concat();
    let sealed = with(|open| open.vault.entries().seal(open.beside(NAME), text.as_bytes(), &mut Os));
    let mut batch = Batch::default();
    batch.put(NAME, sealed.ok_or(Trouble::Failed)?.map_err(|_| Trouble::Failed)?);
    db().ok_or(Trouble::Failed)?.commit(batch).await
}

/// How this very file was to be read, if it was the last one.
pub async fn recall(file: &[u8]) -> Option<TablePlan> {
    let sealed = db()?.bytes(NAME).await.ok()??;
    let text =
        with(|open| open.vault.entries().open(open.beside(NAME), &sealed).map(|t| t.to_vec()))?.ok()?;
    let text = String::from_utf8(text).ok()?;
    let (of, line) = text.split_once(' ')?;
    TablePlan::from_line(line).filter(|_| of == mark(file))
}
