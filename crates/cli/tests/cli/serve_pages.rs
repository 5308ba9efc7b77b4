//! The pages of an event and of a report, asked as a browser would.

use crate::case::{capture, id, sample};
use crate::serve::serve;
use crate::support::dateline;

/// The part of a page under a heading with this id.
#[track_caller]
fn section<'a>(body: &'a str, id: &str) -> &'a str {
    let begins = format!("aria-labelledby=\"{id}\"");
    let rest = body.split_once(&begins).unwrap_or_else(|| panic!("no section {id}: {body}")).1;
    rest.split("</section>").next().unwrap()
}

#[test]
fn an_event_says_how_sure_it_is_and_sets_its_sources_side_by_side() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let desk = serve(case.path());
    let body = desk.get(&format!("/events/{event}")).is(200).body;
    assert!(
        body.contains("Reported as certain by 2 sources (Sample Dispatch, National Intelligence Service); denied by 1 source (Sample State Bulletin)."),
        "{body}"
    );
    let sides = section(&body, "sides");
    for said in [
        "Side by side: 3 sources",
        // A chain in full, with the words that attribute.
        "<bdi>National Intelligence Service</bdi> <q dir=\"auto\">confirmed</q>",
        "<bdi>Placeholder Radio</bdi>",
        // A value, and the words that it was read from.
        "<b dir=\"auto\">2024-12-26</b> <q dir=\"auto\">December 26</q>",
        "<span class=\"mark negative\">did not happen</span> <q dir=\"auto\">not</q>",
        "<a href=\"/reports/r9\">r9</a>",
    ] {
        assert!(sides.contains(said), "{said}: {sides}");
    }
    let unclear = section(&body, "unclear");
    for said in ["could not verify the photo on its own", "unclear whether he was treated", "reportedly"] {
        assert!(unclear.contains(said), "{said}: {unclear}");
    }
    let travelled = section(&body, "reports");
    for said in [
        "role=\"img\"",
        "9 reports of 9 outlets",
        "First: r3.",
        "Copies: 3",
        "– the first",
        "– cites <bdi>Sample Dispatch</bdi> (r3)",
    ] {
        assert!(travelled.contains(said), "{said}: {travelled}");
    }
    assert!(section(&body, "media").contains("photo of the wounded man"), "{body}");
}

#[test]
fn values_on_which_sources_differ_are_marked_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let report = |source: &str, who: &str, dead: &str| {
        let text = format!("The army shelled Sumy on Friday, killing {dead} people, {who} said.");
        serde_json::json!({ "text": text, "source": source, "published": "2024-12-27" }).to_string()
    };
    let all = [report("Sample Wire", "the mayor of Sumy", "three"), report("Sample Post", "the Red Cross", "seven")];
    dateline(["add", "-"]).dir(&case).stdin(all.join("\n")).run().exits(0);
    let desk = serve(&case);
    let events = desk.get("/events?disputed=true&all=true").is(200).body;
    let event = events.split("href=\"/events/e").nth(1).unwrap_or_else(|| panic!("{events}")).split('"').next().unwrap();
    let body = desk.get(&format!("/events/e{event}")).is(200).body;
    let sides = section(&body, "sides");
    assert_eq!(sides.matches("disputed: ").count(), 2, "{sides}");
    assert!(sides.contains("<b dir=\"auto\">3</b>") && sides.contains("<b dir=\"auto\">7</b>"), "{sides}");
}

#[test]
fn decisions_that_were_taken_back_stay_to_be_read() {
    let case = sample();
    let event = id(&capture(case.path())).to_owned();
    let desk = serve(case.path());
    let page = format!("/events/{event}");
    let token = desk.get(&page).token().to_owned();
    desk.post(&format!("{page}/decide"), "", &format!("token={token}&kind=grade&grade=2&why=two+agencies")).is(303);
    desk.post("/decisions/1/undo", "", &format!("token={token}&why=one+rests+on+the+other")).is(303);
    let body = desk.get(&page).is(200).body;
    let history = section(&body, "decisions");
    for said in [
        "<del dir=\"auto\">grade 2</del>",
        "two agencies",
        "taken back (#2) by <bdi>Sample Editor</bdi>",
        "one rests on the other",
    ] {
        assert!(history.contains(said), "{said}: {history}");
    }
    assert!(!history.contains("/undo\""), "{history}");
}

#[test]
fn each_mark_of_a_report_leads_to_its_reading_and_why() {
    let case = sample();
    let desk = serve(case.path());
    let body = desk.get("/reports/r8").is(200).body;
    let links: Vec<&str> = body.split("href=\"#why-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(links.len() > 10, "{links:?}");
    for link in &links {
        assert_eq!(body.matches(&format!("id=\"why-{link}\"")).count(), 1, "{link}: {body}");
    }
    let note = |id: &str| {
        let rest = body.split_once(&format!("id=\"why-{id}\"")).unwrap().1;
        rest.split("</article>").next().unwrap().to_owned()
    };
    let claim = note("c1");
    for said in [
        "ASSAULT",
        "abduct",
        "Strategic developments / Arrests",
        "certain (CT+)",
        "2024-12-26",
        "December 26",
        "capture-combatant",
        "confirm + clause",
    ] {
        assert!(claim.contains(said), "{said}: {claim}");
    }
    let of = |kind: &str| {
        body.split("class=\"note\"")
            .find(|note| note.contains(&format!("<span class=\"kind\">{kind}</span>")))
            .unwrap()
            .to_owned()
    };
    assert!(of("place").contains("GeoNames") && of("place").contains("<h3>Why</h3>"), "{}", of("place"));
    assert!(of("time").contains("date in words") && of("time").contains("published"), "{}", of("time"));
    assert!(of("source").contains("a source that is named"), "{}", of("source"));
}

#[test]
fn copies_are_compared_word_by_word() {
    let case = sample();
    let desk = serve(case.path());
    let body = desk.get("/reports/r5").is(200).body;
    assert!(
        body.contains("Compared with <a href=\"/reports/r4\">r4</a>")
            && body.contains("put in: </span><span class=\"pilcrow\">¶</span><br>Sign up for our newsletter."),
        "{body}"
    );
    let chosen = desk.get("/reports/r5?compare=r6").is(200).body;
    assert!(
        chosen.contains("Compared with <a href=\"/reports/r6\">r6</a>") && chosen.contains("<option value=\"r6\" selected>"),
        "{chosen}"
    );
    assert!(!desk.get("/reports/r8").is(200).body.contains("Compared with"));
    desk.get("/reports/r5?compare=r999").is(404);
    desk.get("/reports/r5?compare=x").is(400);
}

#[test]
fn names_of_protected_persons_are_left_out_of_what_is_compared_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let text = "Ukrainian forces captured Ri Chol Sample, a North Korean soldier, in Kursk oblast on Thursday, the army said. He had a photo \
                of his mother with him and a letter that he had not sent, and the unit took both of them into safe keeping for him.";
    let report = |source: &str, more: &str| {
        let media = serde_json::json!({ "text": format!("{text}{more}"), "title": "Ri Chol Sample captured", "source": source, "published": "2024-12-27" });
        media.to_string()
    };
    let all = [report("Sample Wire", ""), report("Sample Post", " Ri Chol Sample is said to be well.")];
    dateline(["add", "-"]).dir(&case).stdin(all.join("\n")).run().exits(0);
    let desk = serve(&case);
    for page in ["/events/e1", "/reports/r1", "/reports/r2", "/reports/r1?compare=r2", "/api/v1/events/e1"] {
        let body = desk.get(page).is(200).body;
        assert!(!body.contains("Ri Chol"), "{page}: {body}");
    }
    assert!(desk.get("/reports/r2").body.contains("is said to be well"));
}

#[test]
fn the_original_is_given_to_editors_who_say_why_and_that_is_kept() {
    let case = sample();
    let desk = serve(case.path());
    desk.get("/reports/r8/original").is(405);
    let token = desk.get("/reports/r8").token().to_owned();
    desk.post("/reports/r8/original", "", "token=guessed&why=x").is(403);
    let refused = desk.post("/reports/r8/original", "", &format!("token={token}&why=+")).is(400);
    assert!(refused.body.contains("say why"), "{}", refused.body);
    desk.post("/reports/r999/original", "", &format!("token={token}&why=x")).is(404);
    assert!(!desk.get("/decisions").body.contains("original-shown"));
    let given = desk.post("/reports/r8/original", "", &format!("token={token}&why=to+check+the+byline")).is(200);
    assert!(given.header("content-disposition").unwrap().starts_with("attachment"), "{}", given.head);
    assert_eq!(given.header("content-type"), Some("application/octet-stream"));
    assert!(given.body.contains("radio.example"));
    let kept = desk.get("/decisions").body;
    assert!(kept.contains("original-shown") && kept.contains("to check the byline") && kept.contains("/reports/r8"), "{kept}");
    assert!(!kept.contains("/undo\""), "{kept}");
    let undone = desk.post("/decisions/1/undo", "", &format!("token={token}&why=x")).is(400);
    assert!(undone.body.contains("stays on record"), "{}", undone.body);
    let report = desk.get("/reports/r8").body;
    assert!(section(&report, "shown-to").contains("to check the byline"), "{report}");
    dateline(["verify"]).dir(case.path()).run().exits(0);
}
