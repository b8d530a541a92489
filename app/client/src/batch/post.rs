//! Members' signatures on their way to a batch.

use {
    crate::{
        error::{ClientError, Result},
        instruction,
        statement::Countersignature,
    },
    bytemuck::Zeroable,
    sluice::state::{AttesterSet, Batch},
    sluice_math::tree::Hash,
    solana_address::Address,
    solana_instruction::Instruction,
};

/// The signatures that the batch lacks, of which `posted` is what stands on the chain: of live members that did not sign it, one of each, in
/// the set's order.
///
/// # Errors
/// A signature of somebody who is no member.
pub fn lacking(
    posted: Option<&Batch>,
    set: &AttesterSet,
    signatures: &[Countersignature],
) -> Result<Vec<Countersignature>> {
    if let Some(stranger) = signatures.iter().find(|one| !set.has_member(&one.key)) {
        return Err(ClientError::NotAMember(stranger.key));
    }
    let signers = posted.map_or(0, |batch| batch.signers);
    let lacks = |index: &u8| {
        let bit = 1_u16.checked_shl(u32::from(*index)).unwrap_or_default();
        signers & bit == 0
    };
    let live = (0..set.count)
        .filter(lacks)
        .filter_map(|index| set.live_member(index));
    let found = live.filter_map(|key| signatures.iter().find(|one| one.key == *key));
    Ok(found.copied().collect())
}

/// What posts `signatures` of the root, which [`lacking`] found, in their order: as many at once as `fits` lets be, one at least. The first
/// posts the batch, until `expires_at`, unix seconds, unless it was `posted`. Signer of that one: `payer`; of the others: none.
///
/// # Errors
/// See [`instruction::post_batch`].
pub fn post(
    (payer, expires_at): (&Address, i64),
    (set_key, set): (&Address, &AttesterSet),
    (batch_key, root): (&Address, Hash),
    mut is_posted: bool,
    signatures: &[Countersignature],
    fits: impl Fn(&[Instruction; 2]) -> bool,
) -> Result<Vec<[Instruction; 2]>> {
    let batch = Batch {
        set: *set_key,
        root,
        ..Batch::zeroed()
    };
    let (mut rest, mut steps) = (signatures, vec![]);
    while !rest.is_empty() {
        let build = |count: usize| {
            let own = rest.get(..count).unwrap_or(rest);
            if is_posted {
                instruction::endorse_batch(batch_key, &batch, set, own)
            } else {
                instruction::post_batch(payer, (set_key, set), root, expires_at, own)
            }
        };
        let mut count = 1;
        let mut step = build(count)?;
        while count < rest.len() {
            let more = build(count.saturating_add(1))?;
            if !fits(&more) {
                break;
            }
            (count, step) = (count.saturating_add(1), more);
        }
        steps.push(step);
        rest = rest.get(count..).unwrap_or_default();
        is_posted = true;
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use {super::*, crate::address, solana_signature::Signature};

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    fn by(byte: u8) -> Countersignature {
        Countersignature {
            key: key(byte),
            signature: Signature::from([byte; 64]),
        }
    }

    /// Sixteen members, of whom the one with key 3 is not live.
    fn set() -> AttesterSet {
        let mut set = AttesterSet {
            count: 16,
            live: !0b100,
            ..AttesterSet::zeroed()
        };
        for (byte, member) in (1..).zip(&mut set.keys) {
            *member = key(byte);
        }
        set
    }

    #[test]
    fn what_a_batch_lacks_is_of_live_members_that_did_not_sign_it() {
        let set = set();
        let keys = |posted: Option<&Batch>, bytes: &[u8]| {
            let given: Vec<_> = bytes.iter().map(|byte| by(*byte)).collect();
            let found = lacking(posted, &set, &given).unwrap();
            found.iter().map(|one| one.key).collect::<Vec<_>>()
        };
        assert_eq!(keys(None, &[5, 1, 3, 5, 2]), [key(1), key(2), key(5)]);
        let posted = Batch {
            signers: 0b1_0001,
            ..Batch::zeroed()
        };
        assert_eq!(keys(Some(&posted), &[5, 1, 3, 2, 16]), [key(2), key(16)]);
        assert_eq!(keys(Some(&posted), &[5, 1]), []);
        let refused = lacking(None, &set, &[by(1), by(99)]);
        assert!(matches!(refused, Err(ClientError::NotAMember(stranger)) if stranger == key(99)));
    }

    #[test]
    fn signatures_go_in_as_few_transactions_as_they_fit() {
        let (set, set_key, payer, root) = (set(), key(70), key(71), [6; 32]);
        let batch = address::batch(&payer, &set_key, &root);
        let given: Vec<_> = [1, 2, 4, 5, 6, 7, 8].map(by).to_vec();
        let posted = |is_posted, most: usize| {
            let fits = |step: &[Instruction; 2]| step[0].data[0] as usize <= most;
            let steps = post(
                (&payer, 9),
                (&set_key, &set),
                (&batch, root),
                is_posted,
                &given,
                fits,
            );
            let steps = steps.unwrap();
            let counts: Vec<u8> = steps.iter().map(|step| step[0].data[0]).collect();
            let tags: Vec<u8> = steps.iter().map(|step| step[1].data[0]).collect();
            for step in &steps {
                assert!(step[1].accounts.iter().any(|meta| meta.pubkey == batch));
            }
            (counts, tags)
        };
        assert_eq!(posted(false, 3), (vec![3, 3, 1], vec![74, 75, 75]));
        assert_eq!(posted(true, 3), (vec![3, 3, 1], vec![75, 75, 75]));
        assert_eq!(posted(false, 7), (vec![7], vec![74]));
        // One goes whatever it takes: sending it says what is wrong.
        assert_eq!(posted(true, 0).0, vec![1; 7]);
    }
}
