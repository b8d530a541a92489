//! What a batch is made of, as whoever builds it hands it to those who sign, post and prove it: a JSON object.

use {
    super::Tree,
    crate::{hex, statement::Statement},
    serde::{Deserialize, Serialize},
    sluice::{
        attestation,
        constants::NOBODY,
        state::{Job, JobState},
    },
    sluice_math::tree::Hash,
    solana_address::Address,
    std::collections::BTreeMap,
};

/// A statement of a batch, with what its context is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Address of the job.
    pub job: Address,
    /// The job's opening slot.
    pub incarnation: u64,
    /// The node that worked.
    pub node: Address,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Units of work done in it.
    pub units: u64,
    /// Hash of the evidence, chosen by the meter.
    pub digest: [u8; 32],
}

impl Leaf {
    /// The statement that it is, in the network of this domain.
    pub fn statement(&self, domain: &[u8; 32]) -> Statement {
        Statement {
            context: attestation::context(domain, &self.job, self.incarnation, &self.node),
            window: self.window,
            units: self.units,
            digest: self.digest,
        }
    }
}

/// Statements about jobs of one attester set, in the order of a tree's leaves, and the tree's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Address of the attester set.
    pub set: Address,
    /// Root of the tree.
    pub root: Hash,
    /// In their order.
    pub leaves: Vec<Leaf>,
}

/// Why something is no batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotABatch {
    /// The text is not the JSON object of one.
    #[error("the text is not a batch")]
    Malformed,
    /// A tree has no statement, or more than it holds.
    #[error("a batch has between 1 and 1,048,576 statements, not {0}")]
    Count(usize),
    /// A window has two statements.
    #[error("there are two statements about window {window} of the job {job}")]
    Twice {
        /// Address of the job.
        job: Address,
        /// Number of the window.
        window: u32,
    },
    /// The statements have another root than the one that stands beside them.
    #[error(
        "the root of these statements is {}, and not {}, which stands beside them",
        hex::encode(.built),
        hex::encode(.written)
    )]
    OtherRoot {
        /// What stands beside them.
        written: Hash,
        /// What they come to.
        built: Hash,
    },
}

/// The object: hashes in hexadecimal digits, addresses in base 58, numbers of 64 bits as text.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    set: String,
    root: String,
    leaves: Vec<WrittenLeaf>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WrittenLeaf {
    job: String,
    incarnation: String,
    node: String,
    window: u32,
    units: String,
    digest: String,
}

impl Contents {
    /// The batch of `leaves`, in this order, about jobs of `set` in the network of this domain.
    ///
    /// # Errors
    /// No statement or more than 1,048,576, or two about one window.
    pub fn of(set: Address, domain: &[u8; 32], leaves: Vec<Leaf>) -> Result<Self, NotABatch> {
        let mut contents = Self {
            set,
            root: Hash::default(),
            leaves,
        };
        contents.root = contents.build(domain)?.1.root();
        Ok(contents)
    }

    /// The statements, and their tree, which is built anew.
    ///
    /// # Errors
    /// What is no batch, and a root that is not that of these statements in the network of this domain.
    pub fn tree(&self, domain: &[u8; 32]) -> Result<(Vec<Statement>, Tree), NotABatch> {
        let (statements, tree) = self.build(domain)?;
        if tree.root() == self.root {
            return Ok((statements, tree));
        }
        Err(NotABatch::OtherRoot {
            written: self.root,
            built: tree.root(),
        })
    }

    fn build(&self, domain: &[u8; 32]) -> Result<(Vec<Statement>, Tree), NotABatch> {
        let mut windows: Vec<_> = self
            .leaves
            .iter()
            .map(|leaf| (leaf.job, leaf.incarnation, leaf.node, leaf.window))
            .collect();
        windows.sort_unstable();
        let mut pairs = windows.iter().zip(windows.iter().skip(1));
        if let Some(((job, _, _, window), _)) = pairs.find(|(one, other)| one == other) {
            return Err(NotABatch::Twice {
                job: *job,
                window: *window,
            });
        }
        let leaves = self.leaves.iter();
        let statements: Vec<Statement> = leaves.map(|leaf| leaf.statement(domain)).collect();
        let tree = Tree::new(statements.iter().map(Statement::hash).collect());
        let tree = tree.ok_or(NotABatch::Count(statements.len()))?;
        Ok((statements, tree))
    }

    /// Reads the text of [`Self::to_json`], with or without a byte order mark. The root is not looked at before [`Self::tree`].
    ///
    /// # Errors
    /// Any other text.
    pub fn read(text: &str) -> Result<Self, NotABatch> {
        serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .ok()
            .and_then(|written| Self::parse(&written))
            .ok_or(NotABatch::Malformed)
    }

    fn parse(written: &Written) -> Option<Self> {
        let leaf = |leaf: &WrittenLeaf| {
            Some(Leaf {
                job: leaf.job.parse().ok()?,
                incarnation: leaf.incarnation.parse().ok()?,
                node: leaf.node.parse().ok()?,
                window: leaf.window,
                units: leaf.units.parse().ok()?,
                digest: hex::decode32(&leaf.digest)?,
            })
        };
        Some(Self {
            set: written.set.parse().ok()?,
            root: hex::decode32(&written.root)?,
            leaves: written.leaves.iter().map(leaf).collect::<Option<_>>()?,
        })
    }

    /// The text that [`Self::read`] reads.
    pub fn to_json(&self) -> String {
        let leaf = |leaf: &Leaf| WrittenLeaf {
            job: leaf.job.to_string(),
            incarnation: leaf.incarnation.to_string(),
            node: leaf.node.to_string(),
            window: leaf.window,
            units: leaf.units.to_string(),
            digest: hex::encode(&leaf.digest),
        };
        let written = Written {
            set: self.set.to_string(),
            root: hex::encode(&self.root),
            leaves: self.leaves.iter().map(leaf).collect(),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }
}

/// Why statements cannot be listed; numbers are places in what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// The one at this place is about none of the jobs.
    OfNoJob(usize),
    /// Those at these places are two about one window.
    Contradict(usize, usize),
}

/// The leaves of `statements` about `jobs`, each statement once: by provider, node, job and window, so that what one worker or one operator
/// proves lies side by side.
///
/// # Errors
/// A statement about another job or about another taking of one of these, and two statements about one window.
pub fn list(jobs: &[(Address, Job)], statements: &[Statement]) -> Result<Vec<Leaf>, Unlisted> {
    let taken = jobs
        .iter()
        .filter(|(_, job)| job.state != JobState::Open.byte() && job.worker != NOBODY);
    let by_context: BTreeMap<_, _> = taken.map(|of| (of.1.context, of)).collect();
    let mut listed = BTreeMap::new();
    for (place, statement) in statements.iter().enumerate() {
        let found = by_context.get(&statement.context);
        let (address, job) = found.ok_or(Unlisted::OfNoJob(place))?;
        let key = (job.provider, job.node, *address, statement.window);
        let leaf = Leaf {
            job: *address,
            incarnation: job.incarnation,
            node: job.node,
            window: statement.window,
            units: statement.units,
            digest: statement.digest,
        };
        let (first, before) = *listed.entry(key).or_insert((place, leaf));
        if before != leaf {
            return Err(Unlisted::Contradict(first, place));
        }
    }
    Ok(listed.into_values().map(|(_, leaf)| leaf).collect())
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    const DOMAIN: [u8; 32] = [4; 32];

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn leaf(job: u8, window: u32) -> Leaf {
        Leaf {
            job: key(job),
            incarnation: u64::MAX,
            node: key(8),
            window,
            units: 1 << 60,
            digest: [9; 32],
        }
    }

    #[test]
    fn a_batch_is_read_as_it_was_written_and_its_root_is_built_anew() {
        let leaves = vec![leaf(1, 0), leaf(1, 1), leaf(2, 0)];
        let contents = Contents::of(key(3), &DOMAIN, leaves).unwrap();
        let text = format!("\u{feff}{}\n", contents.to_json());
        let read = Contents::read(&text).unwrap();
        assert_eq!(read, contents);
        let (statements, tree) = read.tree(&DOMAIN).unwrap();
        assert_eq!(tree.root(), contents.root);
        assert_eq!(tree.leaf(2), statements[2].hash());
        // Another network's, another order, another unit.
        let other_root = |contents: &Contents, domain| {
            matches!(contents.tree(domain), Err(NotABatch::OtherRoot { .. }))
        };
        assert!(other_root(&contents, &[5; 32]));
        let mut other = contents.clone();
        other.leaves.swap(0, 1);
        assert!(other_root(&other, &DOMAIN));
        let mut other = contents.clone();
        other.leaves[2].units += 1;
        assert!(other_root(&other, &DOMAIN));
        for wrong in [
            "",
            "{}",
            &text.replacen("0909", "09", 1),
            &text.replacen('{', "{\"a\":1,", 1),
        ] {
            assert_eq!(Contents::read(wrong), Err(NotABatch::Malformed), "{wrong}");
        }
    }

    #[test]
    fn a_batch_has_a_statement_and_one_about_a_window() {
        let none = Contents::of(key(3), &DOMAIN, vec![]);
        assert_eq!(none, Err(NotABatch::Count(0)));
        let many = (0..=1 << 20).map(|window| leaf(1, window)).collect();
        let many = Contents::of(key(3), &DOMAIN, many);
        assert_eq!(many, Err(NotABatch::Count((1 << 20) + 1)));
        let second = Leaf {
            units: 0,
            ..leaf(1, 7)
        };
        for second in [second, leaf(1, 7)] {
            let leaves = vec![leaf(1, 7), leaf(2, 7), second];
            let twice = Contents::of(key(3), &DOMAIN, leaves);
            let (job, window) = (key(1), 7);
            assert_eq!(twice, Err(NotABatch::Twice { job, window }));
        }
        // Another taking of the job is another thing.
        let taken = Leaf {
            incarnation: 1,
            ..leaf(1, 7)
        };
        Contents::of(key(3), &DOMAIN, vec![leaf(1, 7), taken]).unwrap();
    }

    #[test]
    fn statements_are_listed_once_by_provider_node_job_and_window() {
        let job = |byte: u8, provider: u8, node: u8| {
            let job = Job {
                context: [byte; 32],
                state: JobState::Active.byte(),
                incarnation: byte.into(),
                provider: key(provider),
                node: key(node),
                worker: key(node),
                ..Job::zeroed()
            };
            (key(byte), job)
        };
        let jobs = [
            job(1, 9, 5),
            job(2, 8, 7),
            job(3, 8, 6),
            (key(4), Job::zeroed()),
        ];
        let about = |context: u8, window| Statement {
            context: [context; 32],
            window,
            units: 3,
            digest: [window as u8; 32],
        };
        let said = [
            about(1, 2),
            about(2, 0),
            about(3, 1),
            about(1, 0),
            about(2, 0),
        ];
        let leaves = list(&jobs, &said).unwrap();
        let places: Vec<_> = leaves.iter().map(|leaf| (leaf.job, leaf.window)).collect();
        assert_eq!(places, [(key(3), 1), (key(2), 0), (key(1), 0), (key(1), 2)]);
        assert_eq!((leaves[0].incarnation, leaves[0].node), (3, key(6)));
        // An open job has no context yet.
        for context in [0, 4] {
            let refused = list(&jobs, &[about(1, 0), about(context, 0)]);
            assert_eq!(refused, Err(Unlisted::OfNoJob(1)));
        }
        let second = Statement {
            units: 4,
            ..about(2, 0)
        };
        let refused = list(&jobs, &[about(2, 0), about(1, 0), second]);
        assert_eq!(refused, Err(Unlisted::Contradict(0, 2)));
    }
}
