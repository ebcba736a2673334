//! Chart geometry.
