//! `sqlx::migrate!` embeds the folders, and cargo does not see them by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
