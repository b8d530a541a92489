//! `name_admin` and `accept_admin`.

use {
    super::{Court, TIMELOCK},
    sluice_client::instruction as ix,
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl Court {
    /// The admin names `candidate`.
    fn name(&mut self, candidate: &Address) {
        let name = ix::name_admin(&self.admin.pubkey(), &self.world.network, candidate);
        self.world.ok(&[name], &[&self.admin]);
    }

    fn accept(&mut self, candidate: &Keypair) {
        let accept = ix::accept_admin(&candidate.pubkey(), &self.world.network);
        self.world.ok(&[accept], &[candidate]);
    }

    fn accept_refused(&mut self, candidate: &Keypair) {
        let accept = ix::accept_admin(&candidate.pubkey(), &self.world.network);
        self.world.refused(&[accept], &[candidate], "NotCandidate");
    }
}

#[test]
fn the_admin_changes_when_the_candidate_accepts() {
    let mut court = Court::new();
    let next = court.world.party();
    let mut expected = court.state();
    court.name(&next.pubkey());
    expected.pending_admin = next.pubkey();
    let state = court.state();
    assert_eq!(bytemuck::bytes_of(&state), bytemuck::bytes_of(&expected));
    court.accept(&next);
    expected.pending_admin = Address::default();
    expected.roles.admin = next.pubkey();
    let state = court.state();
    assert_eq!(bytemuck::bytes_of(&state), bytemuck::bytes_of(&expected));
}

#[test]
fn only_the_admin_names_a_candidate_and_only_the_last_one_accepts() {
    let mut court = Court::new();
    let (first, second) = (court.world.party(), court.world.party());
    let others = [
        court.guardian.insecure_clone(),
        court.resolver.insecure_clone(),
        court.world.treasury.insecure_clone(),
        first.insecure_clone(),
    ];
    for other in &others {
        let name = ix::name_admin(&other.pubkey(), &court.world.network, &other.pubkey());
        court.world.refused(&[name], &[other], "NotAdmin");
        court.accept_refused(other);
    }
    court.name(&first.pubkey());
    court.name(&second.pubkey());
    court.accept_refused(&first);
    let admin = court.admin.insecure_clone();
    court.accept_refused(&admin);
    // The zero key withdraws the candidate, and nobody signs as it.
    court.name(&Address::default());
    court.accept_refused(&second);
    court.name(&second.pubkey());
    court.accept(&second);
    court.accept_refused(&second);
}

#[test]
fn the_old_admin_loses_all_power_at_once() {
    let mut court = Court::new();
    let next = court.world.party();
    court.propose(|c| c.params.fee_bps = 1_000);
    court.name(&next.pubkey());
    court.world.advance(TIMELOCK);
    court.accept(&next);

    // What it had proposed, ripe as it was, is gone.
    let state = court.state();
    assert_eq!(state.change_at, 0);
    assert_eq!(state.change, bytemuck::Zeroable::zeroed());
    court.apply_refused("NoPendingChange");
    court.propose_refused("NotAdmin", |_| ());
    let old = court.admin.insecure_clone();
    let name = ix::name_admin(&old.pubkey(), &court.world.network, &old.pubkey());
    court.world.refused(&[name], &[&old], "NotAdmin");
    court.accept_refused(&old);
    court.admin = next;
    court.change(|c| c.params.fee_bps = 1);
    assert_eq!(court.state().params.fee_bps, 1);
}
