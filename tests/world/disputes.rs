//! Challenged windows, the rulings on them, and attesters that contradict themselves.

use {
    super::{AttesterHandle, JobHandle, Site, World},
    sluice_client::{
        Attester, Challenge, Equivocation, Job, Ledger, Receipt, Ruling, StakePool, address,
        instruction as ix,
        statement::{Path, Statement, equivocation_instruction},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Why these tests challenge, and the hash of what they bring first.
pub const REASON: u16 = 7;
pub const EVIDENCE: [u8; 32] = [6; 32];

/// A challenge and who opened it.
pub struct Objection {
    pub address: Address,
    pub challenger: Keypair,
}

/// The window counts.
pub const fn upheld() -> Ruling {
    Ruling {
        void: 0,
        signers_lied: 0,
        reason: 8,
        slash: 0,
        evidence: [4; 32],
    }
}

/// The window does not count, and `slash` base units are taken from the provider.
pub const fn void(slash: u64) -> Ruling {
    Ruling {
        void: 1,
        slash,
        ..upheld()
    }
}

/// The same, and whoever signed the window is to be slashed too.
pub const fn lied(slash: u64) -> Ruling {
    Ruling {
        signers_lied: 1,
        ..void(slash)
    }
}

/// The ed25519 instruction in which `key` signs both statements.
pub fn signed_twice(key: &Keypair, path: Path, statements: &[Statement; 2]) -> Instruction {
    equivocation_instruction(
        &statements.map(|statement| (statement.sign(path, key).unwrap(), statement.message(path))),
    )
}

impl World {
    /// A key that holds just the bond of a challenge of this job.
    pub fn challenger(&mut self, job: &JobHandle) -> Keypair {
        let (party, mint) = (self.party(), self.stake_mint);
        let bond = self.job(&job.address).terms.challenge_bond;
        self.mint_to(&party.pubkey(), &mint, bond);
        party
    }

    /// The challenge of `window` of a job.
    pub fn challenge_ix(&self, challenger: &Address, job: &JobHandle, window: u32) -> Instruction {
        ix::challenge(
            &self.payer.pubkey(),
            challenger,
            &job.address,
            &self.job(&job.address),
            &self.stake_mint.address,
            &self.stake_mint.token_program,
            window,
            (REASON, EVIDENCE),
        )
    }

    /// Challenges `window` of a job by a fresh challenger.
    #[track_caller]
    pub fn challenge(&mut self, job: &JobHandle, window: u32) -> Objection {
        let challenger = self.challenger(job);
        let challenge = self.challenge_ix(&challenger.pubkey(), job, window);
        self.ok(&[challenge], &[&challenger]);
        let incarnation = self.job(&job.address).incarnation;
        Objection {
            address: address::challenge(&job.address, incarnation, window),
            challenger,
        }
    }

    /// The challenge account.
    pub fn challenge_state(&self, objection: &Objection) -> Challenge {
        self.chain.get(&objection.address).unwrap()
    }

    /// The stake pool at an address.
    pub fn pool(&self, pool: &Address) -> StakePool {
        self.chain.get(pool).unwrap()
    }

    /// The owner of the attester of a key; nobody if it is no attester.
    pub fn owner_of(&self, key: &Address) -> Address {
        let attester = self.chain.get(&address::attester(&self.network, key));
        attester.map_or_else(|_| Address::default(), |attester: Attester| attester.owner)
    }

    /// The attester account.
    pub fn attester_state(&self, attester: &AttesterHandle) -> Attester {
        self.chain.get(&attester.address).unwrap()
    }

    /// The ruling of `ruler` on a challenge.
    pub fn rule_ix(&self, ruler: &Address, objection: &Objection, ruling: Ruling) -> Instruction {
        ix::rule_challenge(ruler, &self.challenge_state(objection), ruling)
    }

    /// Rules as the resolver, who is the world's payer.
    #[track_caller]
    pub fn rule(&mut self, objection: &Objection, ruling: Ruling) -> Receipt {
        let rule = self.rule_ix(&self.payer.pubkey(), objection, ruling);
        self.ok(&[rule], &[])
    }

    /// The resolver's ruling is refused by this name.
    #[track_caller]
    pub fn ruling_refused(&mut self, objection: &Objection, ruling: Ruling, name: &str) {
        let rule = self.rule_ix(&self.payer.pubkey(), objection, ruling);
        self.refused(&[rule], &[], name);
    }

    /// The slashing of the member with this key at `index` for a challenged window.
    pub fn slash_signer_ix(&self, objection: &Objection, key: &Address, index: u8) -> Instruction {
        let owner = self.owner_of(key);
        ix::slash_signer(&self.challenge_state(objection), key, &owner, index)
    }

    /// The settling of a challenge.
    pub fn settle_challenge_ix(&self, objection: &Objection) -> Instruction {
        let state = self.challenge_state(objection);
        let token_program = &self.stake_mint.token_program;
        ix::settle_challenge(&state, &self.pool(&state.pool), token_program)
    }

    /// Settles a challenge.
    #[track_caller]
    pub fn settle_challenge(&mut self, objection: &Objection) -> Receipt {
        let settle = self.settle_challenge_ix(objection);
        self.ok(&[settle], &[])
    }

    /// What shows two statements about one window of a job to be of one attester.
    pub fn show_ix(
        &self,
        key: &Address,
        job: &JobHandle,
        statements: &[Statement; 2],
    ) -> Instruction {
        let state = self.job(&job.address);
        ix::show_equivocation(
            &self.network,
            key,
            &self.owner_of(key),
            Equivocation {
                job: job.address,
                incarnation: state.incarnation,
                node: job.node,
                units: statements.map(|statement| statement.units),
                digests: statements.map(|statement| statement.digest),
                window: statements[0].window,
                first: None,
                second: None,
            },
        )
    }

    /// Two instructions that show both statements to be signed by `key`.
    pub fn equivocation_ixs(
        &self,
        key: &Keypair,
        job: &JobHandle,
        statements: &[Statement; 2],
    ) -> [Instruction; 2] {
        [
            signed_twice(key, Path::Quorum, statements),
            self.show_ix(&key.pubkey(), job, statements),
        ]
    }

    /// Unstakes, withdraws and closes all of an owner's stake in its own pool, a week later.
    #[track_caller]
    pub fn unstake_all(&mut self, owner: &Keypair, pool: &Address) {
        let (payer, network, mint) = (self.payer.pubkey(), self.network, self.stake_mint);
        let key = address::position(pool, &owner.pubkey());
        let position: sluice_client::Position = self.chain.get(&key).unwrap();
        let unstake = ix::unstake(&payer, &owner.pubkey(), &network, pool, position.shares, 77);
        self.ok(&[unstake], &[owner]);
        self.advance(i64::from(self.network_state().params.unbonding_secs));
        let ticket = self.chain.get(&address::unstake(&key, 77)).unwrap();
        let withdraw = ix::withdraw(&self.pool(pool), &ticket, &mint.token_program);
        self.ok(&[withdraw], &[]);
    }

    /// Closes the emptied pool of an owner, with what was slashed burned before.
    #[track_caller]
    pub fn close_pool(&mut self, owner: &Keypair, pool: &Address) {
        let token_program = self.stake_mint.token_program;
        if self.pool(pool).to_burn > 0 {
            let burn = ix::burn_slashed(pool, &self.pool(pool), &token_program);
            self.ok(&[burn], &[]);
        }
        let position = address::position(pool, &owner.pubkey());
        let dividends = self.reward_mint.address;
        let close = [
            ix::close_position(&self.chain.get(&position).unwrap()),
            ix::close_stake_pool(&self.pool(pool), &dividends, &token_program),
        ];
        self.ok(&close, &[owner]);
    }
}

impl Site {
    /// A site on which window 0 was proven with 100 units as soon as it ended, and challenged.
    pub fn challenged() -> (Self, Objection) {
        Self::new().with_challenge()
    }

    /// Proves window 0 with 100 units as soon as it ended, and challenges it.
    #[track_caller]
    pub fn with_challenge(mut self) -> (Self, Objection) {
        self.at(i64::from(self.state().terms.window_secs));
        self.prove(0, 100);
        let objection = self.challenge(0);
        (self, objection)
    }

    /// Challenges `window` by a fresh challenger.
    #[track_caller]
    pub fn challenge(&mut self, window: u32) -> Objection {
        self.world.challenge(&self.job, window)
    }

    /// A challenge of `window` is refused by this name.
    #[track_caller]
    pub fn challenge_refused(&mut self, window: u32, name: &str) {
        let challenger = self.world.challenger(&self.job);
        let key = challenger.pubkey();
        let challenge = self.world.challenge_ix(&key, &self.job, window);
        self.world.refused(&[challenge], &[&challenger], name);
    }

    /// Moves to `secs` after the ruling time on `window` begins: its first half is the challenger's and the provider's.
    pub fn at_ruling(&mut self, window: u32, secs: i64) {
        let terms = self.state().terms;
        let end = i64::from(terms.window_secs) * i64::from(window + 1);
        self.at(end + terms.maturity_secs() + secs);
    }

    /// Moves to the last second in which the resolver can rule on `window`, and rules.
    #[track_caller]
    pub fn rule(&mut self, objection: &Objection, ruling: Ruling) -> Receipt {
        let until = self.world.challenge_state(objection).rule_until;
        self.world.chain.set_time(until - 1);
        self.world.rule(objection, ruling)
    }

    /// The provider's stake pool.
    pub fn pool(&self) -> StakePool {
        self.world.pool(&self.provider.pool)
    }

    /// An outsider stakes `amount` in the provider's pool.
    #[track_caller]
    pub fn delegate(&mut self, outsider: &Keypair, amount: u64) {
        let (world, pool) = (&mut self.world, self.provider.pool);
        let (payer, key, mint) = (world.payer.pubkey(), outsider.pubkey(), world.stake_mint);
        world.mint_to(&key, &mint, amount);
        let network = world.network;
        let (token, program) = (&mint.address, &mint.token_program);
        let stake = ix::stake(&payer, &key, &network, &pool, token, program, amount);
        world.ok(&[stake], &[outsider]);
    }

    /// Stake tokens that `owner` holds.
    pub fn stake_of(&self, owner: &Address) -> u64 {
        self.world.tokens(owner, &self.world.stake_mint)
    }

    /// Two statements about window 0 of the job that differ in their units.
    pub fn contradiction(&self) -> [Statement; 2] {
        let job: Job = self.state();
        [100, 99].map(|units| Statement::of(&job, 0, units, [0; 32]))
    }

    /// Shows that the member at `index` signed both of [`Self::contradiction`].
    #[track_caller]
    pub fn tombstone(&mut self, index: usize) -> Receipt {
        let key = &self.set.attesters[index].key;
        let shown = self
            .world
            .equivocation_ixs(key, &self.job, &self.contradiction());
        self.world.ok(&shown, &[])
    }

    /// The instruction by which `remover` clears the bit of the member at `index`.
    pub fn remove_ix(&self, remover: &Address, index: u8) -> Instruction {
        let key = self.set.attesters[usize::from(index)].key.pubkey();
        let network = &self.world.network;
        ix::leave_attester_set(remover, network, &self.set.address, &key, index)
    }

    /// Slashes the member at `index` as a signer of a challenged window.
    #[track_caller]
    pub fn slash_signer(&mut self, objection: &Objection, index: u8) -> Receipt {
        let slash = self.slash_signer_ix(objection, index);
        self.world.ok(&[slash], &[])
    }

    /// The slashing of the member at `index`.
    pub fn slash_signer_ix(&self, objection: &Objection, index: u8) -> Instruction {
        let key = self.set.attesters[usize::from(index)].key.pubkey();
        self.world.slash_signer_ix(objection, &key, index)
    }
}
