//! Mints, and what everybody holds of them.

use {
    super::Founding,
    crate::{
        cast::{Cast, key},
        plan,
        world::Mints,
    },
    anyhow::Result,
    sluice_client::{
        Ledger, address,
        found::Wanted,
        instruction::{self as ix, token::Mint},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_program_pack::Pack,
    solana_signer::Signer,
};

impl Founding {
    /// The three mints, of which the admin is the authority.
    pub(super) fn mints(&mut self, admin: &Keypair, mints: &Mints) -> Result<()> {
        for (name, mint) in [
            ("stake mint", mints.stake),
            ("usdc mint", mints.usdc),
            ("reward mint", mints.reward),
        ] {
            let space = spl_token_interface::state::Mint::LEN;
            let (authority, own) = (admin.pubkey(), key(name));
            let create = solana_system_interface::instruction::create_account(
                &authority,
                &mint.address,
                self.ledger.minimum_balance(space)?,
                space as u64,
                &mint.token_program,
            );
            let initialise = spl_token_interface::instruction::initialize_mint2(
                &mint.token_program,
                &mint.address,
                &authority,
                None,
                mint.decimals,
            )?;
            self.send(name, &[create, initialise], admin, &[&own])?;
        }
        Ok(())
    }

    /// Token accounts, and what is in them.
    pub(super) fn purses(&mut self, cast: &Cast, mints: &Mints, wanted: &Wanted) -> Result<()> {
        let Mints {
            stake,
            usdc,
            reward,
        } = mints;
        let attesters: u64 = wanted.attesters.iter().map(|one| one.stake).sum();
        let funds: u64 = wanted.pools.iter().map(|pool| pool.funds).sum();
        let of_provider = |owner| {
            [
                (owner, stake, plan::PROVIDER_STAKE + plan::SPARE_STAKE),
                (owner, usdc, 0),
                (owner, reward, 0),
            ]
        };
        let second = cast.second.iter();
        let second = second.flat_map(|second| of_provider(&second.owner));
        let all = [
            (&cast.buyer, usdc, plan::BUYER_USDC),
            (&cast.buyer, stake, plan::BUYER_STAKE),
            (&cast.attester_owner, stake, attesters + plan::SPARE_STAKE),
            (&cast.attester_owner, reward, 0),
            (&cast.attester_fees, usdc, 0),
            (&cast.treasury, usdc, 0),
            (&cast.funder, reward, funds + plan::SPARE_REWARD),
        ];
        for (owner, mint, amount) in all
            .into_iter()
            .chain(of_provider(&cast.provider))
            .chain(second)
        {
            self.purse(&cast.admin, &owner.pubkey(), mint, amount)?;
        }
        Ok(())
    }

    /// A token account of `owner` with `amount` base units more.
    pub(crate) fn purse(
        &mut self,
        admin: &Keypair,
        owner: &Address,
        mint: &Mint,
        amount: u64,
    ) -> Result<()> {
        let key = admin.pubkey();
        let open = ix::token::create_token_account(&key, owner, mint);
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        let fill = spl_token_interface::instruction::mint_to(
            &mint.token_program,
            &mint.address,
            &account,
            &key,
            &[],
            amount,
        )?;
        self.send("mint_to", &[open, fill], admin, &[])
    }
}
