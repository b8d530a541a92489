//! One command at work: its settings, its ledger and the checks before anything is sent.

use {
    crate::{
        config::Settings,
        failure::{Failure, Result},
        keys,
        output::Fields,
    },
    sluice::constants::ED25519_PROGRAM,
    sluice_client::{
        ClientError, Ledger, address, amount,
        instruction::token::{Mint, TOKEN_PROGRAM, create_token_account, wrap_sol},
        ledger,
    },
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{cell::OnceCell, collections::BTreeSet, rc::Rc},
};

/// Most compute units a transaction may ask for.
const MAX_UNITS: u32 = 1_400_000;
/// Lamports per signature, precompiled ones included.
const SIGNATURE_FEE: u64 = 5_000;
/// Decimals of SOL.
pub const SOL_DECIMALS: u8 = 9;
/// Bytes of a token account that the program opens.
pub const VAULT_LEN: usize = 165;
/// Bytes of an associated account of Token-2022: one extension more.
const TOKEN_2022_ACCOUNT_LEN: usize = 170;

/// What a command wants to send.
#[derive(Clone, Default)]
pub struct Plan {
    /// Goes first, in a transaction of its own if the whole does not fit one.
    first: Vec<Instruction>,
    instructions: Vec<Instruction>,
    signers: Vec<Rc<Keypair>>,
    /// Bytes of every account that will be created at the payer's expense.
    creates: Vec<usize>,
    /// Lamports that the payer parts with beside fee and rent.
    wraps: u64,
}

impl Plan {
    /// A plan of one instruction.
    pub fn of(instruction: Instruction) -> Self {
        let mut plan = Self::default();
        plan.push(instruction);
        plan
    }

    /// Adds an instruction.
    pub fn push(&mut self, instruction: Instruction) {
        self.instructions.push(instruction);
    }

    /// Adds a key that has to sign.
    pub fn signed_by(mut self, key: impl Into<Rc<Keypair>>) -> Self {
        self.signers.push(key.into());
        self
    }

    /// This and then `other`, in one transaction.
    pub fn join(mut self, other: Self) -> Self {
        self.first.extend(other.first);
        self.instructions.extend(other.instructions);
        self.signers.extend(other.signers);
        self.creates.extend(other.creates);
        self.wraps = self.wraps.saturating_add(other.wraps);
        self
    }

    /// Notes that an account of `bytes` will be created.
    pub fn creating(mut self, bytes: usize) -> Self {
        self.creates.push(bytes);
        self
    }
}

/// Settings and a ledger.
pub struct Session<L> {
    settings: Settings,
    pub ledger: L,
    /// Read once: standard input cannot be read again.
    signer: OnceCell<Rc<Keypair>>,
    payer: OnceCell<Rc<Keypair>>,
}

impl<L: Ledger> Session<L> {
    /// A session on `ledger`.
    pub const fn new(settings: Settings, ledger: L) -> Self {
        Self {
            settings,
            ledger,
            signer: OnceCell::new(),
            payer: OnceCell::new(),
        }
    }

    /// Refuses a cluster without the program.
    pub fn require_program(&self) -> Result<()> {
        match self.ledger.account(&sluice_client::ID)? {
            Some(program) if program.executable => Ok(()),
            _ => Err(Failure::NotDeployed {
                program: sluice_client::ID,
                url: self.settings.cluster.url.clone(),
            }),
        }
    }

    /// The key that signs.
    pub fn signer(&self) -> Result<Rc<Keypair>> {
        once(&self.signer, &self.settings.keypair)
    }

    /// The key that signs, which must be `expected`.
    pub fn signer_as(&self, role: &'static str, expected: &Address) -> Result<Rc<Keypair>> {
        let key = self.signer()?;
        let given = key.pubkey();
        if given == *expected {
            return Ok(key);
        }
        Err(Failure::WrongSigner {
            role,
            expected: *expected,
            given,
        })
    }

    /// The key that pays fees and rent.
    pub fn payer(&self) -> Result<Rc<Keypair>> {
        match &self.settings.fee_payer {
            Some(path) => once(&self.payer, path),
            None => self.signer(),
        }
    }

    /// The cluster's unix time.
    pub fn now(&self) -> Result<i64> {
        Ok(self.ledger.clock()?.unix_timestamp)
    }

    /// The mint at `address`.
    pub fn mint(&self, address: &Address) -> Result<Mint> {
        let found = self.ledger.account(address)?;
        Ok(Mint::read(
            address,
            &found.ok_or_else(|| no_mint(address))?,
        )?)
    }

    /// The mint at `address`, which is to be deposited: one that the program would refuse is refused here by name.
    pub fn deposit_mint(&self, address: &Address) -> Result<Mint> {
        let found = self.ledger.account(address)?;
        let found = found.ok_or_else(|| no_mint(address))?;
        Ok(Mint::read_for_deposit(address, &found)?)
    }

    /// Refuses to create what exists.
    pub fn require_absent(&self, what: &'static str, address: &Address) -> Result<()> {
        match self.ledger.account(address)? {
            Some(found) if found.owner == sluice_client::ID => Err(Failure::input(format!(
                "the {what} {address} exists already"
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses a deposit that `owner`'s associated account does not cover.
    pub fn require_tokens(&self, owner: &Address, mint: &Mint, base: u64) -> Result<()> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        let held = self.ledger.token_balance(&account)?;
        if held >= base {
            return Ok(());
        }
        Err(Failure::Unfunded(format!(
            "{owner} holds {} of the mint {} and needs {}",
            amount::format(held, mint.decimals),
            mint.address,
            amount::format(base, mint.decimals),
        )))
    }

    /// A plan that leaves `base` units in the signing `owner`'s associated account; SOL is wrapped as far as it lacks.
    pub fn cover(&self, owner: &Rc<Keypair>, mint: &Mint, base: u64) -> Result<Plan> {
        let key = owner.pubkey();
        if !mint.is_wrapped_sol() {
            self.require_tokens(&key, mint, base)?;
            return Ok(Plan::default());
        }
        let account = address::token_account(&key, &mint.address, &mint.token_program);
        let lacking = base.saturating_sub(self.ledger.token_balance(&account)?);
        if lacking == 0 {
            return Ok(Plan::default());
        }
        let held = self.ledger.account(&key)?.map_or(0, |found| found.lamports);
        if held < lacking {
            return Err(Failure::Unfunded(format!(
                "{key} holds {} SOL and needs {} to wrap",
                amount::format(held, SOL_DECIMALS),
                amount::format(lacking, SOL_DECIMALS),
            )));
        }
        let mut plan = self.ensure_token_account(Plan::default(), &key, mint)?;
        plan.first = std::mem::take(&mut plan.instructions);
        plan.first.extend(wrap_sol(&key, mint, lacking));
        if self.payer()?.pubkey() == key {
            plan.wraps = lacking;
        }
        Ok(plan)
    }

    /// True when nothing is to be sent.
    pub const fn is_dry_run(&self) -> bool {
        self.settings.dry_run
    }

    /// Creates the associated account of `owner` in the same transaction when it is missing.
    pub fn ensure_token_account(
        &self,
        mut plan: Plan,
        owner: &Address,
        mint: &Mint,
    ) -> Result<Plan> {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        if self.ledger.account(&account)?.is_some() {
            return Ok(plan);
        }
        plan.push(create_token_account(&self.payer()?.pubkey(), owner, mint));
        Ok(plan.creating(if mint.token_program == TOKEN_PROGRAM {
            VAULT_LEN
        } else {
            TOKEN_2022_ACCOUNT_LEN
        }))
    }

    /// Checks the payer, simulates, sizes the compute limit and, unless this is a dry run, sends; then `fields` with the
    /// signature before them.
    pub fn execute(&mut self, mut plan: Plan, fields: Fields) -> Result<Fields> {
        self.split_if_too_large(&mut plan)?;
        let payer = self.payer()?;
        let signers: Vec<&dyn Signer> = plan
            .signers
            .iter()
            .map(|key| key.as_ref() as &dyn Signer)
            .collect();
        self.require_lamports(&plan, &payer.pubkey(), 0)?;
        let trial = self
            .ledger
            .sign(&self.budgeted(&plan, MAX_UNITS), payer.as_ref(), &signers)?;
        let used = self.ledger.simulate(&trial)?.compute_units;
        let limit = u32::try_from(used.saturating_add(used.div_ceil(10)))
            .map_or(MAX_UNITS, |limit| limit.min(MAX_UNITS));
        let fee = self.require_lamports(&plan, &payer.pubkey(), limit)?;
        let measured = |fields: Fields| {
            fields
                .with("compute_units", used)
                .with("compute_unit_limit", limit)
                .tokens("fee", fee, SOL_DECIMALS)
        };
        if self.settings.dry_run {
            return Ok(measured(Fields::new().with("dry_run", true)).join(fields));
        }
        let transaction =
            self.ledger
                .sign(&self.budgeted(&plan, limit), payer.as_ref(), &signers)?;
        let receipt = self.ledger.submit(&transaction)?;
        Ok(Fields::new()
            .with("signature", receipt.signature.to_string())
            .join(fields))
    }

    /// Bytes of the transaction that a plan comes to.
    pub fn size(&self, plan: &Plan) -> Result<usize> {
        let instructions = self.budgeted(plan, MAX_UNITS);
        Ok(ledger::size_of(&instructions, &self.payer()?.pubkey()))
    }

    /// Sends what goes first on its own when it does not fit one transaction with the rest.
    fn split_if_too_large(&mut self, plan: &mut Plan) -> Result<()> {
        if plan.first.is_empty() {
            return Ok(());
        }
        let payer = self.payer()?;
        let signers: Vec<&dyn Signer> = plan
            .signers
            .iter()
            .map(|key| key.as_ref() as &dyn Signer)
            .collect();
        let whole = self
            .ledger
            .sign(&self.budgeted(plan, MAX_UNITS), payer.as_ref(), &signers);
        if !matches!(whole, Err(ClientError::TooLarge(_))) {
            return Ok(());
        }
        let before = Plan {
            instructions: std::mem::take(&mut plan.first),
            signers: plan.signers.clone(),
            wraps: std::mem::take(&mut plan.wraps),
            ..Plan::default()
        };
        self.execute(before, Fields::new()).map(drop)
    }

    /// The plan's instructions behind those of the compute budget.
    fn budgeted(&self, plan: &Plan, limit: u32) -> Vec<Instruction> {
        let mut all = vec![ComputeBudgetInstruction::set_compute_unit_limit(limit)];
        all.extend(
            self.settings
                .unit_price
                .map(ComputeBudgetInstruction::set_compute_unit_price),
        );
        all.extend_from_slice(&plan.first);
        all.extend_from_slice(&plan.instructions);
        all
    }

    /// Refuses a payer that cannot afford fee and rent; returns the fee, lamports.
    fn require_lamports(&self, plan: &Plan, payer: &Address, limit: u32) -> Result<u64> {
        let fee = self.fee(plan, payer, limit);
        let mut needed = fee.saturating_add(plan.wraps);
        for bytes in &plan.creates {
            needed = needed.saturating_add(self.ledger.minimum_balance(*bytes)?);
        }
        let held = self
            .ledger
            .account(payer)?
            .map_or(0, |account| account.lamports);
        if held >= needed {
            return Ok(fee);
        }
        Err(Failure::Unfunded(format!(
            "the payer {payer} holds {} SOL and needs {} SOL for fee and rent",
            amount::format(held, SOL_DECIMALS),
            amount::format(needed, SOL_DECIMALS),
        )))
    }

    fn fee(&self, plan: &Plan, payer: &Address, limit: u32) -> u64 {
        let signers: BTreeSet<[u8; 32]> = plan
            .first
            .iter()
            .chain(&plan.instructions)
            .flat_map(|instruction| &instruction.accounts)
            .filter(|account| account.is_signer)
            .map(|account| account.pubkey.to_bytes())
            .chain([payer.to_bytes()])
            .collect();
        let precompiled: u64 = plan
            .instructions
            .iter()
            .filter(|instruction| instruction.program_id == ED25519_PROGRAM)
            .filter_map(|instruction| instruction.data.first().copied())
            .map(u64::from)
            .sum();
        let signatures = precompiled.saturating_add(signers.len() as u64);
        let priority = u64::from(limit)
            .saturating_mul(self.settings.unit_price.unwrap_or(0))
            .div_ceil(1_000_000);
        signatures
            .saturating_mul(SIGNATURE_FEE)
            .saturating_add(priority)
    }
}

const fn no_mint(address: &Address) -> Failure {
    Failure::NotFound {
        what: "mint",
        address: *address,
    }
}

/// The keypair at `path`, from the cell after the first time.
fn once(cell: &OnceCell<Rc<Keypair>>, path: &str) -> Result<Rc<Keypair>> {
    if let Some(key) = cell.get() {
        return Ok(Rc::clone(key));
    }
    let key = Rc::new(keys::read(path)?);
    Ok(Rc::clone(cell.get_or_init(|| key)))
}

/// Bytes of an account of type `T`, to note in [`Plan::creating`].
pub use sluice_client::account::size;
