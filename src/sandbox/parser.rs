//! The sandbox as the services see it.

use super::{Failure, Out, Sandbox};
use keepwell_services::{
    documents::meta::format_words,
    host::{ParserFailure, ParserHost, ParserInput, Parsing},
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Runs at most so many readers at once.
pub struct SandboxHost {
    sandbox: Sandbox,
    permits: Arc<Semaphore>,
}

impl SandboxHost {
    /// A host for `workers` readers.
    #[must_use]
    pub fn new(sandbox: Sandbox, workers: usize) -> Self {
        Self { sandbox, permits: Arc::new(Semaphore::new(workers)) }
    }
}

impl ParserHost for SandboxHost {
    fn parse(&self, input: ParserInput) -> Parsing {
        let (sandbox, permits) = (self.sandbox.clone(), Arc::clone(&self.permits));
        Box::pin(async move {
            let _permit = permits.acquire_owned().await.map_err(|_| ParserFailure::Unavailable)?;
            let out = Out { items: input.items, progress: input.progress };
            sandbox.parse(input.source, input.name, input.options, out).await.map_err(|f| match f {
                Failure::Reason(why) => ParserFailure::Reason(why),
                Failure::Kept(reason, format) => ParserFailure::Kept {
                    reason,
                    media_type: format.media_type().to_owned(),
                    format: format_words(format).to_owned(),
                },
                Failure::Timeout => ParserFailure::Timeout,
                Failure::Memory => ParserFailure::Memory,
                Failure::Crashed => ParserFailure::Crashed,
                Failure::Unavailable => ParserFailure::Unavailable,
            })
        })
    }
}
