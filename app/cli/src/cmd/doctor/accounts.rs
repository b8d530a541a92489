//! The profile's accounts on the cluster: they exist, are what they should be, and belong together.

use {
    super::report::{Fault, Finding, Report, fault},
    crate::{
        profile::{ACCOUNTS, Profile},
        session::{self, Session},
    },
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice_client::{
        AttesterSet, ClientError, Ledger, Network, Node, Provider, amount, foreign::Foreign,
    },
    solana_address::Address,
};

/// Those that the profile has.
pub fn of_profile(profile: &Profile) -> impl Iterator<Item = Address> {
    ACCOUNTS.into_iter().filter_map(|key| profile.account(key))
}

/// Checks each, and the signer's tokens of the profile's mint.
pub fn check(session: &Session<impl Ledger>, signer: Option<Address>, report: &mut Report) {
    report.add("network", network(session));
    report.add("mint", mint(session));
    report.add("set", set(session));
    report.add("provider", provider(session, signer));
    report.add("node", node(session));
    match (session.profile.account("mint"), signer) {
        (Some(mint), Some(key)) => report.add("tokens", tokens(session, &key, &mint)),
        (None, _) => report.unasked(&["tokens"], "the profile has no mint"),
        (_, None) => report.unasked(&["tokens"], "no key is known"),
    }
}

/// What is said of an account that the profile need not have.
const NONE: &str = "the profile has none";

/// The account under `key`, decoded; `None` where the profile has none.
fn found<T: Pod + Discriminator>(
    session: &Session<impl Ledger>,
    key: &str,
) -> Result<Option<T>, Fault> {
    let Some(address) = session.profile.account(key) else {
        return Ok(None);
    };
    let account = session.ledger.get(&address);
    account.map(Some).map_err(|error| wrong(key, error))
}

fn wrong(key: &str, error: ClientError) -> Fault {
    let cause = match error {
        ClientError::NoAccount(address) => {
            format!("there is no {key} at {address} on this cluster")
        }
        other => other.to_string(),
    };
    fault(
        cause,
        format!(
            "`sluice config set {key} ADDRESS` names another, `sluice config use` another profile"
        ),
    )
}

/// The account under `key`, which another one names, is the profile's, if that has one.
fn belongs(
    session: &Session<impl Ledger>,
    what: &str,
    key: &str,
    named: &Address,
) -> Result<(), Fault> {
    match session.profile.account(key) {
        Some(own) if own != *named => Err(fault(
            format!("the {what} belongs to the {key} {named}, not to the profile's"),
            format!("`sluice config set {key} {named}`, or `sluice config set {what} ADDRESS`"),
        )),
        _ => Ok(()),
    }
}

fn network(session: &Session<impl Ledger>) -> Finding {
    let Some(network) = found::<Network>(session, "network")? else {
        return Ok(NONE.to_owned());
    };
    let name = Foreign::padded(&network.name);
    let now = session.last_now().unwrap_or_default();
    Ok(if network.is_paused(now) {
        format!("{name}, which is paused: nothing new begins, everybody can leave")
    } else {
        name.to_string()
    })
}

fn mint(session: &Session<impl Ledger>) -> Finding {
    let Some(address) = session.profile.account("mint") else {
        return Ok(NONE.to_owned());
    };
    let remedy = "`sluice config set mint ADDRESS` names another";
    match session.deposit_mint(&address) {
        Ok(mint) => Ok(format!(
            "{}, {} decimals",
            called(session, &address),
            mint.decimals
        )),
        Err(why) => Err(fault(why, remedy)),
    }
}

fn set(session: &Session<impl Ledger>) -> Finding {
    let Some(set) = found::<AttesterSet>(session, "set")? else {
        return Ok(NONE.to_owned());
    };
    belongs(session, "set", "network", &set.network)?;
    let (live, threshold) = (set.live.count_ones(), set.threshold);
    let said = format!(
        "{live} of {} members are live, {threshold} must sign",
        set.count
    );
    if set.has_quorum() {
        return Ok(said);
    }
    Err(fault(
        said,
        "no work under it can be proven: `sluice attester-set list` shows others",
    ))
}

fn provider(session: &Session<impl Ledger>, signer: Option<Address>) -> Finding {
    let Some(provider) = found::<Provider>(session, "provider")? else {
        return Ok(NONE.to_owned());
    };
    belongs(session, "provider", "network", &provider.network)?;
    let part = if signer == Some(provider.owner) {
        "the key is its owner"
    } else if signer == Some(provider.operator) {
        "the key is its operator"
    } else {
        "the key has no part in it"
    };
    Ok(format!("{} nodes; {part}", provider.nodes))
}

fn node(session: &Session<impl Ledger>) -> Finding {
    let Some(node) = found::<Node>(session, "node")? else {
        return Ok(NONE.to_owned());
    };
    belongs(session, "node", "provider", &node.provider)?;
    Ok(format!(
        "{} of {} slots are taken",
        node.slots_used, node.slots_total
    ))
}

/// What the key has of the mint; that it has none is no fault, for a provider needs none.
fn tokens(session: &Session<impl Ledger>, key: &Address, mint: &Address) -> Finding {
    let unread = |why: ClientError| fault(why, "use another node");
    let Ok(found) = session.mint(mint) else {
        return Err(fault(
            "what the mint is of is not known",
            "mend the mint first",
        ));
    };
    let symbol = called(session, mint);
    let purses = session::purses(key, mint);
    let accounts = session.ledger.accounts(&purses).map_err(unread)?;
    let Some((purse, _)) = purses
        .iter()
        .zip(&accounts)
        .find(|(_, account)| account.is_some())
    else {
        return Ok(format!(
            "no account of {symbol} yet: the first tokens make one"
        ));
    };
    let base = session.ledger.token_balance(purse).map_err(unread)?;
    Ok(format!("{} {symbol}", amount::format(base, found.decimals)))
}

/// The name that the profile gives to an address, or the address.
fn called(session: &Session<impl Ledger>, address: &Address) -> String {
    let looks = session.looks();
    let name = looks.names.of(address);
    name.map_or_else(|| address.to_string(), str::to_owned)
}
