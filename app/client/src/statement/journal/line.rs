//! How statements are written down: a line of JSON for one, or for all that were first said by the root of one tree, which begins with what
//! became of them.

use {
    super::super::{Path as Way, Statement},
    crate::hex,
    serde::{Deserialize, Serialize},
    sluice::{attestation::TAG_LEN, hash::sha256},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// What became of a statement. The words are of one length: one is written over the other.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The line is being written. The key was not asked.
    Adding,
    /// The line is on the disk, and the key is asked. Whether it signed is not known.
    Asking,
    /// The signature was made.
    Signed,
}

impl Stage {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Adding => "adding",
            Self::Asking => "asking",
            Self::Signed => "signed",
        }
    }
}

/// What stands before the word.
const BEGIN: &str = r#"{"state":""#;

/// Where the word is in its line.
pub const WORD_AT: usize = BEGIN.len();

/// About which window of which job's context, on which path.
pub type Subject = ([u8; 32], u32, [u8; TAG_LEN]);

/// What was said about each.
pub type Book = BTreeMap<Subject, Said>;

/// A statement that a key was asked to sign.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub statement: Statement,
    pub way: Way,
    pub stage: Stage,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    state: Stage,
    key: &'a str,
    context: &'a str,
    window: u32,
    /// As text: many readers of JSON count to 2^53 only.
    units: &'a str,
    digest: &'a str,
    path: &'a str,
    /// What the program hashes the statement to: a damaged line contradicts it.
    hash: &'a str,
}

/// The statements of a tree that stand in no line above.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BatchLine<'a> {
    state: Stage,
    key: &'a str,
    set: &'a str,
    root: &'a str,
    statements: Vec<Entry>,
    /// Of the statements' hashes, one behind the other: a damaged line contradicts it.
    hash: &'a str,
}

/// Context, window, units and digest.
type Entry = (String, u32, String, String);

/// The line of statements that a member of `set` says by this root, with its end.
pub fn batch_line(
    (set, root): (&Address, &[u8; 32]),
    all: &[Said],
    key: &str,
) -> serde_json::Result<Vec<u8>> {
    let entry = |said: &Said| {
        let Statement {
            context,
            window,
            units,
            digest,
        } = &said.statement;
        let [context, digest] = [context, digest].map(|hash| hex::encode(hash));
        (context, *window, units.to_string(), digest)
    };
    let mut text = serde_json::to_vec(&BatchLine {
        state: Stage::Adding,
        key,
        set: &set.to_string(),
        root: &hex::encode(root),
        statements: all.iter().map(entry).collect(),
        hash: &hex::encode(&hash_of(all)),
    })?;
    text.push(b'\n');
    Ok(text)
}

fn hash_of(all: &[Said]) -> [u8; 32] {
    let hashes: Vec<[u8; 32]> = all.iter().map(|said| said.statement.hash()).collect();
    sha256(&[hashes.as_flattened()])
}

/// What a line of `key`'s journal says, with or without its end.
fn parse(text: &[u8], key: &str) -> Option<Vec<Said>> {
    match Said::parse(text, key) {
        Some(said) => Some(vec![said]),
        None => parse_batch(text, key),
    }
}

fn parse_batch(text: &[u8], key: &str) -> Option<Vec<Said>> {
    let line: BatchLine<'_> = serde_json::from_slice(text).ok()?;
    let said = |(context, window, units, digest): &Entry| {
        Some(Said {
            statement: Statement {
                context: hex::decode32(context)?,
                window: *window,
                units: units.parse().ok()?,
                digest: hex::decode32(digest)?,
            },
            way: Way::Quorum,
            stage: line.state,
        })
    };
    let all = line.statements.iter().map(said);
    let all = all.collect::<Option<Vec<_>>>()?;
    let is_own = line.key == key
        && line.set.parse::<Address>().is_ok()
        && hex::decode32(line.root).is_some()
        && hex::decode32(line.hash)? == hash_of(&all)
        && !all.is_empty();
    is_own.then_some(all)
}

impl Said {
    pub const fn subject(&self) -> Subject {
        (
            self.statement.context,
            self.statement.window,
            self.way.tag(),
        )
    }

    /// The line, with its end.
    pub fn line(&self, key: &str) -> serde_json::Result<Vec<u8>> {
        let statement = &self.statement;
        let mut text = serde_json::to_vec(&Line {
            state: self.stage,
            key,
            context: &hex::encode(&statement.context),
            window: statement.window,
            units: &statement.units.to_string(),
            digest: &hex::encode(&statement.digest),
            path: self.way.name(),
            hash: &hex::encode(&statement.hash()),
        })?;
        text.push(b'\n');
        Ok(text)
    }

    /// What a line of `key`'s journal says, with or without its end.
    fn parse(text: &[u8], key: &str) -> Option<Self> {
        let line: Line<'_> = serde_json::from_slice(text).ok()?;
        let statement = Statement {
            context: hex::decode32(line.context)?,
            window: line.window,
            units: line.units.parse().ok()?,
            digest: hex::decode32(line.digest)?,
        };
        let is_own = line.key == key && hex::decode32(line.hash)? == statement.hash();
        is_own.then_some(Self {
            statement,
            way: line.path.parse().ok()?,
            stage: line.state,
        })
    }

    /// True when a line that was cut off after `piece` may be this one.
    pub fn begins_with(&self, piece: &[u8], key: &str) -> bool {
        let after = |text: &[u8]| {
            text.get(WORD_AT.saturating_add(Stage::Signed.word().len())..)
                .unwrap_or_default()
                .to_vec()
        };
        self.line(key)
            .is_ok_and(|line| after(&line).starts_with(&after(piece)))
    }
}

/// What the bytes of a journal's file say.
#[derive(Debug, Default)]
pub struct Found {
    pub book: Book,
    /// Bytes of whole lines.
    pub len: usize,
    /// The last of them has lost its end to a copy or an editor.
    pub lacks_end: bool,
    /// The number of a last line that was whole before its key was asked, and what is left of it.
    pub cut: Option<(usize, Vec<u8>)>,
}

impl Found {
    /// Reads `bytes`; fails with the number of the first line that is not as it was written.
    ///
    /// A last line whose word is still "adding" was never followed by a signature: it says nothing.
    pub fn read(bytes: &[u8], key: &str) -> Result<Self, usize> {
        let mut found = Self::default();
        let mut number = 0_usize;
        let mut pieces = bytes.split_inclusive(|byte| *byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            number = number.saturating_add(1);
            let is_last = pieces.peek().is_none();
            let has_end = piece.ends_with(b"\n");
            if is_last && is_adding(piece) {
                break;
            }
            match parse(piece, key) {
                Some(all) if all.iter().all(|said| said.stage != Stage::Adding) => {
                    for said in all {
                        if found.book.insert(said.subject(), said).is_some() {
                            return Err(number);
                        }
                    }
                    found.len = found.len.saturating_add(piece.len());
                    found.lacks_end = !has_end;
                }
                None if is_last && !has_end && is_beginning(piece) => {
                    found.cut = Some((number, piece.to_vec()));
                }
                _ => return Err(number),
            }
        }
        Ok(found)
    }
}

/// True when the key was not asked: the word changes once the whole line is on the disk.
fn is_adding(piece: &[u8]) -> bool {
    piece
        .strip_prefix(BEGIN.as_bytes())
        .is_some_and(|rest| rest.starts_with(Stage::Adding.word().as_bytes()))
}

/// True when the text ends before its JSON does.
fn is_beginning(piece: &[u8]) -> bool {
    serde_json::from_slice::<Line<'_>>(piece).is_err_and(|error| error.is_eof())
        || serde_json::from_slice::<BatchLine<'_>>(piece).is_err_and(|error| error.is_eof())
}
