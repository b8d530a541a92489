//! What everybody begins with, and the lines of the book.

use {
    crate::{
        ledger::{Asset, Source},
        plan::{self, NODE_LABELS},
        world::World,
    },
    anyhow::{Context, Result},
    sluice_client::{
        address,
        instruction::{self as ix, token::Mint},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

const SOL: u64 = 1_000_000_000;

impl World {
    /// Gives everybody lamports, token accounts and tokens.
    pub fn endow(&mut self) -> Result<()> {
        let keeper = self.chain.keeper.pubkey();
        let (buyer, funder) = (self.buyer.pubkey(), self.funder.pubkey());
        let mut rich = vec![keeper, self.admin.pubkey(), buyer, funder];
        rich.extend(self.stakers().map(|staker| staker.owner.pubkey()));
        for owner in rich {
            self.chain.ledger.airdrop(&owner, 10 * SOL)?;
        }
        let mut purses = vec![
            (buyer, self.usdc, plan::BUYER_FUNDS),
            (buyer, self.stake, plan::CHALLENGE_BOND),
            (funder, self.reward, plan::REWARD_FUNDS + plan::DIVIDEND),
            (self.delegator.owner.pubkey(), self.reward, 0),
            (self.treasury.pubkey(), self.usdc, 0),
            (self.fee_owner.pubkey(), self.usdc, 0),
        ];
        for staker in self.stakers() {
            purses.push((staker.owner.pubkey(), self.stake, staker.amount));
        }
        for provider in &self.providers {
            purses.push((provider.owner.pubkey(), self.usdc, 0));
            purses.push((provider.owner.pubkey(), self.reward, 0));
        }
        for (owner, mint, amount) in purses {
            let open = ix::token::create_token_account(&keeper, &owner, &mint);
            let mint_to = spl_token_interface::instruction::mint_to(
                &mint.token_program,
                &mint.address,
                &address::token_account(&owner, &mint.address, &mint.token_program),
                &self.admin.pubkey(),
                &[],
                amount,
            )
            .context("the token program is not the classic one")?;
            self.chain.prepare(&[open, mint_to], &[&self.admin])?;
        }
        Ok(())
    }

    /// Writes every holder into the book.
    pub fn list_holders(&mut self) {
        let account = |key: &Keypair, mint: &Mint| {
            let address = address::token_account(&key.pubkey(), &mint.address, &mint.token_program);
            Source::Tokens(vec![address])
        };
        let vault = |account: &Address| Source::Tokens(vec![address::vault(account)]);
        // The delegator's pool is a provider's.
        let stake_vaults: Vec<_> = self
            .providers
            .iter()
            .chain(&self.attesters)
            .map(|one| address::vault(&one.pool))
            .collect();
        let issued = self.stakers().map(|one| one.amount).sum::<u64>() + plan::CHALLENGE_BOND;
        let mut vaults = stake_vaults.clone();
        let mut rows = vec![(
            "buyer".to_owned(),
            Asset::Usdc,
            account(&self.buyer, &self.usdc),
        )];
        for one in &self.providers {
            rows.push((
                one.label.clone(),
                Asset::Usdc,
                account(&one.owner, &self.usdc),
            ));
        }
        rows.push((
            "treasury".into(),
            Asset::Usdc,
            account(&self.treasury, &self.usdc),
        ));
        rows.push((
            "attesters' fees".into(),
            Asset::Usdc,
            account(&self.fee_owner, &self.usdc),
        ));
        for (node, label) in NODE_LABELS.iter().enumerate() {
            let job = self.job(node);
            vaults.push(address::vault(&job));
            rows.push((format!("escrow of {label}"), Asset::Usdc, vault(&job)));
        }
        rows.push((
            "reward funder".into(),
            Asset::Reward,
            account(&self.funder, &self.reward),
        ));
        for one in &self.providers {
            rows.push((
                one.label.clone(),
                Asset::Reward,
                account(&one.owner, &self.reward),
            ));
        }
        rows.push((
            self.delegator.label.clone(),
            Asset::Reward,
            account(&self.delegator.owner, &self.reward),
        ));
        rows.push(("reward vault".into(), Asset::Reward, vault(&self.pool())));
        vaults.push(address::vault(&self.pool()));
        let dividends = address::dividends(&self.delegator.pool);
        rows.push((
            "dividend vault".into(),
            Asset::Reward,
            Source::Tokens(vec![dividends]),
        ));
        vaults.push(dividends);
        rows.push((
            "buyer".into(),
            Asset::Stake,
            account(&self.buyer, &self.stake),
        ));
        for one in self.stakers() {
            rows.push((
                one.label.clone(),
                Asset::Stake,
                account(&one.owner, &self.stake),
            ));
        }
        rows.push((
            "stake vaults".into(),
            Asset::Stake,
            Source::Tokens(stake_vaults),
        ));
        rows.push((
            "burned".into(),
            Asset::Stake,
            Source::Burned(self.stake.address, issued),
        ));
        let keeper = self.chain.keeper.pubkey();
        rows.push(("keeper".into(), Asset::Sol, Source::Keeper(keeper)));
        let mut owners = vec![("admin", &self.admin), ("buyer", &self.buyer)];
        owners.push(("reward funder", &self.funder));
        owners.extend(self.stakers().map(|one| (one.label.as_str(), &one.owner)));
        for (label, owner) in owners {
            rows.push((label.into(), Asset::Sol, Source::Lamports(owner.pubkey())));
        }
        rows.push(("rent held".into(), Asset::Sol, Source::Rent(vaults)));
        rows.push(("validators".into(), Asset::Sol, Source::Validators));
        for (holder, asset, source) in rows {
            self.chain.book.add(&holder, asset, source);
        }
    }
}
