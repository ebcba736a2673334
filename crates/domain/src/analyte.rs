//! Analytes: placeholder until the catalogue lands.
