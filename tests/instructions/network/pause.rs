//! `pause`.

use {
    super::{Court, TIMELOCK},
    sluice_client::instruction as ix,
    sluice_tests::world::DAY,
    solana_signer::Signer,
};

const LONGEST: u32 = 7 * DAY;

#[test]
fn a_pause_is_dated_and_lifted_by_the_guardian() {
    let mut court = Court::new();
    let mut expected = court.state();
    let now = court.world.now();
    court.pause(LONGEST);
    (expected.paused_at, expected.paused_until) = (now, now + i64::from(LONGEST));
    let state = court.state();
    assert_eq!(bytemuck::bytes_of(&state), bytemuck::bytes_of(&expected));
    court.world.advance(60);
    court.pause(0);
    expected.paused_until = now + 60;
    let state = court.state();
    assert_eq!(bytemuck::bytes_of(&state), bytemuck::bytes_of(&expected));
}

#[test]
fn only_the_guardian_pauses_and_lifts() {
    let mut court = Court::new();
    let others = [
        court.admin.insecure_clone(),
        court.resolver.insecure_clone(),
        court.world.treasury.insecure_clone(),
        court.world.payer.insecure_clone(),
    ];
    for secs in [60, 0] {
        for other in &others {
            let pause = ix::pause(&other.pubkey(), &court.world.network, secs);
            court.world.refused(&[pause], &[other], "NotGuardian");
        }
        court.pause(secs);
    }
}

#[test]
fn a_pause_lasts_seven_days_at_most() {
    let mut court = Court::new();
    court.pause_refused(LONGEST + 1, "PauseTooLong");
    court.pause_refused(u32::MAX, "PauseTooLong");
    court.pause(LONGEST);
}

#[test]
fn only_a_pause_that_runs_is_lifted() {
    let mut court = Court::new();
    court.pause_refused(0, "NotPaused");
    court.pause(100);
    court.world.advance(99);
    court.pause(0);
    court.pause_refused(0, "NotPaused");
    court.world.advance(99);
    court.pause(100);
    court.world.advance(100);
    court.pause_refused(0, "NotPaused");
}

#[test]
fn pauses_are_not_renewed_back_to_back() {
    let mut court = Court::new();
    court.pause(100);
    court.pause_refused(1, "PausedTooRecently");
    court.world.advance(99);
    court.pause_refused(LONGEST, "PausedTooRecently");
    court.world.advance(1);
    court.pause_refused(1, "PausedTooRecently");
    court.world.advance(99);
    court.pause_refused(1, "PausedTooRecently");
    court.world.advance(1);
    court.pause(100);

    // Lifted early, it lasted as long as it did.
    court.world.advance(30);
    court.pause(0);
    court.pause_refused(1, "PausedTooRecently");
    court.world.advance(29);
    court.pause_refused(1, "PausedTooRecently");
    court.world.advance(1);
    court.pause(1);
}

#[test]
fn the_guardian_can_do_nothing_else() {
    let mut court = Court::new();
    let guardian = court.guardian.insecure_clone();
    let key = guardian.pubkey();
    let network = court.world.network;
    let change = court.in_force();
    for (attempt, name) in [
        (ix::propose_change(&key, &network, change), "NotAdmin"),
        (ix::name_admin(&key, &network, &key), "NotAdmin"),
        (ix::accept_admin(&key, &network), "NotCandidate"),
        (ix::apply_change(&key, &network), "NoPendingChange"),
    ] {
        court.world.refused(&[attempt], &[&guardian], name);
    }
}

#[test]
fn another_guardian_takes_over_with_a_change() {
    let mut court = Court::new();
    let next = court.world.party();
    court.propose(|c| c.guardian = next.pubkey());
    court.world.advance(TIMELOCK - 1);
    court.pause(60);
    court.world.advance(1);
    court.apply();
    court.pause_refused(0, "NotGuardian");
    // The pause runs on, and the new guardian may lift it.
    court.guardian = next;
    court.pause(0);
}
