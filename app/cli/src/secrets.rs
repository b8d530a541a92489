//! Secrets that stand where none belongs: in the words of a command line, which errors like to repeat.

use {
    base64::{Engine, prelude::BASE64_STANDARD},
    sluice_client::ledger::{Endpoint, hosts_only},
    solana_keypair::{KEYPAIR_LENGTH, Keypair},
    std::{cmp::Reverse, ffi::OsString, path::Path},
};

/// What of a command line no message may repeat, and what stands in its place.
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// Keys and URLs among the words, also behind `--option=` and `-o`.
    pub fn in_words(args: &[OsString]) -> Self {
        let words = args.iter().skip(1).filter_map(|arg| arg.to_str());
        let values = words.flat_map(|word| {
            let value = word.split_once('=').map_or("", |(_, value)| value);
            let joined = match word.strip_prefix('-') {
                Some(short) => short.get(1..).unwrap_or_default(),
                None => "",
            };
            [word, value, joined]
        });
        let found = values.filter_map(|value| {
            if is_surely_key(value) {
                Some((value.to_owned(), "[a secret key]".to_owned()))
            } else if is_url(value) {
                Some((value.to_owned(), Endpoint::from(value).to_string()))
            } else {
                None
            }
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(secret, _)| Reverse(secret.len()));
        Self(found)
    }

    /// The text without them.
    pub fn hide(&self, text: &str) -> String {
        let mut told = text.to_owned();
        for (secret, public) in &self.0 {
            told = told.replace(secret.as_str(), public);
        }
        hosts_only(&told)
    }
}

/// True for a URL, also one without its scheme: then only a query tells.
fn is_url(text: &str) -> bool {
    let has_query = || {
        let query = text.split_once('?');
        query.is_some_and(|(host, query)| !host.is_empty() && query.contains('='))
    };
    !text.starts_with('-') && (text.contains("://") || has_query())
}

/// True for what looks like a secret key, or a part of one, and names no file: its bytes as JSON or in base58, base64 or hexadecimal,
/// or a seed phrase.
pub fn is_key(text: &str) -> bool {
    let text = text.trim();
    let is_coded = text.len() > 63 && text.chars().all(|letter| letter.is_ascii_alphanumeric());
    let is_base64 = || {
        let bytes = BASE64_STANDARD.decode(text);
        bytes.is_ok_and(|bytes| bytes.len() == KEYPAIR_LENGTH)
    };
    (text.starts_with('[') || is_coded || is_base64() || is_surely_key(text))
        && !Path::new(text).exists()
}

/// True for what can be nothing else: a signature and a hash are no keys.
fn is_surely_key(text: &str) -> bool {
    let mut numbers = text.trim_matches(['[', ']', ' ']).split(',');
    let is_list =
        numbers.clone().count() > 31 && numbers.all(|number| number.trim().parse::<u8>().is_ok());
    let mut words = text.split_whitespace();
    let is_phrase =
        words.clone().count() > 11 && words.all(|word| word.chars().all(char::is_alphabetic));
    let is_keypair = || {
        let bytes = bs58::decode(text).into_vec();
        // The public half follows from the secret one.
        bytes.is_ok_and(|bytes| Keypair::try_from(bytes.as_slice()).is_ok())
    };
    is_list || is_phrase || is_keypair()
}

#[cfg(test)]
mod tests {
    use {super::*, solana_signer::Signer};

    const PHRASE: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn a_key_is_known_in_every_form_and_nothing_else_is_taken_for_one() {
        let key = Keypair::new();
        let base58 = key.to_base58_string();
        let json = format!("{:?}", key.to_bytes());
        for secret in [
            &base58,
            &json,
            json.trim_matches(['[', ']']),
            &hex(&key.to_bytes()),
            &hex(&key.to_bytes()[..32]),
            &BASE64_STANDARD.encode(key.to_bytes()),
            &base58[..80],
            PHRASE,
            "[1,2",
        ] {
            assert!(is_key(secret), "{secret}");
        }
        let address = key.pubkey().to_string();
        for other in [
            "id.json",
            "/home/me/id.json",
            "prompt:?key=0/0",
            "-",
            "usb://ledger",
            "",
            &address,
        ] {
            assert!(!is_key(other), "{other}");
        }
        let signature = key.sign_message(b"").to_string();
        for other in [signature.as_str(), &hex(&[7; 32])] {
            assert!(!is_surely_key(other), "{other}");
        }
    }

    #[test]
    fn the_words_of_a_command_line_are_hidden_where_they_are_secret() {
        let base58 = Keypair::new().to_base58_string();
        let url = "https://RPC.example?api-key=SeCret 4242";
        let words = [
            base58.clone(),
            format!("-k{base58}"),
            format!("--key={base58}"),
            PHRASE.to_owned(),
            url.to_owned(),
            format!("-u{url}"),
            "job".to_owned(),
        ];
        for word in words {
            let args = ["sluice".into(), OsString::from(&word)];
            let told = Secrets::in_words(&args).hide(&format!("unexpected '{word}' found"));
            for secret in [&base58, "abandon", "SeCret", "4242"] {
                assert!(!told.contains(secret), "{told}");
            }
            assert!(
                told.starts_with("unexpected '") && told.ends_with("' found"),
                "{told}"
            );
        }
    }

    #[test]
    fn a_url_without_a_scheme_is_one_too() {
        for url in ["https://a.example/k", "a.example?k=v", "127.0.0.1:1/?k=v"] {
            assert!(is_url(url), "{url}");
        }
        for other in [
            "id.json",
            "prompt:",
            "--network=a",
            "a=b",
            "?key=0/0",
            "what?",
        ] {
            assert!(!is_url(other), "{other}");
        }
    }

    fn hex(bytes: &[u8]) -> String {
        sluice_client::hex::encode(bytes)
    }

    #[test]
    fn a_key_shows_no_secret() {
        let key = Keypair::new();
        let secret: Vec<String> = key.to_bytes()[..8].iter().map(u8::to_string).collect();
        let told = format!("{key:?}");
        assert!(!told.contains(&secret.join(", ")), "{told}");
        assert!(!told.contains(&key.to_base58_string()[..20]), "{told}");
    }
}
