//! The predicates by which a party hangs in its sentence.

use dateline_nlp::Doc;

use super::Question;

/// The token of a phrase that hangs outside it.
pub(super) fn top(doc: &Doc, tokens: &[usize]) -> Option<usize> {
    let outside = |&token: &usize| doc.is_root(token) || !tokens.contains(&doc.head(token));
    let mut inside = tokens.iter().copied().filter(|&token| token < doc.len());
    inside.clone().find(outside).or(inside.next())
}

/// The verb above a token and the predicates below that verb: *agreed → to send*, *is ready → to help*. At most four.
pub(super) fn predicates(doc: &Doc, token: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut next = doc.ancestors(token).find(|&above| doc.pos(above) == "VERB");
    while let Some(verb) = next {
        out.push(verb);
        if out.len() == 4 {
            break;
        }
        let clause = |token: usize, labels: &'static [&'static str]| doc.children_with(token, labels).next();
        next = clause(verb, &["xcomp", "ccomp"])
            .or_else(|| doc.children_with(verb, &["acomp", "dobj"]).find_map(|middle| clause(middle, &["xcomp", "acl"])));
    }
    out
}

/// Lemmas of the source's predicates, for people to see what joins the parties.
pub(super) fn words(question: &Question) -> Option<String> {
    let doc = question.doc;
    let chain = predicates(doc, top(doc, question.source)?);
    let lemmas: Vec<&str> = chain.iter().map(|&verb| doc.lemma(verb)).collect();
    (!lemmas.is_empty()).then(|| format!("predicates: {}", lemmas.join(" > ")))
}
