use {
    super::bonded::*,
    crate::{
        attestation::{self, Claimed, Said, TAG_BATCH, TAG_QUORUM},
        constants::*,
        error::SluiceError,
        hash::sha256,
        state::*,
    },
    alloc::vec::Vec,
    anchor_lang::prelude::*,
    sluice_math::tree,
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

/// Where a statement stands in a batch that a member signed.
#[derive(Clone, Debug, IdlType, SchemaRead, SchemaWrite)]
pub struct BatchLeaf {
    /// Address of the batch's attester set.
    pub set: Address,
    /// Place of the leaf in the tree.
    pub index: u32,
    /// The siblings from the leaf upwards.
    pub path: Vec<[u8; 32]>,
}

impl BatchLeaf {
    /// What the member signed of the tree in which `statement` stands here.
    fn said(&self, statement: &[u8; 32]) -> Result<Said<'static>> {
        require!(
            self.path.len() <= MAX_BATCH_DEPTH,
            SluiceError::MalformedRun
        );
        let root = tree::root_from(sha256, statement, self.index, &self.path);
        let root = root.ok_or(SluiceError::MalformedRun)?;
        Ok(Said {
            tag: &TAG_BATCH,
            hash: Batch::hash(&self.set, &root),
        })
    }
}

/// Two statements about one window of one job.
#[derive(Clone, Debug, IdlType, SchemaRead, SchemaWrite)]
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
    /// Where the first one stands in a batch; absent if it was signed by itself.
    pub first: Option<BatchLeaf>,
    /// Where the second one stands, in the same batch or in another.
    pub second: Option<BatchLeaf>,
}

fn said(statement: &[u8; 32], leaf: Option<&BatchLeaf>) -> Result<Said<'static>> {
    match leaf {
        Some(leaf) => leaf.said(statement),
        None => Ok(Said {
            tag: &TAG_QUORUM,
            hash: *statement,
        }),
    }
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
    let both = [
        said(&first, shown.first.as_ref())?,
        said(&second, shown.second.as_ref())?,
    ];
    {
        let sysvar = a.instructions.account().try_borrow()?;
        attestation::verify_both(
            attestation::previous_ed25519(&sysvar)?,
            &attester.key,
            &both,
        )?;
    }
    a.bonded.slash(&a.position, Standing::Tombstoned)
}
