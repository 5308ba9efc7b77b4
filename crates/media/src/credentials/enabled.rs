//! With the coalition's own library.

use std::io::Cursor;
use std::thread;

use c2pa::assertions::{Action, Actions, SoftwareAgent};
use c2pa::validation_status::ValidationStatus;
use c2pa::{Context, Error, Manifest, Reader, Relationship, Settings, ValidationState};
use x509_parser::pem::Pem;
use x509_parser::prelude::{ASN1Time, X509Name};

use super::{CredentialStatus, Credentials, DeclaredAction, Finding, Ingredient, Signer, TrustList, TrustListError, has_store};

/// Stack of the thread that reads: stores lie within stores.
const STACK: usize = 64 << 20;

/// Most actions, ingredients and findings that are kept.
const MAX_ITEMS: usize = 200;

/// Longest value that is kept, in characters.
const MAX_CHARS: usize = 1_000;

pub(super) fn read(picture: &[u8], media_type: &str, trust: Option<&TrustList>) -> Credentials {
    // Its own thread: what breaks the reader costs only this picture.
    let outcome = thread::scope(|scope| {
        let worker = thread::Builder::new().name("credentials".to_owned()).stack_size(STACK);
        let worker = worker.spawn_scoped(scope, || verify(picture, media_type, trust)).ok()?;
        worker.join().ok()
    });
    match outcome {
        Some(Ok(reader)) => reader,
        Some(Err(Error::RemoteManifestUrl(address) | Error::RemoteManifestFetch(address))) => {
            let elsewhere = Some(short(&address));
            Credentials { status: CredentialStatus::Elsewhere, elsewhere, ..Credentials::default() }
        }
        // No picture, or none of a kind that can hold credentials.
        Some(Err(Error::JumbfNotFound | Error::UnsupportedType)) if !has_store(picture) => Credentials::default(),
        Some(Err(error)) if has_store(picture) => unreadable(&error.to_string()),
        Some(Err(_)) => Credentials::default(),
        None => unreadable("the reader failed on it"),
    }
}

fn unreadable(why: &str) -> Credentials {
    let finding = Finding { code: "general.error".to_owned(), explanation: Some(short(why)), of_ingredient: false };
    Credentials { status: CredentialStatus::Unreadable, findings: vec![finding], ..Credentials::default() }
}

fn verify(picture: &[u8], media_type: &str, trust: Option<&TrustList>) -> c2pa::Result<Credentials> {
    let mut settings = Settings::default();
    settings.trust.trust_anchors = trust.map(|list| list.pem.clone());
    settings.verify.remote_manifest_fetch = false;
    settings.verify.ocsp_fetch = false;
    let context = Context::new().with_settings(settings)?;
    let reader = Reader::from_context(context).with_stream(media_type, Cursor::new(picture))?;
    let findings = findings(&reader);
    let mut credentials = Credentials {
        status: status(reader.validation_state(), &findings),
        findings,
        manifests: reader.manifests().len(),
        elsewhere: reader.remote_url().map(short),
        ..Credentials::default()
    };
    if let Some(manifest) = reader.active_manifest() {
        declared(manifest, &mut credentials);
    }
    Ok(credentials)
}

fn findings(reader: &Reader) -> Vec<Finding> {
    let finding = |status: &ValidationStatus, of_ingredient| Finding {
        code: short(status.code()),
        explanation: status.explanation().map(short),
        of_ingredient,
    };
    let results = reader.validation_results();
    let own = results.and_then(|results| results.active_manifest()).map(|codes| codes.failure().iter());
    let inner = results.and_then(|results| results.ingredient_deltas()).into_iter().flatten();
    let inner = inner.flat_map(|delta| delta.validation_deltas().failure());
    let mut all: Vec<Finding> = own.into_iter().flatten().map(|status| finding(status, false)).collect();
    all.extend(inner.map(|status| finding(status, true)));
    all.truncate(MAX_ITEMS);
    all
}

fn status(state: ValidationState, findings: &[Finding]) -> CredentialStatus {
    // What was signed and what is there are not the same; a time stamp that does not fit says nothing of the picture.
    let changed = |code: &str| {
        code.ends_with("ismatch") && code != "timeStamp.mismatch" && !code.starts_with("assertion.action")
            || code == "assertion.boxesHash.unknownBox"
    };
    match state {
        ValidationState::Trusted => CredentialStatus::Trusted,
        ValidationState::Valid => CredentialStatus::Untrusted,
        ValidationState::Invalid if findings.iter().any(|finding| !finding.of_ingredient && changed(&finding.code)) => {
            CredentialStatus::Tampered
        }
        ValidationState::Invalid => CredentialStatus::Invalid,
    }
}

fn declared(manifest: &Manifest, credentials: &mut Credentials) {
    credentials.title = manifest.title().map(short);
    credentials.signed_at = manifest.time().map(|time| short(&time));
    let generators = manifest.claim_generator_info.iter().flatten().next();
    credentials.claim_generator = match generators {
        Some(program) => Some(named(&program.name, program.version.as_deref())),
        None => manifest.claim_generator().map(short),
    };
    if let Some(signature) = manifest.signature_info() {
        let mut signer = signer(signature.cert_chain()).unwrap_or_default();
        signer.algorithm = signature.alg.map(|algorithm| algorithm.to_string());
        credentials.signer = Some(signer);
    }
    for assertion in manifest.assertions() {
        // `c2pa.actions`, `c2pa.actions.v2`, and more of them with a number behind.
        if assertion.label().starts_with("c2pa.actions")
            && let Ok(actions) = assertion.to_assertion::<Actions>()
        {
            credentials.actions.extend(actions.actions().iter().take(MAX_ITEMS).map(|action| done(action, &actions)));
        }
    }
    credentials.actions.truncate(MAX_ITEMS);
    for ingredient in manifest.ingredients().iter().take(MAX_ITEMS) {
        credentials.ingredients.push(Ingredient {
            title: ingredient.title().map(short),
            media_type: ingredient.format().map(short),
            relationship: match ingredient.relationship() {
                Relationship::ParentOf => "parent_of",
                Relationship::ComponentOf => "component_of",
                Relationship::InputTo => "input_to",
            }
            .to_owned(),
            has_credentials: ingredient.active_manifest().is_some(),
        });
    }
}

fn done(action: &Action, all: &Actions) -> DeclaredAction {
    let software = match action.software_agent() {
        Some(SoftwareAgent::String(name)) => Some(short(name)),
        Some(SoftwareAgent::ClaimGeneratorInfo(program)) => Some(named(&program.name, program.version.as_deref())),
        None => all.software_agent(0).map(|program| named(&program.name, program.version.as_deref())),
    };
    let origin_type = action.source_type().and_then(|kind| serde_json::to_value(kind).ok());
    DeclaredAction {
        action: short(action.action()),
        when: action.when().map(short),
        software,
        description: action.description().map(short),
        origin_type: origin_type
            .as_ref()
            .and_then(serde_json::Value::as_str)
            .map(|term| short(term.rsplit('/').next().unwrap_or_default())),
    }
}

fn named(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| short(name), |version| short(&format!("{name} {version}")))
}

/// What the first certificate of a chain says; it is the signer's.
fn signer(chain: &str) -> Option<Signer> {
    let pem = Pem::iter_from_buffer(chain.as_bytes()).next()?.ok()?;
    let certificate = pem.parse_x509().ok()?;
    let (subject, issuer) = (certificate.subject(), certificate.issuer());
    Some(Signer {
        name: first(subject.iter_common_name()),
        organization: organization(subject),
        issuer: organization(issuer).or_else(|| first(issuer.iter_common_name())),
        valid_from: instant(certificate.validity().not_before),
        valid_until: instant(certificate.validity().not_after),
        algorithm: None,
    })
}

fn organization(name: &X509Name<'_>) -> Option<String> {
    first(name.iter_organization())
}

fn first<'a>(mut values: impl Iterator<Item = &'a x509_parser::prelude::AttributeTypeAndValue<'a>>) -> Option<String> {
    values.next().and_then(|value| value.as_str().ok()).map(short)
}

fn instant(time: ASN1Time) -> Option<String> {
    let time = time.to_datetime();
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    Some(format!("{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z", u8::from(month)))
}

fn short(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect()
}

pub(super) fn check_certificates(pem: &str) -> Result<(), TrustListError> {
    let mut count = 0;
    for block in Pem::iter_from_buffer(pem.as_bytes()) {
        count += 1;
        let unread = TrustListError::Certificate { number: count };
        let block = block.map_err(|_| unread.clone())?;
        block.parse_x509().map_err(|_| unread)?;
    }
    if count == 0 { Err(TrustListError::Empty) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use c2pa::{Builder, EphemeralSigner, Signer as _};

    use super::super::read_credentials;
    use super::*;

    /// The segments of a picture of one pixel; nothing here looks at pixels.
    const PICTURE: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0\
        \xff\xda\0\x08\x01\x01\0\0\x3f\0all the pixels\xff\xd9";

    const DECLARED: &str = r#"{"title": "bridge.jpg", "format": "image/jpeg",
        "claim_generator_info": [{"name": "Sample Camera", "version": "2.1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [
            {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"},
            {"action": "c2pa.cropped", "when": "2024-12-27T10:30:00Z", "softwareAgent": {"name": "Sample Editor", "version": "5"}}]}}]}"#;

    fn signed(signer: &EphemeralSigner, picture: &[u8], declared: &str) -> Vec<u8> {
        let mut builder = Builder::from_context(Context::new()).with_definition(declared).unwrap();
        let mut signed = Cursor::new(Vec::new());
        builder.sign(signer, "image/jpeg", &mut Cursor::new(picture), &mut signed).unwrap();
        signed.into_inner()
    }

    /// The root of a signer's certificates.
    fn root(signer: &EphemeralSigner) -> TrustList {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let der = signer.certs().unwrap().pop().unwrap();
        let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
        for (at, three) in der.chunks(3).enumerate() {
            let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
            for digit in 0..4 {
                let shown = digit <= three.len();
                text.push(if shown { char::from(DIGITS[bits >> (18 - 6 * digit) & 63]) } else { '=' });
            }
            if at % 16 == 15 {
                text.push('\n');
            }
        }
        TrustList::of_pem(&(text + "\n-----END CERTIFICATE-----\n")).unwrap()
    }

    #[test]
    fn a_signed_picture_says_who_signed_what() {
        let signer = EphemeralSigner::new("Sample Newsroom").unwrap();
        let picture = signed(&signer, PICTURE, DECLARED);
        let credentials = read_credentials(&picture, "image/jpeg", Some(&root(&signer)));
        assert_eq!((credentials.status, credentials.findings.len()), (CredentialStatus::Trusted, 0), "{credentials:?}");
        assert_eq!(credentials.title.as_deref(), Some("bridge.jpg"));
        assert_eq!(credentials.claim_generator.as_deref(), Some("Sample Camera 2.1"));
        assert_eq!((credentials.manifests, credentials.signed_at.as_deref()), (1, None));
        let found = credentials.signer.unwrap();
        assert_eq!((found.name.as_deref(), found.algorithm.as_deref()), (Some("Sample Newsroom"), Some("ed25519")));
        assert!(found.issuer.is_some() && found.valid_from < found.valid_until, "{found:?}");
        let actions = credentials.actions;
        assert_eq!(actions.iter().map(|action| action.action.as_str()).collect::<Vec<_>>(), ["c2pa.created", "c2pa.cropped"]);
        assert_eq!(actions[0].origin_type.as_deref(), Some("digitalCapture"));
        assert_eq!(actions[1].when.as_deref(), Some("2024-12-27T10:30:00Z"));
        assert_eq!(actions[1].software.as_deref(), Some("Sample Editor 5"));
    }

    #[test]
    fn a_signer_whom_nobody_knows_is_not_trusted() {
        let (signer, other) = (EphemeralSigner::new("a").unwrap(), EphemeralSigner::new("b").unwrap());
        let picture = signed(&signer, PICTURE, DECLARED);
        for trust in [None, Some(root(&other))] {
            let credentials = read_credentials(&picture, "image/jpeg", trust.as_ref());
            assert_eq!((credentials.status, credentials.trust_list), (CredentialStatus::Untrusted, trust.is_some()));
            assert_eq!(credentials.findings[0].code, "signingCredential.untrusted");
        }
    }

    #[test]
    fn a_picture_that_was_changed_is_tampered_with() {
        let signer = EphemeralSigner::new("a").unwrap();
        let mut picture = signed(&signer, PICTURE, DECLARED);
        // A byte of the pixels.
        let at = picture.len() - 6;
        picture[at] ^= 1;
        let credentials = read_credentials(&picture, "image/jpeg", Some(&root(&signer)));
        assert_eq!(credentials.status, CredentialStatus::Tampered, "{:?}", credentials.findings);
        assert!(credentials.findings.iter().any(|finding| finding.code == "assertion.dataHash.mismatch"));
        // What is declared, without the pixels.
        let mut picture = signed(&signer, PICTURE, DECLARED);
        let at = picture.windows(12).position(|word| word == b"c2pa.cropped").unwrap();
        picture[at + 5..at + 12].copy_from_slice(b"resized");
        let credentials = read_credentials(&picture, "image/jpeg", Some(&root(&signer)));
        assert_eq!(credentials.status, CredentialStatus::Tampered, "{:?}", credentials.findings);
    }

    #[test]
    fn what_a_picture_was_made_from_is_named() {
        let signer = EphemeralSigner::new("a").unwrap();
        let parent = signed(&signer, PICTURE, DECLARED);
        let declared = r#"{"title": "cut.jpg", "format": "image/jpeg", "claim_generator_info": [{"name": "Sample Editor"}]}"#;
        let mut builder = Builder::from_context(Context::new()).with_definition(declared).unwrap();
        builder.set_intent(c2pa::BuilderIntent::Edit);
        let mut child = Cursor::new(Vec::new());
        builder.sign(&signer, "image/jpeg", &mut Cursor::new(&parent), &mut child).unwrap();
        let credentials = read_credentials(child.get_ref(), "image/jpeg", Some(&root(&signer)));
        assert_eq!((credentials.status, credentials.manifests), (CredentialStatus::Trusted, 2), "{credentials:?}");
        let ingredient = &credentials.ingredients[0];
        assert_eq!((ingredient.relationship.as_str(), ingredient.has_credentials), ("parent_of", true));
    }

    #[test]
    fn credentials_that_lie_elsewhere_are_not_fetched() {
        let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
            <rdf:Description rdf:about='' xmlns:dcterms='http://purl.org/dc/terms/' dcterms:provenance='https://example.org/c.c2pa'/>\
            </rdf:RDF></x:xmpmeta>";
        let packet = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
        let length = u16::try_from(packet.len() + 2).unwrap().to_be_bytes();
        let picture = [&PICTURE[..2], &[0xff, 0xe1], &length, &packet, &PICTURE[2..]].concat();
        let credentials = read_credentials(&picture, "image/jpeg", None);
        assert_eq!(credentials.status, CredentialStatus::Elsewhere);
        assert_eq!(credentials.elsewhere.as_deref(), Some("https://example.org/c.c2pa"));
    }

    #[test]
    fn err_a_certificate_of_the_trust_list_that_is_none() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(TrustList::of_pem(broken).unwrap_err(), TrustListError::Certificate { number: 1 });
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn damaged_credentials_are_read(changes in proptest::collection::vec((0usize..100_000, 1u8..), 1..4), cut in proptest::bool::ANY) {
            use std::sync::LazyLock;
            static SIGNED: LazyLock<(Vec<u8>, TrustList)> = LazyLock::new(|| {
                let signer = EphemeralSigner::new("a").unwrap();
                (signed(&signer, PICTURE, DECLARED), root(&signer))
            });
            let (mut picture, trust) = SIGNED.clone();
            for (at, by) in &changes {
                let at = at % picture.len();
                picture[at] = picture[at].wrapping_add(*by);
            }
            if cut {
                picture.truncate(changes[0].0 % picture.len());
            }
            let _ = read_credentials(&picture, "image/jpeg", Some(&trust));
        }
    }
}
