//! Asking the server, and asking again when the question changes.

use super::carried::{Answer, Carried, Carry, Travels};
use crate::error::{AppError, ErrorCode};
use leptos::prelude::*;
use std::{any::Any, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

/// What a page reads from the server.
pub struct Read<T> {
    resource: Resource<Answer, Carry>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Read<T> {}

impl<T> Read<T> {
    /// The answer, whatever its type.
    #[must_use]
    pub fn answer(self) -> Resource<Answer, Carry> {
        self.resource
    }
    /// Asks again.
    pub fn refetch(self) {
        self.resource.refetch();
    }
}

/// What is asked for, of any type.
trait Asked: Send + Sync {
    fn any(&self) -> &dyn Any;
    fn is(&self, other: &dyn Asked) -> bool;
}

impl<S: PartialEq + Send + Sync + 'static> Asked for S {
    fn any(&self) -> &dyn Any {
        self
    }
    fn is(&self, other: &dyn Asked) -> bool {
        other.any().downcast_ref::<S>().is_some_and(|o| o == self)
    }
}

#[derive(Clone)]
struct Question(Arc<dyn Asked>);

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&*other.0)
    }
}

type OnItsWay = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Reads from the server, again whenever `source` changes.
#[track_caller]
pub fn read<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Read<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    T: Travels,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let ask = move || Question(Arc::new(source()));
    let fetch = move |q: Question| -> OnItsWay {
        match (*q.0).any().downcast_ref::<S>() {
            Some(s) => {
                let on_its_way = fetcher(s.clone());
                Box::pin(async move { on_its_way.await.map(Carried::new) })
            }
            None => Box::pin(async { Err(AppError::new(ErrorCode::Internal)) }),
        }
    };
    Read { resource: resource(Box::new(ask), Box::new(fetch)), of: PhantomData }
}

#[track_caller]
fn resource(
    ask: Box<dyn Fn() -> Question + Send + Sync>,
    fetch: Box<dyn Fn(Question) -> OnItsWay + Send + Sync>,
) -> Resource<Answer, Carry> {
    Resource::new_with_options(ask, fetch, false)
}
