//! The pages.

mod amend;
mod backup;
mod bits;
mod compare;
mod conflict;
mod control;
mod cycle;
mod cycles;
mod days;
mod door;
mod embryos;
mod entity;
mod exchange;
mod export;
mod figure;
mod formulary;
mod frame;
mod held;
mod import;
mod ledger;
mod list;
mod pages;
mod plan;
mod proof;
mod remind;
mod settings;
mod sheet;
mod sites;
mod state;
mod sync;
mod table;
mod today;
mod typed;
mod ways;
mod zone;

pub use frame::mount;
