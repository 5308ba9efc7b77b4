//! The Robots Exclusion Protocol (RFC 9309): which paths of a site a crawler may ask for.

/// What is read of a file: RFC 9309 section 2.5 asks for at least 500 KiB.
const MAX_BYTES: usize = 512 << 10;

/// Most rules that are kept, so that matching stays bounded.
const MAX_RULES: usize = 10_000;

/// A `robots.txt`, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    groups: Vec<Group>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    /// Names of crawlers, in lower case; `*` for all.
    agents: Vec<String>,
    rules: Vec<Rule>,
    /// Seconds between requests; no part of RFC 9309, but widely used.
    delay: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: Vec<u8>,
}

impl Robots {
    /// Reads a file; lines that are no rules are passed over, bytes after 512 KiB too.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes.get(..MAX_BYTES.min(bytes.len())).unwrap_or_default());
        let mut groups: Vec<Group> = Vec::new();
        let (mut naming, mut rules) = (false, 0);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    // Names in a row share the rules after them.
                    if !naming {
                        groups.push(Group::default());
                    }
                    naming = true;
                    let name: String =
                        value.chars().take_while(|c| *c == '*' || *c == '-' || *c == '_' || c.is_ascii_alphabetic()).collect();
                    if let Some(group) = groups.last_mut() {
                        group.agents.push(name.to_ascii_lowercase());
                    }
                }
                key @ ("allow" | "disallow") => {
                    naming = false;
                    rules += 1;
                    if let Some(group) = groups.last_mut()
                        && !value.is_empty()
                        && rules <= MAX_RULES
                    {
                        group.rules.push(Rule { allow: key == "allow", pattern: normal(value.as_bytes()) });
                    }
                }
                "crawl-delay" => {
                    naming = false;
                    if let Some(group) = groups.last_mut() {
                        group.delay = value
                            .parse::<f64>()
                            .ok()
                            .filter(|seconds| (0.0..=86_400.0).contains(seconds))
                            .map(|seconds| seconds.ceil() as u32);
                    }
                }
                _ => {}
            }
        }
        Self { groups }
    }

    /// The groups that hold for a crawler: those that name it, else those for all.
    fn groups_for(&self, agent: &str) -> Vec<&Group> {
        let product = agent.split(['/', ' ']).next().unwrap_or_default().to_ascii_lowercase();
        let named =
            |name: &str| self.groups.iter().filter(|group| group.agents.iter().any(|agent| agent == name)).collect::<Vec<_>>();
        let own = named(&product);
        if own.is_empty() || product.is_empty() { named("*") } else { own }
    }

    /// Whether `agent` (a product name such as `dateline/0.1`) may ask for `path` (with its query). The longest rule that fits counts;
    /// of two of one length the one that allows (RFC 9309 section 2.2.2). `/robots.txt` may always be asked for.
    #[must_use]
    pub fn allowed(&self, agent: &str, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = normal(if path.is_empty() { b"/" } else { path.as_bytes() });
        let rules = self.groups_for(agent).into_iter().flat_map(|group| &group.rules);
        let best = rules.filter(|rule| fits(&rule.pattern, &path)).max_by_key(|rule| (rule.pattern.len(), rule.allow));
        best.is_none_or(|rule| rule.allow)
    }

    /// Seconds that the site asks `agent` to wait between requests.
    #[must_use]
    pub fn delay(&self, agent: &str) -> Option<u32> {
        self.groups_for(agent).into_iter().filter_map(|group| group.delay).max()
    }
}

/// Whether `agent` may ask for `path` under these rules; see [`Robots::allowed`].
#[must_use]
pub fn allowed(robots: &Robots, agent: &str, path: &str) -> bool {
    robots.allowed(agent, path)
}

/// Percent-encoding put into one form, so that `/ü`, `/%C3%BC` and `/%c3%bc` are one path.
fn normal(path: &[u8]) -> Vec<u8> {
    let hex = |b: u8| char::from(b).to_digit(16);
    let mut out = Vec::with_capacity(path.len());
    let mut at = 0;
    while let Some(&b) = path.get(at) {
        let pair = path.get(at + 1).copied().and_then(hex).zip(path.get(at + 2).copied().and_then(hex));
        let (value, length) = match pair.filter(|_| b == b'%') {
            Some((high, low)) => (u8::try_from(high * 16 + low).unwrap_or(b), 3),
            None => (b, 1),
        };
        // Reserved characters mean other things when they are encoded, and so stay as they are.
        let plain = value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~');
        if length == 1 && value.is_ascii() || length == 3 && plain {
            out.push(value);
        } else {
            out.extend(format!("%{value:02X}").into_bytes());
        }
        at += length;
    }
    out
}

/// Whether a pattern fits the beginning of a path: `*` stands for anything, `$` at the end for the end. Takes time in proportion to
/// pattern times path at most.
fn fits(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let (mut p, mut at) = (0, 0);
    // Where the last `*` stood, and what it has eaten up to.
    let mut star: Option<(usize, usize)> = None;
    loop {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, at));
                p += 1;
                continue;
            }
            Some(b) if path.get(at) == Some(b) => {
                p += 1;
                at += 1;
                continue;
            }
            None if !to_end || at == path.len() => return true,
            _ => {}
        }
        match star {
            Some((from, eaten)) if eaten < path.len() => {
                star = Some((from, eaten + 1));
                p = from + 1;
                at = eaten + 1;
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# rules\nUser-agent: other\nDisallow: /\n\nUser-Agent: dateline\nuser-agent: third # both\nDisallow: /private\nAllow: /private/open\n\
                        Disallow: /*.pdf$\nCrawl-delay: 2.5\n\nUser-agent: *\nDisallow: /all\n";

    #[test]
    fn the_longest_rule_of_the_own_group_counts() {
        let robots = Robots::parse(FILE.as_bytes());
        for (agent, path, expected) in [
            ("dateline/0.1", "/news", true),
            ("dateline/0.1", "/private/x", false),
            ("dateline/0.1", "/private/open/x", true),
            ("dateline/0.1", "/a/b.pdf", false),
            ("dateline/0.1", "/a/b.pdf?x", true),
            ("dateline/0.1", "/all", true),
            ("THIRD", "/private", false),
            ("other", "/", false),
            ("other", "/robots.txt", true),
            ("unnamed", "/all/x", false),
            ("unnamed", "/private", true),
        ] {
            assert_eq!(allowed(&robots, agent, path), expected, "{agent} {path}");
        }
        assert_eq!((robots.delay("dateline"), robots.delay("unnamed")), (Some(3), None));
    }

    #[test]
    fn encodings_of_one_path_are_one() {
        let robots = Robots::parse("User-agent: *\nDisallow: /für\nDisallow: /a%2fb\nDisallow: /%7Ejo".as_bytes());
        assert!(!robots.allowed("x", "/f%c3%bcr") && !robots.allowed("x", "/~jo"));
        assert!(robots.allowed("x", "/a/b"));
    }

    #[test]
    fn equal_rules_allow_and_empty_ones_say_nothing() {
        let robots = Robots::parse(b"User-agent: *\nDisallow: /a\nAllow: /a\nDisallow:");
        assert!(robots.allowed("x", "/a") && robots.allowed("x", "/b"));
        assert!(Robots::parse(b"").allowed("x", "/a"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>, path: String, rule in "/[a*$%]{0,20}") {
            let _ = Robots::parse(&bytes).allowed("x", &path);
            let _ = Robots::parse(format!("User-agent: *\nDisallow: {rule}").as_bytes()).allowed("x", &path);
        }

        #[test]
        fn a_path_fits_itself(path in "/[a-z/]{0,20}") {
            proptest::prop_assert!(fits(path.as_bytes(), path.as_bytes()));
            proptest::prop_assert!(fits(b"/*$", path.as_bytes()));
        }
    }
}
