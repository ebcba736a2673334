//! Parts of the program that are loaded when they are first needed (feature `split`, with `scripts/journal --release`). In
//! development all of them are there; what calls them is the same.

/// A function whose program lies in a part: `part!(fn later_page(app: App) -> AnyView, group: page)` is `page` behind an
/// `async fn` that fails where the part cannot be had.
macro_rules! part {
    ($vis:vis fn $later:ident($($arg:ident: $kind:ty),*) -> $out:ty, $group:ident: $now:expr) => {
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split($group, wasm_split_path = ::leptos::wasm_split, fallible)]
        $vis fn $later($($arg: $kind),*) -> ::std::result::Result<$out, ::leptos::wasm_split::SplitLoaderError> {
            Ok($now($($arg),*))
        }

        #[cfg(not(feature = "split"))]
        #[allow(clippy::unused_async, reason = "the part is there")]
        $vis async fn $later($($arg: $kind),*) -> ::std::result::Result<$out, ::leptos::wasm_split::SplitLoaderError> {
            Ok($now($($arg),*))
        }
    };
}

pub(crate) use part;
