use dateline_nlp::Doc;
use dateline_record::{Reading, Report};

use crate::assembly::{Stages, assemble};
use crate::lexicon::{LexiconError, Lexicons, SchemeKind};
use crate::ontology::Ontology;
use crate::petrarch::Dictionaries;
use crate::{attribution, coreference, factuality, grouping, happenings, mentions, ontology, petrarch, slots};

/// Reads reports. Built once (lexicons are parsed and indexed then), shared by threads, used for any number of reports.
#[derive(Debug)]
pub struct Reader {
    attribution: attribution::Rules,
    factuality: factuality::Rules,
    happenings: happenings::Rules,
    mentions: mentions::Rules,
    slots: slots::Rules,
    ontologies: Vec<Ontology>,
    dictionaries: Option<Dictionaries>,
}

impl Reader {
    /// A reader with these lexicons.
    ///
    /// # Errors
    /// When a lexicon's content is wrong; the error names file and entry.
    pub fn new(lexicons: Lexicons) -> Result<Self, LexiconError> {
        let ontologies =
            lexicons.schemes(SchemeKind::Ontology).map(|file| Ontology::new(file, &lexicons)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            attribution: attribution::Rules::new(&lexicons)?,
            factuality: factuality::Rules::new(&lexicons)?,
            happenings: happenings::Rules::new(&lexicons)?,
            mentions: mentions::Rules::new(&lexicons)?,
            slots: slots::Rules::new(&lexicons)?,
            ontologies,
            dictionaries: Dictionaries::new(&lexicons)?,
        })
    }

    /// The user's own ontologies.
    #[must_use]
    pub fn ontologies(&self) -> &[Ontology] {
        &self.ontologies
    }

    /// The user's dictionaries in PETRARCH's formats.
    #[must_use]
    pub fn dictionaries(&self) -> Option<&Dictionaries> {
        self.dictionaries.as_ref()
    }

    /// The claims of `report`, whose text has the parse `doc`.
    #[must_use]
    pub fn read(&self, report: &Report, doc: &Doc) -> Reading {
        let mut mentions = mentions::find(&self.mentions, report, doc);
        let sights = self.dictionaries.as_ref().map(|dictionaries| dictionaries.see(report, doc, &mut mentions));
        let attributions = attribution::find(&self.attribution, doc);
        let entities = coreference::resolve(&self.mentions, doc, &mut mentions, &attributions);
        let mut happenings = happenings::find(&self.happenings, doc, &mentions, &entities, &attributions);
        let typed = ontology::find(&self.ontologies, doc, &mentions, &entities, &attributions, &mut happenings);
        let verbs = self
            .dictionaries
            .as_ref()
            .map(|dictionaries| petrarch::find(dictionaries, doc, &mentions, &entities, &attributions, &mut happenings));
        let held = factuality::judge(&self.factuality, &self.attribution, doc, &attributions, &happenings);
        let scene =
            slots::Scene { doc, mentions: &mentions, entities: &entities, attributions: &attributions, happenings: &happenings };
        let mut drafts = slots::fill(&self.slots, &scene);
        let mut codings = ontology::code(&self.ontologies, &scene, &mut drafts, &typed);
        if let (Some(dictionaries), Some(sights), Some(verbs)) = (&self.dictionaries, &sights, &verbs) {
            codings.extend(petrarch::code(dictionaries, sights, &scene, &drafts, verbs));
            codings.sort_by_key(|coded| coded.draft);
        }
        let groups = grouping::group(&scene, &held, &drafts);
        assemble(&Stages {
            report,
            doc,
            mentions: &mentions,
            entities: &entities,
            attributions: &attributions,
            happenings: &happenings,
            held: &held,
            drafts: &drafts,
            groups: &groups,
            codings: &codings,
        })
    }
}
