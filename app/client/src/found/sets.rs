//! Steps 0005 and 0006: attester sets and their live members.

use {
    super::{
        error::Result,
        step::Step,
        survey::{Stage, Survey, find},
        wanted::{self, Wanted},
    },
    crate::ledger::Ledger,
    sluice::state::{Attester, AttesterSet, Standing},
};

/// Holds the sets against the manifest. A set is found by its contents: one with other contents is another set.
pub fn survey(ledger: &impl Ledger, wanted: &Wanted, survey: &mut Survey) -> Result<()> {
    let network = wanted.network.address;
    let mut found = Vec::new();
    for set in &wanted.sets {
        let on_chain = find::<AttesterSet>(ledger, &set.address)?;
        if on_chain.is_some() {
            survey.done(Stage::Sets, set.address, "created");
        } else {
            let args = Box::new(set.args);
            let what = format!("create it, {} of {}", set.args.threshold, set.args.count);
            survey.step(set.address, what, Step::CreateSet { network, args });
        }
        found.push((set, on_chain));
    }
    for (set, on_chain) in found {
        for (index, key) in (0u8..).zip(set.args.members()) {
            // Others' attesters enter by themselves.
            let ours = wanted.attesters.iter().find(|ours| ours.key == *key);
            if let Some(attester) = ours {
                member(ledger, wanted, (set, on_chain), (attester, index), survey)?;
            }
        }
    }
    Ok(())
}

fn member(
    ledger: &impl Ledger,
    wanted: &Wanted,
    (set, on_chain): (&wanted::Set, Option<AttesterSet>),
    (attester, index): (&wanted::Attester, u8),
    survey: &mut Survey,
) -> Result<()> {
    let key = attester.key;
    let bit = 1u16.checked_shl(index.into()).unwrap_or(0);
    let (live, entered) = on_chain.map_or((0, 0), |found| (found.live, found.entered));
    if live & bit != 0 {
        let what = format!("{key} is live");
        survey.done(Stage::Members, set.address, what);
        return Ok(());
    }
    if entered & bit != 0 {
        survey.conflict(format!(
            "attester {key} left the set {} and can never be live in it again, as the manifest wants",
            set.address
        ));
        return Ok(());
    }
    let registered = find::<Attester>(ledger, &attester.address)?;
    if registered.is_some_and(|found| found.standing == Standing::Tombstoned.byte()) {
        survey.conflict(format!(
            "attester {key} is tombstoned and can never enter a set again, as the manifest wants"
        ));
        return Ok(());
    }
    let step = Step::Enter {
        network: wanted.network.address,
        set: set.address,
        owner: attester.owner,
        key,
        index,
    };
    let what = format!("make {key} live");
    survey.step(set.address, what, step);
    Ok(())
}
