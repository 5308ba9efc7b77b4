//! One file a format.

pub(crate) mod acled;
pub(crate) mod annotation;
pub(crate) mod claimreview;
pub(crate) mod ftm;
pub(crate) mod ged;
pub(crate) mod geojson;
pub(crate) mod jsonl;
pub(crate) mod parquet;
pub(crate) mod plover;
pub(crate) mod polecat;
pub(crate) mod statements;
pub(crate) mod table;

use serde_json::{Map, Value};

/// A list in one cell.
pub(crate) fn joined<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).filter(|item| !item.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A cell: empty when unknown.
pub(crate) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// An object without what is null, an empty text, an empty list or an empty object.
pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let known = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    let fields = fields.into_iter().filter(|(_, value)| known(value));
    Value::Object(fields.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}
