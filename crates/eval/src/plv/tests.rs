use super::*;
use crate::lines::lines_of;

fn table(rows: &[(&str, u8)]) -> String {
    let rows: Vec<String> = rows.iter().map(|(root, quad)| format!("s\tm\ta\tb\t{root}\t{quad}")).collect();
    format!("{}\n{}\n", COLUMNS.join("\t"), rows.join("\r\n"))
}

fn gold() -> Vec<Row> {
    let roots =
        [("AID", 2), ("AID", 2), ("ASSAULT", 4), ("RETREAT", 2), ("CONCEDE", 2), ("YIELD", 2), ("CONSULT", 1), ("ASSAULT", 4)];
    rows(&table(&roots), "g.tsv").unwrap()
}

fn scored(roots: &[Option<&str>]) -> Scored {
    let lines: String =
        roots.iter().enumerate().map(|(row, root)| format!("{}\n", serde_json::json!({ "row": row, "root": root }))).collect();
    let answers = answers(&lines_of(&lines, "p").unwrap(), 8).unwrap();
    score("plv", &gold(), &answers)
}

#[test]
fn perfect_codes_get_all_and_yield_is_one_class() {
    let all = ["AID", "aid", "ASSAULT", "YIELD", "RETREAT", "CONCEDE", "CONSULT", "ASSAULT"].map(Some);
    let scored = scored(&all);
    assert!(scored.figures.iter().all(|figure| figure.value == Some(1.0)), "{scored:?}");
    assert_eq!(scored.figures.iter().filter(|figure| figure.section == "classes").count(), 12);
}

#[test]
fn wrong_and_missing_codes_get_less() {
    let swapped = ["AID", "YIELD", "ASSAULT", "YIELD", "YIELD", "YIELD", "CONSULT", "COERCE"].map(Some);
    let scored_swapped = scored(&swapped);
    assert_eq!(scored_swapped.value("all", "accuracy"), Some(0.75));
    // AID 1/1 and 1/2, YIELD 3/4 and 3/3, CONSULT all, ASSAULT 1/1 and 1/2.
    let by_hand = (2.0 / 3.0 + 6.0 / 7.0 + 1.0 + 2.0 / 3.0) / 4.0;
    assert!((scored_swapped.value("all", "macro-F1").unwrap() - by_hand).abs() < 1e-12);
    assert_eq!(scored_swapped.value("all", "accuracy on the four quads"), Some(1.0));
    let holes = scored(&[None, Some("AID"), Some("ASSAULT"), Some("YIELD")]);
    assert_eq!((holes.value("all", "accuracy"), holes.mistakes.len()), (Some(0.375), 5));
}

#[test]
fn malformed_tables_and_answers_are_refused_by_line() {
    for (table, place) in [
        ("a\tb\n".to_owned(), "g:1"),
        (format!("{}\ns\tm\n", COLUMNS.join("\t")), "g:2"),
        (table(&[("AID", 2), ("FIGHT", 1)]), "g:3"),
        (table(&[("AID", 5)]), "g:2"),
        (table(&[]), "g"),
    ] {
        let error = rows(&table, "g").unwrap_err().to_string();
        assert!(error.starts_with(place), "{error}");
    }
    for line in [
        r#"{"row": 0, "root": "FIGHT"}"#,
        r#"{"row": 8, "root": "AID"}"#,
        r#"{"row": -1, "root": "AID"}"#,
        r#"{"row": 0, "root": 3}"#,
        r#"{"row": 0}"#,
        "{\"row\": 0, \"root\": null}\n{\"row\": 0, \"root\": null}",
    ] {
        let error = answers(&lines_of(line, "p").unwrap(), 8).unwrap_err().to_string();
        assert!(error.starts_with("p:"), "{line}: {error}");
    }
}
