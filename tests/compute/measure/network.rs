//! The governance of a network.

use {
    super::Bench,
    sluice_client::{NetworkChange, instruction as ix},
    sluice_tests::world::PARAMS,
    solana_signer::Signer,
};

impl Bench {
    pub(crate) fn governance(&mut self) {
        let (network, admin) = (self.world.network, self.payer());
        let pause = ix::pause(&admin, &network, 60);
        self.measure("pause", 690, &[pause], &[]);
        let change = NetworkChange {
            params: PARAMS,
            guardian: admin,
            resolver: admin,
            treasury: admin,
        };
        let propose = ix::propose_change(&admin, &network, change);
        self.measure("propose_change", 1_160, &[propose], &[]);
        self.world.advance(i64::from(PARAMS.timelock_secs));
        let apply = ix::apply_change(&admin, &network);
        self.measure("apply_change", 830, &[apply], &[]);
        let candidate = self.key_where(|_| true);
        let name = ix::name_admin(&admin, &network, &candidate.pubkey());
        self.measure("name_admin", 560, &[name], &[]);
        let accept = ix::accept_admin(&candidate.pubkey(), &network);
        self.measure("accept_admin", 570, &[accept], &[&candidate]);
    }
}
