//! A tile server that whoever runs the desk may have the map ask.

/// Pictures of the map from another host. None are asked for unless the desk is told to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiles {
    url: String,
    origin: String,
    credit: String,
}

impl Tiles {
    /// A server by the address of its tiles, as in `https://tiles.example.org/{z}/{x}/{y}.png`, and the credit that it asks for.
    ///
    /// # Errors
    /// When it is no such address, or there is no credit; the text says what is wrong.
    pub fn new(url: &str, credit: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("`{url}` {why}; write it as in `https://tiles.example.org/{{z}}/{{x}}/{{y}}.png`"));
        let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https")) else {
            return wrong("is no address with `http://` or `https://`");
        };
        if !url.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'\\')) {
            return wrong("holds characters that an address can't");
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        // The policy that browsers keep names one origin; nothing else may slip into it.
        if host.is_empty()
            || !host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
        {
            return wrong("has no plain host name");
        }
        if let Some(missing) = ["{z}", "{x}", "{y}"].into_iter().find(|place| !path.contains(place)) {
            return wrong(&format!("has no `{missing}` in its path"));
        }
        if path.matches('{').count() != 3 || path.matches('}').count() != 3 {
            return wrong("has other placeholders than `{z}`, `{x}` and `{y}`, once each");
        }
        if credit.trim().is_empty() {
            return Err("a tile server must be credited: say how its makers ask to be named".to_owned());
        }
        Ok(Self { url: url.to_owned(), origin: format!("{scheme}://{host}"), credit: credit.trim().to_owned() })
    }

    /// The address of a tile, with `{z}`, `{x}` and `{y}` in it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The only other origin that pages may have pictures from.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Who is to be named.
    pub(crate) fn credit(&self) -> &str {
        &self.credit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_its_origin() {
        for (url, origin) in [
            ("https://tiles.example.org/{z}/{x}/{y}.png", "https://tiles.example.org"),
            ("http://127.0.0.1:8080/osm/{z}/{y}/{x}@2x.png?key=a", "http://127.0.0.1:8080"),
            ("https://[::1]:9/{z}-{x}-{y}", "https://[::1]:9"),
        ] {
            let tiles = Tiles::new(url, " © Somebody ").unwrap();
            assert_eq!((tiles.url(), tiles.origin(), tiles.credit()), (url, origin, "© Somebody"));
        }
    }

    #[test]
    fn err_what_is_no_tile_server_is_said() {
        for (url, said) in [
            ("tiles.example.org/{z}/{x}/{y}.png", "`http://` or `https://`"),
            ("ftp://tiles.example.org/{z}/{x}/{y}.png", "`http://` or `https://`"),
            ("https://tiles.example.org/{z}/{x}.png", "no `{y}`"),
            ("https://{z}{x}{y}/", "plain host name"),
            ("https:///{z}/{x}/{y}.png", "plain host name"),
            ("https://a;script-src/{z}/{x}/{y}.png", "plain host name"),
            ("https://me:secret@tiles.example.org/{z}/{x}/{y}.png", "plain host name"),
            ("https://tiles.example.org *;/{z}/{x}/{y}.png", "characters"),
            ("https://{s}.example.org/{z}/{x}/{y}.png", "plain host name"),
            ("https://tiles.example.org/{s}/{z}/{x}/{y}.png", "other placeholders"),
        ] {
            let error = Tiles::new(url, "Somebody").unwrap_err();
            assert!(error.contains(said), "{url}: {error}");
        }
        assert!(Tiles::new("https://tiles.example.org/{z}/{x}/{y}.png", " ").unwrap_err().contains("credited"));
    }
}
