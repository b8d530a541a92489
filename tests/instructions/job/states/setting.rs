//! A job in a state, and the moment that suits an instruction best.

use {
    super::table::{Act, State},
    sluice_client::{Job, JobState, Ledger, instruction as ix},
    sluice_tests::world::{DAY, JobHandle, Stall, error_name},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;
/// The job's id.
const ID: u64 = 1;
/// Thirty hours: long enough for windows to be missing before the end.
const LENGTH: u64 = 30 * 3_600;

/// A stall, and the job of its buyer in one state.
pub struct Setting {
    stall: Stall,
    job: JobHandle,
    /// The job as it was when it was active: what somebody who still believes in it would send.
    seen: Job,
}

impl Setting {
    /// The job in `state`, at the best time for `act`.
    pub fn new(state: State, act: Act) -> Self {
        let mut stall = Stall::with(|args| args.expires_at += 30 * i64::from(DAY));
        // Taken once, to see what an active job looks like; its address stays the same whatever comes.
        let job = stall.take_with(ID, |args| args.length_secs = LENGTH);
        let mut setting = Self {
            seen: stall.world.job(&job.address),
            stall,
            job,
        };
        match state {
            State::Active => setting.suit(act),
            State::Released => setting.release(act),
            State::None => {
                setting.release(Act::Close);
                setting.close();
            }
            State::Open => {
                setting.release(Act::Close);
                setting.close();
                setting.stall.world.advance(1);
                setting.open();
                // Refunds wait for the last moment of acceptance, and a close for the refund.
                if matches!(act, Act::Refund | Act::Close) {
                    setting.stall.world.advance(i64::from(DAY));
                }
                if act == Act::Close {
                    setting.send(Act::Refund).unwrap();
                }
            }
        }
        setting
    }

    /// What sending `act` comes to, in the words of the table.
    pub fn outcome(mut self, act: Act) -> String {
        match self.send(act) {
            Ok(()) => format!("**{:?}**", self.state()),
            Err(name) => {
                let ixs = self.instructions(act);
                let signers = self.signers(act);
                let signers: Vec<_> = signers.iter().collect();
                // Refused again, and nothing moves.
                self.stall.world.refused(&ixs, &signers, &name);
                format!("`{name}`")
            }
        }
    }

    /// Moves an active job to where `act` has something to do.
    fn suit(&mut self, act: Act) {
        let start = self.seen.start_at;
        let at = |setting: &mut Self, secs| setting.stall.world.chain.set_time(start + secs);
        match act {
            Act::Attest | Act::AttestCosigned => at(self, HOUR),
            Act::Mature | Act::Credit | Act::Pay | Act::SweepTreasury | Act::SweepAttesters => {
                at(self, HOUR);
                self.prove();
                at(self, 14 * HOUR);
            }
            Act::Fault => at(self, 15 * HOUR),
            Act::Release | Act::Refund => at(self, 60 * HOUR),
            _ => at(self, 1),
        }
    }

    /// Proves window 0 by quorum.
    fn prove(&mut self) {
        self.stall.world.attest(&self.job, &self.stall.set, 0, 100);
    }

    /// Proves, settles and releases the job; for a close it is emptied too.
    fn release(&mut self, act: Act) {
        self.suit(Act::Attest);
        self.prove();
        self.suit(Act::Release);
        self.send(Act::Release).unwrap();
        if act == Act::Close {
            for pull in [
                Act::Pay,
                Act::SweepTreasury,
                Act::SweepAttesters,
                Act::Refund,
            ] {
                self.send(pull).unwrap();
            }
        }
    }

    fn close(&mut self) {
        self.send(Act::Close).unwrap();
    }

    fn open(&mut self) {
        self.send(Act::Open).unwrap();
    }

    /// Sends `act`; the name of the refusal if it fails.
    fn send(&mut self, act: Act) -> Result<(), String> {
        let (ixs, signers) = (self.instructions(act), self.signers(act));
        let signers: Vec<_> = signers.iter().collect();
        let sent = self.stall.world.send(&ixs, &signers);
        sent.map(|_| ()).map_err(|error| error_name(&error))
    }

    /// The state the job is in.
    fn state(&self) -> State {
        let Some(job) = self.account() else {
            return State::None;
        };
        match job.state {
            state if state == JobState::Open.byte() => State::Open,
            state if state == JobState::Active.byte() => State::Active,
            _ => State::Released,
        }
    }

    fn account(&self) -> Option<Job> {
        let chain = &self.stall.world.chain;
        chain.account(&self.job.address).unwrap()?;
        Some(chain.get(&self.job.address).unwrap())
    }

    fn signers(&self, act: Act) -> Vec<Keypair> {
        let operator = || vec![self.stall.provider.operator.insecure_clone()];
        match act {
            Act::Open | Act::Take | Act::TopUp | Act::Cancel | Act::Fault => {
                vec![self.stall.buyer.insecure_clone()]
            }
            Act::Accept | Act::Resign | Act::Waive => operator(),
            _ => Vec::new(),
        }
    }

    /// The instructions of `act`: for the job as it is, with the parties of the active one where it has none.
    fn instructions(&self, act: Act) -> Vec<Instruction> {
        let (stall, key) = (&self.stall, &self.job.address);
        let (buyer, operator) = (stall.buyer.pubkey(), stall.provider.operator.pubkey());
        let program = &stall.world.pay_mint.token_program;
        let mut job = self.account().unwrap_or(self.seen);
        (job.node, job.provider) = (self.seen.node, self.seen.provider);
        (job.payee, job.attestation_owner) = (self.seen.payee, self.seen.attestation_owner);
        let network = stall.world.network_state();
        vec![match act {
            Act::Open => {
                let cosigner = stall.cosigner.pubkey();
                let args = stall.world.open_args(ID, stall.terms(), &cosigner);
                let (payer, network) = (stall.world.payer.pubkey(), &stall.world.network);
                ix::open_job(&payer, &buyer, network, program, args)
            }
            Act::Take => stall.take_ix(stall.take_args(ID)),
            Act::Accept => {
                let owner = stall.provider.owner.pubkey();
                ix::accept_job(&operator, &owner, key, &job, &stall.node.address)
            }
            Act::TopUp => ix::top_up_job(&buyer, key, &job, program, 1),
            Act::Attest | Act::AttestCosigned => return self.proof(act, &job),
            Act::Mature => ix::mature(key),
            Act::Credit => ix::credit(key, &job),
            Act::Pay => ix::pay(key, &job, program),
            Act::SweepTreasury => ix::sweep_treasury(key, &job, &network, program),
            Act::SweepAttesters => ix::sweep_attesters(key, &job, program),
            Act::Refund => ix::refund(key, &job, program),
            Act::Cancel => ix::cancel_job(key, &job),
            Act::Resign => ix::resign_job(&operator, key, &job),
            Act::Waive => ix::waive_job(&operator, key, &job),
            Act::Fault => ix::fault_job(&buyer, key, &job),
            Act::Release => ix::release_job(key, &job),
            Act::Close => ix::close_job(key, &job, program),
        }]
    }

    /// The two instructions that prove window 0 of `job`.
    fn proof(&self, act: Act, job: &Job) -> Vec<Instruction> {
        use sluice_client::statement::{Path, Statement};
        let statement = Statement::of(job, 0, 100, [0; 32]);
        let sign = |path, key| statement.sign(path, key).unwrap();
        let key = &self.job.address;
        if act == Act::AttestCosigned {
            let path = Path::Cosigned;
            let (worker, cosigner) = (sign(path, &self.job.worker), sign(path, &self.job.cosigner));
            return ix::attest_cosigned(key, &statement, worker, cosigner)
                .unwrap()
                .to_vec();
        }
        let set = &self.stall.set;
        let worker = sign(Path::Quorum, &self.job.worker);
        let members = sluice_tests::world::sign_all(&statement, Path::Quorum, set.signers());
        let set_state = self.stall.world.chain.get(&set.address).unwrap();
        ix::attest(key, job, &set_state, &statement, worker, &members)
            .unwrap()
            .to_vec()
    }
}
