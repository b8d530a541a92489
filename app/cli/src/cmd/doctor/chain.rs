//! What the cluster is asked, in three calls and a subscription.

use {
    super::{
        accounts,
        report::{Finding, Report, fault},
    },
    crate::{
        idl,
        output::Value,
        session::{self, Session, VAULT_LEN, size},
    },
    sluice_client::{
        ClientError, Job, Ledger, Result,
        amount::{self, SOL_DECIMALS},
        foreign::Foreign,
        interface,
        ledger::cluster_name,
    },
    solana_address::Address,
    solana_hash::Hash,
    solana_sdk_ids::sysvar,
    std::time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How long a silent node is waited for.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// Further apart, the clocks of a public cluster and of this machine do not agree, seconds.
const APART_SECS: u64 = 60;

/// What two signatures cost, lamports.
const FEES: u64 = 10_000;

/// What is checked once the cluster answers.
const BEHIND_THE_CLUSTER: [&str; 10] = [
    "chain", "program", "clock", "sol", "network", "mint", "set", "provider", "node", "tokens",
];

/// Checks the cluster, and what is on it of the key at `signer` and of the profile.
pub fn check(session: &mut Session<impl Ledger>, signer: Option<Address>, report: &mut Report) {
    let url = session.cluster().url.to_string();
    let named_by = session.settings().named_by;
    let genesis = match reach(session) {
        Ok(reached) => {
            let Reached {
                version,
                genesis,
                after,
            } = reached;
            let version = version.map_or(String::new(), |version| format!(", version {version}"));
            let millis = after.as_millis();
            let told = format!("{url}, named by {named_by}, answers in {millis} ms{version}");
            report.add("cluster", Ok(told));
            genesis
        }
        Err(why) => {
            let remedy = "is the node up, and the URL right? --url or `sluice config set url` names another; \
                          `cargo xtask localnet` starts a local chain";
            report.add(
                "cluster",
                Err(fault(format!("{url}, named by {named_by}: {why}"), remedy)),
            );
            report.unasked(&BEHIND_THE_CLUSTER, "the cluster did not answer");
            report.unasked(&["websocket"], "the cluster did not answer");
            return;
        }
    };
    let cluster = cluster_name(&genesis);
    report.add("chain", Ok(chain(cluster, &genesis)));
    match read(session, signer) {
        Ok(()) => on_chain(session, signer, cluster, report),
        Err(why) => {
            let remedy = "the node answers, but reads no accounts: use another one";
            report.add("program", Err(fault(why, remedy)));
            let [_, _, others @ ..] = BEHIND_THE_CLUSTER;
            report.unasked(&others, "no account could be read");
        }
    }
    report.add("websocket", websocket(session));
}

/// What the node told when it was first asked.
struct Reached {
    version: Option<Foreign>,
    genesis: Hash,
    /// How long one call took.
    after: Duration,
}

fn reach(session: &mut Session<impl Ledger>) -> Result<Reached> {
    // The first call connects; the second one alone tells how far the node is.
    let version = session.ledger.service().map(|service| service.version());
    let version = version.transpose()?;
    let begun = Instant::now();
    let genesis = session.ledger.genesis()?;
    Ok(Reached {
        version,
        genesis,
        after: begun.elapsed(),
    })
}

fn chain(cluster: Option<&str>, genesis: &Hash) -> String {
    cluster.map_or_else(
        || format!("none of the public clusters: its first block is {genesis}"),
        str::to_owned,
    )
}

/// Reads all that is looked at, in one call.
fn read(session: &Session<impl Ledger>, signer: Option<Address>) -> Result<()> {
    let always = [
        sluice_client::ID,
        interface::address(),
        sysvar::clock::ID,
        sysvar::rent::ID,
    ];
    let mint = session.profile.account("mint");
    let purses = signer
        .zip(mint)
        .map_or_else(Vec::new, |(key, mint)| session::purses(&key, &mint).into());
    let wanted = always
        .into_iter()
        .chain(accounts::of_profile(&session.profile))
        .chain(signer)
        .chain(purses);
    session.ledger.gather(wanted)
}

fn on_chain(
    session: &Session<impl Ledger>,
    signer: Option<Address>,
    cluster: Option<&str>,
    report: &mut Report,
) {
    report.add("program", program(session));
    report.add("clock", clock(session, cluster));
    match signer {
        Some(key) => report.add("sol", sol(session, &key, cluster)),
        None => report.unasked(&["sol"], "no key is known"),
    }
    accounts::check(session, signer, report);
}

/// The program is there, and is the one that this command is for as far as its interface is published.
fn program(session: &Session<impl Ledger>) -> Finding {
    let id = sluice_client::ID;
    let unread = |why: ClientError| fault(why, "use another node");
    let found = session.ledger.account(&id).map_err(unread)?;
    if found.is_none_or(|program| !program.executable) {
        return Err(fault(
            format!("{id} is not deployed on this cluster"),
            "choose another cluster with --url; docs/publishing.md deploys it",
        ));
    }
    let published = session.ledger.account(&interface::address());
    let published = published.map_err(unread)?;
    match published.and_then(|account| interface::text(&account)) {
        Some(text) if idl::is_own(&text) => Ok(format!(
            "{id} is deployed, with the interface of this command"
        )),
        Some(_) => Err(fault(
            format!("{id} is deployed, and publishes another interface than this command's"),
            "use the command of the program's release",
        )),
        None => Ok(format!("{id} is deployed; its interface is not published")),
    }
}

/// The chain's clock is that of the world, unless somebody moves it on a chain of their own.
fn clock(session: &Session<impl Ledger>, cluster: Option<&str>) -> Finding {
    let there = session
        .ledger
        .clock()
        .map_err(|why| fault(why, "use another node"))?
        .unix_timestamp;
    let here = SystemTime::now().duration_since(UNIX_EPOCH);
    let here = here.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    });
    let apart = there.abs_diff(here);
    let way = if there < here { "behind" } else { "ahead of" };
    let shown = Value::Secs(apart).display(&session.looks());
    let said = format!("the chain is {shown} {way} this machine");
    match cluster {
        _ if apart == 0 => Ok("the chain and this machine agree".to_owned()),
        Some(_) if apart > APART_SECS => Err(fault(
            said,
            "set this machine's clock, or use another node if that is right",
        )),
        None if apart > APART_SECS => Ok(format!("{said}, as a local chain may be")),
        _ => Ok(said),
    }
}

/// Whoever signs can pay for a job: rent of the account and of its vault, and fees.
fn sol(session: &Session<impl Ledger>, key: &Address, cluster: Option<&str>) -> Finding {
    let unread = |why: ClientError| fault(why, "use another node");
    let found = session.ledger.account(key).map_err(unread)?;
    let lamports = found.map_or(0, |found| found.lamports);
    let rent = |len| session.ledger.minimum_balance(len).map_err(unread);
    let needed = rent(size::<Job>())?
        .saturating_add(rent(VAULT_LEN)?)
        .saturating_add(FEES);
    let shown = |lamports| amount::format(lamports, SOL_DECIMALS);
    if lamports >= needed {
        return Ok(format!("{} SOL", shown(lamports)));
    }
    let remedy = match cluster {
        Some("mainnet-beta") => format!("send SOL to {key}"),
        _ => "`sluice airdrop 1` asks the cluster's faucet for one".to_owned(),
    };
    Err(fault(
        format!(
            "{} SOL: to open a job takes {} in rent, which comes back, and fees",
            shown(lamports),
            shown(needed)
        ),
        remedy,
    ))
}

/// The node tells changes, so that waiting takes no polling.
fn websocket(session: &mut Session<impl Ledger>) -> Finding {
    let url = session.cluster().ws_url.to_string();
    let told = session.ledger.service();
    match told.map(|service| service.subscription(PATIENCE)) {
        Some(Ok(after)) => Ok(format!("{url} told a slot after {} ms", after.as_millis())),
        Some(Err(why)) => Err(fault(
            why,
            "name it with --ws; without it, commands ask again and again, and all work",
        )),
        None => Ok("what is read here tells no changes".to_owned()),
    }
}
