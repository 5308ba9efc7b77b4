//! Whether a capture really holds a page: an interstitial is easily taken for one, and later for evidence.

/// A page with more words than this has content, whatever else it says.
const MAX_WORDS: usize = 120;

/// Wordings by what they give away, in lower case.
const SIGNS: &[(&str, &[&str])] = &[
    (
        "a check for robots",
        &[
            "just a moment",
            "checking your browser",
            "verify you are human",
            "verify that you are human",
            "are you a robot",
            "not a robot",
            "unusual traffic",
            "attention required",
            "captcha",
            "ddos protection",
            "access to this page has been denied",
            "please verify you are",
            "проверка браузера",
            "перевірка браузера",
        ],
    ),
    (
        "a page that needs JavaScript",
        &[
            "enable javascript",
            "javascript is disabled",
            "javascript is required",
            "requires javascript",
            "turn on javascript",
            "activate javascript",
            "javascript enabled",
            "without javascript",
            "включите javascript",
            "увімкніть javascript",
            "activez javascript",
            "aktivieren sie javascript",
            "javascript aktivieren",
            "habilite javascript",
        ],
    ),
    (
        "a consent page",
        &[
            "before you continue",
            "we value your privacy",
            "our partners use cookies",
            "partners store and",
            "accept all cookies",
            "accept cookies",
            "cookie consent",
            "consent to the use",
            "manage your privacy",
            "your privacy choices",
            "use of cookies",
            "wir und unsere partner",
            "nous et nos partenaires",
            "usamos cookies",
            "используем cookie",
            "файлы cookie",
        ],
    ),
    (
        "an error page",
        &[
            "page not found",
            "404 not found",
            "error 404",
            "404 error",
            "page you requested",
            "page you were looking for",
            "page you are looking for",
            "page doesn't exist",
            "page does not exist",
            "no longer available",
            "403 forbidden",
            "access denied",
            "502 bad gateway",
            "503 service",
            "500 internal server error",
            "service unavailable",
            "internal server error",
            "account suspended",
            "domain is for sale",
            "страница не найдена",
            "сторінку не знайдено",
            "сторінка не знайдена",
            "seite nicht gefunden",
            "page introuvable",
            "página no encontrada",
            "الصفحة غير موجودة",
        ],
    ),
    (
        "a page for subscribers",
        &[
            "subscribe to continue",
            "sign in to continue",
            "log in to continue",
            "subscribe to read",
            "to continue reading",
            "already a subscriber",
        ],
    ),
];

/// What a person should know of a page before taking it for a report.
pub(super) fn suspicions(title: Option<&str>, text: &str, visible: &str, status: Option<u16>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(status) = status.filter(|status| *status >= 400) {
        found.push(format!("the server answered with an error: {status}"));
    }
    let words = text.split_whitespace().count();
    let title = title.unwrap_or_default().to_lowercase();
    let shown =
        if words <= MAX_WORDS { format!("{} {}", text.to_lowercase(), head_of(visible).to_lowercase()) } else { String::new() };
    for (what, signs) in SIGNS {
        // A long text under such a title is a story about it.
        let in_title = words <= 4 * MAX_WORDS && signs.iter().any(|sign| title.contains(sign));
        if in_title || words <= MAX_WORDS && looks_like(&shown, words, signs) {
            found.push(format!("looks like {what}"));
        }
    }
    if text.trim().is_empty() {
        let why = if visible.trim().is_empty() { "the page is empty" } else { "no main text was found" };
        found.push(format!("text is empty: {why}"));
    }
    found
}

/// The more the page says, the more of it must be about that; cookie lines stand under short reports too.
fn looks_like(shown: &str, words: usize, signs: &[&str]) -> bool {
    let hits = signs.iter().filter(|sign| shown.contains(**sign)).count();
    hits > 0 && (words < 40 || hits > 1)
}

fn head_of(visible: &str) -> &str {
    let end = visible.char_indices().nth(1_500).map_or(visible.len(), |(at, _)| at);
    visible.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_about_cookies_is_no_consent_page() {
        let text = "Officials said that the site would accept cookies. ".repeat(80);
        assert_eq!(
            suspicions(Some("Before you continue: a ministry and its cookies"), &text, &text, Some(200)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_status_is_said() {
        assert_eq!(suspicions(None, "Some words.", "Some words.", Some(404)), ["the server answered with an error: 404"]);
    }
}
