//! Sending through every fault of a network and of a node: what is paid is paid once.

use {
    crate::{
        of_workspace,
        proxy::{Bend, Fault, Proxy},
        shell::Shell,
    },
    serde_json::json,
    sluice_client::{
        ClientError, Ledger, Receipt, RewardPool, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
        ledger::Rpc,
    },
    sluice_localnet::Localnet,
    solana_commitment_config::CommitmentConfig,
    solana_signer::Signer,
    std::{
        sync::Arc,
        time::{Duration, Instant},
    },
};

/// The fault of each call, by method and how often it was called before.
type Faults = Box<dyn Fn(&str, usize) -> Option<Fault> + Send + Sync>;

/// A chain, and a reward pool to pay into.
struct Till {
    chain: Localnet,
    paid: u64,
}

impl Till {
    fn new() -> Self {
        let chain = Localnet::start(&of_workspace()).unwrap();
        let mut till = Self { chain, paid: 0 };
        till.paid = till.funded();
        till
    }

    fn funded(&self) -> u64 {
        let pool = self.chain.world().reward_pool;
        self.chain.ledger().get::<RewardPool>(&pool).unwrap().funded
    }

    /// Pays 7 units in through `ledger`.
    fn pay(&self, ledger: &mut Rpc) -> Result<Receipt, ClientError> {
        let world = self.chain.world();
        let funder = &world.cast.funder;
        let pool: RewardPool = self.chain.ledger().get(&world.reward_pool).unwrap();
        let fund = ix::fund_reward_pool(
            &funder.pubkey(),
            &world.reward_pool,
            &pool,
            &TOKEN_PROGRAM,
            7,
        );
        ledger.send(&[fund], funder, &[])
    }

    /// A ledger behind faults; WebSockets go through unless they are cut.
    fn behind(
        &self,
        websocket: bool,
        plan: impl Fn(&str, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> (Rpc, Proxy) {
        let proxy = Proxy::new(self.chain.rpc_url(), plan);
        let ws = if websocket {
            self.chain.ws_url().to_owned()
        } else {
            "ws://127.0.0.1:1".to_owned()
        };
        let ledger = Rpc::new(proxy.url.clone(), ws, CommitmentConfig::confirmed());
        (ledger, proxy)
    }

    /// Pays through these faults, which must succeed, once.
    fn pays_once(
        &mut self,
        what: &str,
        plan: impl Fn(&str, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Proxy {
        let begin = Instant::now();
        let (mut ledger, proxy) = self.behind(false, plan);
        if let Err(error) = self.pay(&mut ledger) {
            panic!("{what}: {error}; {:?}", proxy.calls());
        }
        self.paid += 7;
        assert_eq!(self.funded(), self.paid, "{what}: {:?}", proxy.calls());
        println!(
            "{what}: {:.1} s, {} calls",
            begin.elapsed().as_secs_f32(),
            proxy.calls().len()
        );
        proxy
    }
}

#[test]
fn a_connection_that_drops_is_dialled_again() {
    let mut till = Till::new();
    till.pays_once("every first call is cut before", |_, nth| {
        (nth == 0).then_some(Fault::CutBefore)
    });
    till.pays_once("every first call is cut after", |_, nth| {
        (nth == 0).then_some(Fault::CutAfter)
    });
    let proxy = till.pays_once("the answer to the sending is lost", |method, nth| {
        (method == "sendTransaction" && nth < 2).then_some(Fault::CutAfter)
    });
    assert!(proxy.count("sendTransaction") >= 1);
}

#[test]
fn a_node_that_forgets_a_transaction_is_told_again() {
    let mut till = Till::new();
    let proxy = till.pays_once("the node drops the first two", |method, nth| {
        (method == "sendTransaction" && nth < 2).then_some(Fault::Forget)
    });
    assert_eq!(proxy.count("sendTransaction"), 3);
}

#[test]
fn a_slow_or_busy_node_is_waited_for() {
    let mut till = Till::new();
    till.pays_once("every call takes a second", |_, _| {
        Some(Fault::Slow(Duration::from_secs(1)))
    });
    till.pays_once("every first call gets 429", |_, nth| {
        (nth == 0).then_some(Fault::Status(429))
    });
    till.pays_once("every other call gets 503", |_, nth| {
        (nth % 2 == 0).then_some(Fault::Status(503))
    });
}

#[test]
fn a_stale_blockhash_is_replaced() {
    let mut till = Till::new();
    let proxy = till.pays_once("the first blockhash is of long ago", |method, nth| {
        let old = json!({"blockhash": "4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM", "lastValidBlockHeight": 1});
        (method == "getLatestBlockhash" && nth == 0)
            .then(|| Fault::Bend(Arc::new(move |result| result["value"] = old.clone())))
    });
    assert_eq!(proxy.count("getLatestBlockhash"), 2);

    // The node says that it took it and it never lands: only once that is proven is another one signed.
    let proxy = till.pays_once("the first expires unseen", |method, nth| {
        match (method, nth) {
            ("getLatestBlockhash", 0) => Some(Fault::replace("lastValidBlockHeight", json!(1))),
            ("sendTransaction", 0) => Some(Fault::CutBefore),
            _ => None,
        }
    });
    assert_eq!(proxy.count("getLatestBlockhash"), 2);
}

#[test]
fn an_expiry_is_not_believed_from_a_node_that_is_behind() {
    let mut till = Till::new();
    // The transaction lands at once. The height says that its time is over, while the statuses come from a node that is far
    // behind and knows nothing of it.
    let behind = json!({"context": {"slot": 1}, "value": [null]});
    let proxy = till.pays_once("statuses lag", move |method, nth| match (method, nth) {
        ("getLatestBlockhash", _) => Some(Fault::replace("lastValidBlockHeight", json!(1))),
        ("getSignatureStatuses", nth) if nth < 12 => Some(Fault::Answer(behind.clone())),
        _ => None,
    });
    assert_eq!(proxy.count("getLatestBlockhash"), 1);
}

#[test]
fn a_subscription_tells_before_a_look_would() {
    let till = Till::new();
    let looks = |websocket| {
        let (mut ledger, proxy) = till.behind(websocket, |_, _| None);
        till.pay(&mut ledger).unwrap();
        (
            proxy.count("getSignatureStatuses"),
            proxy.count("sendTransaction"),
        )
    };
    for websocket in [true, false] {
        let (looks, sent) = looks(websocket);
        assert!(
            looks <= 4 && sent == 1,
            "{websocket}: {looks} looks, {sent} sent"
        );
    }
}

#[test]
fn a_refusal_is_told_at_once_and_nothing_moves() {
    let till = Till::new();
    let (mut ledger, _proxy) = till.behind(true, |_, nth| (nth == 0).then_some(Fault::CutBefore));
    let buyer = &till.chain.world().cast.buyer;
    let pause = ix::pause(&buyer.pubkey(), &till.chain.world().network, 600);
    let error = ledger.send(&[pause], buyer, &[]).unwrap_err();
    assert_eq!(error.program_error(), Some("NotGuardian"), "{error}");
    assert_eq!(till.funded(), till.paid);
}

#[test]
fn a_cluster_that_is_away_is_called_unreachable() {
    let away = Rpc::new(
        "http://127.0.0.1:1".to_owned(),
        "ws://127.0.0.1:1".to_owned(),
        CommitmentConfig::confirmed(),
    );
    let begin = Instant::now();
    assert!(matches!(away.clock(), Err(ClientError::Rpc(_))));
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_gateways_error_is_not_taken_for_a_refusal() {
    let mut till = Till::new();
    // It passes the transaction on and says that something went wrong.
    let broken = json!({"code": -32_603, "message": "internal error"});
    let proxy = till.pays_once(
        "the gateway errs after it passed it on",
        move |method, nth| {
            (method == "sendTransaction" && nth == 0).then(|| Fault::ErrAfter(broken.clone()))
        },
    );
    assert_eq!(proxy.count("getLatestBlockhash"), 1);
}

#[test]
fn the_command_pays_once_through_the_same_faults() {
    let s = Shell::new("faults");
    let (pool, reward) = (s.chain.world().reward_pool, s.chain.world().reward);
    let funder = s.chain.world().cast.funder.pubkey();
    let account = address::token_account(&funder, &reward.address, &reward.token_program);
    let held = || s.chain.ledger().token_balance(&account).unwrap();
    let old = json!({"blockhash": "4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM", "lastValidBlockHeight": 1});
    // The simulation brings the blockhash that the command signs with.
    let stale: Bend = Arc::new(move |result| result["value"]["replacementBlockhash"] = old.clone());
    let plans: [(&str, Faults); 5] = [
        (
            "cut before",
            Box::new(|_, nth| (nth == 0).then_some(Fault::CutBefore)),
        ),
        (
            "cut after",
            Box::new(|_, nth| (nth == 0).then_some(Fault::CutAfter)),
        ),
        (
            "429",
            Box::new(|_, nth| (nth == 0).then_some(Fault::Status(429))),
        ),
        (
            "slow",
            Box::new(|_, _| Some(Fault::Slow(Duration::from_millis(300)))),
        ),
        (
            "stale",
            Box::new(move |method, nth| {
                (method == "simulateTransaction" && nth == 0)
                    .then(|| Fault::Bend(Arc::clone(&stale)))
            }),
        ),
    ];
    for (number, (name, plan)) in (1..).zip(plans) {
        let before = held();
        let proxy = Proxy::new(s.chain.rpc_url(), plan);
        // Each is another command, so that none takes up another's note.
        let line = format!("--output json rewards fund {pool} 0.00000000{number}");
        let ran = s.at(&proxy.url, "funder", &line).output().unwrap();
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{name}: {cause}; {:?}", proxy.calls());
        assert_eq!(held(), before - number, "{name}: {:?}", proxy.calls());
    }
}
