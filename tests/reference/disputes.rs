//! Challenges of proven windows, what is ruled on them, and attesters that lied.

use {
    super::{
        Account, Action, Effect, Fail, Holder, IN_USE, Id, Key, MISSING, Moment, Path, Reference,
        Said, ShowEquivocation, Statement, Subject, ensure, find, find_mut,
        proof::{Claimed, Witness},
        registry::Standing,
    },
    std::collections::BTreeSet,
};

/// How long the signers of a void window can be slashed before the challenge may be settled without, seconds.
const SLASHABLE: i64 = 7 * 24 * 60 * 60;

/// A challenge by job, incarnation and window.
pub type ChallengeKey = (Id, u64, u32);

/// What became of a challenged window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispute {
    Open,
    /// The resolver's ruling.
    Upheld,
    Void,
    /// Nobody ruled in time: the work counts.
    Lapsed,
}

/// What a resolver says, or anyone in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    pub void: bool,
    /// The window's signers are to be slashed too.
    pub lied: bool,
    pub reason: u16,
    /// Base units of the provider's bond.
    pub slash: u64,
    /// Stands for the hash of the reasons.
    pub evidence: u64,
}

/// A ruling that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// Unix seconds.
    pub at: i64,
    pub by: Key,
    pub ruling: Ruling,
    /// Base units taken.
    pub slashed: u64,
}

/// A challenge.
#[derive(Clone, Debug)]
pub struct Challenge {
    pub network: Id,
    /// The provider's stake pool: holds the bond and pays for what was wrong.
    pub pool: Id,
    pub set: Id,
    pub challenger: Key,
    /// The provider's owner.
    pub payee: Key,
    pub units: u64,
    /// Base units of the stake mint.
    pub bond: u64,
    pub reason: u16,
    /// The resolver rules from here, before `rule_until`; unix seconds.
    pub rule_from: i64,
    pub rule_until: i64,
    /// When it was made, and when the window would have matured without it, unix seconds.
    pub at: i64,
    pub matures: i64,
    /// Who added which piece, in order.
    pub evidence: Vec<(Key, u64)>,
    /// Indices of the members that signed the window.
    pub signers: BTreeSet<u8>,
    /// Of those, who was slashed for it, in order.
    pub slashed: Vec<u8>,
    pub ruled: Option<Ruled>,
}

impl Challenge {
    /// What became of it.
    pub fn verdict(&self) -> Dispute {
        match self.ruled {
            None => Dispute::Open,
            Some(ruled) if ruled.ruling.void => Dispute::Void,
            Some(ruled) if ruled.at >= self.rule_until => Dispute::Lapsed,
            Some(_) => Dispute::Upheld,
        }
    }

    /// Who signed and may have to answer for it: all before the ruling, then those that lied and were not slashed yet.
    pub fn answerable(&self) -> BTreeSet<u8> {
        if self.ruled.is_some_and(|ruled| !ruled.ruling.lied) {
            return BTreeSet::new();
        }
        let mut left = self.signers.clone();
        left.retain(|index| !self.slashed.contains(index));
        left
    }

    /// From when on it can be settled whoever is left to be slashed, unix seconds; none before the ruling.
    pub fn over_at(&self) -> Option<i64> {
        self.ruled.map(|ruled| ruled.at + SLASHABLE)
    }
}

impl Reference {
    pub(crate) fn apply_disputes(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::Challenge {
                job,
                by,
                incarnation,
                window,
                reason,
                evidence,
            } => self.challenge(at, (*job, *incarnation, *window), *by, (*reason, *evidence)),
            Action::AddEvidence {
                challenge,
                by,
                piece,
            } => {
                let challenge = find_mut(&mut self.challenges, *challenge)?;
                ensure(challenge.ruled.is_none(), "AlreadyRuled")?;
                ensure(at.now < challenge.rule_until, "EvidenceClosed")?;
                challenge.evidence.push((*by, *piece));
                Ok(Effect::default())
            }
            Action::RuleChallenge {
                challenge,
                by,
                ruling,
            } => self.rule(at, *challenge, *by, *ruling),
            Action::SlashSigner {
                challenge,
                attester,
                index,
            } => self.slash_signer(*challenge, *attester, *index),
            Action::SettleChallenge { challenge } => self.settle(at, *challenge),
            Action::ShowEquivocation(show) => self.show_equivocation(show),
            _ => unreachable!("not an action on a dispute"),
        }
    }

    fn challenge(
        &mut self,
        at: Moment,
        key: ChallengeKey,
        by: Key,
        (reason, evidence): (u16, u64),
    ) -> Result<Effect, Fail> {
        let (id, incarnation, window) = key;
        let job = find(&self.jobs, id)?;
        ensure(!self.challenges.contains_key(&key), IN_USE)?;
        let provider = job.provider.ok_or(MISSING)?;
        let pool = self.pool_of(Subject::Provider(provider))?;
        ensure(job.incarnation == incarnation, "WrongIncarnation")?;
        let proof = job.challengeable(window, at.now);
        let proof = proof.ok_or("NotChallengeable")?;
        let (bond, vault) = (job.terms.challenge_bond, Holder::StakeVault(pool));
        let set = job.terms.set.expect("it has a quorum");
        let mint = find(&self.stake_pools, pool)?.mint;
        self.ensure_funds(Holder::Wallet(by), mint, bond)?;

        let keys = &find(&self.sets, set)?.args.keys;
        let Witness::Quorum { signers, .. } = &proof.witness else {
            unreachable!("a quorum proved it")
        };
        let places = (0u8..).zip(keys);
        let signers = places.filter(|(_, key)| signers.contains(key));
        let matures = i64::try_from(job.matures(window)).map_err(|_| "MathOverflow")?;
        let ruling = i64::from(job.terms.ruling_secs);
        let new = Challenge {
            network: job.network,
            pool,
            set,
            challenger: by,
            payee: job.payee.expect("accepted"),
            units: proof.accepted,
            bond,
            reason,
            rule_from: matures + ruling - ruling / 2,
            rule_until: matures + ruling,
            at: at.now,
            matures,
            evidence: vec![(by, evidence)],
            signers: signers.map(|(index, _)| index).collect(),
            slashed: Vec::new(),
            ruled: None,
        };
        let mut effect = self.transfer(Holder::Wallet(by), vault, mint, bond)?;
        effect
            .opened
            .push(Account::Challenge(id, incarnation, window));
        effect.units = new.units;
        self.challenges.insert(key, new);
        let job = find_mut(&mut self.jobs, id)?;
        // Other windows that are ripe mature at the next pull.
        job.disputes.insert(window, Dispute::Open);
        Ok(effect)
    }

    fn rule(
        &mut self,
        at: Moment,
        key: ChallengeKey,
        by: Key,
        ruling: Ruling,
    ) -> Result<Effect, Fail> {
        let (id, incarnation, window) = key;
        let challenge = find(&self.challenges, key)?;
        let job = find(&self.jobs, id)?;
        find(&self.stake_pools, challenge.pool)?;
        ensure(challenge.ruled.is_none(), "AlreadyRuled")?;
        ensure(job.incarnation == incarnation, "WrongChallenge")?;
        if at.now < challenge.rule_until {
            ensure(job.resolver == by, "NotResolver")?;
            ensure(at.now >= challenge.rule_from, "RulingTooEarly")?;
        } else {
            ensure(!ruling.void, "MustUphold")?;
        }
        let harmless = ruling.slash == 0 && !ruling.lied;
        ensure(ruling.void || harmless, "MustUphold")?;
        ensure(ruling.slash <= job.bond_left(), "SlashAboveBond")?;

        let pool = find_mut(&mut self.stake_pools, challenge.pool)?;
        let slashed = pool.slash(ruling.slash);
        let challenge = find_mut(&mut self.challenges, key)?;
        challenge.evidence.push((by, ruling.evidence));
        challenge.ruled = Some(Ruled {
            at: at.now,
            by,
            ruling,
            slashed,
        });
        let verdict = challenge.verdict();
        let job = find_mut(&mut self.jobs, id)?;
        job.disputes.insert(window, verdict);
        if ruling.slash > 0 {
            job.slashes.push(ruling.slash);
        }
        Ok(Effect::default())
    }

    fn slash_signer(&mut self, key: ChallengeKey, id: Id, index: u8) -> Result<Effect, Fail> {
        let challenge = find(&self.challenges, key)?;
        let attester = find(&self.attesters, id)?;
        self.pool_of(Subject::Attester(id))?;
        let set = find(&self.sets, challenge.set)?;
        ensure(attester.network == set.network, "WrongNetwork")?;
        ensure(set.key(index) == Some(attester.key), "NotAMember")?;
        ensure(challenge.verdict() == Dispute::Void, "NotRuled")?;
        let answers = challenge.answerable().contains(&index);
        ensure(answers, "NotASigner")?;
        find_mut(&mut self.challenges, key)?.slashed.push(index);
        self.slash_attester(id, Standing::Slashed)
    }

    /// Takes the bond of an attester, once for every bond: all of it while it is live, later what its owner has left.
    fn slash_attester(&mut self, id: Id, standing: Standing) -> Result<Effect, Fail> {
        let pool = self.pool_of(Subject::Attester(id))?;
        let attester = find(&self.attesters, id)?;
        let live = self.live_bits(attester) > 0;
        let left = self.whole_worth(pool, attester.owner);
        let attester = find_mut(&mut self.attesters, id)?;
        let bond = std::mem::take(&mut attester.bond);
        let reach = if live { bond } else { bond.min(left) };
        attester.standing = attester.standing.max(standing);
        find_mut(&mut self.stake_pools, pool)?.slash(reach);
        Ok(Effect::default())
    }

    fn settle(&mut self, at: Moment, key: ChallengeKey) -> Result<Effect, Fail> {
        let challenge = find(&self.challenges, key)?;
        let mint = find(&self.stake_pools, challenge.pool)?.mint;
        let over = challenge.over_at().ok_or("NotRuled")?;
        let done = challenge.answerable().is_empty() || at.now >= over;
        ensure(done, "SignersNotSlashed")?;
        let winner = match challenge.verdict() {
            Dispute::Void | Dispute::Lapsed => challenge.challenger,
            Dispute::Open | Dispute::Upheld => challenge.payee,
        };
        let (vault, bond) = (Holder::StakeVault(challenge.pool), challenge.bond);
        let mut effect = self.transfer(vault, Holder::Wallet(winner), mint, bond)?;
        if let Some(challenge) = self.challenges.remove(&key) {
            self.settled.push((key, challenge));
        }
        let (job, incarnation, window) = key;
        effect
            .closed
            .push(Account::Challenge(job, incarnation, window));
        Ok(effect)
    }

    fn show_equivocation(&mut self, show: &ShowEquivocation) -> Result<Effect, Fail> {
        find(&self.networks, show.network)?;
        let attester = find(&self.attesters, show.attester)?;
        self.pool_of(Subject::Attester(show.attester))?;
        ensure(attester.network == show.network, "WrongNetwork")?;
        let fallen = attester.standing == Standing::Tombstoned;
        ensure(!fallen, "AttesterTombstoned")?;
        ensure(show.said[0] != show.said[1], "NotEquivocation")?;
        let signed = show.signed.as_ref().ok_or("NoSignatures")?;
        let sides = signed.iter().zip(&show.trees).zip(show.said);
        for (((said, key), tree), (units, digest)) in sides {
            let claimed = Claimed {
                window: show.window,
                units,
                digest,
            };
            let statement = Statement {
                path: if tree.is_some() {
                    Path::Batch
                } else {
                    Path::Quorum
                },
                network: show.network,
                job: show.job,
                incarnation: show.incarnation,
                node: show.node,
                claimed,
            };
            // The path of a leaf leads to its tree from its own place only.
            let expected = match tree {
                None => Some(Said::Statement(statement)),
                Some((tree, place)) => {
                    let leaf = tree.leaves.get(*place as usize);
                    (leaf == Some(&statement)).then(|| Said::Tree(tree.clone()))
                }
            };
            ensure(Some(said) == expected.as_ref(), "WrongStatement")?;
            ensure(*key == attester.key, "NotAMember")?;
        }
        self.slash_attester(show.attester, Standing::Tombstoned)
    }
}
