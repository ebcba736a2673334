//! The built-in answerer as a use case.
