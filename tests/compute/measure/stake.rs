//! Delegation, dividends and slashes, and the end of a stake pool.

use {
    super::Bench,
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{DAY, PARAMS, ProviderHandle, TOKEN},
    solana_signer::Signer,
};

impl Bench {
    pub(super) fn delegation(&mut self, provider: &ProviderHandle) {
        let (payer, owner, pool) = (self.payer(), &provider.owner, provider.pool);
        let commission = ix::set_commission(&owner.pubkey(), &self.world.network, 500);
        self.measure("set_commission", 740, &[commission], &[owner]);
        let ticket = self.world.thaw(owner, &pool, 1_000 * TOKEN, 0);
        self.world.chain.advance_slot(1);
        let cancel = self.world.cancel_unstake_ix(&ticket);
        self.measure("cancel_unstake", 1_060, &[cancel], &[owner]);

        let mint = self.world.reward_mint;
        self.world.mint_to(&payer, &mint, 2_000 * TOKEN);
        let add = self.world.dividends_ix(&payer, &pool, 1_000 * TOKEN);
        self.measure(
            "add_dividends, the first",
            5_450,
            std::slice::from_ref(&add),
            &[],
        );
        // From here on every step finds that some of it has streamed.
        self.world.next_period(i64::from(DAY / 2));
        let stakes = self.world.stake_mint;
        self.world.mint_to(&owner.pubkey(), &stakes, TOKEN);
        let stake = self.world.stake_ix(&owner.pubkey(), &pool, TOKEN);
        self.measure("stake, a stream moved", 2_900, &[stake], &[owner]);
        self.world.advance(60);
        self.measure("add_dividends", 2_900, &[add], &[]);
        self.world.advance(60);
        let claim = self.world.claim_dividends_ix(&pool, &owner.pubkey());
        self.measure("claim_dividends", 2_900, &[claim], &[]);
        self.world.slash(&pool, 5 * TOKEN);
        let burn = self.world.burn_ix(&pool);
        self.measure("burn_slashed", 2_000, &[burn], &[]);
    }

    /// Everybody leaves the pool of a provider without jobs, with something left in both vaults.
    pub(super) fn close_pool(&mut self, provider: &ProviderHandle) {
        let (owner, pool) = (&provider.owner, provider.pool);
        let shares = self.world.position(&pool, &owner.pubkey()).shares;
        self.world.next_period(0);
        let ticket = self.world.thaw(owner, &pool, shares, 0);
        self.world.advance(i64::from(PARAMS.unbonding_secs));
        self.world.withdraw(&ticket);
        self.world.claim_dividends(&pool, &owner.pubkey());
        let close = self.world.close_position_ix(&pool, &owner.pubkey());
        self.measure("close_position", 470, &[close], &[owner]);
        let mints = (self.world.reward_mint, self.world.stake_mint);
        self.world
            .mint_into(&address::dividends(&pool), &mints.0, 5);
        self.world.mint_into(&address::vault(&pool), &mints.1, 5);
        for name in ["close_stake_pool, its dividend vault", "close_stake_pool"] {
            let close = self.world.close_pool_ix(&pool);
            self.measure(name, 3_420, &[close], &[owner]);
        }
    }
}
