#![allow(
    unused_variables,
    reason = "the seeds of `init` read the arguments, which the derive does not see"
)]

use {
    crate::{constants::*, error::SluiceError, events::JobOpened, mint_policy, state::*, vault},
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
};

/// What a buyer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IdlType, SchemaRead, SchemaWrite)]
pub struct OpenArgs {
    pub id: u64,
    pub terms: Terms,
    pub length_secs: u64,
    /// Acceptable before this time; refundable from it.
    pub open_until: i64,
    /// Deposit, base units.
    pub funds: u64,
    pub spec_hash: [u8; 32],
    /// May countersign in the quorum's place; zero for none.
    pub cosigner: Address,
    /// The one provider that may accept; zero for anyone.
    pub provider: Address,
    /// The highest network fee the buyer agrees to, basis points.
    pub max_fee_bps: u16,
}

#[derive(Accounts)]
#[instruction(args: OpenArgs)]
pub struct OpenJob {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub buyer: Signer,
    pub network: Account<Network>,
    /// The set in the terms; absent when they name none.
    #[account(constraint = set.network == *network.account().address() @ SluiceError::WrongNetwork)]
    pub set: Option<Account<AttesterSet>>,
    #[account(init, payer = payer, seeds = [b"job", network.account().address().as_ref(), buyer.address().as_ref(), &args.id.to_le_bytes()], bump)]
    pub job: Account<Job>,
    #[account(mut)]
    pub vault: UncheckedAccount,
    #[account(address = args.terms.mint)]
    pub mint: UncheckedAccount,
    #[account(mut)]
    pub source: UncheckedAccount,
    pub token_program: Interface<'static, TokenInterface>,
    pub system_program: Program<System>,
}

impl OpenArgs {
    fn validate(&self, network: &Network, set: Option<&AttesterSet>, now: i64) -> Result<()> {
        self.terms.validate(network.min_unbonding_secs)?;
        require!(
            (1..=self.terms.max_length_secs).contains(&self.length_secs),
            SluiceError::LengthOutOfBounds
        );
        require!(self.open_until > now, SluiceError::DateInPast);
        require!(
            network.params.fee_bps <= self.max_fee_bps,
            SluiceError::FeeTooHigh
        );
        let Some(set) = set else {
            require!(self.cosigner != NOBODY, SluiceError::NobodyToProve);
            return Ok(());
        };
        require!(set.has_quorum(), SluiceError::NoQuorum);
        require!(
            network.params.fee_bps.saturating_add(set.fee_bps) <= MAX_TOTAL_FEE_BPS,
            SluiceError::FeeTooHigh
        );
        require!(
            !set.has_member(&self.cosigner),
            SluiceError::KeysNotDistinct
        );
        Ok(())
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<OpenJob>, args: &OpenArgs) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    let set_key = a
        .set
        .as_ref()
        .map_or(NOBODY, |set| *set.account().address());
    require!(set_key == args.terms.set, SluiceError::WrongSet);
    args.validate(&a.network, a.set.as_deref(), clock.unix_timestamp)?;
    let decimals = mint_policy::check(&a.mint)?;
    let job_key = *a.job.account().address();
    let (vault_bump, received) = vault::NewVault {
        vault: &a.vault,
        authority: &job_key,
        mint: &a.mint,
        payer: &a.payer,
        token_program: &a.token_program,
    }
    .open_funded(&a.source, &a.buyer, args.funds, decimals)?;

    let job = &mut a.job;
    job.network = *a.network.account().address();
    job.buyer = *a.buyer.address();
    job.provider = args.provider;
    job.cosigner = args.cosigner;
    if let Some(set) = a.set.as_ref() {
        job.attestation_owner = set.fee_owner;
        job.attestation_bps = set.fee_bps;
    }
    job.vault = *a.vault.address();
    job.rent_payer = *a.payer.address();
    job.spec_hash = args.spec_hash;
    job.terms = args.terms;
    job.id = args.id;
    job.incarnation = clock.slot;
    job.end_at = args.open_until;
    job.length_secs = args.length_secs;
    job.fee_bps = a.network.params.fee_bps;
    job.decimals = decimals;
    job.version = VERSION;
    job.bump = ctx.bumps.job;
    job.vault_bump = vault_bump;
    job.fund(received)?;
    require!(job.units_funded >= 1, SluiceError::NothingFunded);
    emit!(JobOpened {
        job: job_key,
        buyer: job.buyer,
        mint: job.terms.mint,
        set: set_key,
        incarnation: job.incarnation,
        funded: job.funded,
        units_funded: job.units_funded,
    });
    Ok(())
}
