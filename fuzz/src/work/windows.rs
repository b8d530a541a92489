//! A window and what is claimed of it, against the rules written a second time.

use {
    super::{
        naive::{Hash, Naive, input_leaf, levels},
        places::*,
        recipe::{Work, flip, name},
    },
    crate::pick::Pick,
    sluice_work::{
        check::{Chunk, Claim, Fault, claimed},
        evidence::{Evidence, Stop},
        inputs::Inputs,
        undone::Undone,
    },
};

/// An honest window or one that something is changed of.
pub fn window(pick: &mut Pick) {
    let mut work = Work::pick(pick);
    let window = u32::from(pick.below(4));
    let (first, due) = work.due(window);
    let is_sparse = pick.below(2) == 1;
    let done = u32::from(pick.byte()) % (due + 1);
    let outputs = (0..done).map(|_| (!is_sparse || pick.below(2) == 0).then(|| name(pick)));
    let outputs = outputs.collect();
    let stop = (pick.below(2) == 1).then(|| Stop {
        index: first + done + u32::from(pick.below(8) == 7),
        reason: Undone::Trap,
    });
    let mut evidence = Evidence::of(window, outputs, stop);
    let shape = work.spec.core.shape().expect("the work is small");
    let mut claim = Claim::of(&evidence, &shape, &work.inputs).expect("it is of this work");
    assert_eq!(claim.digest, digest(&work, &evidence).expect("it fits"));
    match pick.below(12) {
        0 => claim.units = claim.units.wrapping_add(1),
        1 => claim.units = pick.wide(),
        2 => claim.window = u32::from(pick.below(4)),
        3 => flip(pick, &mut claim.digest),
        4 => evidence.window = claim.window.wrapping_add(1 << pick.below(32)),
        5 => {
            // As evidence of this window and of the next one alike.
            evidence.window = u32::from(pick.below(4));
            claim.window = evidence.window;
        }
        6 => evidence.outputs.push(Some(name(pick))),
        7 => {
            let place = usize::from(pick.byte()) % evidence.outputs.len().max(1);
            if let Some(output) = evidence.outputs.get_mut(place) {
                *output = (pick.below(2) == 1).then(|| name(pick));
            }
        }
        8 => {
            let place = usize::from(pick.byte()) % work.names.len();
            flip(pick, &mut work.names[place]);
            work.inputs = Inputs::of(work.names.clone()).expect("they are few");
        }
        9 => {
            work.names.pop();
            work.inputs = Inputs::of(work.names.clone()).expect("they are few");
        }
        _ => {}
    }
    let found = claimed(&work.spec, &work.inputs, &evidence, &claim);
    assert_eq!(found, expected(&work, &evidence, &claim));
    match found {
        Ok(chunks) => {
            WINDOW.reach();
            assert_eq!(chunks.len() as u64 * work.spec.core.units, claim.units);
            if evidence.stop.is_some() {
                STOPPED.reach();
            }
        }
        Err(Fault::Inputs) => INPUTS.reach(),
        Err(Fault::Window) => OTHER_WINDOW.reach(),
        Err(Fault::Remainder) => REMAINDER.reach(),
        Err(Fault::TooMany) => TOO_MANY.reach(),
        Err(Fault::Count) => COUNT.reach(),
        Err(Fault::Gap) => GAP.reach(),
        Err(Fault::Stop) => STOP.reach(),
        Err(Fault::Digest) => DIGEST.reach(),
        Err(fault) => panic!("{fault} needs a blob"),
    }
}

/// The digest of evidence; `None` if it is of more chunks than there are.
fn digest(work: &Work, evidence: &Evidence) -> Option<Hash> {
    let (first, due) = work.due(evidence.window);
    if evidence.outputs.len() > due as usize {
        return None;
    }
    let leaf = |(index, output): (u32, &Option<Hash>)| {
        output.map_or([0; 32], |output| work.leaf(index, &output))
    };
    let leaves = (first..).zip(&evidence.outputs).map(leaf).collect();
    Some(work.tree(leaves).root())
}

/// The rules in their order.
fn expected(work: &Work, evidence: &Evidence, claim: &Claim) -> Result<Vec<Chunk>, Fault> {
    let core = &work.spec.core;
    let leaves = work.names.iter().map(input_leaf).collect();
    let is_whole = work.names.len() == core.count as usize;
    let depth = levels(core.count.into());
    if !is_whole || Naive::over(leaves, depth).root() != core.inputs {
        return Err(Fault::Inputs);
    }
    if evidence.window != claim.window {
        return Err(Fault::Window);
    }
    if !claim.units.is_multiple_of(core.units) {
        return Err(Fault::Remainder);
    }
    let count = work.claimed(claim).ok_or(Fault::TooMany)?;
    let (first, due) = work.due(claim.window);
    let done: Vec<Chunk> = (first..)
        .zip(&evidence.outputs)
        .filter_map(|(index, output)| {
            Some(Chunk {
                index,
                input: work.names.get(index as usize).copied().unwrap_or_default(),
                output: (*output)?,
            })
        })
        .collect();
    if done.len() != count as usize {
        return Err(Fault::Count);
    }
    if core.is_judged() && evidence.outputs.len() != done.len() {
        return Err(Fault::Gap);
    }
    let may_stop = core.is_judged() && count < due;
    if let Some(stop) = evidence.stop
        && !(may_stop && stop.index == first + count)
    {
        return Err(Fault::Stop);
    }
    match digest(work, evidence) {
        None => Err(Fault::TooMany),
        Some(digest) if digest != claim.digest => Err(Fault::Digest),
        Some(_) => Ok(done),
    }
}
