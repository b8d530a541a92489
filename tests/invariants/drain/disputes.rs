//! Challenges: of all that can be, ruled on by the resolver or by the clock, and settled.

use {
    super::super::driver::Run,
    sluice_tests::reference::{
        Action, ChallengeKey, Id, Ruling,
        disputes::{Challenge, Dispute},
    },
};

impl Run {
    /// Challenges whatever still can be: no unit has a way out before its ruling (I16).
    pub(super) fn challenge_everything(&mut self) {
        let (now, _) = self.moment();
        let open = self.model.jobs.iter().flat_map(|(id, job)| {
            let windows = job.proofs.keys();
            let open = windows.filter(|w| job.challengeable(**w, now).is_some());
            open.map(|w| (*id, job.incarnation, *w)).collect::<Vec<_>>()
        });
        for (job, incarnation, window) in open.collect::<Vec<_>>() {
            let challenge = Action::Challenge {
                job,
                by: self.cast.delegators[0],
                incarnation,
                window,
                reason: 1,
                evidence: 2,
            };
            self.must(&challenge);
        }
    }

    /// Challenges that `suits` picks, by date.
    fn challenges(&self, suits: impl Fn(&Challenge) -> bool) -> Vec<ChallengeKey> {
        let all = self.model.challenges.iter();
        let mut some: Vec<_> = all.filter(|(_, challenge)| suits(challenge)).collect();
        some.sort_by_key(|(_, challenge)| challenge.rule_from);
        some.into_iter().map(|(key, _)| *key).collect()
    }

    /// The resolver rules on two of three; on the others, and on those it came too late for, anybody.
    pub(super) fn rule_on_everything(&mut self) {
        for (place, challenge) in self
            .challenges(|c| c.ruled.is_none())
            .into_iter()
            .enumerate()
        {
            let known = self.model.challenges[&challenge].clone();
            if place % 3 == 2 || self.moment().0 >= known.rule_until {
                continue;
            }
            let by = self.model.networks[&known.network].params.resolver;
            let bond = self.model.jobs[&challenge.0].bond_left();
            let void = place % 3 == 0;
            let ruling = Ruling {
                void,
                lied: void,
                reason: 3,
                slash: if void { bond / 2 } else { 0 },
                evidence: 4,
            };
            let rule = Action::RuleChallenge {
                challenge,
                by,
                ruling,
            };
            if self.moment().0 < known.rule_from {
                self.wait_for(i128::from(known.rule_from) - 1);
                assert_eq!(self.step(&rule), Err("RulingTooEarly"), "a second early");
            }
            self.wait_for(known.rule_from.into());
            // A ruling time of a second leaves the resolver none.
            if self.moment().0 < known.rule_until {
                self.must(&rule);
            }
        }
        for challenge in self.challenges(|c| c.ruled.is_none()) {
            let until = self.model.challenges[&challenge].rule_until;
            let by = self.cast.stranger;
            let ruling = Ruling {
                void: false,
                lied: false,
                reason: 0,
                slash: 0,
                evidence: 0,
            };
            let rule = Action::RuleChallenge {
                challenge,
                by,
                ruling,
            };
            if self.moment().0 < until {
                self.wait_for(i128::from(until) - 1);
                assert_eq!(self.step(&rule), Err("NotResolver"), "a second early");
            }
            self.wait_for(until.into());
            self.must(&rule);
        }
    }

    /// The attester of a member of a set.
    pub(super) fn attester_at(&self, set: Id, index: u8) -> Option<Id> {
        let set = &self.model.sets[&set];
        let mut all = self.model.attesters.iter();
        let found = all.find(|(_, a)| Some(a.key) == set.key(index) && a.network == set.network);
        found.map(|(id, _)| *id)
    }

    /// Every other lie is paid for.
    pub(super) fn slash_liars(&mut self) {
        let lied = |c: &Challenge| c.verdict() == Dispute::Void && !c.answerable().is_empty();
        for (place, challenge) in self.challenges(lied).into_iter().enumerate() {
            if place % 2 == 1 {
                continue;
            }
            let known = self.model.challenges[&challenge].clone();
            for index in known.answerable() {
                let staked = self.attester_at(known.set, index).filter(|attester| {
                    let subject = sluice_tests::reference::Subject::Attester(*attester);
                    self.model.pool_of(subject).is_ok()
                });
                if let Some(attester) = staked {
                    let slash = Action::SlashSigner {
                        challenge,
                        attester,
                        index,
                    };
                    self.must(&slash);
                    assert_eq!(self.step(&slash), Err("NotASigner"), "I17: twice");
                }
            }
        }
    }

    /// Settles all: the bonds of those whose signers were never slashed after a week.
    pub(super) fn settle_everything(&mut self) {
        for challenge in self.challenges(|_| true) {
            let settle = Action::SettleChallenge { challenge };
            let known = &self.model.challenges[&challenge];
            let over = known.over_at().map_or(0, i128::from);
            if !known.answerable().is_empty() && i128::from(self.moment().0) < over {
                self.wait_for(over - 1);
                assert_eq!(self.step(&settle), Err("SignersNotSlashed"), "early");
                self.wait_for(over);
            }
            self.must(&settle);
        }
        let state = self.seen();
        assert!(state.challenges.is_empty(), "I10: {:?}", state.challenges);
    }
}
