use proptest::prelude::{ProptestConfig, any, proptest};

use super::{Gazetteer, How, PlaceId, PlaceKind};
use crate::fold::Key;
use crate::types::TypeClass;

fn world() -> &'static Gazetteer {
    Gazetteer::embedded()
}

/// The likeliest settlement of a name is `expected` in `country`.
#[track_caller]
fn settlement(name: &str, expected: &str, country: &str) {
    let found = world().lookup(name).filter_map(|c| world().place(c.place)).find(|p| p.kind == PlaceKind::Settlement);
    let found = found.map(|p| (p.name, p.country));
    assert_eq!(found, Some((expected, Some(country))), "{name}");
}

#[test]
fn cities_are_found_under_the_names_that_news_text_gives_them() {
    for (name, expected, country) in [
        ("Kyiv", "Kyiv", "UKR"),
        ("Kiev", "Kyiv", "UKR"),
        ("Kharkov", "Kharkiv", "UKR"),
        ("Lvov", "Lviv", "UKR"),
        ("Artemivsk", "Bakhmut", "UKR"),
        ("Dnepropetrovsk", "Dnipro", "UKR"),
        ("Al Mawsil", "Mosul", "IRQ"),
    ] {
        settlement(name, expected, country);
    }
}

#[test]
fn spelling_of_one_name_does_not_matter() {
    let id = |name: &str| {
        world().lookup(name).filter_map(|c| world().place(c.place)).find(|p| p.kind == PlaceKind::Settlement).map(|p| p.id)
    };
    for (a, b) in [
        ("Raqqa", "al-Raqqa"),
        ("Deir ez-Zor", "DEIR EZ ZOR"),
        ("Odesa", "Odessa"),
        ("Sanaa", "Sana’a"),
        ("Kobani", "Ain al-Arab"),
    ] {
        assert!(id(a).is_some(), "{a}");
        assert_eq!(id(a), id(b), "{a}, {b}");
    }
}

#[test]
fn countries_come_before_towns_of_their_name() {
    for (name, code) in [
        ("Lebanon", "LBN"),
        ("the United States", "USA"),
        ("U.S.", "USA"),
        ("UK", "GBR"),
        ("DPRK", "PRK"),
        ("Myanmar", "MMR"),
        ("Türkiye", "TUR"),
    ] {
        assert_eq!(world().country_named(name).map(|c| c.alpha3), Some(code), "{name}");
    }
    assert_eq!(world().country_named("us").map(|c| c.alpha3), None, "the pronoun");
}

#[test]
fn demonyms_speak_of_countries_and_people() {
    for (word, code, person, adjective) in [
        ("British", "GBR", false, true),
        ("Poles", "POL", true, false),
        ("Iraqi", "IRQ", true, true),
        ("North Korean", "PRK", true, true),
        ("Emirati", "ARE", true, true),
        ("Congolese", "COD", true, true),
        ("Ukrainians", "UKR", true, false),
    ] {
        let d = world().demonym(word).map(|d| (d.country.alpha3, d.person, d.adjective));
        assert_eq!(d, Some((code, person, adjective)), "{word}");
    }
    assert_eq!((world().demonym("polish"), world().demonym("Us")), (None, None));
}

#[test]
fn capitals_and_seats_stand_for_governments() {
    let capital = |name| world().capital_of(name).map(|c| c.alpha3);
    assert_eq!((capital("Kyiv"), capital("Kiev"), capital("Kharkiv")), (Some("UKR"), Some("UKR"), None));
    let kremlin = world().metonym("the Kremlin").map(|m| (m.country, m.sector));
    assert_eq!(kremlin, Some((Some("RUS"), "GOV")));
    assert!(world().country_named("Kremlin").is_none());
}

#[track_caller]
fn longest(words: &[&str], expected: usize, class: Option<TypeClass>, kind: PlaceKind) {
    let found = world().longest_match(words).expect("a name");
    assert_eq!((found.words, found.class), (expected, class), "{words:?}");
    let kinds: Vec<_> = found.candidates(world()).filter_map(|c| world().place(c.place)).map(|p| p.kind).collect();
    assert!(kinds.contains(&kind), "{words:?}: {kinds:?}");
}

#[test]
fn type_words_belong_to_the_match() {
    longest(&["the", "Kursk", "oblast", "on", "Monday"], 3, None, PlaceKind::Admin1);
    longest(&["Kursk", "region"], 2, Some(TypeClass::Division), PlaceKind::Admin1);
    longest(&["Kharkiv", "front"], 2, Some(TypeClass::Area), PlaceKind::Admin1);
    longest(&["Anbar", "province", "."], 2, Some(TypeClass::Division), PlaceKind::Admin1);
    longest(&["Deir", "ez", "-", "Zor", "fell"], 4, None, PlaceKind::Settlement);
    longest(&["Kyiv", "said"], 1, None, PlaceKind::Settlement);
}

#[test]
fn nothing_is_found_where_no_name_is() {
    assert!(world().longest_match(&[]).is_none());
    assert!(world().longest_match(&["us", "all"]).is_none());
    assert!(world().longest_match(&["of", "Kyiv"]).is_none());
    assert!(world().longest_match(&["Western", "officials"]).is_none(), "a region of Ghana");
    assert!(world().longest_match(&["Central", "Command"]).is_none());
    assert_eq!(world().lookup("").count(), 0);
    assert_eq!(world().lookup("qqqqzzz").count(), 0);
}

#[test]
fn containment_follows_the_divisions() {
    let first = |name: &str, kind: PlaceKind| {
        world().lookup(name).filter_map(|c| world().place(c.place)).find(|p| p.kind == kind).map(|p| p.id).expect("known")
    };
    let (ukraine, donetsk, bakhmut) =
        (first("Ukraine", PlaceKind::Country), first("Donetsk", PlaceKind::Admin1), first("Bakhmut", PlaceKind::Settlement));
    assert!(world().contains(ukraine, donetsk) && world().contains(donetsk, bakhmut) && world().contains(ukraine, bakhmut));
    assert!(!world().contains(bakhmut, donetsk) && !world().contains(donetsk, donetsk));
    let km = world().distance_km(donetsk, bakhmut).expect("both have positions");
    assert!(km < 120.0, "{km}");
}

#[test]
fn every_alias_finds_its_place() {
    assert_eq!(world().unresolved_aliases, Vec::<&str>::new());
}

#[test]
fn abbreviations_count_only_as_written() {
    let codes = |name: &str| world().lookup(name).filter(|c| c.how == How::Code).count();
    assert_eq!((codes("Ky."), codes("KY"), codes("ky"), codes("or"), codes("OR")), (1, 1, 0, 0, 1));
}

#[test]
fn table_is_whole() {
    let table = &world().table;
    let places = table.place_count();
    assert!(places > 240_000, "{places}");
    assert_eq!(world().place(PlaceId(places)), None);
    assert!(world().table_countries.iter().all(Option::is_some), "a country code of the table is unknown");
    for id in 0..places {
        let place = world().place(PlaceId(id)).expect("row");
        assert!(place.at.lat.abs() <= 90.0 && place.at.lon.abs() <= 180.0 && !place.name.is_empty(), "{place:?}");
        assert!(place.admin1.is_none_or(|a| a.0 < table.admin1_count()), "{place:?}");
        if let Some(second) = place.admin2.filter(|_| id % 64 == 0).and_then(|a| world().place(a)) {
            assert_eq!((second.kind, second.country), (PlaceKind::Admin2, place.country), "{place:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_string_can_be_looked_up(name in any::<String>()) {
        let _ = world().lookup(&name).count();
        let _ = (world().demonym(&name), world().capital_of(&name), world().metonym(&name));
        let words: Vec<&str> = name.split(' ').collect();
        if let Some(found) = world().longest_match(&words) {
            assert!(found.words <= words.len() && found.candidates(world()).next().is_some());
        }
    }

    #[test]
    fn folding_twice_changes_nothing(name in "[\\p{L}\\p{M}\\p{P} ]{0,30}") {
        if let Some(key) = Key::of(&name) {
            assert_eq!(Key::of(key.as_str()).as_ref().map(Key::as_str), Some(key.as_str()));
        }
    }
}
