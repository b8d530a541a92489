//! Challenges, rulings and equivocation.

use {
    super::{super::book::Seeds, Builder, with},
    sluice::{
        BatchLeaf, Equivocation,
        state::{Challenge, Ruling},
    },
    sluice_client::{
        Ledger, StakePool, address, instruction as ix,
        statement::{Countersignature, equivocation_instruction},
    },
    sluice_tests::reference::{self, Action, ChallengeKey, Id, Said, ShowEquivocation, Tree},
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    /// A challenge as it is; one that is not there as its address says.
    fn challenge(&self, (job, incarnation, window): ChallengeKey) -> Challenge {
        let state = self.job(job);
        let job = self.at(job);
        let address = address::challenge(&job, incarnation, window);
        let known: Option<Challenge> = self.world.chain.get(&address).ok();
        known.unwrap_or(Challenge {
            job,
            network: state.network,
            pool: address::stake_pool(&state.provider),
            set: state.terms.set,
            rent_payer: self.payer(),
            incarnation,
            window,
            ..bytemuck::Zeroable::zeroed()
        })
    }

    pub(super) fn dispute(&self, action: &Action) -> Vec<Instruction> {
        let stake = self.world.stake_mint;
        let one = match action {
            Action::Challenge {
                job: id,
                by,
                incarnation,
                window,
                reason,
                evidence,
            } => {
                let mut job = self.job(*id);
                job.incarnation = *incarnation;
                ix::challenge(
                    &self.payer(),
                    &self.at(*by),
                    &self.at(*id),
                    &job,
                    &stake.address,
                    &stake.token_program,
                    *window,
                    (*reason, piece(*evidence)),
                )
            }
            Action::AddEvidence {
                challenge: (job, incarnation, window),
                by,
                piece: added,
            } => {
                let address = address::challenge(&self.at(*job), *incarnation, *window);
                ix::add_evidence(&self.at(*by), &address, piece(*added))
            }
            Action::RuleChallenge {
                challenge,
                by,
                ruling,
            } => {
                let challenge = self.challenge(*challenge);
                ix::rule_challenge(&self.at(*by), &challenge, said(ruling))
            }
            Action::SlashSigner {
                challenge,
                attester,
                index,
            } => {
                let Seeds::Attester { key, .. } = self.book.seeds(*attester) else {
                    panic!("{attester} is no attester")
                };
                let challenge = self.challenge(*challenge);
                let key = self.at(*key);
                let slash = ix::slash_signer(&challenge, &key, &Address::default(), *index);
                // The client takes the attester of the challenge's network.
                self.answering(slash, 2, *attester)
            }
            Action::SettleChallenge { challenge } => {
                let known = self.model.challenges.get(challenge).map(|c| c.pool);
                let challenge = self.challenge(*challenge);
                let blank = || StakePool {
                    vault: address::vault(&challenge.pool),
                    mint: stake.address,
                    ..bytemuck::Zeroable::zeroed()
                };
                let pool = known.map_or_else(blank, |pool| self.pool(pool));
                ix::settle_challenge(&challenge, &pool, &stake.token_program)
            }
            Action::ShowEquivocation(show) => return self.equivocation(show),
            other => unreachable!("{other:?}"),
        };
        vec![one]
    }

    /// The instruction with the attester, its pool and its owner's position from account `place` on.
    fn answering(&self, instruction: Instruction, place: usize, attester: Id) -> Instruction {
        let owner = self
            .model
            .attesters
            .get(&attester)
            .map(|a| self.at(a.owner));
        let attester = self.at(attester);
        let pool = address::stake_pool(&attester);
        let position = address::position(&pool, &owner.unwrap_or_default());
        let parts = [attester, pool, position];
        let mut places = place..;
        parts.into_iter().fold(instruction, |instruction, part| {
            with(instruction, places.next().expect("a place"), part)
        })
    }

    fn equivocation(&self, show: &ShowEquivocation) -> Vec<Instruction> {
        let Seeds::Attester { key, .. } = self.book.seeds(show.attester) else {
            panic!("{} is no attester", show.attester)
        };
        let shown = Equivocation {
            job: self.at(show.job),
            incarnation: show.incarnation,
            node: self.at(show.node),
            units: show.said.map(|(units, _)| units),
            digests: show.said.map(|(_, digest)| piece(digest)),
            window: show.window,
            first: self.leaf(show.trees[0].as_ref()),
            second: self.leaf(show.trees[1].as_ref()),
        };
        let (network, key) = (self.at(show.network), self.at(*key));
        let instruction = ix::show_equivocation(&network, &key, &Address::default(), shown);
        let instruction = self.answering(instruction, 1, show.attester);
        let Some(signed) = &show.signed else {
            return vec![instruction];
        };
        let sign = |(said, key): &(Said, u64)| -> (Countersignature, [u8; 48]) {
            match said {
                Said::Statement(statement) => {
                    let (statement, path) = self.statement(statement);
                    let signature = statement.sign(path, self.book.key(*key));
                    (signature.expect("a signature"), statement.message(path))
                }
                Said::Tree(tree) => {
                    let (message, signatures) = self.signed_tree(tree, &[*key]);
                    (signatures[0], message)
                }
            }
        };
        let verify = equivocation_instruction(&[sign(&signed[0]), sign(&signed[1])]);
        vec![verify, instruction]
    }

    /// Where a statement stands in a tree.
    fn leaf(&self, found: Option<&(Tree, u32)>) -> Option<BatchLeaf> {
        found.map(|(tree, index)| BatchLeaf {
            set: self.at(tree.set),
            index: *index,
            path: self.book.path(tree, *index, 0),
        })
    }
}

/// What stands for a hash, as the client takes it.
pub fn piece(number: u64) -> [u8; 32] {
    let mut piece = [0; 32];
    piece[..8].copy_from_slice(&number.to_le_bytes());
    piece
}

fn said(ruling: &reference::Ruling) -> Ruling {
    Ruling {
        void: u8::from(ruling.void),
        signers_lied: u8::from(ruling.lied),
        reason: ruling.reason,
        slash: ruling.slash,
        evidence: piece(ruling.evidence),
    }
}
