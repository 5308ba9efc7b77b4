//! The review queue and blind double coding, as forms send it.

use std::path::Path;

use serde_json::{Value, json};

use crate::serve::serve_with;
use crate::support::dateline;
use crate::users::{get, session, shared};

/// A case of these reports.
fn case_of(reports: &[Value]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    dateline(["init", "case"]).dir(folder.path()).run().exits(0);
    let case = folder.path().join("case");
    let lines: Vec<String> = reports.iter().map(Value::to_string).collect();
    dateline(["add", "-"]).dir(&case).stdin(lines.join("\n")).run().exits(0);
    (folder, case)
}

fn strike() -> Value {
    json!({
        "text": "💥💥 Drones struck a depot in Kursk on Thursday, the army said. Aid was promised on 20 December.",
        "title": "Drones strike depot", "source": "Sample Wire", "published": "2024-12-27",
    })
}

fn events(case: &Path) -> Value {
    let run = dateline(["events", "--all", "--format", "json"]).dir(case).run().exits(0);
    serde_json::from_str::<Value>(&run.stdout).unwrap()["rows"].clone()
}

/// The event in Kursk.
fn struck(case: &Path) -> Value {
    events(case).as_array().unwrap().iter().find(|event| event["place"]["name"] == "Kursk").unwrap().clone()
}

#[test]
fn a_correction_keeps_its_words_and_outlives_a_rebuild() {
    let (_folder, case) = case_of(&[strike()]);
    let event = struck(&case)["id"].as_str().unwrap().to_owned();
    let desk = serve_with(&case, &[]);
    let token = desk.get("/review").is(200).token().to_owned();
    let form = |rest: &str| format!("token={token}&event={event}&back=place%3DKursk&{rest}");
    let set = |rest: &str| desk.post("/review/decide", "", &form(&format!("kind=set&report=r1&{rest}")));
    // Where the words stand, in code points.
    let text: Vec<char> = strike()["text"].as_str().unwrap().chars().collect();
    let start = text.windows(2).position(|pair| pair == ['2', '0']).unwrap();
    let place = format!("start={start}&end={}", start + 11);
    let page = desk.get(&format!("/review?place=Kursk&at={event}&report=r1&field=date&{place}")).is(200).body;
    assert!(page.contains("value=\"2024-12-20\"") && page.contains("20 December"), "{page}");
    for (rest, said) in [
        (format!("field=date&value=soon&{place}"), "date:"),
        ("field=date&value=2024-12-20".to_owned(), "choose the words"),
        ("field=date&value=2024-12-20&start=900&end=910".to_owned(), "no words stand"),
        ("field=date&value=2024-12-20&start=5&end=2".to_owned(), "no words stand"),
        (format!("field=actor&value=x&{place}"), "can't be corrected"),
        (format!("field=date&value=2024&country=RUS&{place}"), "only a place"),
    ] {
        let answer = set(&rest).is(400);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    assert_eq!(struck(&case)["date"], "2024-12-26");
    let kept = set(&format!("field=date&value=2024-12-20&{place}")).is(303);
    assert_eq!(kept.header("location"), Some(format!("/review?place=Kursk&at={event}&did=1").as_str()));
    let depot =
        text.iter().collect::<String>().find("Kursk").map(|at| text.iter().collect::<String>()[..at].chars().count()).unwrap();
    set(&format!("field=place&value=Belgorod&country=RUS&start={depot}&end={}", depot + 5)).is(303);
    let said = format!("set date = 2024-12-20, from “20 December” in r1 ({start}–{})", start + 11);
    assert!(desk.get(&format!("/events/{event}")).body.contains(&said));
    let list = dateline(["review", "--list"]).dir(&case).run().exits(0).stdout;
    assert!(list.contains("from “20 December” in r1") && list.contains("place = Belgorod (RUS)"), "{list}");
    drop(desk);
    let corrected = |when: &str| {
        let all = events(&case);
        let found = all.as_array().unwrap().iter().find(|row| row["id"] == event.as_str()).unwrap().clone();
        assert_eq!(
            (&found["date"], &found["place"]["name"], &found["place"]["country"]),
            (&json!("2024-12-20"), &json!("Belgorod"), &json!("RUS")),
            "{when}"
        );
    };
    corrected("decided");
    dateline(["rebuild"]).dir(&case).run().exits(0);
    corrected("rebuilt");
    dateline(["verify"]).dir(&case).run().exits(0);
    // The form of the command line, without words, still works, and outranks what came before.
    dateline(["review", &event, "--set", "date=2024-12-21"]).dir(&case).run().exits(0);
    let all = events(&case);
    assert!(all.as_array().unwrap().iter().any(|row| row["id"] == event.as_str() && row["date"] == "2024-12-21"), "{all}");
}

#[test]
fn the_queue_goes_on_and_says_when_it_ends() {
    let (_folder, case) = case_of(&[strike()]);
    let desk = serve_with(&case, &[]);
    let mut token = String::new();
    let mut path = "/review?all=true".to_owned();
    let mut seen = 0;
    loop {
        let page = desk.get(&path).is(200);
        let Some((_, event)) = page.body.split_once("name=\"event\" value=\"") else { break };
        let event = event.split('"').next().unwrap();
        seen += 1;
        token = page.token().to_owned();
        let back = page.body.split_once("name=\"back\" value=\"").unwrap().1.split('"').next().unwrap().replace("&amp;", "&");
        let back = back.replace('%', "%25").replace('&', "%26").replace('=', "%3D");
        let kind = if seen % 2 == 0 { "reject" } else { "accept" };
        let done = desk.post("/review/decide", "", &format!("token={token}&event={event}&back={back}&kind={kind}")).is(303);
        path = done.header("location").unwrap().to_owned();
        assert!(path.starts_with("/review?all=true&after="), "{path}");
    }
    assert_eq!(seen, events(&case).as_array().unwrap().len());
    assert!(desk.get("/review?all=true").body.contains("Nothing is left to review"));
    // Each is in the audit chain; the last of one's own comes back first.
    let undo = |form: &str| desk.post("/review/decide", "", &format!("token={token}&back=&kind=undo&{form}"));
    undo("decision=1").is(if seen == 1 { 303 } else { 400 });
    undo("").is(303);
    dateline(["verify", "--deep"]).dir(&case).run().exits(0);
    for (form, status) in [("kind=accept&event=e1", 403), ("token=guessed&kind=accept&event=e1", 403)] {
        let answer = desk.post("/review/decide", "", form);
        assert!(answer.status == status || answer.status == 400, "{form}: {}", answer.status);
    }
    for form in [
        "kind=launch&event=e1",
        "kind=grade-7&event=e1",
        "kind=note&event=e1",
        "kind=merge&event=e1",
        "kind=merge-e1&event=e1",
        "kind=split&event=e1",
        "kind=accept&event=x",
    ] {
        desk.post("/review/decide", "", &format!("token={token}&{form}")).is(400);
    }
    desk.post("/review/decide", "", &format!("token={token}&kind=accept&event=e999")).is(404);
}

#[test]
fn hostile_text_is_text_and_protected_names_stay_out_of_the_queue() {
    let (_folder, case) = case_of(&[json!({
        "text": "Ukrainian forces captured Ri Chol Sample, a North Korean soldier, in Kursk oblast on Thursday, the army said. </p><script>alert(1)</script>\u{202e}gnp.exe",
        "title": "Ri Chol Sample captured <script>alert(2)</script>", "source": "<b>Wire</b>", "published": "2024-12-27",
    })]);
    let desk = serve_with(&case, &[]);
    let first = desk.get("/review?all=true").is(200);
    let token = first.token().to_owned();
    let event = first.body.split_once("name=\"event\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    desk.post("/coding", "", &format!("token={token}&report=r1&coder=Sample+Editor&coder=Ben")).is(303);
    for page in [
        "/review?all=true".to_owned(),
        "/review?all=true&field=date&words=%3Cscript%3Ealert(3)".to_owned(),
        "/review?all=true&field=summary&words=Ri+Chol+Sample".to_owned(),
        "/review?all=true&field=summary&start=26&end=30".to_owned(),
        "/coding/r1".to_owned(),
    ] {
        let body = desk.get(&page).is(200).body;
        // What somebody typed themselves is said back to them, and that it is not found.
        let shown = body.replace("value=\"Ri Chol Sample\"", "").replace("“Ri Chol Sample” does not stand", "");
        assert!(!shown.contains("Ri Chol") && !shown.contains("Chol"), "{page}: {shown}");
        assert!(!body.contains("<script>alert") && !body.contains("<b>Wire") && !body.contains('\u{202e}'), "{page}: {body}");
        assert!(!body.contains("style=") && !body.contains(" onclick"), "{page}");
    }
    let refused = desk
        .post(
            "/review/decide",
            "",
            &format!("token={token}&event={event}&kind=set&field=summary&value=x&report=r1&start=20&end=30"),
        )
        .is(400);
    assert!(refused.body.contains("protected person"), "{}", refused.body);
}

#[test]
fn codings_are_blind_until_all_are_in() {
    let (_folder, case) = case_of(&[strike()]);
    for name in ["Ann", "Ben"] {
        dateline(["users", "add", name, "--role", "coder"]).dir(&case).stdin("a long password\n").run().exits(0);
    }
    let desk = shared(&case);
    let (editor, coder) = (session(&desk, "editor"), session(&desk, "coder"));
    let (ann, ben) = (session(&desk, "Ann"), session(&desk, "Ben"));
    let token = |who: &str| get(&desk, "/add", who).is(200).token().to_owned();
    let send = |who: &str, path: &str, form: &str| desk.post(path, who, &format!("token={}&{form}", token(who)));

    send(&ann, "/coding", "report=r1&coder=Ann&coder=Ben").is(403);
    send(&editor, "/coding", "report=r1&coder=Ann&coder=Ann&coder=").is(400);
    send(&editor, "/coding", "report=r9&coder=Ann&coder=Ben").is(404);
    get(&desk, "/coding/r1", &ann).is(404);
    send(&editor, "/coding", "report=r1&coder=Ann&coder=Ben&coder=").is(303);

    let form = get(&desk, "/coding/r1", &ann).is(200).body;
    assert!(form.contains("data-start=\"0\"") && !form.contains("class=\"mark"), "{form}");
    assert!(send(&coder, "/coding/r1", "type=ASSAULT").is(400).body.contains("not asked"));
    for wrong in ["type=", "type=WAR", "type=ASSAULT&killed_low=3&killed_high=2", "type=ASSAULT&no_event=true"] {
        send(&ann, "/coding/r1", wrong).is(400);
    }
    send(&ann, "/coding/r1", "type=ASSAULT&place=Annsville&killed_low=2&date=2024-12-26").is(303);
    assert!(send(&ann, "/coding/r1", "type=ASSAULT").is(400).body.contains("already"));
    // Who has yet to code it does not see what the machine reads in it.
    get(&desk, "/reports/r1", &ben).is(303);
    // Ann's codes are not shown to anybody, in no way.
    for who in [&ann, &ben, &editor, &coder] {
        for page in
            ["/coding", "/coding/r1", "/decisions", "/reports/r1", "/events?all=true", "/api/v1/decisions", "/api/v1/reports/r1"]
        {
            assert!(!get(&desk, page, who).body.contains("Annsville"), "{page}");
        }
    }
    assert!(!dateline(["review", "--list"]).dir(&case).run().exits(0).stdout.contains("Annsville"));
    // Her own she may take back as long as she has seen no other; others may not, nor what was asked.
    assert!(send(&ben, "/decisions/2/undo", "why=").is(400).body.contains("its coder alone"));
    assert!(send(&editor, "/decisions/1/undo", "why=").is(400).body.contains("already"));
    send(&ann, "/decisions/2/undo", "why=a+slip").is(303);
    send(&ann, "/coding/r1", "type=ASSAULT&place=Annsville&killed_low=2&date=2024-12-26").is(303);
    send(&ben, "/coding/r1", "type=ASSAULT&place=Kursk&killed_low=2&date=2024-12-26").is(303);
    for who in [&ann, &ben, &editor] {
        let page = get(&desk, "/coding/r1", who).is(200).body;
        assert!(page.contains("Annsville") && page.contains("the machine") && page.contains("differ"), "{page}");
    }
    assert!(get(&desk, "/coding", &editor).body.contains("Krippendorff"));
    for number in [1, 4, 5] {
        assert!(send(&ann, &format!("/decisions/{number}/undo"), "why=").status == 400, "decision {number} can't be taken back");
    }
    send(&editor, "/coding", "report=r1&coder=Eve&coder=Ben").is(400);
    dateline(["verify"]).dir(&case).run().exits(0);
    assert!(events(&case).as_array().unwrap().iter().all(|event| event["reviewed"] == false), "coding is no review");
}
