//! Telegram Desktop's export in JSON (`result.json`): of one chat, or of all of them.

use std::fmt;
use std::io::Read;
use std::ops::ControlFlow;

use dateline_record::{Provenance, Report};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::Instant;
use crate::collected::{CollectError, Collected, Reason, Sink};
use crate::jsonl::without_line;

/// A chat as far as its export tells before its messages.
#[derive(Clone, Debug, Default)]
struct Chat {
    name: Option<String>,
    /// Public name, as in `https://t.me/NAME`.
    public: Option<String>,
    /// Public by its kind (`public_channel`, `public_supergroup`).
    kind: Option<String>,
    id: Option<i64>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    id: i64,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    date_unixtime: Option<String>,
    #[serde(default)]
    edited: Option<String>,
    #[serde(default)]
    edited_unixtime: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    forwarded_from: Option<String>,
    #[serde(default)]
    saved_from: Option<String>,
    #[serde(default)]
    photo: Option<String>,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    text: Text,
    #[serde(default)]
    poll: Option<Poll>,
}

#[derive(Deserialize)]
struct Poll {
    #[serde(default)]
    question: Text,
}

/// A text: one string, or strings and marked pieces in a row.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Pieces(Vec<Piece>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Piece {
    Plain(String),
    Marked {
        #[serde(default)]
        text: String,
    },
}

impl Default for Text {
    fn default() -> Self {
        Self::Plain(String::new())
    }
}

impl Text {
    fn joined(self) -> String {
        match self {
            Self::Plain(text) => text,
            Self::Pieces(pieces) => pieces
                .into_iter()
                .map(|piece| match piece {
                    Piece::Plain(text) | Piece::Marked { text } => text,
                })
                .collect(),
        }
    }
}

/// The messages of a Telegram Desktop export, one at a time in memory. Service messages (someone joined, a message was pinned) are
/// passed over, and so are messages without any text: their media stand with no report of their own. Items are named `INPUT#ID`, of a full export `INPUT#CHAT/ID`.
///
/// `public_name` is the channel's public name where the user knows it: exports don't have it. With it each report gets the address
/// `https://t.me/NAME/ID`.
pub fn read_telegram(
    input: &mut dyn Read,
    base: &Provenance,
    public_name: Option<&str>,
    limit: u64,
    sink: &mut dyn FnMut(Result<Collected, CollectError>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut walk = Walk {
        base: Provenance { format: "telegram".to_owned(), ..base.clone() },
        public: public_name.map(|name| name.trim_start_matches(['@', '/']).to_owned()),
        limit,
        sink,
        flow: ControlFlow::Continue(()),
        nested: false,
        found: false,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    let outcome = Level { walk: &mut walk }.deserialize(&mut deserializer);
    walk.flow?;
    match outcome {
        Ok(()) if walk.found => ControlFlow::Continue(()),
        Ok(()) => {
            sink(Err(CollectError::new(base.input.clone(), Reason::malformed("Telegram export", "there are no messages in it"))))
        }
        Err(error) if error.is_io() => sink(Err(CollectError::new(base.input.clone(), std::io::Error::from(error)))),
        Err(error) => sink(Err(CollectError::new(base.input.clone(), Reason::malformed("Telegram export", error)))),
    }
}

struct Walk<'a, 's> {
    base: Provenance,
    public: Option<String>,
    limit: u64,
    sink: &'a mut Sink<'s>,
    flow: ControlFlow<()>,
    nested: bool,
    found: bool,
}

/// An object that may be a chat, or hold chats.
struct Level<'w, 'a, 's> {
    walk: &'w mut Walk<'a, 's>,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Level<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export or a chat of one")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut chat = Chat { public: self.walk.public.clone(), ..Chat::default() };
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "name" => chat.name = map.next_value()?,
                "type" => chat.kind = map.next_value::<serde_json::Value>()?.as_str().map(str::to_owned),
                "id" => chat.id = map.next_value::<serde_json::Value>()?.as_i64(),
                "username" | "public_name" => chat.public = map.next_value::<Option<String>>()?.or(chat.public),
                "messages" => map.next_value_seed(List { walk: self.walk, chat: Some(&chat) })?,
                "list" => map.next_value_seed(List { walk: self.walk, chat: None })?,
                "chats" | "left_chats" => {
                    self.walk.nested = true;
                    map.next_value_seed(Level { walk: self.walk })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The messages of a chat, or with no chat the chats of an export.
struct List<'w, 'c, 'a, 's> {
    walk: &'w mut Walk<'a, 's>,
    chat: Option<&'c Chat>,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of messages or of chats")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some(chat) = self.chat else {
            while seq.next_element_seed(Level { walk: self.walk })?.is_some() {}
            return Ok(());
        };
        self.walk.found = true;
        let mut number = 0_usize;
        while let Some(raw) = seq.next_element::<Box<RawValue>>()? {
            number += 1;
            self.walk.message(chat, raw.get(), number);
            if self.walk.flow.is_break() {
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

impl Walk<'_, '_> {
    fn message(&mut self, chat: &Chat, raw: &str, number: usize) {
        let within = match (self.nested, &chat.name, chat.id) {
            (true, Some(name), _) => format!("{name}/"),
            (true, None, Some(id)) => format!("{id}/"),
            _ => String::new(),
        };
        let item = match serde_json::from_str::<Message>(raw) {
            _ if raw.len() as u64 > self.limit => Err((format!("{number}th message"), Reason::TooLarge { limit: self.limit })),
            Err(error) => Err((format!("{number}th message"), Reason::malformed("message", without_line(&error)))),
            Ok(message) if message.kind == "service" => return,
            Ok(message) => {
                let name = format!("{}#{within}{}", self.base.input, message.id);
                match report(message, chat, &self.base, name, raw) {
                    Some(collected) => Ok(collected),
                    None => return,
                }
            }
        };
        let item = item.map_err(|(which, reason)| CollectError::new(format!("{}#{within}{which}", self.base.input), reason));
        self.flow = (self.sink)(item);
    }
}

/// The report of a message; none where there is no text.
fn report(message: Message, chat: &Chat, base: &Provenance, name: String, raw: &str) -> Option<Collected> {
    let mut text = message.text.joined();
    if let Some(poll) = message.poll {
        text.push_str(&poll.question.joined());
    }
    if text.trim().is_empty() {
        return None;
    }
    let mut provenance = Provenance { input: name, ..base.clone() };
    provenance.forwarded_from = message.forwarded_from.or(message.saved_from);
    for path in [message.photo, message.file].into_iter().flatten() {
        // Telegram puts a sentence in brackets where it left the file out.
        if path.starts_with('(') {
            provenance.warnings.push(format!("media left out of the export: {path}"));
        } else {
            provenance.media.push(path);
        }
    }
    // The export's dates are in the exporter's own time zone; the Unix time, where it is there, has none.
    let moment = |unix: Option<String>, local: Option<String>| {
        let unix = unix.and_then(|seconds| seconds.parse().ok()).filter(|seconds| *seconds > 0).and_then(Instant::from_unix);
        unix.or_else(|| local.and_then(|local| Instant::parse(&local)))
    };
    let published = moment(message.date_unixtime, message.date);
    provenance.published_at = published.map(|instant| instant.to_string());
    provenance.edited_at = moment(message.edited_unixtime, message.edited).map(|instant| instant.to_string());
    let source = chat.name.clone().or(message.from.clone());
    let author = message.author.or_else(|| message.from.filter(|from| Some(from) != chat.name.as_ref()));
    let report = Report {
        reference: Some(message.id.to_string()),
        text,
        title: None,
        url: chat.public.as_ref().map(|name| format!("https://t.me/{name}/{}", message.id)),
        // Of a group, the group; of a private chat too: who writes there is the author.
        source,
        author,
        published: published.and_then(Instant::day),
        language: None,
    };
    if !chat.kind.as_deref().is_none_or(|kind| kind.contains("public")) {
        provenance.warnings.push("from a chat that is not public".to_owned());
    }
    Some(Collected::new(report, provenance, raw.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, public: Option<&str>) -> Vec<Result<Collected, CollectError>> {
        let mut items = Vec::new();
        let base = Provenance { input: "result.json".into(), ..Provenance::default() };
        let _ = read_telegram(&mut json.as_bytes(), &base, public, 1 << 20, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        items
    }

    const EXPORT: &str = r#"{"name":"Sample Channel","type":"public_channel","id":10,"messages":[
        {"id":1,"type":"service","action":"create_channel","text":""},
        {"id":2,"type":"message","date":"2024-12-27T12:30:00","date_unixtime":"1735295400","edited":"2024-12-27T13:00:00",
         "edited_unixtime":"1735297200","from":"Sample Channel","from_id":"channel10","forwarded_from":"Other Channel",
         "photo":"photos/a.jpg","text":["Hit near ",{"type":"bold","text":"Sampletown"},", ",{"type":"link","text":"https://example.org"}]},
        {"id":3,"type":"message","date":"2024-12-27T12:31:00","file":"(File not included. Change data exporting settings to download.)","text":"Second"},
        {"id":4,"type":"message","photo":"photos/b.jpg","text":""},
        {"id":5,"type":"message","text":{"odd":1}},
        {"id":6,"type":"message","text":"Last"}]}"#;

    #[test]
    fn messages_are_reports() {
        let items = read(EXPORT, Some("@sample"));
        assert_eq!(items.len(), 4);
        let first = items[0].as_ref().unwrap();
        assert_eq!(first.report.text, "Hit near Sampletown, https://example.org");
        assert_eq!(first.report.url.as_deref(), Some("https://t.me/sample/2"));
        assert_eq!((first.report.source.as_deref(), first.report.author.as_deref()), (Some("Sample Channel"), None));
        assert_eq!(first.report.published.as_ref().unwrap().as_str(), "2024-12-27");
        assert_eq!(first.provenance.published_at.as_deref(), Some("2024-12-27T10:30:00Z"));
        assert_eq!(first.provenance.edited_at.as_deref(), Some("2024-12-27T11:00:00Z"));
        assert_eq!(first.provenance.forwarded_from.as_deref(), Some("Other Channel"));
        assert_eq!(first.provenance.media, ["photos/a.jpg"]);
        assert_eq!(first.provenance.input, "result.json#2");
        assert!(first.original.starts_with(b"{\"id\":2,") && first.original.ends_with(b"}]}"));
        assert!(items[1].as_ref().unwrap().provenance.warnings[0].starts_with("media left out"));
        assert!(items[2].is_err());
        assert_eq!(items[3].as_ref().unwrap().report.text, "Last");
    }

    #[test]
    fn a_full_export_has_many_chats() {
        let json = r#"{"about":"x","personal_information":{"user_id":1},"chats":{"about":"y","list":[
            {"name":"A","type":"private_channel","id":1,"messages":[{"id":1,"type":"message","text":"one"}]},
            {"name":"B","type":"public_channel","id":2,"messages":[{"id":1,"type":"message","text":"two"}]}]}}"#;
        let items = read(json, None);
        let names: Vec<_> = items.iter().map(|item| item.as_ref().unwrap().provenance.input.as_str()).collect();
        assert_eq!(names, ["result.json#A/1", "result.json#B/1"]);
        assert_eq!(items[0].as_ref().unwrap().provenance.warnings, ["from a chat that is not public"]);
        assert_eq!(items[1].as_ref().unwrap().report.source.as_deref(), Some("B"));
    }

    #[test]
    fn an_export_that_breaks_off_keeps_what_came() {
        let items = read(&EXPORT[..EXPORT.len() - 20], None);
        assert!(items[0].is_ok());
        assert!(items.last().unwrap().as_ref().unwrap_err().to_string().starts_with("result.json: malformed Telegram export"));
    }

    #[test]
    fn the_sink_can_stop_it() {
        let mut count = 0;
        let flow = read_telegram(&mut EXPORT.as_bytes(), &Provenance::default(), None, 1 << 20, &mut |_| {
            count += 1;
            ControlFlow::Break(())
        });
        assert_eq!((count, flow), (1, ControlFlow::Break(())));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_err(bytes: Vec<u8>, cut in 0..EXPORT.len(), byte: u8) {
            let _ = read_telegram(&mut bytes.as_slice(), &Provenance::default(), None, 100, &mut |_| ControlFlow::Continue(()));
            let mut changed = EXPORT.as_bytes().to_vec();
            changed[cut] = byte;
            let _ = read_telegram(&mut changed.as_slice(), &Provenance::default(), None, 1000, &mut |_| ControlFlow::Continue(()));
        }
    }
}
