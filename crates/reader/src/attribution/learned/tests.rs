//! What the stage lists, on sentences of our own.

use crate::attribution::{self, Rules};
use crate::lexicon::Lexicons;
use crate::testing::doc;

/// `source | cue | content … content` of each attribution that a reading lists.
fn listed(lines: &str) -> Vec<String> {
    let doc = doc(lines);
    let found = attribution::find(&Rules::new(&Lexicons::default()).unwrap(), &doc);
    let one = |said: &attribution::Said| {
        let words = |tokens: Option<_>| tokens.map_or("", |tokens| doc.words(tokens)).to_owned();
        let content: Vec<&str> = said.marked.as_ref().unwrap_or(&said.content).iter().map(|&run| doc.words(run)).collect();
        format!("{} | {} | {}", words(said.source), words(said.cue), content.join(" … "))
    };
    found.all.iter().filter(|said| said.listed).map(one).collect()
}

#[test]
fn indirect_speech() {
    let found = listed(
        "The DT det 2
        mayor NN nsubj 3
        said VBD ROOT 0 say
        that IN mark 7
        the DT det 6
        bridge NN nsubj 7
        collapsed VBD ccomp 3 collapse
        overnight RB advmod 7
        . . punct 3",
    );
    assert_eq!(found, ["The mayor | said | that the bridge collapsed overnight"]);
}

#[test]
fn direct_speech_that_goes_on_in_the_next_sentence() {
    let found = listed(
        "“ `` punct 8
        We PRP nsubj 3
        lost VBD ccomp 8 lose
        the DT det 5
        house NN dobj 3
        , , punct 8
        ” '' punct 8
        said VBD ROOT 0 say
        Olena NNP nsubj 8 Olena PERSON
        . . punct 8

        “ `` punct 5
        Now RB advmod 5
        we PRP nsubj 5
        must MD aux 5
        leave VB ROOT 0
        . . punct 5
        ” '' punct 5",
    );
    assert_eq!(found, ["Olena | said | “ We lost the house , ” … “ Now we must leave . ”"]);
}

#[test]
fn according_to() {
    let found = listed(
        "Nine CD nummod 2
        people NNS nsubj 3 people
        died VBD ROOT 0 die
        , , punct 3
        according VBG prep 3 accord
        to IN prep 5
        the DT det 8
        police NN pobj 6
        . . punct 3",
    );
    assert_eq!(found, ["the police | according to | Nine people died"]);
}

#[test]
fn what_stands_inside_a_content_is_not_listed_but_still_holds_claims() {
    let lines = "The DT det 2
        envoy NN nsubj 3
        said VBD ROOT 0 say
        the DT det 5
        rebels NNS nsubj 6 rebel
        denied VBD ccomp 3 deny
        that IN mark 9
        they PRP nsubj 9
        attacked VBD ccomp 6 attack
        the DT det 11
        port NN dobj 9
        . . punct 3";
    assert_eq!(listed(lines), ["The envoy | said | the rebels denied that they attacked the port"]);
    let found = attribution::find(&Rules::new(&Lexicons::default()).unwrap(), &doc(lines));
    assert_eq!(found.chain(8).len(), 2);
}

#[test]
fn the_agent_of_a_passive_is_the_source() {
    let found = listed(
        "The DT det 2
        raid NN nsubjpass 4
        was VBD auxpass 4 be
        condemned VBN ROOT 0 condemn
        by IN agent 4
        the DT det 7
        council NN pobj 5
        . . punct 4",
    );
    assert_eq!(found, ["the council | was condemned | The raid"]);
}

#[test]
fn wants_and_hopes() {
    let found = listed(
        "The DT det 2
        villagers NNS nsubj 3 villager
        want VBP ROOT 0
        to TO aux 5
        return VB xcomp 3
        home RB advmod 5
        . . punct 3

        She PRP nsubj 2
        hopes VBZ ROOT 0 hope
        that IN mark 6
        the DT det 5
        talks NNS nsubj 6 talk
        resume VBP ccomp 2
        . . punct 2",
    );
    assert_eq!(found, ["The villagers | want | to return home", "She | hopes | that the talks resume"]);
}

#[test]
fn a_preposition_of_time_is_no_part_of_the_cue() {
    let found = listed(
        "The DT det 2
        army NN nsubj 3
        confirmed VBD ROOT 0 confirm
        on IN prep 3
        Friday NNP pobj 4 Friday DATE
        that IN mark 9
        the DT det 8
        town NN nsubj 9
        fell VBD ccomp 3 fall
        . . punct 3",
    );
    assert_eq!(found, ["The army | confirmed | that the town fell"]);
}

#[test]
fn what_nobody_says_is_no_attribution() {
    let found = listed(
        "The DT det 2
        shell NN nsubj 3
        hit VBD ROOT 0
        a DT det 5
        school NN dobj 3
        in IN prep 5
        the DT det 8
        town NN pobj 6
        . . punct 3",
    );
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_models_that_come_with_the_reader_are_models() {
    let models = super::Models::embedded().unwrap();
    assert_eq!(models.part.classes(), ["content", "source", "cue", "none"]);
}
