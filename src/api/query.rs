//! No operation takes a query parameter that its description does not name: whoever mistypes a filter
//! must not get everything instead. One layer for all routes, driven by the description itself. Pages
//! are another matter: links from elsewhere carry parameters of their own, which are ignored there.

use crate::{
    middleware::{rights, session::Seen},
    problem::Problem,
};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::Method;
use std::{collections::HashMap, sync::Arc};
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn},
};

/// What an operation takes.
struct Takes {
    names: Vec<String>,
    /// Whether it is for somebody who signed in: they may name the profile too.
    is_signed: bool,
}

impl Takes {
    fn of(operation: &Operation) -> Self {
        let named = operation.parameters.iter().flatten().filter_map(|p| match p {
            RefOr::T(p) if p.parameter_in == ParameterIn::Query => Some(p.name.clone()),
            _ => None,
        });
        Self { names: named.collect(), is_signed: operation.security.is_some() }
    }

    /// The first parameter that it does not take.
    fn unknown(&self, query: &str) -> Option<String> {
        query.split('&').filter(|pair| !pair.is_empty()).find_map(|pair| {
            let raw = pair.split('=').next().unwrap_or_default();
            // What names the profile is looked for as it is written.
            if self.is_signed && raw == rights::PARAMETER {
                return None;
            }
            let name = form_urlencoded::parse(raw.as_bytes()).next().map(|(name, _)| name.into_owned());
            let name = name.unwrap_or_default();
            (!self.names.contains(&name)).then_some(name)
        })
    }
}

/// What each operation takes, by path and method.
pub struct Known(HashMap<String, HashMap<Method, Takes>>);

impl Known {
    /// Out of the description.
    #[must_use]
    pub fn of(api: &OpenApi) -> Self {
        let mut known = HashMap::new();
        for (path, item) in &api.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            let takes = operations.into_iter().filter_map(|(m, o)| Some((m, Takes::of(o.as_ref()?))));
            known.insert(path.clone(), takes.collect());
        }
        Self(known)
    }

    /// The first parameter that a route does not take. Nothing is said of methods that it does not have.
    fn refused(&self, path: &str, method: &Method, query: &str, is_in: bool) -> Option<String> {
        let Some(methods) = self.0.get(path) else {
            // The description itself is in no description.
            return Takes { names: Vec::new(), is_signed: false }.unknown(query);
        };
        let takes = methods.get(if method == Method::HEAD { &Method::GET } else { method })?;
        // Who is not signed in is told that, and nothing else.
        if takes.is_signed && !is_in { None } else { takes.unknown(query) }
    }
}

/// Layer on the routes of the API: see the module.
pub async fn known(State(known): State<Arc<Known>>, request: Request, next: Next) -> Response {
    let is_in = request.extensions().get::<Seen>().is_some_and(|s| s.actor.is_some());
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let query = request.uri().query().unwrap_or_default();
    match known.refused(path, request.method(), query, is_in) {
        Some(name) => Problem::unknown_parameter(&name).into_response(),
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_they_are_meant() {
        let takes = Takes { names: vec!["from".into(), "q".into()], is_signed: true };
        for fine in ["", "&&", "from=1&q=a%26b", "q", "%66rom=1", "q=1&profile=x", "q==&from"] {
            assert_eq!(takes.unknown(fine), None, "{fine}");
        }
        for (query, name) in [
            ("From=1", "From"),
            ("q=1&limit=2", "limit"),
            ("q%5B%5D=1", "q[]"),
            ("=1", ""),
            ("=", ""),
            // The layer that looks for a profile would not see it.
            ("pro%66ile=x", "profile"),
            ("q=1;to=2&a+b=1", "a b"),
        ] {
            assert_eq!(takes.unknown(query).as_deref(), Some(name), "{query}");
        }
        let open = Takes { names: Vec::new(), is_signed: false };
        assert_eq!(open.unknown("profile=x").as_deref(), Some("profile"), "nobody has a profile there");
    }
}
