use {
    super::bonded::*,
    crate::{
        attestation::{self, Claimed},
        constants::INSTRUCTIONS_SYSVAR,
        error::SluiceError,
        state::*,
    },
    anchor_lang::prelude::*,
};

#[derive(Accounts)]
pub struct ShowEquivocation {
    pub network: Account<Network>,
    pub bonded: Nested<Bonded>,
    /// The position of the attester's owner in its pool, or its address if there is none.
    pub position: UncheckedAccount,
    #[account(address = INSTRUCTIONS_SYSVAR)]
    pub instructions: UncheckedAccount,
}

/// Two statements about one window of one job.
#[derive(Clone, Copy, Debug, IdlType, SchemaRead, SchemaWrite)]
pub struct Equivocation {
    /// Address of the job.
    pub job: Address,
    /// Its opening slot: tells it from an earlier one at the same address.
    pub incarnation: u64,
    /// Address of the job's node.
    pub node: Address,
    /// The units that each statement claims.
    pub units: [u64; 2],
    /// The digest of each statement.
    pub digests: [[u8; 32]; 2],
    /// Number of the window that both are about.
    pub window: u32,
}

#[inline(never)]
pub fn handler(ctx: &mut Context<ShowEquivocation>, shown: &Equivocation) -> Result<()> {
    let a = &mut ctx.accounts;
    let attester = &a.bonded.attester;
    require!(
        attester.network == *a.network.account().address(),
        SluiceError::WrongNetwork
    );
    require!(
        attester.standing != Standing::Tombstoned.byte(),
        SluiceError::AttesterTombstoned
    );
    let context = attestation::context(
        &a.network.domain,
        &shown.job,
        shown.incarnation,
        &shown.node,
    );
    let [first, second] = [0, 1].map(|side: usize| {
        let claimed = Claimed {
            window: shown.window,
            units: shown.units.get(side).copied().unwrap_or_default(),
            digest: shown.digests.get(side).copied().unwrap_or_default(),
        };
        attestation::statement_hash(&context, &claimed)
    });
    require!(first != second, SluiceError::NotEquivocation);
    {
        let sysvar = a.instructions.account().try_borrow()?;
        attestation::verify_both(
            attestation::previous_ed25519(&sysvar)?,
            &attester.key,
            &first,
            &second,
        )?;
    }
    a.bonded.slash(&a.position, Standing::Tombstoned)
}
