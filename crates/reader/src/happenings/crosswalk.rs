//! From PLOVER to ACLED's event and sub-event types (design/plover.md; ACLED codebook 2023).

use dateline_record::{Acled, EventType, Mode, Sector};

/// What the crosswalk asks of one side of a happening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Its sector, where one is known.
    pub sector: Option<Sector>,
    /// Somebody is named at all.
    pub known: bool,
}

impl Side {
    fn armed(self) -> bool {
        self.sector.is_some_and(|sector| sector.is_armed() || sector == Sector::Cop)
    }

    /// Combatants proper: police among them only where they fight.
    fn combatant(self) -> bool {
        self.sector.is_some_and(Sector::is_armed)
    }

    fn unarmed(self) -> bool {
        self.known && !self.armed() && !matches!(self.sector, Some(Sector::Gov | Sector::Spy))
    }
}

/// ACLED's code for a happening of this type and mode between `actor` and `recipient`, where the crosswalk gives one.
///
/// `mutual` says that both sides stand among the actors (*clashes between X and Y*); `territory` that a place is what was taken.
#[must_use]
pub fn acled(kind: EventType, mode: Option<Mode>, actor: Side, recipient: Side, mutual: bool, territory: bool) -> Option<Acled> {
    let (event, sub) = match kind {
        EventType::Assault => match mode {
            Some(Mode::Aerial | Mode::Drone) => ("Explosions/Remote violence", "Air/drone strike"),
            Some(Mode::HeavyWeapons) => ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
            Some(Mode::Explosives) => ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
            Some(Mode::SuicideAttack) => ("Explosions/Remote violence", "Suicide bomb"),
            Some(Mode::Unconventional) => ("Explosions/Remote violence", "Chemical weapon"),
            Some(Mode::Sexual) => ("Violence against civilians", "Sexual violence"),
            Some(Mode::Abduct) if recipient.combatant() => ("Strategic developments", "Arrests"),
            Some(Mode::Abduct) => ("Violence against civilians", "Abduction/forced disappearance"),
            Some(Mode::Destroy) => ("Strategic developments", "Looting/property destruction"),
            Some(Mode::CrowdControl) => ("Protests", "Protest with intervention"),
            Some(Mode::Targeted | Mode::Firearms | Mode::Beat | Mode::Torture) if recipient.unarmed() => {
                ("Violence against civilians", "Attack")
            }
            _ if mutual || (actor.armed() && recipient.armed()) => ("Battles", "Armed clash"),
            _ if recipient.unarmed() => ("Violence against civilians", "Attack"),
            _ if actor.armed() || recipient.armed() => ("Battles", "Armed clash"),
            _ => return None,
        },
        EventType::Coerce => match mode {
            Some(Mode::Arrest) => ("Strategic developments", "Arrests"),
            Some(Mode::Seize) if territory => match actor.sector {
                Some(Sector::Reb | Sector::Prm | Sector::Uaf) => ("Battles", "Non-state actor overtakes territory"),
                Some(Sector::Mil | Sector::Gov | Sector::Cop) => ("Battles", "Government regains territory"),
                _ => ("Strategic developments", "Non-violent transfer of territory"),
            },
            Some(Mode::Seize) => ("Strategic developments", "Looting/property destruction"),
            _ => return None,
        },
        EventType::Retreat if mode == Some(Mode::Withdraw) => ("Strategic developments", "Non-violent transfer of territory"),
        EventType::Agree => ("Strategic developments", "Agreement"),
        EventType::Mobilize => ("Strategic developments", "Change to group/activity"),
        EventType::Protest => match mode {
            Some(Mode::Riot | Mode::Vandalize) => ("Riots", "Violent demonstration"),
            _ => ("Protests", "Peaceful protest"),
        },
        _ => return None,
    };
    Some(Acled::new(event, sub))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(sector: Sector) -> Side {
        Side { sector: Some(sector), known: true }
    }

    #[test]
    fn two_armed_sides_make_a_battle() {
        let code = acled(EventType::Assault, None, side(Sector::Mil), side(Sector::Reb), false, false).unwrap();
        assert_eq!((code.event_type.as_str(), code.sub_event_type.as_str()), ("Battles", "Armed clash"));
    }

    #[test]
    fn a_captured_soldier_is_an_arrest_and_a_kidnapped_villager_is_not() {
        let code = |sector| {
            acled(EventType::Assault, Some(Mode::Abduct), side(Sector::Mil), side(sector), false, false).unwrap().sub_event_type
        };
        assert_eq!(code(Sector::Mil), "Arrests");
        assert_eq!(code(Sector::Cvl), "Abduction/forced disappearance");
    }

    #[test]
    fn talks_have_no_code() {
        assert_eq!(acled(EventType::Consult, None, side(Sector::Gov), side(Sector::Gov), true, false), None);
    }
}
