//! Analytes.
