//! A second network beside the world's own.

use {
    super::{PARAMS, World},
    sluice_client::{NetworkArgs, address, instruction as ix},
    solana_address::Address,
    solana_signer::Signer,
};

impl World {
    /// Creates another network of the same mints and parameters.
    pub fn other_network(&mut self) -> Address {
        let payer = self.payer.pubkey();
        let args = NetworkArgs {
            name: *b"other\0\0\0\0\0\0\0\0\0\0\0",
            ..self.network_args(PARAMS)
        };
        let create = ix::create_network(
            &payer,
            &payer,
            &self.stake_mint.address,
            &self.reward_mint.address,
            args,
        );
        self.ok(&[create], &[]);
        address::network(&payer, &args.name)
    }

    /// Runs `steps` in another network than the world's own.
    pub fn within<T>(&mut self, network: &Address, steps: impl FnOnce(&mut Self) -> T) -> T {
        let home = std::mem::replace(&mut self.network, *network);
        let result = steps(self);
        self.network = home;
        result
    }
}
