//! What a worker pulls and when, and what it leaves alone.

mod jobs;
mod shares;

use {
    super::*,
    crate::worker::send::fake::{Call, Fake, Table, refused, written},
    bytemuck::Zeroable,
    sluice_client::{
        Account, Epoch, JobState, Keypair, Node, RewardPool, RewardTerms, Share, SluiceError,
        StakePool, Terms, address,
        due::rewards::ShareStep,
        instruction::{
            self,
            token::{TOKEN_PROGRAM, create_token_account},
        },
        send::Key,
        view::rewards::ShareView,
    },
    std::rc::Rc,
};

const HOUR: i64 = 3_600;
const LEAVES: Rules = Rules {
    every_secs: 10,
    is_leaving: true,
};
const STAYS: Rules = Rules {
    every_secs: 10,
    is_leaving: false,
};

fn key(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

const OWNER: u8 = 1;
const JOB: u8 = 2;
const NETWORK: u8 = 3;
const MINT: u8 = 4;
const NODE: u8 = 5;
const PROVIDER: u8 = 6;
const POOL: u8 = 7;

/// A job of ten hours from second 0, ten units an hour at ten base units each, with a fee of one tenth for the network and one for the
/// attesters, of which a quorum proved the first hour. A window can be proven for a minute and then challenged for an hour.
fn proven() -> Job {
    let mut job = Job {
        network: key(NETWORK),
        node: key(NODE),
        payee: key(OWNER),
        refund_owner: key(90),
        attestation_owner: key(91),
        terms: Terms {
            mint: key(MINT),
            price: 10,
            per: 1,
            cap: 10,
            window_secs: 3_600,
            grace_secs: 60,
            challenge_secs: 3_600,
            ..Terms::zeroed()
        },
        fee_bps: 1_000,
        attestation_bps: 1_000,
        state: JobState::Active.byte(),
        counts: 1,
        end_at: 10 * HOUR,
        length_secs: 36_000,
        funded: 1_000,
        units_funded: 100,
        units_pending: 10,
        last_proven: 1,
        ..Job::zeroed()
    };
    job.ring[0].units = 10;
    job.ring[0].window_plus_one = 1;
    job
}

fn names(job: &Job, now: i64) -> Vec<&'static str> {
    let due = of_job(job, &Network::zeroed(), now).unwrap();
    due.iter().map(job::Step::name).collect()
}

/// A pool of epochs of a hundred seconds from second 1,000 on, that ends within the third.
fn pool() -> RewardPool {
    RewardPool {
        network: key(NETWORK),
        mint: key(MINT),
        terms: RewardTerms {
            rate: 100,
            ceiling: 10,
            node_cap: 8,
            start_at: 1_000,
            end_at: 1_201,
            epoch_secs: 100,
            ..RewardTerms::zeroed()
        },
        ..RewardPool::zeroed()
    }
}

/// The share of the node, whose baseline is 3 units.
fn share(node: u8) -> Share {
    Share {
        pool: key(POOL),
        node: key(node),
        provider: key(PROVIDER),
        payee: key(OWNER),
        baseline: 1,
        seen: 3,
        registration: 9,
        ..Share::zeroed()
    }
}

/// A node that has done 7 units since.
fn node() -> Node {
    Node {
        units: 10,
        opened_slot: 9,
        ..Node::zeroed()
    }
}

fn stand(share: Share) -> Stand {
    Stand {
        key: address::share(&share.pool, &share.node),
        share,
        view: ShareView::default(),
        pool: pool(),
        mint: token(),
        node: Some(node()),
        stake: None,
        has_epoch: false,
    }
}

fn token() -> Mint {
    Mint {
        address: key(MINT),
        token_program: TOKEN_PROGRAM,
        decimals: 6,
    }
}

fn due(stand: &Stand, rules: Rules, now: i64) -> Vec<&'static str> {
    let due = stand.due(rules, now);
    due.iter().map(ShareStep::name).collect()
}

struct Site {
    ledger: Fake,
    purse: Purse,
    money: Money,
    payer: Address,
}

/// Opens what the associated token program is asked to open.
fn opens((program, accounts, _): &Call, all: &mut std::collections::BTreeMap<Address, Account>) {
    if *program == create_token_account(&key(0), &key(0), &token()).program_id {
        let mut data = vec![0; 165];
        data[32..64].copy_from_slice(accounts[2].as_ref());
        let opened = Account {
            data,
            owner: TOKEN_PROGRAM,
            ..Account::default()
        };
        all.insert(accounts[1], opened);
    }
}

impl Site {
    fn new() -> Self {
        let signer: Key = Rc::new(Keypair::new());
        let payer = signer.pubkey();
        let mut ledger = Fake::new(payer);
        ledger.lands = Box::new(opens);
        let mut data = vec![0; 82];
        (data[44], data[45]) = (6, 1);
        let mint = Account {
            data,
            owner: TOKEN_PROGRAM,
            ..Account::default()
        };
        ledger.accounts.insert(key(MINT), mint);
        ledger.put(key(NETWORK), &Network::zeroed());
        Self {
            ledger,
            purse: Purse::new(signer, 0, u64::MAX, Box::new(Table::default())),
            money: Money::new(3_600),
            payer,
        }
    }

    fn turn(&mut self, now: i64, jobs: &[(Address, Job)]) -> Vec<Done> {
        let mine = Mine {
            owner: &key(OWNER),
            jobs,
            is_leaving: false,
        };
        let Self {
            ledger,
            purse,
            money,
            ..
        } = self;
        money.turn(ledger, purse, now, &mine)
    }

    /// Two shares in one pool of epochs, each with its node.
    fn join(&mut self) {
        self.ledger.put(key(POOL), &pool());
        for byte in [NODE, NODE + 100] {
            let share = share(byte);
            self.ledger.put(key(byte), &node());
            self.ledger
                .put(address::share(&key(POOL), &key(byte)), &share);
        }
    }
}

fn told(done: &[Done]) -> Vec<(&'static str, Option<u64>, bool)> {
    let one = |one: &Done| {
        (
            one.name,
            one.pays.map(|paid| paid.amount),
            one.result.is_ok(),
        )
    };
    done.iter().map(one).collect()
}
