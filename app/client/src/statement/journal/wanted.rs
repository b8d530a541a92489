//! What a key is asked to sign: a statement, or the root of a tree of them.

use {
    super::{
        super::{Path as Way, Statement, batch_message},
        error::{NotJournalled, Result},
        line::{Said, Stage, batch_line},
    },
    crate::batch::Tree,
    sluice::attestation::MESSAGE_LEN,
    solana_address::Address,
    std::slice,
};

/// What a key is asked to sign.
pub enum Wanted<'a> {
    /// A statement for one path.
    One(&'a Statement, Way),
    /// The root of the tree of these statements, as a member of this set.
    Batch {
        set: &'a Address,
        root: [u8; 32],
        statements: &'a [Statement],
    },
}

impl<'a> Wanted<'a> {
    /// The root of the tree of these statements; fails where they have none.
    pub fn batch(set: &'a Address, statements: &'a [Statement]) -> Result<Self> {
        let tree = Tree::new(statements.iter().map(Statement::hash).collect());
        let tree = tree.ok_or(NotJournalled::NoTree(statements.len()))?;
        Ok(Self::Batch {
            set,
            root: tree.root(),
            statements,
        })
    }

    /// The root; of a statement, its hash, which is the root of a tree of one.
    pub fn root(&self) -> [u8; 32] {
        match self {
            Self::One(statement, _) => statement.hash(),
            Self::Batch { root, .. } => *root,
        }
    }

    /// All that is said.
    pub const fn statements(&self) -> &[Statement] {
        match self {
            Self::One(statement, _) => slice::from_ref(*statement),
            Self::Batch { statements, .. } => statements,
        }
    }

    /// On which path: whoever signs a batch signs for the quorum.
    pub const fn way(&self) -> Way {
        match self {
            Self::One(_, way) => *way,
            Self::Batch { .. } => Way::Quorum,
        }
    }

    /// The bytes to sign.
    pub fn message(&self) -> [u8; MESSAGE_LEN] {
        match self {
            Self::One(statement, way) => statement.message(*way),
            Self::Batch { set, root, .. } => batch_message(set, root),
        }
    }

    /// What it is, in a word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::One(..) => "statement",
            Self::Batch { .. } => "batch",
        }
    }

    /// How its `new` statements are written down before the key is asked.
    pub fn line(&self, new: &[Said], key: &str) -> serde_json::Result<Vec<u8>> {
        match self {
            Self::One(statement, way) => Said {
                statement: **statement,
                way: *way,
                stage: Stage::Adding,
            }
            .line(key),
            Self::Batch { set, root, .. } => batch_line((set, root), new, key),
        }
    }
}
