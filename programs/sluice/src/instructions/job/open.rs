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
    pub token_program: Interface<'static, TokenInterface>,
}

#[derive(Accounts)]
#[instruction(id: u64)]
pub struct OpenJob {
    /// Pays rent; may be any of the other signers.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    pub funding: Nested<Funding>,
    #[account(init, payer = payer, seeds = [b"job", funding.network.account().address().as_ref(), funding.buyer.address().as_ref(), &id.to_le_bytes()], bump)]
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
        require!(
            network.params.fee_bps <= self.max_fee_bps,
            SluiceError::FeeTooHigh
        );
        require!(
            self.terms.challenge_secs == 0 || network.roles.resolver != NOBODY,
            SluiceError::NoResolver
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
            self.cosigner == NOBODY || !set.has_member(&self.cosigner),
            SluiceError::KeysNotDistinct
        );
        Ok(())
    }
}

impl Funding {
    /// Opens and funds the escrow: whatever can be refused without looking at a node is refused here.
    #[inline(never)]
    pub fn open(
        &self,
        job: &mut Account<Job>,
        payer: &Signer,
        args: &OpenArgs,
        clock: &Clock,
    ) -> Result<()> {
        self.network.require_intake(clock.unix_timestamp)?;
        let set_key = self
            .set
            .as_ref()
            .map_or(NOBODY, |set| *set.account().address());
        require!(set_key == args.terms.set, SluiceError::WrongSet);
        require!(
            *self.mint.address() == args.terms.mint,
            SluiceError::WrongMint
        );
        args.validate(&self.network, self.set.as_deref())?;
        let decimals = mint_policy::check(&self.mint)?;
        let job_key = *job.account().address();
        let (vault_bump, received) = vault::NewVault {
            kind: vault::VAULT,
            vault: &self.vault,
            authority: &job_key,
            mint: &self.mint,
            payer,
            token_program: &self.token_program,
        }
        .open_funded(&self.source, &self.buyer, args.funds, decimals)?;

        job.network = *self.network.account().address();
        job.buyer = *self.buyer.address();
        job.provider = args.provider;
        job.cosigner = args.cosigner;
        if let Some(set) = self.set.as_ref() {
            job.attestation_owner = set.fee_owner;
            job.attestation_bps = set.fee_bps;
            job.counts = u8::from(set.quality.shortfall(&args.terms).is_none());
        }
        job.resolver = self.network.roles.resolver;
        job.vault = *self.vault.address();
        job.rent_payer = *payer.address();
        job.spec_hash = args.spec_hash;
        job.terms = args.terms;
        job.id = args.id;
        job.incarnation = clock.slot;
        job.end_at = args.open_until;
        job.length_secs = args.length_secs;
        job.fee_bps = self.network.params.fee_bps;
        job.decimals = decimals;
        job.vault_bump = vault_bump;
        job.fund(received)?;
        require!(job.units_funded >= 1, SluiceError::NothingFunded);
        events::emit_here(JobOpened {
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
}

#[inline(never)]
pub fn handler(ctx: &mut Context<OpenJob>, args: &OpenArgs) -> Result<()> {
    let a = &mut ctx.accounts;
    let clock = Clock::get()?;
    require!(
        args.open_until > clock.unix_timestamp,
        SluiceError::DateInPast
    );
    a.job.bump = ctx.bumps.job;
    a.funding.open(&mut a.job, &a.payer, args, &clock)
}
