//! One run: the chain and the reference ledger side by side, step by step.

use {
    super::{
        book::Book,
        cast::Cast,
        estranged::Estranged,
        execute::Builder,
        identity,
        observe::{self, Sight},
        refusal::{agrees, name_of},
        tally::Tally,
    },
    sluice_client::{ClientError, Job, Ledger, address, event, ledger::sign},
    sluice_tests::{
        reference::{Account, Action, Effect, Fail, Holder, Id, Reference, Snapshot, invariants},
        world::World,
    },
    solana_address::Address,
    solana_clock::Clock,
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::collections::{BTreeMap, BTreeSet},
};

/// A chain, the model of it and what both were seen to do.
pub struct Run {
    pub world: World,
    pub book: Book,
    pub cast: Cast,
    pub model: Reference,
    pub tally: Tally,
    pub seed: u64,
    /// By associated account.
    pub estranged: BTreeMap<Address, Estranged>,
    /// One that takes a payment just now.
    pub relapsing: Option<Estranged>,
    sight: Sight,
    /// Every job as it was last seen, closed ones too.
    jobs: BTreeMap<Id, Job>,
    fees: u128,
    steps: u64,
}

impl Drop for Run {
    /// An invariant that breaks names itself, but not where.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, step {}", self.seed, self.steps);
        }
    }
}

impl Run {
    /// A chain with nothing on it but mints and people with tokens.
    pub fn new(seed: u64) -> Self {
        let (mut world, mut book) = (World::bare(), Book::default());
        let mut model = Reference::default();
        let cast = Cast::assemble(&mut world, &mut book, &mut model);
        let sight = observe::look(&mut world, &book, 0);
        Self {
            world,
            book,
            cast,
            model,
            tally: Tally::default(),
            seed,
            estranged: BTreeMap::new(),
            relapsing: None,
            sight,
            jobs: BTreeMap::new(),
            fees: 0,
            steps: 0,
        }
    }

    /// Unix seconds and slot.
    pub fn moment(&self) -> (i64, u64) {
        let clock = self.world.chain.clock().expect("a clock");
        (clock.unix_timestamp, clock.slot)
    }

    /// What was last seen on chain.
    pub fn seen(&self) -> &Snapshot {
        &self.sight.observed.state
    }

    /// Moves the clock `secs` on, and `slots`.
    pub fn pass(&mut self, secs: i64, slots: u64) {
        let svm = self.world.chain.svm();
        let mut clock: Clock = svm.get_sysvar();
        clock.unix_timestamp += secs;
        clock.slot += slots;
        svm.set_sysvar(&clock);
    }

    /// Does what must succeed.
    pub fn must(&mut self, action: &Action) -> Effect {
        let outcome = self.step(action);
        outcome.unwrap_or_else(|refusal| panic!("{}: {refusal}", self.place(action)))
    }

    /// Does `action` on both sides and asserts that they agree in everything.
    ///
    /// # Errors
    /// The refusal, if both refused it.
    pub fn step(&mut self, action: &Action) -> Result<Effect, Fail> {
        self.steps += 1;
        let (now, slot) = self.moment();
        let instructions = Builder {
            world: &self.world,
            book: &self.book,
            model: &self.model,
            jobs: &self.jobs,
        }
        .instructions(action);
        let instructions = self.paid_elsewhere(instructions);
        let instructions = self.detour(action, instructions);
        let got = self.send(&instructions);
        let before = self.model.clone();
        let expected = self.model.apply(now, slot, action);
        self.tally.count(action, &expected);
        if let Action::AttestBatch(_) = action {}
        if let Ok(effect) = &expected {
            self.tally.rewards(&before, action, effect);
        }
        invariants::i13_pauses_stop_intake_only(&self.model, action, &expected, now);
        match (&expected, &got) {
            (Ok(effect), Ok(())) => {
                self.check_effect(action, effect, now);
                self.relapse();
            }
            (Err(fail), Err(name)) => {
                let agreed = agrees(fail, name);
                assert!(
                    agreed,
                    "{}: {fail}, but {name} on chain",
                    self.place(action)
                );
                self.check_nothing_happened(action);
            }
            _ => panic!("{}: {expected:?}, but {got:?} on chain", self.place(action)),
        }
        expected
    }

    /// Sends a transaction; the name of the error if it is refused.
    pub(super) fn send(&mut self, instructions: &[Instruction]) -> Result<(), String> {
        let payer = &self.world.payer;
        let metas = instructions.iter().flat_map(|ix| &ix.accounts);
        let signers: BTreeSet<_> = metas
            .filter(|meta| meta.is_signer && meta.pubkey != payer.pubkey())
            .map(|meta| meta.pubkey)
            .collect();
        let signers: Vec<&dyn Signer> = signers
            .iter()
            .map(|key| self.book.key_at(key) as &dyn Signer)
            .collect();
        let chain = &mut self.world.chain;
        let lifetime = chain.latest().expect("a chain has a blockhash");
        let transaction = sign(instructions, payer, &signers, &lifetime);
        let transaction = transaction.expect("it can be signed and travels");
        let sent = chain.svm().send_transaction(transaction);
        chain.svm().expire_blockhash();
        match sent {
            Ok(meta) => {
                self.fees += u128::from(meta.fee);
                self.tally.events(&meta.logs);
                Ok(())
            }
            Err(failed) => {
                self.fees += u128::from(failed.meta.fee);
                let logged = event::decode(&failed.meta.logs);
                assert!(logged.events.is_empty(), "events of what failed");
                let error = ClientError::of_transaction(failed.err, failed.meta.logs);
                Err(name_of(&error))
            }
        }
    }

    /// Looks at what was done past the program.
    pub(super) fn look_again(&mut self) {
        self.sight = observe::look(&mut self.world, &self.book, self.fees);
    }

    pub(super) fn check_nothing_happened(&mut self, action: &Action) {
        let (raw, lamports) = observe::raw(&mut self.world);
        let same = raw == self.sight.raw;
        assert!(same, "{}: refused, but something moved", self.place(action));
        let before = self.sight.observed.lamports + self.sight.observed.fees;
        let after = lamports + self.fees;
        assert_eq!(before, after, "{}: lamports", self.place(action));
        (self.sight.observed.lamports, self.sight.observed.fees) = (lamports, self.fees);
        self.check_state(action);
    }

    fn check_state(&self, action: &Action) {
        let (model, chain) = (self.model.snapshot(), self.seen());
        if model != *chain {
            let differences = identity::differences(&model, chain);
            panic!(
                "{}: model and chain differ: {differences}",
                self.place(action)
            );
        }
    }

    fn check_effect(&mut self, action: &Action, effect: &Effect, now: i64) {
        let after = observe::look(&mut self.world, &self.book, self.fees);
        let before = std::mem::replace(&mut self.sight, after);
        for (network, domain) in &self.sight.domains {
            self.book.enter_domain(*network, *domain);
        }
        self.jobs
            .extend(self.sight.jobs.iter().map(|(id, job)| (*id, *job)));
        self.check_state(action);
        let place = self.place(action);
        self.check_movements(&before, effect, &place);
        let (old, new) = (&before.observed.state, &self.sight.observed.state);
        self.tally.ends(old, new);
        self.tally.rulings(old, new);
        self.tally.commissions(old, new);
        self.check_accounts(effect, &place);
        identity::accounts_are_whose_the_model_says(&self.book, &self.model, &self.sight);
        identity::i19_terms_stay(&before, &self.sight);
        invariants::after_step(&self.model, &before.observed, &self.sight.observed, now);
        invariants::i04_promises_are_funded(&self.model);
    }

    /// Every balance changed by exactly what the effect says.
    fn check_movements(&self, before: &Sight, effect: &Effect, place: &str) {
        let (old, new) = (&before.observed.state.balances, &self.seen().balances);
        let moved = effect
            .moves
            .iter()
            .flat_map(|m| [(m.from, m.mint), (m.to, m.mint)])
            .chain(effect.burned.iter().map(|(from, mint, _)| (*from, *mint)));
        let all: BTreeSet<_> = old.keys().chain(new.keys()).copied().chain(moved).collect();
        for (holder, mint) in all {
            let amount = |balances: &BTreeMap<_, u64>| {
                i128::from(balances.get(&(holder, mint)).copied().unwrap_or(0))
            };
            let change = amount(new) - amount(old);
            let said = effect.change_of(holder, mint);
            assert_eq!(change, said, "{place}: {holder:?} in mint {mint}");
        }
    }

    /// What opened is there, what closed is gone.
    fn check_accounts(&self, effect: &Effect, place: &str) {
        let exists = |account: &Account| self.sight.raw.contains_key(&self.address_of(*account));
        for account in &effect.opened {
            assert!(exists(account), "{place}: {account:?} is not there");
        }
        for account in &effect.closed {
            assert!(!exists(account), "{place}: {account:?} is still there");
        }
    }

    /// True if `holder` has its vault.
    pub fn exists(&self, holder: Holder) -> bool {
        let vault = self.address_of(Account::Vault(holder));
        self.sight.raw.contains_key(&vault)
    }

    fn address_of(&self, account: Account) -> Address {
        let at = |id| self.book.address(id);
        match account {
            Account::Network(id)
            | Account::Attester(id)
            | Account::AttesterSet(id)
            | Account::Batch(id)
            | Account::Provider(id)
            | Account::Node(id)
            | Account::StakePool(id)
            | Account::Offer(id)
            | Account::Job(id)
            | Account::RewardPool(id) => at(id),
            Account::Position(pool, staker) => address::position(&at(pool), &at(staker)),
            Account::Unstake(pool, staker, nonce) => {
                address::unstake(&address::position(&at(pool), &at(staker)), nonce)
            }
            Account::Challenge(job, incarnation, window) => {
                address::challenge(&at(job), incarnation, window)
            }
            Account::Epoch(pool, index) => address::epoch(&at(pool), index),
            Account::Share(pool, node) => address::share(&at(pool), &at(node)),
            Account::Vault(holder) => self.book.token_account(holder, 0),
        }
    }

    /// Where the run is: enough to repeat it.
    pub fn place(&self, action: &Action) -> String {
        let (now, slot) = self.moment();
        let (seed, step) = (self.seed, self.steps);
        format!("seed {seed}, step {step}, second {now}, slot {slot}: {action:?}")
    }
}
