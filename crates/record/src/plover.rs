//! PLOVER's codes (Open Event Data Alliance, codebook CC BY-SA 4.0): event types, modes, contexts, sectors.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A code that the codebook does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{code}` is no {what} code")]
pub struct UnknownCode {
    what: &'static str,
    code: String,
}

impl UnknownCode {
    pub(crate) fn new(what: &'static str, code: &str) -> Self {
        Self { what, code: code.to_owned() }
    }
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $what:literal, { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $code] $(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every code, in the codebook's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as the codebook writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                match text {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode::new($what, text)),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($code),+] })
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}
pub(crate) use codes;

codes!(
    /// What kind of happening it is.
    EventType, "PLOVER event type", {
        Agree = "AGREE", Consult = "CONSULT", Support = "SUPPORT", Concede = "CONCEDE", Cooperate = "COOPERATE", Aid = "AID",
        Retreat = "RETREAT", Request = "REQUEST", Accuse = "ACCUSE", Reject = "REJECT", Threaten = "THREATEN",
        Protest = "PROTEST", Sanction = "SANCTION", Mobilize = "MOBILIZE", Coerce = "COERCE", Assault = "ASSAULT",
    }
);

codes!(
    /// In what manner. Which modes go with which type: [`EventType::modes`].
    Mode, "PLOVER mode", {
        Visit = "visit", ThirdParty = "third-party", Multilateral = "multilateral", Phone = "phone",
        Withdraw = "withdraw", Release = "release", Disarm = "disarm", Ceasefire = "ceasefire", Access = "access", Resign = "resign",
        Assist = "assist", Change = "change", Yield = "yield", Meet = "meet",
        Disapprove = "disapprove", Investigate = "investigate", Allege = "allege",
        Restrict = "restrict", Arrest = "arrest", Relations = "relations", Expel = "expel", Territory = "territory", Violence = "violence",
        Demo = "demo", Riot = "riot", Strike = "strike", Hunger = "hunger", Boycott = "boycott", Obstruct = "obstruct", Vandalize = "vandalize",
        Convict = "convict", Discontinue = "discontinue",
        Troops = "troops", Weapons = "weapons", Police = "police", Militia = "militia",
        Seize = "seize", Ban = "ban", Censor = "censor", Curfew = "curfew", MartialLaw = "martial-law", Deport = "deport",
        Withhold = "withhold", Misinformation = "misinformation", Cyber = "cyber",
        Abduct = "abduct", Beat = "beat", Torture = "torture", Sexual = "sexual", Targeted = "targeted", Destroy = "destroy",
        Primitive = "primitive", Firearms = "firearms", Explosives = "explosives", SuicideAttack = "suicide-attack", Aerial = "aerial",
        Drone = "drone", HeavyWeapons = "heavy-weapons", CrowdControl = "crowd-control", Unconventional = "unconventional",
    }
);

impl EventType {
    /// The modes that the codebook gives for this type.
    #[must_use]
    pub fn modes(self) -> &'static [Mode] {
        use Mode as M;
        match self {
            Self::Consult => &[M::Visit, M::ThirdParty, M::Multilateral, M::Phone],
            Self::Retreat => &[M::Withdraw, M::Release, M::Disarm, M::Ceasefire, M::Access, M::Resign],
            Self::Request | Self::Reject => &[M::Assist, M::Change, M::Yield, M::Meet],
            Self::Accuse => &[M::Disapprove, M::Investigate, M::Allege],
            Self::Threaten => &[M::Restrict, M::Arrest, M::Relations, M::Expel, M::Territory, M::Violence],
            Self::Protest => &[M::Demo, M::Riot, M::Strike, M::Hunger, M::Boycott, M::Obstruct, M::Vandalize],
            Self::Sanction => &[M::Convict, M::Expel, M::Withdraw, M::Discontinue],
            Self::Mobilize => &[M::Troops, M::Weapons, M::Police, M::Militia],
            Self::Coerce => &[
                M::Seize,
                M::Restrict,
                M::Ban,
                M::Censor,
                M::Curfew,
                M::MartialLaw,
                M::Arrest,
                M::Deport,
                M::Withhold,
                M::Misinformation,
                M::Cyber,
            ],
            Self::Assault => &[
                M::Abduct,
                M::Beat,
                M::Torture,
                M::Sexual,
                M::Targeted,
                M::Destroy,
                M::Primitive,
                M::Firearms,
                M::Explosives,
                M::SuicideAttack,
                M::Aerial,
                M::Drone,
                M::HeavyWeapons,
                M::CrowdControl,
                M::Unconventional,
            ],
            Self::Agree | Self::Support | Self::Concede | Self::Cooperate | Self::Aid => &[],
        }
    }
}

codes!(
    /// What the happening is about; any type may carry any.
    Context, "PLOVER context", {
        Military = "military", Intelligence = "intelligence", Executive = "executive", Legislative = "legislative", Election = "election",
        PoliticalInstitutions = "political_institutions", ProDemocracy = "pro_democracy", ProAutocracy = "pro_autocracy",
        Economic = "economic", Legal = "legal", Reparations = "reparations", HumanRights = "human_rights",
        RightsFreedoms = "rights_freedoms", Repression = "repression", HumanSecurity = "human_security", Gender = "gender", Lgbt = "lgbt",
        ReligionEthnicity = "religion_ethnicity", Inequality = "inequality", Diplomatic = "diplomatic", Territory = "territory",
        Peacekeeping = "peacekeeping", Health = "health", Asylum = "asylum", Migration = "migration", Disaster = "disaster",
        NaturalResource = "natural_resource", Environment = "environment", Technology = "technology", Terrorism = "terrorism",
        Cbrn = "cbrn", Cyber = "cyber", Misinformation = "misinformation", Crime = "crime", Corruption = "corruption",
        IllegalDrugs = "illegal_drugs", Trafficking = "trafficking",
    }
);

codes!(
    /// What an actor is.
    Sector, "PLOVER sector", {
        /// Police.
        Cop = "COP",
        /// Government (executive).
        Gov = "GOV",
        /// Judiciary.
        Jud = "JUD",
        /// Legislature.
        Leg = "LEG",
        /// Military.
        Mil = "MIL",
        /// Pro-government paramilitary.
        Prm = "PRM",
        /// Political party.
        Pty = "PTY",
        /// Armed opposition.
        Reb = "REB",
        /// Intelligence service.
        Spy = "SPY",
        /// Unidentified armed force.
        Uaf = "UAF",
        /// Unidentified.
        Unk = "UNK",
        /// Farmers.
        Agr = "AGR",
        /// Business.
        Bus = "BUS",
        /// Criminals.
        Crm = "CRM",
        /// Civilians.
        Cvl = "CVL",
        /// Education.
        Edu = "EDU",
        /// Former officials.
        Eli = "ELI",
        /// Journalists and media.
        Jrn = "JRN",
        /// Labour.
        Lab = "LAB",
        /// Medical.
        Med = "MED",
        /// Refugees.
        Ref = "REF",
        /// Opposition.
        Opp = "OPP",
        /// Partially recognised entity.
        Pre = "PRE",
        /// Religious.
        Rel = "REL",
        /// Civil society.
        Soc = "SOC",
    }
);

impl Sector {
    /// Those who bear arms for a side: their fight is a battle, their capture that of a combatant.
    #[must_use]
    pub fn is_armed(self) -> bool {
        matches!(self, Self::Mil | Self::Reb | Self::Prm | Self::Uaf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for &code in EventType::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
        }
        for &code in Mode::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
        }
        assert_eq!("ATTACK".parse::<EventType>().unwrap_err().to_string(), "`ATTACK` is no PLOVER event type code");
    }

    #[test]
    fn every_mode_belongs_to_a_type() {
        for mode in Mode::ALL {
            assert!(EventType::ALL.iter().any(|kind| kind.modes().contains(mode)), "{mode} belongs to no type");
        }
    }
}
