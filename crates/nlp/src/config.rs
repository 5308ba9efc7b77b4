//! `config.cfg`: spaCy's INI dialect, with JSON values and `${section.key}` or `${section:key}` references.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::package::LoadError;

const FILE: &str = "config.cfg";

/// The settings of a pipeline: section → key → JSON value.
#[derive(Debug, Default)]
pub(crate) struct Config {
    sections: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Config {
    pub(crate) fn parse(text: &str) -> Result<Self, LoadError> {
        let mut raw: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut section = String::new();
        let mut last: Option<String> = None;
        for (number, line) in text.lines().enumerate() {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) =
                trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|_| !line.starts_with([' ', '\t']))
            {
                section = name.to_owned();
                raw.entry(section.clone()).or_default();
                last = None;
            } else if line.starts_with([' ', '\t']) && last.is_some() {
                // A value that goes on over the line.
                let value = last.as_ref().and_then(|key| raw.get_mut(&section)?.get_mut(key));
                if let Some(value) = value {
                    value.push(' ');
                    value.push_str(trimmed);
                }
            } else if let Some((key, value)) = trimmed.split_once('=') {
                let key = key.trim().to_owned();
                raw.entry(section.clone()).or_default().insert(key.clone(), value.trim().to_owned());
                last = Some(key);
            } else {
                return Err(LoadError::content(FILE, format_args!("line {}: neither section nor setting", number + 1)));
            }
        }
        let mut config = Self::default();
        for (section, entries) in &raw {
            let out = config.sections.entry(section.clone()).or_default();
            for (key, value) in entries {
                out.insert(key.clone(), resolve(&raw, value, 0)?);
            }
        }
        Ok(config)
    }

    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&Value> {
        self.sections.get(section)?.get(key)
    }

    pub(crate) fn text(&self, section: &str, key: &str) -> Option<&str> {
        self.get(section, key)?.as_str()
    }

    pub(crate) fn has_section(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// A list of texts; missing counts as empty.
    pub(crate) fn list(&self, section: &str, key: &str) -> Vec<&str> {
        self.get(section, key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }
}

fn resolve(raw: &BTreeMap<String, BTreeMap<String, String>>, value: &str, depth: usize) -> Result<Value, LoadError> {
    if let Some(reference) = value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        if depth > 16 {
            return Err(LoadError::content(FILE, format_args!("`{value}` refers to itself")));
        }
        let split = reference.split_once(':').or_else(|| reference.rsplit_once('.'));
        let target = split.and_then(|(section, key)| raw.get(section)?.get(key));
        return match target {
            Some(target) => resolve(raw, target, depth + 1),
            // A reference to a whole section: nothing that loading needs.
            None => Ok(Value::Null),
        };
    }
    // Values are JSON; what isn't is a bare string.
    Ok(serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_references_and_reads_json() {
        let config = Config::parse("[nlp]\npipeline = [\"a\",\n  \"b\"]\n[components.a.model]\nwidth = ${components.t.model:width}\n[components.t.model]\nwidth = 96\n").unwrap();
        assert_eq!(config.list("nlp", "pipeline"), ["a", "b"]);
        assert_eq!(config.get("components.a.model", "width"), Some(&Value::from(96)));
    }

    #[test]
    fn err_reference_to_itself() {
        let error = Config::parse("[a]\nb = ${a:b}\n").unwrap_err().to_string();
        assert!(error.contains("refers to itself"), "{error}");
    }
}
