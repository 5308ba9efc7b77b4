//! What the codes mean, in our words.

use dateline::record::{EventType, FactualityValue, Mode, Sector};

/// What a type of event is (PLOVER).
pub(super) fn event_type(kind: EventType) -> &'static str {
    use EventType as T;
    match kind {
        T::Agree => "a promise to work together, to settle or to help: an accord is reached, signed or announced",
        T::Consult => "people meet, visit, telephone or mediate",
        T::Support => "praise, endorsement or recognition in words",
        T::Concede => "yielding in words: a restriction is eased, a reform or a release promised, a resignation offered",
        T::Cooperate => "working together in deed: joint exercises, shared intelligence, extradition, trade",
        T::Aid => "money, arms, food, medicine or troops are given",
        T::Retreat => "yielding in deed: troops leave, fire ceases, people or things are given back, access is granted",
        T::Request => "a demand, an appeal, a call on somebody to do something",
        T::Accuse => "blame, condemnation, complaint, inquiry, lawsuit",
        T::Reject => "a refusal or veto; to deny a deed is no such event but a claim that it did not happen",
        T::Threaten => "a warning of force, sanctions or an end of talks; an ultimatum",
        T::Protest => "people rally, strike, block, riot",
        T::Sanction => "relations are cut or lowered, aid or talks halted, trade forbidden, diplomats sent home",
        T::Mobilize => "forces are moved, raised or shown, without being used",
        T::Coerce => {
            "force of the state without bodily violence: seizing, arresting, banning, censoring, deporting, attacks on computers"
        }
        T::Assault => "deliberate bodily violence, and destruction; to capture a fighter in battle belongs here",
    }
}

/// In what manner, for an event of a type.
pub(super) fn mode(kind: EventType, mode: Mode) -> &'static str {
    use {EventType as T, Mode as M};
    match (kind, mode) {
        (T::Sanction, M::Withdraw) => "leaving a body, a treaty or talks",
        (T::Sanction, M::Expel) => "sending diplomats or members away",
        (T::Threaten, M::Restrict) => "to restrict or forbid",
        (T::Threaten, M::Arrest) => "to arrest",
        (T::Threaten, M::Expel) => "to expel",
        (T::Reject, M::Assist) => "refuses to help",
        (T::Reject, M::Change) => "refuses to change rules or leaders",
        (T::Reject, M::Yield) => "refuses to give way",
        (T::Reject, M::Meet) => "refuses to meet or mediate",
        (_, M::Visit) => "one goes to the other",
        (_, M::ThirdParty) => "with a mediator",
        (_, M::Multilateral) => "more than two sides",
        (_, M::Phone) => "by telephone or video",
        (_, M::Withdraw) => "leaving ground, or calling forces back",
        (_, M::Release) => "letting people or property go",
        (_, M::Disarm) => "giving up weapons",
        (_, M::Ceasefire) => "holding fire",
        (_, M::Access) => "letting helpers, inspectors or others in",
        (_, M::Resign) => "leaving office",
        (_, M::Assist) => "asks for help",
        (_, M::Change) => "asks for other rules or leaders",
        (_, M::Yield) => "asks somebody to give way",
        (_, M::Meet) => "asks for talks or mediation",
        (_, M::Disapprove) => "criticises or condemns",
        (_, M::Investigate) => "inquires into it",
        (_, M::Allege) => "says that somebody did it",
        (_, M::Restrict) => "limits movement, trade or rights",
        (_, M::Arrest) => "holding civilians or suspects by police or courts",
        (_, M::Relations) => "to break off relations or talks",
        (_, M::Expel) => "sending people away",
        (_, M::Territory) => "to take or close off land",
        (_, M::Violence) => "to use force",
        (_, M::Demo) => "a rally or march",
        (_, M::Riot) => "violent crowds",
        (_, M::Strike) => "work is laid down",
        (_, M::Hunger) => "a hunger strike",
        (_, M::Boycott) => "not buying, not taking part",
        (_, M::Obstruct) => "blocking roads or buildings",
        (_, M::Vandalize) => "damaging property",
        (_, M::Convict) => "sentence by a court",
        (_, M::Discontinue) => "ending aid, talks or trade",
        (_, M::Troops) => "soldiers",
        (_, M::Weapons) => "arms and equipment",
        (_, M::Police) => "police",
        (_, M::Militia) => "irregular forces",
        (_, M::Seize) => "taking property",
        (_, M::Ban) => "forbidding a group, a party, an activity",
        (_, M::Censor) => "suppressing what is said or shown",
        (_, M::Curfew) => "keeping people indoors",
        (_, M::MartialLaw) => "rule by the military",
        (_, M::Deport) => "moving people out of a country or region",
        (_, M::Withhold) => "keeping back what others need",
        (_, M::Misinformation) => "spreading what is false",
        (_, M::Cyber) => "attacking computers and networks",
        (_, M::Abduct) => "taking people: hostages, or prisoners in battle",
        (_, M::Beat) => "bodily harm without weapons",
        (_, M::Torture) => "inflicting pain on somebody who is held",
        (_, M::Sexual) => "sexual violence",
        (_, M::Targeted) => "killing or wounding chosen persons",
        (_, M::Destroy) => "destroying property",
        (_, M::Primitive) => "stones, knives, clubs, fire",
        (_, M::Firearms) => "small arms",
        (_, M::Explosives) => "mines, bombs, booby traps",
        (_, M::SuicideAttack) => "the attacker dies by it",
        (_, M::Aerial) => "from crewed aircraft",
        (_, M::Drone) => "from crewless aircraft",
        (_, M::HeavyWeapons) => "artillery, rockets, missiles, tanks",
        (_, M::CrowdControl) => "tear gas, water, rubber bullets",
        (_, M::Unconventional) => "chemical, biological or nuclear weapons",
    }
}

/// How a claim is held (after FactBank).
pub(super) fn factuality(value: FactualityValue) -> &'static str {
    use FactualityValue as F;
    match value {
        F::CertainPositive => "it happened, stated without reserve",
        F::ProbablePositive => "it probably happened: reportedly, likely, believed",
        F::PossiblePositive => "it possibly happened: may, might, could have",
        F::CertainNegative => "it did not happen: denied, or stated that it did not",
        F::ProbableNegative => "it probably did not happen",
        F::PossibleNegative => "it possibly did not happen",
        F::CertainUnknown => "whether it happened is known, but not said",
        F::Uncommitted => "left open: asked, planned, threatened, supposed, unclear",
    }
}

/// What an actor is (PLOVER).
pub(super) fn sector(sector: Sector) -> &'static str {
    use Sector as S;
    match sector {
        S::Cop => "police",
        S::Gov => "government",
        S::Jud => "courts",
        S::Leg => "parliament",
        S::Mil => "military",
        S::Prm => "armed group on the government's side",
        S::Pty => "political party",
        S::Reb => "armed opposition",
        S::Spy => "intelligence service",
        S::Uaf => "armed people of no known side",
        S::Unk => "not known",
        S::Agr => "farming",
        S::Bus => "business",
        S::Crm => "criminals",
        S::Cvl => "civilians",
        S::Edu => "schools and universities",
        S::Eli => "former officials",
        S::Jrn => "journalists and media",
        S::Lab => "workers and their unions",
        S::Med => "health workers and hospitals",
        S::Ref => "refugees and displaced people",
        S::Opp => "opposition without arms",
        S::Pre => "a state that not all recognise",
        S::Rel => "religious people and bodies",
        S::Soc => "civil society",
    }
}

/// How an event stands, with what it means.
pub(super) const STATUSES: [(&str, &str); 7] = [
    ("single-source", "one independent source affirms it"),
    ("corroborated", "two or more independent sources affirm it"),
    ("contested", "it is denied, or told in ways that exclude each other"),
    ("confirmed-by-adversary", "somebody affirms it whom it speaks against"),
    ("retracted", "who told of it took it back"),
    ("unsupported", "it is only planned, asked for or threatened"),
    ("rejected", "a reviewer rejected it"),
];

/// Credibility of an event on the Admiralty scale.
pub(super) const GRADES: [(u8, &str); 6] = [
    (1, "confirmed by other independent sources"),
    (2, "probably true"),
    (3, "possibly true"),
    (4, "doubtful"),
    (5, "improbable"),
    (6, "truth can't be judged"),
];

/// Fields of an event.
pub(super) const FIELDS: [(&str, &str); 14] = [
    ("type", "what kind of happening it is"),
    ("mode", "in what manner, where the type has modes"),
    ("summary", "who did what to whom, where and when, in one line, from the fullest account"),
    ("status", "how it stands by who supports it"),
    ("grade", "credibility from 1 to 6: proposed with reasons by the machine; a reviewer's grade wins"),
    ("sources", "independent sources that affirm it; copies, outlets of one owner and shared citations count once"),
    ("reports", "reports that tell of it, copies included"),
    ("disputed", "fields on which sources differ"),
    ("date", "when it happened, as finely as is said and no finer (EDTF): a day, a month, an interval, about a day"),
    ("place", "where it happened, as finely as is said, and no finer than a settlement"),
    ("actor", "who does it; where two sides fight, both"),
    ("recipient", "who undergoes it"),
    ("killed", "the dead as sources count them: the lowest, the highest, and what most say"),
    ("published", "days of the first and the last report of it"),
];

/// Keys, with what they do.
pub(super) const KEYS: &[(&[&str], &str)] = &[
    (&["j", "k"], "next and previous in a list"),
    (&["Enter"], "open it"),
    (&["/"], "search"),
    (&["?"], "this page"),
    (&["n", "p"], "next and previous mark in a report"),
    (&["Esc"], "from its reading back to the text"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_that_an_event_can_have_is_explained() {
        let known: Vec<&str> = STATUSES.iter().map(|(name, _)| *name).collect();
        assert_eq!(known, dateline::case::STATUSES);
    }

    #[test]
    fn modes_that_two_types_share_say_what_they_mean_for_each() {
        for (first, second, shared) in [
            (EventType::Retreat, EventType::Sanction, Mode::Withdraw),
            (EventType::Coerce, EventType::Threaten, Mode::Arrest),
            (EventType::Request, EventType::Reject, Mode::Meet),
        ] {
            assert!(first.modes().contains(&shared) && second.modes().contains(&shared));
            assert_ne!(mode(first, shared), mode(second, shared), "{shared}");
        }
    }
}
