//! Members of sets: they answer where they say they do.

use {
    super::{money::unread, report::Report},
    crate::{
        chain::Chain,
        config,
        member::{Caller, Member, Unasked},
        wire::Terms,
    },
    sluice_client::{Address, Attester, AttesterSet, Keypair, Ledger, foreign::Foreign, quorum},
    std::{sync::Arc, thread},
};

/// The same sets, as if a member were in none of them.
pub fn without(
    mut sets: Vec<(Address, AttesterSet)>,
    own: &Address,
) -> Vec<(Address, AttesterSet)> {
    for (_, set) in &mut sets {
        let place = (0..set.count).find(|index| set.keys.get(usize::from(*index)) == Some(own));
        let bit = place.and_then(|index| 1u16.checked_shl(index.into()));
        set.live &= !bit.unwrap_or_default();
        // It answers itself.
        set.threshold = set.threshold.saturating_sub(1);
    }
    sets
}

/// Enough live members of each set answer.
pub fn of_sets(
    chain: &Chain<impl Ledger>,
    sets: &[(Address, AttesterSet)],
    config: &config::Members,
    report: &mut Report,
) {
    for (address, set) in sets {
        let published = match chain.members(set) {
            Ok(published) => published,
            Err(error) => {
                unread("members", &error, report);
                continue;
            }
        };
        let members = places(set, published, config);
        let answered = asked(&members, &chain.network, config.allow_private);
        let mut answering = 0u32;
        for (key, answer) in &answered {
            match answer {
                Ok(()) => answering = answering.saturating_add(1),
                Err(why) => report.warn(
                    "members",
                    format!("{key}: {why}"),
                    "Its operator can mend it; [[members.at]] in the configuration names another URL where it is asked.",
                ),
            }
        }
        let needed = u32::from(set.threshold);
        let said = format!("{answering} members of {address} answer, {needed} are needed");
        if answering >= needed {
            report.ok("members", said);
        } else {
            report.fail(
                "members",
                said,
                "No window can be proven until more answer: see what is said of each; `allow_private` in [members] lets private addresses be asked.",
            );
        }
    }
}

/// Where each live member is asked: the place that the configuration names first.
fn places(
    set: &AttesterSet,
    published: Vec<(Address, String)>,
    config: &config::Members,
) -> Vec<(Address, Option<String>)> {
    let place = |key: &Address| {
        let named = config.at.iter().find(|at| at.key == *key);
        let named = named.map(|at| at.url.clone());
        named.or_else(|| {
            let published = published.iter().find(|(member, _)| member == key);
            published.map(|(_, url)| url.clone())
        })
    };
    quorum::members(set).map(|key| (*key, place(key))).collect()
}

/// What each of them says when it is asked, all at once.
fn asked(
    members: &[(Address, Option<String>)],
    network: &Address,
    is_private_allowed: bool,
) -> Vec<(Address, Result<(), String>)> {
    thread::scope(|scope| {
        let asking: Vec<_> = members
            .iter()
            .map(|(key, url)| {
                let ask = || match url {
                    Some(url) => answers(key, url, network, is_private_allowed),
                    None => Err("its owner published no URL".to_owned()),
                };
                (*key, scope.spawn(ask))
            })
            .collect();
        asking
            .into_iter()
            .map(|(key, asking)| {
                let answer = asking.join();
                (
                    key,
                    answer.unwrap_or_else(|_| Err("it was not asked".to_owned())),
                )
            })
            .collect()
    })
}

/// The attester at the URL is the one with the key, of the network.
fn answers(
    key: &Address,
    url: &str,
    network: &Address,
    is_private_allowed: bool,
) -> Result<(), String> {
    let member = Member {
        key: *key,
        url: url.to_owned(),
    };
    // Nothing that is asked here is signed: any key will do.
    let caller = Caller::new(Arc::new(Keypair::new()), Arc::default(), is_private_allowed);
    let told = caller.and_then(|caller| caller.terms(&member));
    let url = Foreign::from(url);
    match told {
        Ok(Terms { key: its, .. }) if its != *key => {
            Err(format!("at {url} answers another attester, {its}"))
        }
        Ok(terms) if terms.network != *network => {
            Err(format!("at {url} it attests for another network"))
        }
        Ok(_) => Ok(()),
        Err(error @ Unasked::Url(_)) => Err(error.to_string()),
        Err(error) => Err(format!("at {url}: {error}")),
    }
}

/// The attester is reached under the URL that its owner published.
pub fn own(network: &Address, (address, attester): &(Address, Attester), report: &mut Report) {
    let published = Foreign::padded(&attester.uri);
    let uri = attester.uri.split(|byte| *byte == 0).next();
    let uri = String::from_utf8_lossy(uri.unwrap_or_default()).into_owned();
    let update = format!("`sluice attester update {address} --uri URL`");
    if uri.is_empty() {
        return report.fail(
            "uri",
            "the owner published no URL, so nobody asks this attester",
            format!("Have it publish the one under which the world reaches `listen` in [serve]: {update}."),
        );
    }
    // Whatever it leads to: this machine asks for its own.
    match answers(&attester.key, &uri, network, true) {
        Ok(()) => report.ok("uri", format!("{published} leads to this attester")),
        Err(why) => report.warn(
            "uri",
            why,
            format!("Start `sluice-agent attester`, see that TLS and proxy lead to `listen` in [serve], or have the owner publish another URL: {update}."),
        ),
    }
}
