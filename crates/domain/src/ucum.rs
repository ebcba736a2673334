//! UCUM: placeholder.
