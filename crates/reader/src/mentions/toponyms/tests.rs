use super::*;
use crate::lexicon::Lexicons;
use crate::testing::doc;

/// The names of places in a text of `word tag dep head` lines.
#[track_caller]
fn finds(lines: &str, expected: &[&str]) {
    let rules = Rules::new(&Lexicons::default()).unwrap();
    let doc = doc(lines);
    let found = find(&rules, &doc, &Words::of(&doc));
    let names: Vec<&str> = found.iter().map(|named| doc.words(named.tokens)).collect();
    assert_eq!(names, expected);
}

#[test]
fn known_names_after_prepositions_of_place() {
    finds(
        "Fires NNS nsubj 2
         burned VBD ROOT 0
         in IN prep 2
         northern JJ amod 5
         Syria NNP pobj 3 Syria GPE
         and CC cc 3
         near IN conj 3
         Homs NNP pobj 7 Homs PERSON
         . . punct 2",
        &["Syria", "Homs"],
    );
}

#[test]
fn a_surname_is_no_town() {
    finds(
        "Kevin NNP compound 2 Kevin PERSON
         Marshall NNP nsubj 3 Marshall PERSON
         spoke VBD ROOT 0
         . . punct 3

         Marshall NNP nsubj 2 Marshall PERSON
         wept VBD ROOT 0
         . . punct 2",
        &[],
    );
}

#[test]
fn the_state_after_it_tells_a_town() {
    finds(
        "Farmers NNS nsubj 7
         from IN prep 1
         Marshall NNP pobj 2 Marshall PERSON
         , , punct 3
         Texas NNP appos 3 Texas GPE
         , , punct 3
         met VBD ROOT 0
         . . punct 7",
        &["Marshall", "Texas"],
    );
}

#[test]
fn places_inside_names_of_bodies() {
    finds(
        "The DT det 4
         Leeds NNP compound 4 Leeds ORG
         City NNP compound 4 City ORG
         Council NNP nsubj 5 Council ORG
         met VBD ROOT 0
         Clay NNP compound 7 Clay ORG
         County NNP compound 8 County ORG
         Sheriff NNP dobj 5 Sheriff ORG
         . . punct 5",
        &["Leeds", "Clay County"],
    );
}

#[test]
fn streets_and_features_by_their_form() {
    finds(
        "Shops NNS nsubj 5
         on IN prep 1
         Tanner NNP compound 4 Tanner FAC
         Street NNP pobj 2 Street FAC
         burned VBD ROOT 0
         by IN prep 5
         Ember NNP compound 8 Ember LOC
         Lake NNP pobj 6 Lake LOC
         . . punct 5",
        &["Tanner Street", "Ember Lake"],
    );
    // A woman of that name.
    finds(
        "Rosa NNP compound 3 Rosa PERSON
         M. NNP compound 3 M. PERSON
         Lane NNP nsubj 4 Lane PERSON
         sang VBD ROOT 0
         . . punct 4",
        &[],
    );
}

#[test]
fn buildings_that_stand_for_governments_are_places_only_when_one_is_there() {
    finds(
        "The DT det 2
         Kremlin NNP nsubj 3 Kremlin ORG
         denied VBD ROOT 0
         it PRP dobj 3
         . . punct 3",
        &[],
    );
}

#[test]
fn a_name_is_one_thing_all_through_the_report() {
    finds(
        "Rain NN nsubj 2
         fell VBD ROOT 0
         in IN prep 2
         Edmonton NNP pobj 3 Edmonton GPE
         . . punct 2

         Edmonton NNP nsubj 2 Edmonton ORG
         slept VBD ROOT 0
         . . punct 2",
        &["Edmonton", "Edmonton"],
    );
}

#[test]
fn what_is_listed_with_counties_is_one() {
    finds(
        "Barns NNS nsubj 7
         in IN prep 1
         Polk NNP pobj 2 Polk PERSON
         and CC cc 3
         Clay NNP conj 3 Clay PERSON
         counties NNS pobj 2
         fell VBD ROOT 0
         . . punct 7",
        &["Polk", "Clay"],
    );
}

#[test]
fn abbreviations_are_exact() {
    finds(
        "The DT det 2
         U.S. NNP nsubj 3 U.S. GPE
         told VBD ROOT 0
         us PRP dobj 3
         OR CC cc 3
         them PRP dobj 3
         . . punct 3",
        &["U.S."],
    );
}
