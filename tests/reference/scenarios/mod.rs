//! Hand-computed scenarios: the reference must stand before the program is held against it.

mod checks;
mod closing;
mod delegated;
mod disputes;
mod dividends;
mod ended;
mod equivocation;
mod escrow;
mod governance;
mod market;
mod proving;
mod records;
mod rewards;
mod stake;
mod wander;

use super::*;

const STAKE: Mint = 1;
const PAY: Mint = 2;
const REWARD: Mint = 3;
const NETWORK: Id = 1;
const SET: Id = 1;
const PROVIDER: Id = 1;
const NODE: Id = 1;
const POOL: Id = 1;
const JOB: Id = 1;
const TREASURY: Key = 10;
const ADMIN: Key = 11;
const GUARDIAN: Key = 12;
const FEE_OWNER: Key = 20;
const REVOKER: Key = 21;
const OWNER: Key = 30;
const OPERATOR: Key = 31;
const WORKER: Key = 32;
const BUYER: Key = 40;
const COSIGNER: Key = 41;
const CREATOR: Key = 42;
const CHALLENGER: Key = 50;
const DELEGATOR: Key = 51;
const STRANGER: Key = 52;
/// When the usual job is accepted, and the slot it was opened in.
const START: i64 = 1_000;
const OPENED: u64 = 7;
const DAY: u32 = 86_400;

/// The model, with every invariant asserted after every step.
struct World {
    model: Reference,
    slot: u64,
}

impl World {
    /// A network with a set of three live attesters (two sign) and a provider with a staked node of two slots.
    fn new() -> Self {
        let mut world = Self {
            model: Reference::default(),
            slot: 1,
        };
        for (key, mint) in [(OWNER, STAKE), (BUYER, PAY), (BUYER, REWARD)] {
            world.model.mint_to(Holder::Wallet(key), mint, 10_000);
        }
        let founding = Founding {
            admin: ADMIN,
            stake_mint: STAKE,
            dividend_mint: REWARD,
            min_unbonding_secs: 10 * DAY,
            dividend_secs: DAY,
        };
        let params = NetworkParams {
            guardian: GUARDIAN,
            resolver: ADMIN,
            treasury: TREASURY,
            min_stake: 100,
            min_bond: 50,
            unbonding_secs: 10 * DAY,
            timelock_secs: 10 * DAY,
            fee_bps: 200,
        };
        let network = NETWORK;
        let create = Action::CreateNetwork {
            network,
            founding,
            params,
        };
        world.ok(0, create);
        let args = SetArgs {
            fee_owner: FEE_OWNER,
            revoker: REVOKER,
            fee_bps: 300,
            threshold: 2,
            keys: vec![101, 102, 103],
            quality: QUALITY,
        };
        let set = SET;
        world.ok(0, Action::CreateSet { set, network, args });
        for index in 0..3u8 {
            world.attester(index);
        }
        world.ok(
            0,
            Action::RegisterProvider {
                provider: PROVIDER,
                network,
                owner: OWNER,
                operator: OPERATOR,
            },
        );
        world.node(NODE, WORKER, 2);
        world.stake_pool(POOL, Subject::Provider(PROVIDER), OWNER, 200);
        world
    }

    fn attester(&mut self, index: u8) {
        let (attester, owner) = (Id::from(index) + 1, Key::from(index) + 111);
        self.ok(
            0,
            Action::RegisterAttester {
                attester,
                network: NETWORK,
                owner,
                key: Key::from(index) + 101,
            },
        );
        self.model.mint_to(Holder::Wallet(owner), STAKE, 60);
        self.stake_pool(attester + 10, Subject::Attester(attester), owner, 60);
        let enter = Action::EnterSet {
            set: SET,
            attester,
            index,
            by: owner,
        };
        self.ok(0, enter);
    }

    fn node(&mut self, node: Id, worker: Key, slots: u16) {
        let register = Action::RegisterNode {
            node,
            provider: PROVIDER,
            by: OWNER,
            worker,
            set: Some(SET),
            slots,
        };
        self.ok(0, register);
    }

    fn stake_pool(&mut self, pool: Id, subject: Subject, by: Key, amount: u64) {
        let network = NETWORK;
        let create = Action::CreateStakePool {
            pool,
            network,
            subject,
        };
        self.ok(0, create);
        self.ok(0, Action::Stake { pool, by, amount });
    }

    /// `by` stakes `amount` that it is given in `pool`.
    fn delegate(&mut self, pool: Id, by: Key, amount: u64) {
        self.delegate_at(START, pool, by, amount);
    }

    /// The same at `now`.
    fn delegate_at(&mut self, now: i64, pool: Id, by: Key, amount: u64) {
        self.model.mint_to(Holder::Wallet(by), STAKE, amount);
        self.ok(now, Action::Stake { pool, by, amount });
    }

    /// Applies what must succeed, in the next slot, and asserts the invariants.
    fn ok(&mut self, now: i64, action: Action) -> Effect {
        self.slot += 1;
        let before = self.observed();
        let outcome = self.model.apply(now, self.slot, &action);
        invariants::i13_pauses_stop_intake_only(&self.model, &action, &outcome, now);
        let effect = outcome.unwrap_or_else(|refusal| panic!("{action:?} at {now}: {refusal}"));
        invariants::after_step(&self.model, &before, &self.observed(), now);
        invariants::i04_promises_are_funded(&self.model);
        effect
    }

    /// Applies what must be refused by that name, and asserts that nothing changed.
    fn refuse(&mut self, now: i64, action: Action, error: Fail) {
        let before = self.model.snapshot();
        assert_eq!(
            self.model.apply(now, self.slot, &action),
            Err(error),
            "{action:?} at {now}"
        );
        assert_eq!(self.model.snapshot(), before, "{action:?} was refused");
    }

    /// What a chain that agrees with the model would show.
    fn observed(&self) -> Observed {
        Observed {
            state: self.model.snapshot(),
            lamports: 1_000_000,
            fees: 0,
        }
    }

    /// Base units that a pull moved.
    fn moved(&mut self, now: i64, action: Action) -> u64 {
        self.ok(now, action).moves.iter().map(|m| m.amount).sum()
    }

    fn wallet(&self, key: Key, mint: Mint) -> u64 {
        self.model.balance(Holder::Wallet(key), mint)
    }

    /// Opens the usual job on the usual terms, for `funds`.
    fn open(&mut self, funds: u64, change: impl FnOnce(&mut OpenJob)) {
        let mut open = usual_job(funds);
        change(&mut open);
        self.slot = OPENED - 1;
        self.ok(START - 10, Action::OpenJob(Box::new(open)));
    }

    /// Opens and accepts the usual job.
    fn start(&mut self, funds: u64, change: impl FnOnce(&mut OpenJob)) {
        self.open(funds, change);
        self.ok(START, accept());
    }

    /// An honest proof by the first two members.
    fn attest(&self, window: u32, units: u64) -> Action {
        self.attest_by(window, units, 0x10, &[WORKER, 101, 102])
    }

    fn attest_by(&self, window: u32, units: u64, members: u64, keys: &[Key]) -> Action {
        let claimed = claimed(window, units);
        Action::Attest {
            job: JOB,
            set: SET,
            claimed,
            members,
            signed: self.signed(Path::Quorum, claimed, keys),
        }
    }

    fn attest_cosigned(&self, window: u32, units: u64) -> Action {
        let claimed = claimed(window, units);
        Action::AttestCosigned {
            job: JOB,
            claimed,
            signed: self.signed(Path::Cosigned, claimed, &[WORKER, COSIGNER]),
        }
    }

    fn signed(&self, path: Path, claimed: Claimed, keys: &[Key]) -> Option<Signed> {
        let statement = proof::statement(JOB, &self.model.jobs[&JOB], path, claimed)?;
        let keys = keys.to_vec();
        Some(Signed { statement, keys })
    }
}

fn claimed(window: u32, units: u64) -> Claimed {
    Claimed {
        window,
        units,
        digest: 5,
    }
}

/// What the usual job just offers, but that it pays better.
const QUALITY: Quality = Quality {
    mint: PAY,
    price: 1,
    per: 1,
    bond: 40,
    challenge_bond: 5,
    challenge_secs: 30,
    ruling_secs: 60,
};

/// 3 base units for 2 units, 10 units a window of 100 s, grace 50 s, challenge 30 s; 250 s long: the third window is cut.
fn usual_job(funds: u64) -> OpenJob {
    OpenJob {
        job: JOB,
        network: NETWORK,
        buyer: BUYER,
        terms: Terms {
            mint: PAY,
            set: Some(SET),
            price: 3,
            per: 2,
            cap: 10,
            bond: 40,
            challenge_bond: 5,
            max_length_secs: 1_000,
            window_secs: 100,
            grace_secs: 50,
            challenge_secs: 30,
            ruling_secs: 60,
            notice_secs: 150,
            fault_windows: 1,
        },
        length_secs: 250,
        open_until: START + 100,
        funds,
        cosigner: Some(COSIGNER),
        provider: None,
        refund_owner: None,
        resolver: ADMIN,
        max_fee_bps: 500,
    }
}

fn accept() -> Action {
    Action::AcceptJob {
        job: JOB,
        provider: PROVIDER,
        node: NODE,
        by: OPERATOR,
        incarnation: OPENED,
    }
}

fn top_up(amount: u64) -> Action {
    Action::TopUpJob {
        job: JOB,
        by: BUYER,
        incarnation: OPENED,
        amount,
    }
}

fn cancel() -> Action {
    Action::CancelJob {
        job: JOB,
        by: BUYER,
        incarnation: OPENED,
    }
}
