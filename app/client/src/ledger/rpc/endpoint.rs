//! Where a node is, and what of that may be told.

use {
    std::{
        cmp::Reverse,
        fmt::{self, Debug, Display, Formatter},
    },
    url::Url,
};

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";

/// A node's URL. Path, query and user often hold a key, so it is shown as scheme, host and port in every form, `Debug` too.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// All of it, for whoever connects.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Where the same node takes subscriptions, as `solana` derives it.
    pub fn websocket(&self) -> Self {
        Self(ws_url(&self.0))
    }

    /// False for what is no URL.
    pub fn is_url(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| url.has_host())
    }

    /// True for a whole http(s) URL: what follows a space is no part of one, and would be taken for it.
    pub fn is_http(&self) -> bool {
        let is_whole = !self
            .0
            .contains(|letter: char| letter.is_whitespace() || letter.is_control());
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return false;
        };
        let is = |name| scheme.eq_ignore_ascii_case(name);
        is_whole && !rest.is_empty() && (is("http") || is("https"))
    }

    /// All of it, if that is no more than scheme, host and port, in which no key stands.
    pub fn shared(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok().filter(Url::has_host)?;
        let is_bare = url.path() == "/"
            && [url.query(), url.fragment(), url.password()] == [None; 3]
            && url.username().is_empty();
        is_bare.then(|| self.to_string())
    }

    /// A text without what is secret here, and without the paths and queries of all URLs in it: a library's, or a node's.
    pub fn scrub(&self, text: &str) -> String {
        let public = self.to_string();
        let sent = Url::parse(&self.0).map_or_else(|_| String::new(), Into::into);
        let mut told = text.to_owned();
        for whole in [&self.0, &sent].into_iter().filter(|url| !url.is_empty()) {
            told = told.replace(whole.as_str(), &public);
        }
        told = hosts_only(&told);
        let mut secrets = self.secrets();
        secrets.sort_by_key(|secret| Reverse(secret.len()));
        for secret in secrets {
            told = told.replace(&secret, HIDDEN);
        }
        told
    }

    /// User, password, path, query and long segments of a path, as they are written and as they are sent.
    fn secrets(&self) -> Vec<String> {
        let Ok(url) = Url::parse(&self.0) else {
            let words = self.0.split(['/', '?', '&', '=', '#', '@', ':', ' ']);
            return words
                .filter(|word| word.len() > 5)
                .map(str::to_owned)
                .collect();
        };
        // Of what no URL holds as it is, a node repeats what it likes.
        let parts = |letter: char| "&#".contains(letter) || !letter.is_ascii_graphic();
        let written = self.0.split_once('?').map_or("", |(_, query)| query);
        let query = url.query().unwrap_or_default();
        let values = [written, query]
            .into_iter()
            .flat_map(|query| query.split(parts))
            .filter_map(|pair| Some(pair.split_once('=')?.1.to_owned()))
            .chain(url.query_pairs().map(|(_, value)| value.into_owned()));
        let segments = url
            .path()
            .split('/')
            .filter(|segment| segment.len() > 7)
            .map(str::to_owned);
        let whole = [
            url.username(),
            url.password().unwrap_or_default(),
            url.path(),
            query,
            written,
            url.fragment().unwrap_or_default(),
        ];
        let whole = whole.into_iter().map(str::to_owned);
        // Shorter ones are words of other texts, and no keys.
        whole
            .chain(values)
            .chain(segments)
            .filter(|secret| secret.len() > 3)
            .collect()
    }
}

impl<T: AsRef<str> + ?Sized> From<&T> for Endpoint {
    fn from(url: &T) -> Self {
        Self(url.as_ref().trim().to_owned())
    }
}

impl From<String> for Endpoint {
    fn from(url: String) -> Self {
        Self::from(&url)
    }
}

impl Display for Endpoint {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&public_part(&self.0))
    }
}

impl Debug for Endpoint {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// Scheme, host and port.
fn public_part(url: &str) -> String {
    let public = || {
        let parsed = Url::parse(url).ok()?;
        let (scheme, host) = (parsed.scheme(), parsed.host_str()?);
        let port = parsed
            .port()
            .map_or(String::new(), |port| format!(":{port}"));
        Some(format!("{scheme}://{host}{port}"))
    };
    public().unwrap_or_else(|| "the URL".to_owned())
}

/// The text with every URL in it cut behind its host.
pub fn hosts_only(text: &str) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at);
        let scheme = before
            .trim_end_matches(|letter: char| {
                letter.is_ascii_alphanumeric() || "+-.".contains(letter)
            })
            .len();
        let ends = |letter: char| letter.is_whitespace() || "()<>\"'`".contains(letter);
        let (url, _) = after.split_at(after.find(ends).unwrap_or(after.len()));
        let url = url.trim_end_matches([':', ',', '.', ';']);
        let (url, left) = rest.split_at(before.len() + url.len().max("://".len()));
        let (lead, url) = url.split_at(scheme);
        told.push_str(lead);
        told.push_str(&public_part(url));
        rest = left;
    }
    told + rest
}

/// Where the node behind `rpc_url` answers subscriptions, as Solana's own tools derive it: `ws` for `http`, `wss` for `https`, and
/// the port one higher where the URL names one. What is no URL is returned as it is.
pub fn ws_url(rpc_url: &str) -> String {
    let derived = || {
        let mut url = Url::parse(rpc_url).ok()?;
        let scheme = match url.scheme() {
            "https" | "wss" => "wss",
            _ => "ws",
        };
        if let Some(port) = url.port() {
            url.set_port(Some(port.checked_add(1)?)).ok()?;
        }
        url.set_scheme(scheme).ok()?;
        Some(url.to_string())
    };
    derived().unwrap_or_else(|| rpc_url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const URLS: [&str; 9] = [
        "https://rpc.example/?api-key=SeCret-4242",
        "https://rpc.example?api-key=SeCret-4242",
        "https://RPC.Example?api-key=SeCret-4242",
        "HTTPS://rpc.example:8443/v2/SeCret-4242",
        "https://rpc.example/?api-key=SeCret-4242 x",
        "https://user:SeCret-4242@rpc.example/",
        "https://SeCret-4242@rpc.example",
        "https://rpc example/?api-key=SeCret-4242",
        "rpc.example/?api-key=SeCret-4242",
    ];

    #[test]
    fn a_key_in_a_url_is_shown_in_no_form() {
        for url in URLS {
            let endpoint = Endpoint::from(url);
            let sent = Url::parse(url).map_or(url.to_owned(), |url| url.to_string());
            let told = [
                endpoint.to_string(),
                format!("{endpoint:?} {:?}", endpoint.websocket()),
                endpoint.scrub(&format!("error sending request for url ({sent}): refused")),
                endpoint.scrub(&format!("{url}: no WebSocket")),
                endpoint.scrub("403: the key SeCret-4242 is not known"),
                endpoint.websocket().scrub(&format!("{sent}: 403")),
            ];
            for told in told {
                assert!(!told.contains("SeCret-4242"), "{url}: {told}");
                assert!(!told.contains("api-key=") || !endpoint.is_url(), "{told}");
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        let endpoint = Endpoint::from("https://RPC.example:8443/v2/SeCret-4242?x=1");
        assert_eq!(endpoint.to_string(), "https://rpc.example:8443");
        assert_eq!(
            endpoint
                .scrub("error for url (https://rpc.example:8443/v2/SeCret-4242?x=1): the v2 of 1"),
            "error for url (https://rpc.example:8443): the v2 of 1"
        );
        assert_eq!(Endpoint::from("nonsense").to_string(), "the URL");
        assert_eq!(
            Endpoint::from(" http://[::1]:1/ ").to_string(),
            "http://[::1]:1"
        );
    }

    #[test]
    fn every_url_in_a_text_ends_at_its_host() {
        assert_eq!(
            hosts_only("moved to 'https://else.example/k?t=1', from wss://a.example:9/x: gone"),
            "moved to 'https://else.example', from wss://a.example:9: gone"
        );
        for same in [
            "give usb://ledger or an address",
            "a :// b",
            "://",
            "é://é",
            "a: b",
        ] {
            let told = hosts_only(same);
            assert!(told == same || told.contains("the URL"), "{told}");
        }
    }

    #[test]
    fn the_url_is_derived_as_solana_does() {
        for (rpc, ws) in [
            ("http://localhost:8899", "ws://localhost:8900/"),
            (
                "https://api.devnet.solana.com",
                "wss://api.devnet.solana.com/",
            ),
            (
                "https://rpc.example:8443/key?x=1",
                "wss://rpc.example:8444/key?x=1",
            ),
            ("not a url", "not a url"),
        ] {
            assert_eq!(ws_url(rpc), ws);
        }
    }
}
