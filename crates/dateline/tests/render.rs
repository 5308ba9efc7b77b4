//! What people see of a reading, on one written by hand (`fixtures/capture.reading.json`: all of it is invented).
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use dateline::record::{Reading, Report};
use dateline::render::{Summary, dossier, page};
use proptest::prelude::*;

fn reading() -> Reading {
    let reading: Reading = serde_json::from_str(include_str!("fixtures/capture.reading.json")).unwrap();
    reading.check().unwrap();
    reading
}

#[test]
fn dossier_at_80_columns() {
    insta::assert_snapshot!(dossier(&reading(), 80, false));
}

#[test]
fn dossier_at_50_columns() {
    let narrow = dossier(&reading(), 50, false);
    assert!(narrow.lines().all(|line| line.chars().count() <= 50), "{narrow}");
    insta::assert_snapshot!(narrow);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let coloured = dossier(&reading(), 80, true);
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_eq!(plain, dossier(&reading(), 80, false));
}

#[test]
fn a_reading_without_claims_says_so() {
    let mut reading = reading();
    reading.claims.clear();
    reading.events.clear();
    assert!(dossier(&reading, 80, false).contains("Nothing found that the text presents as happening."));
    assert!(page(&reading).contains("Nothing found that the text presents as happening."));
}

#[test]
fn a_captured_man_is_named_only_in_quotations() {
    let mut named = serde_json::to_value(reading()).unwrap();
    // A thing may be called after him too.
    named["entities"][6]["name"] = "video of Jon Sample".into();
    let mut summary = Summary::of(&serde_json::from_value(named).unwrap());
    for happening in &mut summary.happenings {
        for voice in &mut happening.voices {
            voice.excerpts.clear();
        }
    }
    assert!(!format!("{summary:?}").contains("Jon Sample"));
    assert_eq!(summary.happenings[0].recipient, ["the soldier"]);
    assert!(summary.happenings.iter().any(|happening| happening.circulation.concat().starts_with("video of …: posted")));
}

#[test]
fn an_official_who_is_cited_is_named() {
    let summary = Summary::of(&reading());
    let voices: Vec<&str> =
        summary.happenings.iter().flat_map(|happening| &happening.voices).map(|voice| voice.who.as_str()).collect();
    assert!(voices.contains(&"said by the army, then said by the governor"), "{voices:?}");
}

/// Attribute values of one name, in page order.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!(" {name}=\"")).skip(1).filter_map(|rest| rest.split_once('"')).map(|(value, _)| value).collect()
}

#[test]
fn every_link_of_the_page_leads_to_something_in_it() {
    let html = page(&reading());
    let ids: HashSet<&str> = attributes(&html, "id").into_iter().collect();
    let links = attributes(&html, "href");
    assert!(links.len() >= 12, "{links:?}");
    for link in links {
        assert!(link.strip_prefix('#').is_some_and(|id| ids.contains(id)), "{link} leads nowhere");
    }
    assert_eq!(ids.len(), attributes(&html, "id").len(), "an id stands twice");
}

#[test]
fn tags_are_balanced() {
    let html = page(&reading());
    let body = &html[html.find("</style>").unwrap() + 8..];
    let mut open = Vec::new();
    for tag in body.split('<').skip(1).map(|rest| rest.split(['>', ' ']).next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) if name == "head" || name == "html" => {}
            Some(name) => assert_eq!(open.pop(), Some(name), "in {body}"),
            None => open.push(tag),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The text of the page's article, tips taken out.
fn article_text(html: &str) -> String {
    let start = html.find("<article").unwrap();
    let article = &html[start..html.find("</article>").unwrap()];
    let article = &article[article.find('>').unwrap() + 1..];
    let mut text = String::new();
    let mut rest = article.trim();
    rest = rest.strip_prefix("<p dir=\"auto\">").unwrap().strip_suffix("</p>").unwrap();
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        if let Some(paragraph) = after.strip_prefix("/p>\n<p dir=\"auto\">") {
            text.push('\n');
            rest = paragraph;
        } else if after.starts_with("span class=\"tip\"") {
            rest = after.split_once("</span>").unwrap().1;
        } else {
            rest = after.split_once('>').unwrap().1;
        }
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[test]
fn the_page_holds_the_text_whole() {
    assert_eq!(article_text(&page(&reading())), reading().document.text);
}

proptest! {
    #[test]
    fn any_text_stands_in_its_page_and_in_no_tag(text in "[a-zа-я<>&\"'/ =\n]{0,200}") {
        let report = Report { text: text.clone(), ..Report::default() };
        let html = page(&Reading::not_read(&report, "uk", "not read: language uk".to_owned()));
        prop_assert_eq!(article_text(&html), text);
    }

    #[test]
    fn no_text_commands_the_terminal(text in "\\PC*|[\u{0}-\u{ff}\u{202a}-\u{202e}]{0,80}", title: String) {
        let report = Report { text, title: Some(title), source: Some("a\u{1b}]0;x\u{7}".to_owned()), ..Report::default() };
        let shown = dossier(&Reading::not_read(&report, "uk", "not read: language uk".to_owned()), 80, false);
        let commands = shown.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c));
        prop_assert!(!commands);
    }
}
