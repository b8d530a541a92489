//! Where keys come from, in the forms that `solana` takes: a file, standard input, a seed phrase, a hardware wallet, or an
//! address whose signature is made elsewhere.

pub use sluice_client::send::Key;
use {
    crate::{
        failure::{Failure, Result},
        options::Presigned,
        secrets,
    },
    bip39::Mnemonic,
    sluice_client::waiting::{Onlooker, Wait, Waiting},
    solana_address::Address,
    solana_derivation_path::DerivationPath,
    solana_keypair::Keypair,
    solana_presigner::Presigner,
    solana_seed_derivable::SeedDerivable,
    solana_signature::Signature,
    solana_signer::{Signer, SignerError, null_signer::NullSigner},
    std::{
        fs,
        io::{self, IsTerminal, Read},
        path::Path,
        rc::Rc,
        sync::Arc,
    },
};

/// How keys that are not at hand are dealt with.
pub struct Elsewhere<'a> {
    /// Signatures made elsewhere.
    pub presigned: &'a [Presigned],
    /// True when the missing ones may stay missing.
    pub may_be_absent: bool,
}

/// The key at `source`.
pub fn read(source: &str, elsewhere: &Elsewhere<'_>) -> Result<Key> {
    let (_, named) = source.split_once(':').unwrap_or(("", source));
    if secrets::is_key(source) || secrets::is_key(named) {
        return Err(Failure::Key(
            "that is a secret key itself, not where it is: put it into a file, and give the file's path; other users of this machine can read the command line".to_owned(),
        ));
    }
    if let Some((scheme, rest)) = source.split_once(':') {
        match scheme {
            "prompt" => return Ok(Rc::new(ask(path_of(rest)?)?)),
            "usb" => return wallet(source),
            "stdin" => return read("-", elsewhere),
            "file" => return read(rest.trim_start_matches("//"), elsewhere),
            _ if rest.starts_with("//") => {
                return Err(Failure::Key(format!(
                    "'{source}' is no key that can be read: give a file, -, prompt:, usb://ledger or an address"
                )));
            }
            _ => {}
        }
    }
    if source == "ASK" {
        return Ok(Rc::new(ask(None)?));
    }
    match source.parse() {
        Ok(address) if !Path::new(source).exists() => absent(&address, elsewhere),
        _ => Ok(Rc::new(from_file(source)?)),
    }
}

/// The file that `source` names, if it names one.
pub fn file_of(source: &str) -> Option<&Path> {
    match source.split_once(':') {
        Some(("prompt" | "usb" | "stdin", _)) => None,
        Some(("file", rest)) => {
            let path = rest.trim_start_matches("//");
            (path != "-").then(|| Path::new(path))
        }
        _ if source == "-" || source == "ASK" => None,
        _ => {
            let path = Path::new(source);
            (path.exists() || source.parse::<Address>().is_err()).then_some(path)
        }
    }
}

/// True when `source` is a hardware wallet.
pub fn is_wallet(source: &str) -> bool {
    source.starts_with("usb:")
}

/// The same key; where somebody has to be at hand for it to sign, `onlooker` is told.
pub fn told(key: Key, onlooker: Arc<dyn Onlooker>) -> Key {
    if key.is_interactive() {
        Rc::new(Told { key, onlooker })
    } else {
        key
    }
}

/// A key that waits for somebody before it signs.
struct Told {
    key: Key,
    onlooker: Arc<dyn Onlooker>,
}

impl Signer for Told {
    fn try_pubkey(&self) -> std::result::Result<Address, SignerError> {
        self.key.try_pubkey()
    }

    fn try_sign_message(&self, message: &[u8]) -> std::result::Result<Signature, SignerError> {
        let _waiting = Waiting::new(&self.onlooker, &Wait::Wallet);
        self.key.try_sign_message(message)
    }

    fn is_interactive(&self) -> bool {
        true
    }
}

/// The keypair at `path`, a JSON array of 64 bytes; `-` is standard input.
fn from_file(path: &str) -> Result<Keypair> {
    let mut text = String::new();
    let read = match path {
        "-" => io::stdin().read_to_string(&mut text).map(|_| ()),
        _ => fs::read_to_string(path).map(|content| text = content),
    };
    read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::Key(format!("there is no keypair file at {path}")),
        _ => Failure::Key(format!("the keypair file {path} cannot be read: {error}")),
    })?;
    parse(&text).ok_or_else(|| {
        Failure::Key(format!(
            "{path} is not a keypair file: it must hold a JSON array of 64 bytes, secret and public key"
        ))
    })
}

fn parse(text: &str) -> Option<Keypair> {
    // Some editors begin a file with a byte order mark.
    let bytes: Vec<u8> = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    Keypair::try_from(bytes.as_slice()).ok()
}

/// A key that signs elsewhere.
fn absent(address: &Address, elsewhere: &Elsewhere<'_>) -> Result<Key> {
    let signed = elsewhere.presigned.iter().find(|one| one.key == *address);
    match signed {
        Some(one) => Ok(Rc::new(Presigner::new(address, &one.signature))),
        None if elsewhere.may_be_absent => Ok(Rc::new(NullSigner::new(address))),
        None => Err(Failure::Key(format!(
            "{address} is an address: give its signature with --signer, only sign with --sign-only, or print the instruction with --as-instruction"
        ))),
    }
}

/// A seed phrase from the terminal, with the passphrase behind it.
fn ask(path: Option<DerivationPath>) -> Result<Keypair> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Key(
            "there is no terminal to ask for a seed phrase".to_owned(),
        ));
    }
    let hidden = |question: &str| {
        rpassword::prompt_password(question)
            .map_err(|error| Failure::Key(format!("the seed phrase could not be read: {error}")))
    };
    let phrase = hidden("seed phrase: ")?;
    let passphrase = hidden("passphrase, if there is one: ")?;
    derive(&phrase, &passphrase, path)
}

/// The path that follows `prompt:` or `usb://ledger`: nothing for the wallets' own m/44'/501', `?key=0/0` or `?full-path=m/44/501/0/0`.
fn path_of(query: &str) -> Result<Option<DerivationPath>> {
    let query = query.trim_start_matches("//");
    let path = match query
        .strip_prefix('?')
        .and_then(|pair| pair.split_once('='))
    {
        None if query.is_empty() => Some(DerivationPath::default()),
        Some(("key", key)) => DerivationPath::from_key_str(key).ok(),
        Some(("full-path", path)) => DerivationPath::from_absolute_path_str(path).ok(),
        _ => None,
    };
    path.map(Some).ok_or_else(|| {
        Failure::Key(format!(
            "'{query}' is no derivation path: write prompt:?key=0/0 or prompt:?full-path=m/44/501/0/0"
        ))
    })
}

/// Without a path, as `ASK` means it, the seed's first 32 bytes.
fn derive(phrase: &str, passphrase: &str, path: Option<DerivationPath>) -> Result<Keypair> {
    let phrase = Mnemonic::parse(phrase.trim())
        .map_err(|error| Failure::Key(format!("that is no seed phrase: {error}")))?;
    let seed = phrase.to_seed(passphrase);
    let key = match path {
        None => Keypair::from_seed(&seed),
        path => Keypair::from_seed_and_derivation_path(&seed, path),
    };
    key.map_err(|error| Failure::Key(format!("no key follows from that seed phrase: {error}")))
}

#[cfg(feature = "usb")]
fn wallet(source: &str) -> Result<Key> {
    use solana_remote_wallet::{
        locator::Locator, remote_keypair::generate_remote_keypair,
        remote_wallet::maybe_wallet_manager,
    };
    let failed = |error: String| Failure::Key(format!("{source}: {error}"));
    let (locator, query) = source.split_once('?').unwrap_or((source, ""));
    let locator = Locator::new_from_path(locator).map_err(|error| failed(error.to_string()))?;
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{query}")
    };
    let path = path_of(&query)?.unwrap_or_default();
    let manager = maybe_wallet_manager()
        .map_err(|error| failed(error.to_string()))?
        .ok_or_else(|| failed("no hardware wallet is connected".to_owned()))?;
    generate_remote_keypair(locator, path, &manager, false, "signer")
        .map(|key| Rc::new(key) as Key)
        .map_err(|error| failed(error.to_string()))
}

#[cfg(not(feature = "usb"))]
fn wallet(source: &str) -> Result<Key> {
    Err(Failure::Key(format!(
        "'{source}': this sluice was built without hardware wallets: install it with --features usb"
    )))
}

#[cfg(test)]
mod tests {
    use {super::*, std::sync::Mutex};

    const PHRASE: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    /// Told what is waited for.
    #[derive(Default)]
    struct Heard(Mutex<Vec<String>>);

    impl Onlooker for Heard {
        fn begins(&self, wait: &Wait) {
            self.0.lock().unwrap().push(wait.to_string());
        }

        fn ends(&self) {
            self.0.lock().unwrap().push("over".to_owned());
        }
    }

    /// Signs with what was heard by then.
    struct Device(Arc<Heard>);

    impl Signer for Device {
        fn try_pubkey(&self) -> std::result::Result<Address, SignerError> {
            Ok(Address::default())
        }

        fn try_sign_message(&self, _: &[u8]) -> std::result::Result<Signature, SignerError> {
            assert_eq!(
                *self.0.0.lock().unwrap(),
                ["signs with the hardware wallet: look at its screen"]
            );
            Ok(Signature::default())
        }

        fn is_interactive(&self) -> bool {
            true
        }
    }

    #[test]
    fn who_waits_is_sent_to_the_hardware_wallet_and_to_no_other_key() {
        let heard = Arc::new(Heard::default());
        let onlooker = || Arc::<Heard>::clone(&heard) as Arc<dyn Onlooker>;
        told(Rc::new(Keypair::new()), onlooker()).sign_message(b"x");
        assert!(heard.0.lock().unwrap().is_empty());
        let device = Device(Arc::clone(&heard));
        told(Rc::new(device), onlooker()).sign_message(b"x");
        assert_eq!(heard.0.lock().unwrap().len(), 2);
    }

    #[test]
    fn a_seed_phrase_gives_the_keys_that_wallets_show() {
        // What solana-keygen and the wallets derive from this phrase of BIP-39's test vectors.
        let plain = derive(PHRASE, "", None).unwrap().pubkey().to_string();
        assert_eq!(plain, "EHqmfkN89RJ7Y33CXM6uCzhVeuywHoJXZZLszBHHZy7o");
        let default = derive(PHRASE, "", path_of("").unwrap()).unwrap();
        assert_eq!(
            default.pubkey().to_string(),
            "D2PPQSYFe83nDzk96FqGumVU8JA7J8vj2Rhjc2oXzEi5"
        );
        let first = derive(PHRASE, "", path_of("?key=0/0").unwrap()).unwrap();
        assert_eq!(
            first.pubkey().to_string(),
            "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk"
        );
        let same = path_of("?full-path=m/44/501/0/0").unwrap();
        assert_eq!(derive(PHRASE, "", same).unwrap().pubkey(), first.pubkey());
        assert!(derive("abandon about", "", None).is_err());
        assert!(path_of("?key=x").is_err());
    }
}
