//! Jobs: opened, accepted and proven.

use {
    super::{DAY, NodeHandle, ProviderHandle, SetHandle, TOKEN, World},
    sluice_client::{
        Job, Ledger, OpenArgs, Receipt, Result, Terms, address, instruction as ix,
        statement::{Countersignature, Path, Statement},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// What a buyer of these tests agrees to: the network's 2.5 % and a set's 1 %.
pub const MOST_BPS: u16 = 350;

/// A job and everybody in it.
pub struct JobHandle {
    pub address: Address,
    pub buyer: Keypair,
    pub cosigner: Keypair,
    pub worker: Keypair,
    pub provider_owner: Address,
    pub node: Address,
}

impl World {
    /// Windows of an hour at 3 tokens per 2 units, at most 100 units each; 12 h grace and 1 h to challenge.
    pub fn terms(&self, set: &Address) -> Terms {
        Terms {
            mint: self.pay_mint.address,
            set: *set,
            price: 3 * TOKEN,
            per: 2,
            cap: 100,
            bond: 500 * TOKEN,
            challenge_bond: 10 * TOKEN,
            max_length_secs: u64::from(30 * DAY),
            window_secs: 3_600,
            grace_secs: 12 * 3_600,
            challenge_secs: 3_600,
            ruling_secs: DAY,
            notice_secs: 2 * 3_600,
            fault_windows: 3,
        }
    }

    /// Arguments that open job `id` for anyone: ten hours, 1,000 tokens, acceptable for a day.
    pub fn open_args(&self, id: u64, terms: Terms, cosigner: &Address) -> OpenArgs {
        OpenArgs {
            id,
            terms,
            length_secs: 10 * 3_600,
            open_until: self.now() + i64::from(DAY),
            funds: 1_000 * TOKEN,
            spec_hash: [3; 32],
            cosigner: *cosigner,
            provider: Address::default(),
            refund_owner: Address::default(),
            resolver: self.network_state().roles.resolver,
            max_fee_bps: MOST_BPS,
        }
    }

    /// A buyer with 1,000,000 payment tokens.
    pub fn buyer(&mut self) -> Keypair {
        let buyer = self.party();
        let mint = self.pay_mint;
        self.mint_to(&buyer.pubkey(), &mint, 1_000_000 * TOKEN);
        buyer
    }

    /// Opens a job and returns its address.
    pub fn open(&mut self, buyer: &Keypair, args: OpenArgs) -> Address {
        let open = ix::open_job(
            &self.payer.pubkey(),
            &buyer.pubkey(),
            &self.network,
            &self.pay_mint.token_program,
            args,
        );
        self.ok(&[open], &[buyer]);
        address::job(&self.network, &buyer.pubkey(), args.id)
    }

    /// Accepts a job onto a node.
    pub fn accept(&mut self, job: &Address, provider: &ProviderHandle, node: &NodeHandle) {
        let accept = ix::accept_job(
            &provider.operator.pubkey(),
            &provider.owner.pubkey(),
            job,
            &self.job(job),
            &node.address,
        );
        self.ok(&[accept], &[&provider.operator]);
    }

    /// A job of the default terms, opened by a fresh buyer and accepted.
    pub fn active_job(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) -> JobHandle {
        let terms = self.terms(&set.address);
        self.active_job_with(provider, node, terms, |_| ())
    }

    /// A job of these terms, its arguments changed by `change`, opened by a fresh buyer and accepted.
    pub fn active_job_with(
        &mut self,
        provider: &ProviderHandle,
        node: &NodeHandle,
        terms: Terms,
        change: impl FnOnce(&mut OpenArgs),
    ) -> JobHandle {
        let (buyer, cosigner) = (self.buyer(), self.key());
        let mut args = self.open_args(1, terms, &cosigner.pubkey());
        change(&mut args);
        let job = self.open(&buyer, args);
        self.accept(&job, provider, node);
        JobHandle {
            address: job,
            buyer,
            cosigner,
            worker: node.worker.insecure_clone(),
            provider_owner: provider.owner.pubkey(),
            node: node.address,
        }
    }

    /// The job account.
    pub fn job(&self, address: &Address) -> Job {
        self.chain.get(address).unwrap()
    }

    /// The two instructions that prove `window` by the set's first `threshold` members.
    pub fn attest_ixs(
        &self,
        job: &JobHandle,
        set: &SetHandle,
        window: u32,
        units: u64,
    ) -> [Instruction; 2] {
        let state = self.job(&job.address);
        let statement = Statement::of(&state, window, units, [window as u8; 32]);
        let signed = sign_all(&statement, Path::Quorum, set.signers());
        let worker = statement.sign(Path::Quorum, &job.worker).unwrap();
        let set_state = self.chain.get(&set.address).unwrap();
        ix::attest(
            &job.address,
            &state,
            &set_state,
            &statement,
            worker,
            &signed,
        )
        .unwrap()
    }

    /// Proves `window` by quorum, whatever comes of it.
    pub fn try_attest(
        &mut self,
        job: &JobHandle,
        set: &SetHandle,
        window: u32,
        units: u64,
    ) -> Result<Receipt> {
        let ixs = self.attest_ixs(job, set, window, units);
        self.send(&ixs, &[])
    }

    /// Proves `window` by quorum.
    pub fn attest(&mut self, job: &JobHandle, set: &SetHandle, window: u32, units: u64) {
        let ixs = self.attest_ixs(job, set, window, units);
        self.ok(&ixs, &[]);
    }

    /// The two instructions that prove `window` by worker and cosigner.
    pub fn cosigned_ixs(&self, job: &JobHandle, window: u32, units: u64) -> [Instruction; 2] {
        let statement = Statement::of(&self.job(&job.address), window, units, [window as u8; 32]);
        let worker = statement.sign(Path::Cosigned, &job.worker).unwrap();
        let cosigner = statement.sign(Path::Cosigned, &job.cosigner).unwrap();
        ix::attest_cosigned(&job.address, &statement, worker, cosigner).unwrap()
    }

    /// Proves `window` by worker and cosigner.
    pub fn attest_cosigned(&mut self, job: &JobHandle, window: u32, units: u64) {
        let ixs = self.cosigned_ixs(job, window, units);
        self.ok(&ixs, &[]);
    }

    /// The pulls from a job, by name.
    pub fn pull(&self, job: &Address, what: Pull) -> Instruction {
        let state = self.job(job);
        let token_program = &self.pay_mint.token_program;
        match what {
            Pull::Pay => ix::pay(job, &state, token_program),
            Pull::Treasury => ix::sweep_treasury(job, &state, &self.network_state(), token_program),
            Pull::Attesters => ix::sweep_attesters(job, &state, token_program),
            Pull::Refund => ix::refund(job, &state, token_program),
        }
    }
}

/// A door out of escrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    Pay,
    Treasury,
    Attesters,
    Refund,
}

impl Pull {
    /// Every door.
    pub const ALL: [Self; 4] = [Self::Pay, Self::Treasury, Self::Attesters, Self::Refund];
}

impl SetHandle {
    /// As many signing keys as the threshold, from the first member on.
    pub fn signers(&self) -> impl Iterator<Item = &Keypair> {
        self.attesters
            .iter()
            .take(usize::from(self.args.threshold))
            .map(|attester| &attester.key)
    }
}

/// The signatures of `keys` under `statement`.
pub fn sign_all<'a>(
    statement: &Statement,
    path: Path,
    keys: impl Iterator<Item = &'a Keypair>,
) -> Vec<Countersignature> {
    keys.map(|key| statement.sign(path, key).unwrap()).collect()
}
