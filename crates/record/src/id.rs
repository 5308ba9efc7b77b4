use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $letter, self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": concat!("^", $letter, "[0-9]+$") })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.strip_prefix($letter).and_then(|number| number.parse().ok()).map(Self).ok_or_else(|| {
                    de::Error::custom(format!(concat!("`{}` is no id of the form `", $letter, "1`"), text))
                })
            }
        }
    };
}

id!(
    /// An entity within one reading: `e1`, `e2` …
    EntityId, "e"
);
id!(
    /// A claim within one reading: `c1`, `c2` … in text order.
    ClaimId, "c"
);
id!(
    /// A group of claims of one happening within one reading: `v1`, `v2` …
    EventId, "v"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_refuse_others() {
        assert_eq!(serde_json::to_string(&ClaimId(7)).unwrap(), "\"c7\"");
        assert_eq!(serde_json::from_str::<ClaimId>("\"c7\"").unwrap(), ClaimId(7));
        let error = serde_json::from_str::<ClaimId>("\"e7\"").unwrap_err();
        assert_eq!(error.to_string(), "`e7` is no id of the form `c1`");
    }
}
