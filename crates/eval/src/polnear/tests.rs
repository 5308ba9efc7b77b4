use super::*;

const TEXT: &str = "“We won,” Żelenska said 😀 Monday, “and they fled north.” It reportedly rained.";

fn at(words: &str) -> Span {
    let start = TEXT.find(words).map(|byte| TEXT[..byte].chars().count()).unwrap();
    (start, start + words.chars().count())
}

fn ann() -> String {
    let line = |id: &str, kind: &str, spans: &[Span]| {
        let spans: Vec<String> = spans.iter().map(|(start, end)| format!("{start} {end}")).collect();
        format!("{id}\t{kind} {}\tx\n", spans.join(";"))
    };
    [
        line("T1", "Source", &[at("Żelenska")]),
        line("T2", "Cue", &[at("said")]),
        line("T3", "Content", &[at("“We won,”"), at("“and they fled north.”")]),
        "a line break in an annotated text\n".to_owned(),
        line("T4", "Attribution", &[at("said")]),
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n".to_owned(),
        line("T5", "Content", &[at("It"), at("rained")]),
        line("T6", "Cue", &[at("reportedly")]),
        line("T7", "Attribution-no-source", &[at("reportedly")]),
        "E2\tAttribution-no-source:T7 Content2:T5 Cue:T6\nE3\tAttribution:T4\n".to_owned(),
    ]
    .concat()
}

fn marked() -> Vec<Attribution> {
    parse(&ann(), &Text::new(TEXT), "a.ann").unwrap()
}

fn scored(found: Option<Vec<Attribution>>) -> Scored {
    score("polnear", &[Document { name: "a".to_owned(), text: Text::new(TEXT), marked: marked(), found }])
}

#[test]
fn brat_files_are_read() {
    let marked = marked();
    assert_eq!(marked.len(), 2, "an event without content is left out");
    assert_eq!(marked[0].content, [at("“We won,”"), at("“and they fled north.”")]);
    assert!(marked[1].source.is_empty());
}

#[test]
fn perfect_attributions_get_all() {
    let scored = scored(Some(marked()));
    assert!(scored.figures.iter().all(|figure| figure.value == Some(1.0)), "{scored:?}");
    assert!(scored.mistakes.is_empty());
}

#[test]
fn damage_lowers_what_it_touches() {
    let mut half = marked();
    half[0].content.remove(0);
    let scored_half = scored(Some(half));
    assert_eq!(scored_half.value("relations", "partial F1"), Some(1.0));
    assert_eq!(scored_half.value("relations", "exact content F1"), Some(0.5));
    assert!(
        scored_half.value("tokens", "content recall") < Some(1.0)
            && scored_half.value("tokens", "content precision") == Some(1.0)
    );
    let mut other = marked();
    other[0].source = vec![at("Monday")];
    let scored_other = scored(Some(other));
    assert_eq!(scored_other.value("relations", "partial F1"), Some(0.5));
    assert_eq!(scored_other.value("relations", "partial, any source F1"), Some(1.0));
    assert_eq!(scored_other.mistakes.len(), 2);
    let twice = [marked(), marked()].concat();
    assert_eq!(scored(Some(twice)).value("relations", "partial precision"), Some(0.5));
    assert_eq!(scored(None).value("relations", "partial F1"), Some(0.0));
    let mut bare = marked();
    let (start, end) = at("We won");
    bare[0].content[0] = (start, end);
    assert_eq!(scored(Some(bare)).value("relations", "exact content F1"), Some(1.0), "quotation marks aside");
}

#[test]
fn malformed_marks_are_refused_by_line() {
    for (line, number) in [
        ("T9\tCue 2 9000\tx", 1),
        ("T9\tCue 9 3\tx", 1),
        ("T9\tCue x y\tx", 1),
        ("T9\tCue 1 2 3\tx", 1),
        ("T9\tCue", 1),
        ("T1\tCue 0 1\tx\nT1\tCue 0 1\tx", 2),
        ("E1\tAttribution:T1", 1),
        ("E1\t", 1),
        ("T1\tCue 0 1\tx\nE1\tOther:T1", 2),
        ("T1\tCue 0 1\tx\nE1\tAttribution:T1 Whom:T1", 2),
        ("T1\tCue 0 1\tx\nE1\tAttribution", 2),
    ] {
        let error = parse(line, &Text::new(TEXT), "a.ann").map_err(|error| error.to_string()).unwrap_err();
        assert!(error.starts_with(&format!("a.ann:{number}: ")), "{line}: {error}");
    }
}

#[test]
fn spans_that_touch_are_one() {
    assert_eq!(join(vec![(5, 9), (0, 3), (3, 4), (6, 7)]), [(0, 4), (5, 9)]);
}
