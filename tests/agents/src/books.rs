//! Who holds what, and what of it the jobs account for. Nothing here is computed by the code that is tested: prices are chosen such that no
//! fee has a fraction.

use {
    crate::stage::Stage,
    anyhow::{Context, Result, ensure},
    sluice_client::{Address, Ledger, Signer, address},
    std::collections::BTreeMap,
};

/// Base units for a unit of work: fees of 2.5 % and 1 % of it are whole numbers.
pub const PRICE: u64 = 1_000;
/// The network's fee on a unit.
const NETWORK: u64 = 25;
/// The attesters' fee on a unit.
const ATTESTERS: u64 = 10;

/// USDC of everybody who may hold some, base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    held: BTreeMap<String, u64>,
}

impl Books {
    /// What everybody holds now, and the vaults of `jobs` with them.
    ///
    /// # Errors
    /// The ledger's.
    pub fn read(stage: &Stage, jobs: &[Address]) -> Result<Self> {
        let world = stage.chain.world();
        let ledger = stage.ledger();
        let of = |owner: &Address| {
            let usdc = &world.usdc;
            ledger.token_balance(&address::token_account(
                owner,
                &usdc.address,
                &usdc.token_program,
            ))
        };
        let mut held = BTreeMap::new();
        let cast = &world.cast;
        held.insert("buyer".to_owned(), of(&cast.buyer.pubkey())?);
        held.insert("treasury".to_owned(), of(&cast.treasury.pubkey())?);
        held.insert("attesters".to_owned(), of(&cast.attester_fees.pubkey())?);
        for (number, provider) in (0..).zip(&stage.providers) {
            held.insert(provider_name(number), of(&provider.owner.pubkey())?);
        }
        let mut vaults = 0u64;
        for job in jobs {
            vaults = vaults.saturating_add(ledger.token_balance(&address::vault(job))?);
        }
        held.insert("vaults".to_owned(), vaults);
        Ok(Self { held })
    }

    /// All of it.
    pub fn sum(&self) -> u64 {
        self.held.values().sum()
    }

    fn of(&self, who: &str) -> Result<u64> {
        let held = self.held.get(who).copied();
        held.with_context(|| format!("{who} is not in the books"))
    }

    /// Holds what came of all jobs against the units that each provider is to be paid for: to the base unit, with nothing left in a vault and no
    /// token made or lost.
    ///
    /// # Errors
    /// What does not balance.
    pub fn hold(&self, after: &Self, units: &BTreeMap<usize, u64>) -> Result<()> {
        let total: u64 = units.values().sum();
        let moved = |who: &str, amount: u64| {
            let (was, is) = (self.of(who)?, after.of(who)?);
            ensure!(
                was.checked_add(amount) == Some(is),
                "{who} held {was}, is due {amount}, and holds {is}"
            );
            Ok(())
        };
        let providers = self.held.keys().filter(|who| who.starts_with("provider"));
        for (number, who) in (0..).zip(providers) {
            let done = units.get(&number).copied().unwrap_or_default();
            moved(who, done.saturating_mul(PRICE - NETWORK - ATTESTERS))?;
        }
        moved("treasury", total.saturating_mul(NETWORK))?;
        moved("attesters", total.saturating_mul(ATTESTERS))?;
        ensure!(
            after.of("vaults")? == 0,
            "there is something left in a vault"
        );
        let (was, is) = (self.of("buyer")?, after.of("buyer")?);
        let paid = total.saturating_mul(PRICE);
        ensure!(
            is.checked_add(paid) == Some(was),
            "the buyer held {was}, is to pay {paid}, and holds {is}"
        );
        ensure!(self.sum() == after.sum(), "tokens were made or lost");
        Ok(())
    }
}

fn provider_name(number: usize) -> String {
    format!("provider {number:03}")
}
