use std::fmt;

use whatlang::{Detector, Lang};

/// How much of a text is looked at, in characters: the language of a report shows in its first pages.
const SAMPLE: usize = 24 * 1024;

/// Share of words that are English function words from which a text is English, whatever else speaks for another language.
/// Running English has 25 % or more of them, its nearest relatives (Dutch, Danish, Scots spelling aside) well below 8 %.
const ENGLISH_SHARE: f64 = 0.12;

/// A text with fewer letters (a headline, a post of a few words) is taken for English when its script is Latin.
const FEW_LETTERS: usize = 60;

/// English function words that are rare as words of other languages in Latin script.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "that", "with", "by", "from", "were", "are", "been", "their", "they", "said", "which", "who",
    "would", "will", "not", "this", "after", "its", "it", "his", "he", "she", "her", "than", "there", "these", "those", "when",
    "while", "as", "at", "on", "for",
];

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// BCP 47 tag, `und` when it can't be told.
    pub tag: &'static str,
}

impl Language {
    /// English.
    pub const ENGLISH: Self = Self { tag: "en" };
    /// Not to be told.
    pub const UNDETERMINED: Self = Self { tag: "und" };
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.tag)
    }
}

/// The language that most of `text` is written in.
///
/// First the script, by counting letters; then, for Latin script, the share of English function words; only then, and only for a
/// text long enough to tell, trigrams. A text without letters, and a few words in Latin script, pass as English: the reader finds
/// nothing in what it can't read, while a wrong guess here would keep it from reading at all.
#[must_use]
pub fn language_of(text: &str) -> Language {
    let sample = text.char_indices().nth(SAMPLE).and_then(|(at, _)| text.get(..at)).unwrap_or(text);
    let (mut latin, mut other) = (0usize, 0usize);
    for letter in sample.chars().filter(|c| c.is_alphabetic()) {
        if letter < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&letter) {
            latin += 1;
        } else {
            other += 1;
        }
    }
    let guess = |sample: &str| Detector::new().detect(sample);
    if other > latin {
        // The Latin words of a Ukrainian report are names of weapons and companies: they say nothing of its language.
        let letters: String = sample.chars().filter(|&c| !c.is_ascii_alphabetic()).collect();
        return guess(&letters).map_or(Language::UNDETERMINED, |info| Language { tag: tag_of(info.lang()) });
    }
    let (mut words, mut english) = (0usize, 0usize);
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        words += 1;
        if ENGLISH.iter().any(|function| function.eq_ignore_ascii_case(word)) {
            english += 1;
        }
    }
    if latin < FEW_LETTERS || english as f64 >= words as f64 * ENGLISH_SHARE {
        return Language::ENGLISH;
    }
    match guess(sample) {
        Some(info) if info.is_reliable() => Language { tag: tag_of(info.lang()) },
        _ => Language::ENGLISH,
    }
}

/// BCP 47 wants the two-letter code of ISO 639-1 where there is one.
fn tag_of(lang: Lang) -> &'static str {
    const TAGS: &[(&str, &str)] = &[
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    let code = lang.code();
    TAGS.iter().find(|(three, _)| *three == code).map_or(code, |(_, two)| two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_languages_of_reports_apart() {
        for (text, tag) in [
            ("Troops captured the village on Monday, the general staff said in its evening statement.", "en"),
            (
                "Війська захопили село в понеділок, повідомив генеральний штаб у вечірньому зведенні, його слова наводить агенція.",
                "uk",
            ),
            ("Войска захватили село в понедельник, сообщил генеральный штаб в вечерней сводке, передает агентство.", "ru"),
            ("قالت وزارة الدفاع إن القوات سيطرت على القرية يوم الاثنين بعد معارك عنيفة", "ar"),
            (
                "Les troupes ont pris le village lundi, a indiqué l'état-major dans son communiqué du soir, sans donner de bilan.",
                "fr",
            ),
            ("Die Truppen nahmen das Dorf am Montag ein, wie der Generalstab in seinem abendlichen Bericht mitteilte.", "de"),
            ("Las tropas tomaron el pueblo el lunes, informó el estado mayor en su comunicado de la noche.", "es"),
        ] {
            assert_eq!(language_of(text).tag, tag, "{text}");
        }
    }

    #[test]
    fn headlines_names_and_numbers_pass_as_english() {
        for text in ["", "12:40 — 3/5", "UAV strike Kharkiv; 5 killed", "Zelensky: Kursk operation continues"] {
            assert_eq!(language_of(text), Language::ENGLISH, "{text}");
        }
    }

    #[test]
    fn a_foreign_quotation_leaves_an_english_report_english() {
        let text = "The unit wrote «Працює 17-та бригада» under the video, and the governor said that the fire was out by noon on Friday.";
        assert_eq!(language_of(text), Language::ENGLISH);
    }
}
