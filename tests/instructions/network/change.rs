//! `propose_change` and `apply_change`.

use {
    super::{Court, LIFE, OTHER, TIMELOCK, all_of},
    sluice_client::{Identity, Network, NetworkChange},
    sluice_tests::world::{DAY, Tamper, identity::PINNED},
    solana_address::Address,
    solana_signer::Signer,
};

/// Other parameters, and three fresh keys.
fn other(court: &mut Court) -> NetworkChange {
    let mut key = || court.world.key().pubkey();
    NetworkChange {
        params: OTHER,
        guardian: key(),
        resolver: key(),
        treasury: key(),
    }
}

#[test]
fn a_change_is_stored_whole_and_comes_into_force_whole() {
    let mut court = Court::new();
    let (mut expected, change) = (court.state(), other(&mut court));
    court.propose(|bent| *bent = change);
    expected.change = change;
    expected.change_at = court.world.now() + TIMELOCK;
    let state = court.state();
    assert_eq!(bytemuck::bytes_of(&state), bytemuck::bytes_of(&expected));

    court.world.advance(TIMELOCK);
    court.apply();
    expected.params = change.params;
    expected.roles.guardian = change.guardian;
    expected.roles.resolver = change.resolver;
    expected.roles.treasury = change.treasury;
    expected.change = bytemuck::Zeroable::zeroed();
    expected.change_at = 0;
    let state = court.state();
    assert_eq!(bytemuck::bytes_of(&state), bytemuck::bytes_of(&expected));
}

#[test]
fn only_the_admin_proposes() {
    let mut court = Court::new();
    let propose = court.propose_ix(|_| ());
    let admin = court.admin.pubkey();
    let without = propose.unsigned(&admin);
    court
        .world
        .refused(&[without], &[], "MissingRequiredSignature");
    let others = [
        court.guardian.insecure_clone(),
        court.resolver.insecure_clone(),
        court.world.treasury.insecure_clone(),
        court.world.payer.insecure_clone(),
    ];
    for other in &others {
        let bent = propose.with(&admin, &other.pubkey());
        court.world.refused(&[bent], &[other], "NotAdmin");
    }
}

#[test]
fn a_proposal_outside_of_the_bounds_is_refused() {
    let mut court = Court::new();
    court.propose_refused("UnbondingOutOfBounds", |c| {
        c.params.unbonding_secs = 7 * DAY - 1;
    });
    court.propose_refused("UnbondingOutOfBounds", |c| {
        (c.params.unbonding_secs, c.params.timelock_secs) = (60 * DAY + 1, 61 * DAY);
    });
    court.propose_refused("TimelockTooShort", |c| {
        c.params.timelock_secs = 7 * DAY - 1;
    });
    court.propose_refused("FeeTooHigh", |c| c.params.fee_bps = 1_001);
    court.propose_refused("ReserveNotZero", |c| c.params.reserve[5] = 1);
    court.propose_refused("RoleMissing", |c| c.treasury = Address::default());
    court.propose(|c| {
        c.params.unbonding_secs = 60 * DAY;
        c.params.timelock_secs = 60 * DAY;
        c.params.fee_bps = 1_000;
        // These powers may be nobody's.
        (c.guardian, c.resolver) = Default::default();
    });
}

#[test]
fn a_change_is_applied_once_from_its_date_until_fourteen_days_after() {
    for late in [0, LIFE - 1] {
        let mut court = Court::new();
        court.apply_refused("NoPendingChange");
        court.propose(|c| c.params = OTHER);
        court.apply_refused("ChangeNotDue");
        court.world.advance(TIMELOCK - 1);
        court.apply_refused("ChangeNotDue");
        court.world.advance(1 + late);
        court.apply();
        assert_eq!(court.state().params, OTHER);
        court.apply_refused("NoPendingChange");
    }
    let mut court = Court::new();
    court.propose(|c| c.params = OTHER);
    court.world.advance(TIMELOCK + LIFE);
    court.apply_refused("ChangeExpired");
    // What lapsed can be proposed again, and waits again.
    court.propose(|c| c.params = OTHER);
    court.apply_refused("ChangeNotDue");
}

#[test]
fn proposing_over_a_matured_change_restarts_the_clock() {
    let mut court = Court::new();
    court.propose(|c| c.params.fee_bps = 300);
    court.world.advance(TIMELOCK);
    court.propose(|c| c.params.fee_bps = 900);
    court.apply_refused("ChangeNotDue");
    court.world.advance(TIMELOCK - 1);
    court.apply_refused("ChangeNotDue");
    court.world.advance(1);
    court.apply();
    assert_eq!(court.state().params.fee_bps, 900);
}

#[test]
fn the_timelock_in_force_is_the_one_that_counts() {
    let mut court = Court::new();
    court.change(|c| c.params.timelock_secs = 9 * DAY);
    // Shortening it takes the longer one.
    court.propose(|c| c.params.timelock_secs = 7 * DAY);
    court.world.advance(i64::from(9 * DAY) - 1);
    court.apply_refused("ChangeNotDue");
    court.world.advance(1);
    court.apply();
    court.propose(|_| ());
    assert_eq!(court.state().change_at, court.world.now() + TIMELOCK);
}

#[test]
fn what_left_the_bounds_since_it_was_proposed_is_not_applied() {
    for name in ["FeeTooHigh", "RoleMissing"] {
        let mut court = Court::new();
        court.propose(|c| c.params = OTHER);
        court.world.advance(TIMELOCK);
        let network = court.world.network;
        court
            .world
            .edit(&network, |state: &mut Network| match name {
                "FeeTooHigh" => state.change.params.fee_bps = 1_001,
                _ => state.change.treasury = Address::default(),
            });
        court.apply_refused(name);
    }
}

#[test]
fn an_account_that_is_no_network_is_refused() {
    let mut court = Court::new();
    let admin = court.admin.insecure_clone();
    let network = court.world.network;
    let (impostor, forged) = (court.world.impostor(), court.world.counterfeit(&network));
    for good in all_of(&admin.pubkey(), &court) {
        let bent = good.with(&network, &impostor);
        court
            .world
            .refused(&[bent], &[&admin], "InvalidAccountData");
        let bent = good.with(&network, &forged);
        court.world.refused(&[bent], &[&admin], "IllegalOwner");
        let without = good.unsigned(&admin.pubkey());
        court
            .world
            .refused(&[without], &[], "MissingRequiredSignature");
    }
}

#[test]
fn an_identity_is_pinned_and_lifted_by_a_change() {
    let mut court = Court::new();
    let half = Identity {
        schema: Address::default(),
        ..PINNED
    };
    court.propose_refused("CredentialIncomplete", |c| c.params.identity = half);
    let half = Identity {
        credential: Address::default(),
        ..PINNED
    };
    court.propose_refused("CredentialIncomplete", |c| c.params.identity = half);
    court.propose(|c| c.params.identity = PINNED);
    assert_eq!(court.state().params.identity, Identity::NONE);
    court.world.advance(TIMELOCK);
    court.apply();
    assert_eq!(court.state().params.identity, PINNED);
    court.change(|c| c.params.identity = Identity::NONE);
    assert_eq!(court.state().params.identity, Identity::NONE);
}
