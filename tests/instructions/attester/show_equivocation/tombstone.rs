//! What a tombstoned attester can no longer do, and what becomes of its sets.

use super::*;

#[test]
fn a_tombstoned_attester_never_enters_a_set_again() {
    let mut site = Site::new();
    site.tombstone(0);
    let member = &site.set.attesters[0];
    let (owner, member_key) = (member.owner.insecure_clone(), member.key.pubkey());
    let second = second_set(&mut site, 1);
    let network = site.world.network;
    let enter = ix::enter_attester_set(&owner.pubkey(), &network, &second, &member_key, 0);
    site.world
        .refused(from_ref(&enter), &[&owner], "AttesterTombstoned");
    let leave = site.remove_ix(&owner.pubkey(), 0);
    site.world.ok(&[leave], &[&owner]);
    site.world
        .refused(&[enter], &[&owner], "AttesterTombstoned");
}

/// A set of the same members with another threshold.
fn second_set(site: &mut Site, threshold: u8) -> solana_address::Address {
    let args = sluice_client::SetArgs {
        threshold,
        ..site.set.args
    };
    let network = site.world.network;
    site.world.set_of(&network, args)
}

#[test]
fn when_the_quorum_is_gone_either_side_ends_the_job_at_once() {
    for by_buyer in [true, false] {
        let mut site = Site::new();
        site.at(HOUR);
        for index in [0, 1] {
            site.tombstone(index);
            let stranger = site.world.key();
            let leave = site.remove_ix(&stranger.pubkey(), index as u8);
            site.world.ok(&[leave], &[&stranger]);
        }
        let set: AttesterSet = site.world.chain.get(&site.set.address).unwrap();
        assert_eq!((set.live, set.has_quorum()), (0b1100, false));
        if by_buyer {
            site.cancel();
        } else {
            site.resign();
        }
        let job = site.state();
        assert_eq!(job.end_at, site.world.now());
    }
}

#[test]
fn a_tombstoned_member_s_signature_counts_until_its_bit_is_cleared() {
    let mut site = Site::new();
    site.at(HOUR);
    site.tombstone(0);
    site.prove(0, 10);
    let stranger = site.world.key();
    let leave = site.remove_ix(&stranger.pubkey(), 0);
    site.world.ok(&[leave], &[&stranger]);
    site.at(2 * HOUR);
    site.proof_refused(1, 10, "MemberNotLive");
}
