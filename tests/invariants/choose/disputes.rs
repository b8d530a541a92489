//! Challenges, rulings, and attesters that lied.

use {
    super::Chooser,
    sluice_tests::reference::{
        Action, ChallengeKey, Id, Job, JobState, Path, Ruling, Said, ShowEquivocation, Statement,
        Tree,
        disputes::{Challenge, Dispute},
        proof::Claimed,
        registry::Standing,
    },
};

impl Chooser<'_> {
    pub(super) fn dispute_action(&mut self) -> Option<Action> {
        let open = self.a_challenge(|c| c.ruled.is_none());
        let lied = self.a_challenge(|c| c.verdict() == Dispute::Void && !c.answerable().is_empty());
        let ruled = self.a_challenge(|c| c.ruled.is_some());
        match self.dice.below(60) {
            0..=17 => self.challenge(),
            18..=21 => Some(self.add_evidence(open)),
            22..=37 => Some(self.rule(open)),
            38..=44 => Some(self.slash_signer(lied)),
            45..=52 => Some(self.settle(ruled)),
            // An attester that equivocates is lost.
            53 if self.dice.one_in(2) => self.equivocate(),
            54..=57 => Some(self.burn()),
            _ => self.challenge(),
        }
    }

    fn a_challenge(&mut self, suits: impl Fn(&Challenge) -> bool) -> Option<ChallengeKey> {
        let all = self.model.challenges.iter();
        let suitable = all.filter(|(_, challenge)| suits(challenge));
        let suitable: Vec<ChallengeKey> = suitable.map(|(key, _)| *key).collect();
        self.dice.pick_some(suitable)
    }

    /// Any challenge, or one that is not there.
    fn any_challenge(&mut self) -> ChallengeKey {
        let known = self.a_challenge(|_| true);
        let job = self.dice.pick(&self.cast.jobs);
        let unborn = (job, 5, self.dice.below(3) as u32);
        self.dice.mostly(known.unwrap_or(unborn), 20, |_| unborn)
    }

    fn challenger(&mut self) -> u64 {
        let delegator = self.dice.pick(&self.cast.delegators);
        let poor = *self.cast.buyers.last().expect("a buyer");
        self.dice.mostly(delegator, 12, |_| poor)
    }

    /// Someone challenges a window that can be, mostly.
    fn challenge(&mut self) -> Option<Action> {
        let (model, now) = (self.model, self.now);
        let open = model.jobs.iter().flat_map(|(id, job)| {
            let windows = job.proofs.keys();
            let open = windows.filter(move |w| job.challengeable(**w, now).is_some());
            open.map(move |w| (*id, *w))
        });
        let open = self.dice.pick_some(open.collect::<Vec<_>>());
        let proven = model
            .jobs
            .iter()
            .filter(|(_, job)| job.state != JobState::Open)
            .flat_map(|(id, job)| job.proofs.keys().map(move |w| (*id, *w)));
        let proven = self.dice.pick_some(proven.collect::<Vec<_>>());
        let job = self.dice.pick(&self.cast.jobs);
        let any = (job, self.dice.below(4) as u32);
        let chosen = self.dice.mostly(open.or(proven), 12, |_| proven);
        let (job, window) = self.dice.mostly(chosen.unwrap_or(any), 30, |_| any);
        let known = model.jobs.get(&job);
        Some(Action::Challenge {
            job,
            by: self.challenger(),
            incarnation: self.incarnation(known),
            window,
            reason: self.dice.below(9) as u16,
            evidence: self.dice.below(1_000),
        })
    }

    /// A challenge of a window that just now can be.
    pub(super) fn challenge_of(&mut self, id: Id, job: &Job) -> Option<Action> {
        let now = self.now;
        let mut windows = job.proofs.keys().rev();
        let window = windows.find(|w| job.challengeable(**w, now).is_some())?;
        Some(Action::Challenge {
            job: id,
            by: self.challenger(),
            incarnation: job.incarnation,
            window: *window,
            reason: 7,
            evidence: self.dice.below(1_000),
        })
    }

    fn add_evidence(&mut self, open: Option<ChallengeKey>) -> Action {
        let any = self.any_challenge();
        Action::AddEvidence {
            challenge: self.dice.mostly(open.unwrap_or(any), 8, |_| any),
            by: self.dice.pick(&self.cast.operators),
            piece: self.dice.below(1_000),
        }
    }

    /// A ruling, mostly on a challenge that can be ruled on now.
    fn rule(&mut self, open: Option<ChallengeKey>) -> Action {
        let now = self.now;
        let due = self.a_challenge(|c| c.ruled.is_none() && c.rule_from <= now);
        let any = self.any_challenge();
        let key = self.dice.mostly(due.or(open).unwrap_or(any), 15, |_| any);
        self.rule_on(key)
    }

    /// The resolver's time is short: a ruling within it, if there is one to give.
    pub(super) fn rule_in_time(&mut self) -> Option<Action> {
        let now = self.now;
        let due = |c: &Challenge| c.rule_from <= now && now < c.rule_until;
        let key = self.a_challenge(|c| c.ruled.is_none() && due(c))?;
        Some(self.rule_on(key))
    }

    /// A ruling on `key` as one would give it now.
    pub(super) fn rule_on(&mut self, key: ChallengeKey) -> Action {
        let known = self.model.challenges.get(&key);
        let network = known.map_or(self.home(), |challenge| challenge.network);
        let network = self.model.networks.get(&network);
        let stranger = self.cast.stranger;
        let resolver = network.map_or(stranger, |network| network.params.resolver);
        let late = known.is_some_and(|challenge| self.now >= challenge.rule_until);
        let bond = self.model.jobs.get(&key.0).map_or(0, Job::bond_left);
        let dice = &mut *self.dice;
        let some = dice.below(bond / 2 + 1);
        let mut ruling = Ruling {
            void: !late && dice.below(5) > 1,
            lied: false,
            reason: dice.below(5) as u16,
            slash: 0,
            evidence: dice.below(1_000),
        };
        if ruling.void {
            ruling.lied = !dice.one_in(3);
            ruling.slash = dice.pick(&[0, some, some, some, bond, bond + 1]);
        }
        match dice.below(30) {
            0 => ruling.void = !ruling.void,
            1 => ruling.slash += 1,
            2 => ruling.lied = !ruling.lied,
            _ => {}
        }
        Action::RuleChallenge {
            challenge: key,
            by: dice.mostly(if late { stranger } else { resolver }, 12, |_| stranger),
            ruling,
        }
    }

    fn slash_signer(&mut self, lied: Option<ChallengeKey>) -> Action {
        let any = self.any_challenge();
        let key = self.dice.mostly(lied.unwrap_or(any), 12, |_| any);
        let known = self.model.challenges.get(&key);
        let left = known.map(Challenge::answerable).unwrap_or_default();
        let some = self.dice.below(6) as u8;
        let index = self.dice.pick_some(left).unwrap_or(some);
        let index = self.dice.mostly(index, 10, |_| some);
        let set = known.and_then(|challenge| self.model.sets.get(&challenge.set));
        let signer = set.and_then(|set| set.key(index));
        let network = known.map(|challenge| challenge.network);
        let mut all = self.model.attesters.iter();
        let found = all.find(|(_, a)| Some(a.key) == signer && Some(a.network) == network);
        let anybody = self.dice.pick(&self.cast.attesters);
        let attester = found.map_or(anybody, |(id, _)| *id);
        Action::SlashSigner {
            challenge: key,
            attester: self.dice.mostly(attester, 20, |_| anybody),
            index,
        }
    }

    fn settle(&mut self, ruled: Option<ChallengeKey>) -> Action {
        let now = self.now;
        let over = self.a_challenge(|c| {
            let late = c.over_at().is_some_and(|date| now >= date);
            c.ruled.is_some() && (late || c.answerable().is_empty())
        });
        let known = self.a_challenge(|_| true);
        let any = self.any_challenge();
        let known = known.unwrap_or(any);
        let challenge = over.or(ruled).unwrap_or(known);
        Action::SettleChallenge {
            challenge: self.dice.mostly(challenge, 12, |_| known),
        }
    }

    fn burn(&mut self) -> Action {
        let pools = self.model.stake_pools.iter();
        let burning = pools.filter(|(_, pool)| pool.to_burn() > 0);
        let burning = self.dice.pick_some(burning.map(|(id, _)| *id));
        let any = self.dice.pick(&self.cast.stake_pools);
        Action::BurnSlashed {
            pool: self.dice.mostly(burning.unwrap_or(any), 12, |_| any),
        }
    }

    /// Two statements of one attester, or what somebody takes for that.
    fn equivocate(&mut self) -> Option<Action> {
        let known = self.model.attesters.iter();
        let some = self.dice.pick_some(known.map(|(id, _)| *id))?;
        let fallen = self.model.attesters.iter();
        let fallen = fallen.filter(|(_, a)| a.standing != Standing::Good);
        let fallen = self.dice.pick_some(fallen.map(|(id, _)| *id));
        let any = self.dice.pick(&self.cast.attesters);
        let attester = self.dice.mostly(fallen.unwrap_or(some), 2, |_| some);
        let attester = self.dice.mostly(attester, 30, |_| any);
        let mut show = self.two_statements(attester);
        self.in_trees(&mut show);
        match self.dice.below(16) {
            0 => show.said[1] = show.said[0],
            1 => show.signed = None,
            2 => show.said[1].0 += 1,
            3 => show.network = self.cast.networks[1],
            4 => show.window += 1,
            5..=7 => {
                let stranger = self.cast.stranger;
                if let Some([_, (_, key)]) = &mut show.signed {
                    *key = stranger;
                }
            }
            8 | 9 => {
                if let Some([(Said::Statement(statement), _), _]) = &mut show.signed {
                    statement.path = Path::Cosigned;
                }
            }
            _ => {}
        }
        Some(Action::ShowEquivocation(Box::new(show)))
    }

    /// Has one statement or both signed in trees, sometimes in the same.
    fn in_trees(&mut self, show: &mut ShowEquivocation) {
        let Some(signed) = &mut show.signed else {
            return;
        };
        let which = self.dice.below(4);
        let set = self.dice.pick_some(self.cast.sets.clone());
        let leaves = signed.clone().map(|(said, _)| match said {
            Said::Statement(statement) => Statement {
                path: Path::Batch,
                ..statement
            },
            Said::Tree(tree) => tree.leaves[0],
        });
        let Some(set) = set else { return };
        for side in 0..2 {
            let leaves = match which {
                0 => continue,
                1 if side == 1 => continue,
                3 => leaves.to_vec(),
                _ => vec![leaves[side]],
            };
            let place = leaves.len() as u32 - 1;
            let place = if leaves.len() > 1 { side as u32 } else { place };
            let tree = Tree { set, leaves };
            show.trees[side] = Some((tree.clone(), place));
            signed[side].0 = Said::Tree(tree);
        }
    }

    /// Two statements about one window of some job, both signed by `attester`.
    fn two_statements(&mut self, attester: Id) -> ShowEquivocation {
        let known = self.model.attesters.get(&attester);
        let stranger = self.cast.stranger;
        let key = known.map_or(stranger, |attester| attester.key);
        let network = known.map_or(self.home(), |attester| attester.network);
        let job = self.dice.pick(&self.cast.jobs);
        let node = self.dice.pick(&self.cast.nodes);
        let (window, units) = (self.dice.below(50) as u32, self.dice.below(9));
        equivocation((network, attester, key), (job, node), window, units)
    }
}

/// Proof that `attester`, whose key is `key`, signed two statements about one window.
pub fn equivocation(
    (network, attester, key): (Id, Id, u64),
    (job, node): (Id, Id),
    window: u32,
    units: u64,
) -> ShowEquivocation {
    let said = [(units, 1), (units, 2)];
    let incarnation = 77;
    let signed = said.map(|(units, digest)| {
        let claimed = Claimed {
            window,
            units,
            digest,
        };
        let statement = Statement {
            path: Path::Quorum,
            network,
            job,
            incarnation,
            node,
            claimed,
        };
        (Said::Statement(statement), key)
    });
    ShowEquivocation {
        network,
        attester,
        job,
        incarnation,
        node,
        window,
        said,
        trees: [None, None],
        signed: Some(signed),
    }
}
