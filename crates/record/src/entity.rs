use serde::{Deserialize, Serialize};

use crate::{Country, EntityId, Sector, Span};

/// What sort of thing an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A person, group, institution or state that acts or is acted upon.
    Actor,
    /// A place.
    Place,
    /// Weapons, vehicles, munitions.
    Equipment,
    /// Photos, videos, recordings.
    Media,
    /// Documents, statements, reports.
    Document,
    /// Social networks, messengers, sites.
    Platform,
}

/// How finely a place is given; never finer than the text says, never finer than a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// A named point (the settlement's own coordinates).
    Point,
    /// A town or village.
    City,
    /// Second-level division.
    Admin2,
    /// First-level division.
    Admin1,
    /// A country.
    Country,
    /// An area that is none of these: a front, a sea, *the east of X*.
    Region,
}

/// What the name of a place is used for where the place itself is not meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PlaceUse {
    /// The name stands for the government or the people there: *Moscow said*.
    Metonymic,
    /// The name is part of another name or says whose something is: *University of London*, *Boston police*.
    Modifier,
}

/// A word for a nationality, people or faith: *Ukrainian*, *Kurds*, *Sunni*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct People {
    /// The word.
    pub mention: Span,
    /// The country of a nationality; null for peoples and faiths.
    pub country: Option<Country>,
}

/// A thing that the report names, one per thing however often it is mentioned.
///
/// Fields that a kind does not have are null: see the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entity {
    /// Its id within the reading.
    pub id: EntityId,
    /// What sort of thing.
    pub kind: EntityKind,
    /// Canonical name, or the head of its clearest description.
    pub name: String,
    /// Where it is mentioned, pronouns included; the first is the clearest.
    pub mentions: Vec<Span>,
    /// Actors and places: the country.
    pub country: Option<Country>,
    /// Actors: PLOVER sector.
    pub sector: Option<Sector>,
    /// Actors: the entity that this one is a part of.
    pub part_of: Option<EntityId>,
    /// Actors: one human being (or an unnamed single person).
    #[serde(default)]
    pub person: bool,
    /// Actors: office or rank.
    pub title: Option<String>,
    /// Places: GeoNames id.
    pub geonames: Option<u32>,
    /// Places: first-level division, by name.
    pub admin1: Option<String>,
    /// Places: latitude in degrees.
    pub lat: Option<f32>,
    /// Places: longitude in degrees.
    pub lon: Option<f32>,
    /// Places: how fine the text is.
    pub precision: Option<Precision>,
    /// Places: set where the name is used for something other than the place; no claim happens there.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub place_use: Option<PlaceUse>,
    /// Equipment: its class, such as `drone` or `armoured personnel carrier`.
    pub class: Option<String>,
}

impl Entity {
    /// An entity with nothing known but its kind and name.
    #[must_use]
    pub fn new(id: EntityId, kind: EntityKind, name: String) -> Self {
        Self {
            id,
            kind,
            name,
            mentions: Vec::new(),
            country: None,
            sector: None,
            part_of: None,
            person: false,
            title: None,
            geonames: None,
            admin1: None,
            lat: None,
            lon: None,
            precision: None,
            place_use: None,
            class: None,
        }
    }
}
