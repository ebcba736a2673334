//! Typed views of entities. A view is read from an entity and says which of its fields a person
//! changed; fields that it does not know stay untouched in the book.

use super::{kind::Kind, value::Value};

/// Anything that has named fields.
pub trait Fields {
    /// What a field holds now.
    fn field(&self, name: &str) -> Option<&Value>;
}

impl Fields for std::collections::BTreeMap<&str, Value> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

/// A typed view of the entities of one kind.
pub trait View: Sized + Default {
    /// The kind.
    const KIND: Kind;
    /// The fields it knows.
    const FIELDS: &'static [&'static str];

    /// Reads the fields that it knows; never fails.
    fn read(from: &dyn Fields) -> Self;
    /// All its fields as they would be kept.
    fn fields(&self) -> Vec<(&'static str, Value)>;

    /// The fields that differ from an earlier view. What neither could read is in neither.
    fn changed_since(&self, before: &Self) -> Vec<(&'static str, Value)> {
        let old = before.fields();
        self.fields().into_iter().zip(old).filter(|(new, old)| new.1 != old.1).map(|(new, _)| new).collect()
    }
}

/// Declares a view: the struct, its reading and its writing. Every one also has `source` and `note`.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident as $kind:ident {
        $($(#[$fdoc:meta])* $field:ident: $ty:ty),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Default)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $crate::model::told::Told<$ty>,)+
            /// Who says so.
            pub source: $crate::model::told::Told<$crate::model::source::Source>,
            /// A remark.
            pub note: $crate::model::told::Told<String>,
        }
        impl $crate::model::view::View for $name {
            const KIND: $crate::model::kind::Kind = $crate::model::kind::Kind::$kind;
            const FIELDS: &'static [&'static str] = &[$(stringify!($field),)+ "source", "note"];
            fn read(from: &dyn $crate::model::view::Fields) -> Self {
                Self {
                    $($field: $crate::model::told::Told::read(from.field(stringify!($field))),)+
                    source: $crate::model::told::Told::read(from.field("source")),
                    note: $crate::model::told::Told::read(from.field("note")),
                }
            }
            fn fields(&self) -> Vec<(&'static str, $crate::model::value::Value)> {
                vec![
                    $((stringify!($field), self.$field.to_value()),)+
                    ("source", self.source.to_value()),
                    ("note", self.note.to_value()),
                ]
            }
        }
        /// Health data is not for printing.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }
    };
}
pub(crate) use view;
