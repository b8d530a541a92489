#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{
        constants::*,
        error::SluiceError,
        events::{self, JobOpened},
        mint_policy,
        state::*,
        vault,
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Who funds a job's escrow, from where, under which network and set.
#[derive(Accounts)]
pub struct Funding {
    pub buyer: Signer,
    pub network: Account<Network>,
    /// The set in the terms; absent when they name none.
    #[account(constraint = set.network == *network.account().address() @ SluiceError::WrongNetwork)]
    pub set: Option<Account<AttesterSet>>,
    #[account(mut)]
    pub vault: UncheckedAccount,
    /// The mint in the terms.
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub source: UncheckedAccount,
    /// The program of the mint: creating the vault asks for it.
    pub token_program: UncheckedAccount,
}

#[derive(Accounts)]
#[instruction(id: u64)]
pub struct OpenJob {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub funding: Nested<Funding>,
    #[account(init, payer = payer, seeds = [Job::SEED, funding.network.account().address().as_ref(), funding.buyer.address().as_ref(), &id.to_le_bytes()], bump)]
    pub job: Account<Job>,
    pub system_program: Program<System>,
}

impl OpenArgs {
    fn validate(&self, network: &Network, set: Option<&AttesterSet>) -> Result<()> {
        self.terms.validate(network.min_unbonding_secs)?;
        require!(
            (1..=self.terms.max_length_secs).contains(&self.length_secs),
            SluiceError::LengthOutOfBounds
        );
        let attestation_bps = set.map_or(0, |set| set.fee_bps);
        let fees = network.params.fee_bps.saturating_add(attestation_bps);
        require!(
            fees <= MAX_TOTAL_FEE_BPS && fees <= self.max_fee_bps,
            SluiceError::FeeTooHigh
        );
        require!(
            network.roles.resolver == self.resolver,
            SluiceError::ResolverChanged
        );
        require!(
            self.terms.challenge_secs == 0 || self.resolver != NOBODY,
            SluiceError::NoResolver
        );
        let Some(set) = set else {
            require!(self.cosigner != NOBODY, SluiceError::NobodyToProve);
            return Ok(());
        };
        require!(set.has_quorum(), SluiceError::NoQuorum);
        require!(
            self.cosigner == NOBODY || !set.has_member(&self.cosigner),
            SluiceError::KeysNotDistinct
        );
        Ok(())
    }
}

impl Funding {
    /// Opens and funds the escrow. Refuses all that can be refused without looking at a node.
    pub fn open(
        &self,
        job: &mut Account<Job>,
        payer: &Signer,
        args: &OpenArgs,
        vault_bump: u8,
        (now, slot): (i64, u64),
        (bump, taken): (u8, bool),
    ) -> Result<()> {
        self.network.require_intake(now)?;
        let set_key = self.set.as_ref().map(|set| set.account().address());
        require!(
            address_eq(set_key.unwrap_or(&NOBODY), &args.terms.set),
            SluiceError::WrongSet
        );
        require!(
            *self.mint.address() == args.terms.mint,
            SluiceError::WrongMint
        );
        args.validate(&self.network, self.set.as_deref())?;
        let decimals = mint_policy::check(&self.mint)?;
        let received = vault::NewVault {
            kind: vault::VAULT,
            vault: &self.vault,
            authority: job.account().address(),
            mint: &self.mint,
            payer,
            token_program: &self.token_program,
        }
        .open_funded(
            job.account(),
            vault_bump,
            &self.source,
            &self.buyer,
            args.funds,
            decimals,
        )?;

        job.open(
            args,
            &Opening {
                network_key: self.network.account().address(),
                network: &self.network,
                set: self.set.as_deref(),
                buyer: self.buyer.address(),
                rent_payer: payer.address(),
                vault: self.vault.address(),
                vault_bump,
                bump,
                decimals,
                taken,
                received,
                slot,
            },
        )?;
        events::emit(JobOpened {
            job: *job.account().address(),
            buyer: job.buyer,
            mint: job.terms.mint,
            set: job.terms.set,
            incarnation: job.incarnation,
            funded: job.funded,
            units_funded: job.units_funded,
        });
        Ok(())
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<OpenJob>, args: &OpenArgs, vault_bump: u8) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require_date(args.open_until, clock.unix_timestamp)?;
    let when = (clock.unix_timestamp, clock.slot);
    let how = (ctx.bumps.job, false);
    a.funding
        .open(&mut a.job, &a.payer, args, vault_bump, when, how)
}
