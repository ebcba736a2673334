//! Files out of dropped folders.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// What was dropped.
pub enum Dropped {
    /// A file.
    File(File),
    /// A folder, still to be walked through.
    Folder(FileSystemEntry),
}

/// What a drop holds. The browser forgets it once the event is over, so nothing may be awaited.
pub fn of_drop(data: &DataTransfer) -> Vec<Dropped> {
    let items = data.items();
    let one = |i: u32| {
        let item = items.get(i)?;
        match item.webkit_get_as_entry().ok().flatten() {
            Some(e) if e.is_directory() => Some(Dropped::Folder(e)),
            _ => item.get_as_file().ok().flatten().map(Dropped::File),
        }
    };
    (0..items.length()).filter_map(one).collect()
}

/// Whether an operating system left this file in a folder for itself.
pub fn is_clutter(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "Thumbs.db" | "desktop.ini")
}

/// All files of a folder, at any depth.
pub async fn files(folder: FileSystemEntry) -> Vec<File> {
    let (mut left, mut out) = (vec![folder], Vec::new());
    while let Some(entry) = left.pop() {
        if is_clutter(&entry.name()) {
            continue;
        }
        if entry.is_directory() {
            left.extend(inside(entry.unchecked_into()).await);
        } else if let Some(file) = file(entry.unchecked_into()).await {
            out.push(file);
        }
    }
    out
}

async fn file(entry: FileSystemFileEntry) -> Option<File> {
    let promise = Promise::new(&mut |resolve, reject| {
        entry.file_with_callback_and_callback(&resolve, &reject);
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// Browsers hand out a hundred entries at a time, until a call brings none.
async fn inside(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let (reader, mut out) = (folder.create_reader(), Vec::new());
    loop {
        let promise = Promise::new(&mut |resolve, reject| {
            if reader.read_entries_with_callback_and_callback(&resolve, &reject).is_err() {
                let _ = reject.call0(&JsValue::NULL);
            }
        });
        let Ok(some) = JsFuture::from(promise).await else { return out };
        let some = Array::from(&some);
        if some.length() == 0 {
            return out;
        }
        out.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}
