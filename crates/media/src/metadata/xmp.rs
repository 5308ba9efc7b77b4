//! XMP (ISO 16684-1): properties in RDF/XML, of which those with a meaning for the record are read.

use roxmltree::{Document, Node, ParsingOptions};

use super::{Coordinates, HistoryStep, MAX_VALUES, Metadata, Private, date, state, words};

/// Most nodes of a packet. Histories of many years stay far below.
const MAX_NODES: u32 = 500_000;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const CORE: &str = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
const EXTENSION: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

/// Prefixes of the namespaces that are read, as they are commonly written.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
    ("http://ns.adobe.com/tiff/1.0/", "tiff"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs"),
    ("http://ns.microsoft.com/photo/1.2/", "MP"),
    (CORE, "Iptc4xmpCore"),
    (EXTENSION, "Iptc4xmpExt"),
];

/// A property: its name with prefix, and its element, where it is no attribute.
struct Property<'a, 'input> {
    name: String,
    text: Option<&'a str>,
    element: Option<Node<'a, 'input>>,
}

pub(super) fn read(packet: &[u8], metadata: &mut Metadata) {
    let Ok(text) = std::str::from_utf8(packet) else {
        return metadata.warn("XMP is not UTF-8 and was not read");
    };
    // Packets are padded, by some with zeros.
    let text = text.trim_matches(|c: char| c == '\0' || c == '\u{feff}' || c.is_whitespace());
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(error) => return metadata.warn(format!("XMP could not be read: {error}")),
    };
    let descriptions = document.descendants().filter(|node| {
        node.has_tag_name((RDF, "Description")) && node.parent().is_some_and(|parent| parent.has_tag_name((RDF, "RDF")))
    });
    let (mut latitude, mut longitude, mut make) = (None, None, None);
    for property in descriptions.flat_map(properties) {
        match property.name.as_str() {
            "exif:GPSLatitude" => latitude = property.first().and_then(|text| degrees(&text)),
            "exif:GPSLongitude" => longitude = property.first().and_then(|text| degrees(&text)),
            "tiff:Make" => make = property.first(),
            _ => read_property(&property, make.as_deref(), metadata),
        }
    }
    if let (Some(latitude), Some(longitude)) = (latitude, longitude)
        && let Some(rough) = Coordinates::of(latitude, longitude)
    {
        metadata.coordinates.get_or_insert(rough);
        metadata.withhold(Private::ExactCoordinates, "xmp:exif:GPSLatitude, xmp:exif:GPSLongitude");
    }
}

fn read_property(property: &Property<'_, '_>, make: Option<&str>, metadata: &mut Metadata) {
    let read_from = format!("xmp:{}", property.name);
    let field = match property.name.as_str() {
        "dc:creator" | "tiff:Artist" => &mut metadata.creators,
        "dc:description" | "tiff:ImageDescription" | "exif:UserComment" => &mut metadata.captions,
        "dc:title" | "photoshop:Headline" => &mut metadata.headlines,
        "dc:rights" | "tiff:Copyright" | "xmpRights:UsageTerms" | "xmpRights:WebStatement" => &mut metadata.rights,
        "dc:source" | "photoshop:Source" => &mut metadata.sources,
        "photoshop:Credit" => &mut metadata.credits,
        "photoshop:City" | "photoshop:State" | "photoshop:Country" => &mut metadata.places,
        "xmp:CreatorTool" | "tiff:Software" => &mut metadata.software,
        "xmpMM:DocumentID" | "xmpMM:OriginalDocumentID" => &mut metadata.document_ids,
        "Iptc4xmpExt:LocationCreated" | "Iptc4xmpExt:LocationShown" => return location(property, &read_from, metadata),
        "xmpMM:History" => return history(property, metadata),
        "tiff:Model" => {
            let Some(model) = property.first() else { return };
            let named = make.is_none_or(|make| model.to_lowercase().starts_with(&make.to_lowercase()));
            let camera = if named { model } else { format!("{} {model}", make.unwrap_or_default()) };
            return state(&mut metadata.camera, camera, &read_from);
        }
        "Iptc4xmpExt:DigitalSourceType" => {
            for term in property.all() {
                let term = term.rsplit('/').next().unwrap_or_default().to_owned();
                state(&mut metadata.origin_type, term, &read_from);
            }
            return;
        }
        "exif:DateTimeOriginal" | "photoshop:DateCreated" => return dated(property, &read_from, &mut metadata.taken),
        "xmp:CreateDate" | "exif:DateTimeDigitized" => return dated(property, &read_from, &mut metadata.digitized),
        "xmp:ModifyDate" | "tiff:DateTime" | "xmp:MetadataDate" => return dated(property, &read_from, &mut metadata.modified),
        name => {
            let what = match name {
                "aux:SerialNumber" | "exifEX:BodySerialNumber" => Private::CameraSerial,
                "aux:LensSerialNumber" | "exifEX:LensSerialNumber" => Private::LensSerial,
                "aux:OwnerName" | "exifEX:CameraOwnerName" => Private::Owner,
                "Iptc4xmpCore:Location" => Private::PlaceWithinSettlement,
                "Iptc4xmpCore:CreatorContactInfo" => Private::Contact,
                "Iptc4xmpExt:PersonInImage" | "Iptc4xmpExt:PersonInImageWDetails" => Private::PersonsShown,
                "mwg-rs:Regions" | "MP:RegionInfo" => Private::Faces,
                _ => return,
            };
            return metadata.withhold(what, read_from);
        }
    };
    for value in property.all() {
        state(field, value, &read_from);
    }
}

fn dated(property: &Property<'_, '_>, read_from: &str, field: &mut Vec<super::Stated>) {
    if let Some(date) = property.first().and_then(|text| date::of_iso(&text)) {
        state(field, date, read_from);
    }
}

/// Settlement, division and country of a place that is described by parts.
fn location(property: &Property<'_, '_>, read_from: &str, metadata: &mut Metadata) {
    for place in property.items() {
        for part in parts(place) {
            let part_from = format!("{read_from}/{}", part.name);
            match part.name.as_str() {
                "Iptc4xmpExt:City" | "Iptc4xmpExt:ProvinceState" | "Iptc4xmpExt:CountryName" => {
                    for name in part.all() {
                        state(&mut metadata.places, name, &part_from);
                    }
                }
                "Iptc4xmpExt:Sublocation" | "Iptc4xmpExt:LocationName" => {
                    metadata.withhold(Private::PlaceWithinSettlement, part_from);
                }
                "exif:GPSLatitude" | "exif:GPSLongitude" => metadata.withhold(Private::ExactCoordinates, part_from),
                _ => {}
            }
        }
    }
}

fn history(property: &Property<'_, '_>, metadata: &mut Metadata) {
    for event in property.items() {
        if metadata.history.len() >= MAX_VALUES {
            return metadata.warn(format!("the history has more than {MAX_VALUES} steps: the others are left off"));
        }
        let mut step = HistoryStep::default();
        for part in parts(event) {
            let Some(text) = part.first() else { continue };
            match part.name.as_str() {
                "action" => step.action = text,
                "when" => step.when = date::of_iso(&text),
                "softwareAgent" => step.software = Some(text),
                "changed" | "parameters" => step.detail = Some(text.trim_start_matches('/').to_owned()),
                _ => {}
            }
        }
        if !step.action.is_empty() {
            metadata.history.push(step);
        }
    }
}

/// The attributes and elements of a description.
fn properties<'a, 'input>(description: Node<'a, 'input>) -> impl Iterator<Item = Property<'a, 'input>> {
    let attributes = description.attributes().map(|attribute| Property {
        name: prefixed(attribute.namespace(), attribute.name()),
        text: Some(attribute.value()),
        element: None,
    });
    let elements = description.children().filter(Node::is_element).map(|element| Property {
        name: prefixed(element.tag_name().namespace(), element.tag_name().name()),
        text: None,
        element: Some(element),
    });
    attributes.collect::<Vec<_>>().into_iter().chain(elements)
}

/// The parts of a structure, which may stand in a description of its own.
fn parts<'a, 'input>(structure: Node<'a, 'input>) -> Vec<Property<'a, 'input>> {
    let inner = structure.children().filter(|child| child.has_tag_name((RDF, "Description")));
    std::iter::once(structure).chain(inner).flat_map(properties).collect()
}

/// A name with its common prefix; parts of structures of other namespaces have none.
fn prefixed(namespace: Option<&str>, name: &str) -> String {
    match NAMESPACES.iter().find(|(known, _)| Some(*known) == namespace) {
        Some((_, prefix)) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    }
}

impl<'a, 'input> Property<'a, 'input> {
    /// The items of a list, or the element itself where it is none.
    fn items(&self) -> Vec<Node<'a, 'input>> {
        let Some(element) = self.element else { return Vec::new() };
        let list = element.children().find(|child| ["Seq", "Bag", "Alt"].iter().any(|kind| child.has_tag_name((RDF, *kind))));
        match list {
            Some(list) => list.children().filter(|child| child.has_tag_name((RDF, "li"))).take(MAX_VALUES + 1).collect(),
            None => vec![element],
        }
    }

    /// All values, as words.
    fn all(&self) -> Vec<String> {
        if let Some(text) = self.text {
            return Vec::from_iter(Some(words::tidy(text)).filter(|text| !text.is_empty()));
        }
        let words = |node: Node<'_, '_>| {
            let text = node.attribute((RDF, "resource")).or_else(|| node.text()).unwrap_or_default();
            Some(words::tidy(text)).filter(|text| !text.is_empty())
        };
        self.items().into_iter().filter_map(words).collect()
    }

    fn first(&self) -> Option<String> {
        self.all().into_iter().next()
    }
}

/// `48,27.4N` or `48,27,24N` (XMP Specification Part 2, GPSCoordinate) in degrees.
fn degrees(text: &str) -> Option<f64> {
    let text = text.trim();
    let sign = text.chars().last()?;
    let mut parts = text.strip_suffix(sign)?.split(',').map(|part| part.trim().parse::<f64>().ok());
    let value = parts.next()?? + parts.next().unwrap_or(Some(0.0))? / 60.0 + parts.next().unwrap_or(Some(0.0))? / 3600.0;
    match sign {
        'N' | 'E' => Some(value),
        'S' | 'W' => Some(-value),
        _ => None,
    }
}
