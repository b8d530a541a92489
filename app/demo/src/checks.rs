//! What every total has to be, computed here from frame counts and prices alone, and held against what was found.

use {
    crate::{
        ledger::{Asset, Book, Column, plain, signed},
        plan::{self, NODE_LABELS, NODE_OWNERS, NODES, PROVIDER_LABELS},
    },
    anyhow::{Context, Result, bail},
    sluice_client::{
        Challenge, Epoch, Job, Unstake, account, instruction::token::TOKEN_ACCOUNT_LEN,
    },
    std::collections::BTreeMap,
};

/// A number that can be expected and found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// What a column of the book says of a holder.
    Flow(String, Asset, Column),
    /// What a holder has at the end.
    End(String, Asset),
    /// Anything else, base units of an asset or a count.
    Fact(String, Option<Asset>),
}

/// Numbers outside the book, by name.
pub type Facts = BTreeMap<String, i128>;

/// What the run has to come to.
#[derive(Clone, Debug)]
pub struct Expected(pub Vec<(Item, i128)>);

/// One comparison.
#[derive(Clone, Debug)]
pub struct Check {
    pub what: String,
    pub asset: Option<Asset>,
    pub expected: i128,
    pub found: i128,
}

/// How one job's deposit divides.
struct Division {
    provider: u128,
    treasury: u128,
    attesters: u128,
    refund: u128,
}

/// Divides the deposit of a job of which `frames` were proven: fees together rounded down, the attesters' part of them
/// rounded down again.
fn divide(frames: u128) -> Division {
    let (fee, attestation) = (u128::from(plan::FEE_BPS), u128::from(plan::ATTESTATION_BPS));
    let gross = frames * u128::from(plan::PRICE);
    let fees = gross * (fee + attestation) / 10_000;
    let attesters = fees * attestation / (fee + attestation);
    Division {
        provider: gross - fees,
        treasury: fees - attesters,
        attesters,
        refund: u128::from(plan::DEPOSIT) - gross,
    }
}

/// Reward of `node`'s tiles over the whole stream, rounded down.
fn reward(node: usize) -> u128 {
    let tiles = |node| u128::from(plan::good_frames(node) * plan::TILES);
    let total: u128 = (0..NODES).map(tiles).sum();
    let emission = u128::from(plan::RATE).min(u128::from(plan::CEILING) * total);
    emission * tiles(node) / total
}

/// The provider whose stakers were given the dividend, and slashed.
const BACKED: usize = NODE_OWNERS[plan::WITHHOLDER];

/// The dividend's parts, by stake, rounded down: the provider's and the delegator's.
fn dividends() -> (u128, u128) {
    let stakes = [plan::PROVIDER_STAKE, plan::DELEGATION].map(u128::from);
    let part = |stake| u128::from(plan::DIVIDEND) * stake / (stakes[0] + stakes[1]);
    (part(stakes[0]), part(stakes[1]))
}

/// What is left of a stake: behind the slashed provider every stake lost alike.
fn after_slash(label: &str, stake: u64) -> u128 {
    let stake = u128::from(stake);
    if label != PROVIDER_LABELS[BACKED] && label != "delegator" {
        return stake;
    }
    let whole = u128::from(plan::PROVIDER_STAKE + plan::DELEGATION);
    stake * (whole - u128::from(plan::SLASH)) / whole
}

/// Lamports that keep an account of `len` bytes: two years at 3,480 a byte and year, 128 bytes of overhead.
fn rent(len: usize) -> u128 {
    (128 + len as u128) * 2 * 3_480
}

impl Expected {
    /// Every total of a run.
    pub fn totals() -> Self {
        let mut list = Self(Vec::new());
        list.expect_payments();
        list.expect_rewards();
        list.expect_stake();
        list.expect_rent();
        list
    }

    fn expect_payments(&mut self) {
        let jobs: Vec<_> = (0..NODES)
            .map(|node| divide(plan::good_frames(node).into()))
            .collect();
        let sum = |part: fn(&Division) -> u128| jobs.iter().map(part).sum::<u128>();
        let deposits = NODES as u128 * u128::from(plan::DEPOSIT);
        self.flow("buyer", Asset::Usdc, Column::Paid, -signed_of(deposits));
        let refund = signed_of(sum(|job| job.refund));
        self.flow("buyer", Asset::Usdc, Column::Refunded, refund);
        for (provider, label) in PROVIDER_LABELS.iter().enumerate() {
            let own = jobs.iter().zip(NODE_OWNERS);
            let earned: u128 = own
                .filter(|(_, owner)| *owner == provider)
                .map(|(job, _)| job.provider)
                .sum();
            self.flow(label, Asset::Usdc, Column::Earned, signed_of(earned));
        }
        let treasury = signed_of(sum(|job| job.treasury));
        self.flow("treasury", Asset::Usdc, Column::Fees, treasury);
        let attesters = signed_of(sum(|job| job.attesters));
        self.flow("attesters' fees", Asset::Usdc, Column::Fees, attesters);
        for (node, label) in NODE_LABELS.iter().enumerate() {
            self.end(&format!("escrow of {label}"), Asset::Usdc, 0);
            let tiles = (plan::good_frames(node) * plan::TILES).into();
            self.fact(&format!("tiles credited to {label}"), None, tiles);
        }
        self.fact("job accounts and escrow vaults left", None, 0);
        let wrong = plan::BOTCHED / NODES as u32 * plan::TILES + plan::BOTCHED_FROM;
        self.fact(WRONG, None, wrong.into());
    }

    fn expect_rewards(&mut self) {
        let funds = signed_of(plan::REWARD_FUNDS.into());
        let dividend = signed_of(plan::DIVIDEND.into());
        let given = -funds - dividend;
        self.flow("reward funder", Asset::Reward, Column::Paid, given);
        let (own, delegated) = dividends();
        let delegated = signed_of(delegated);
        self.flow("delegator", Asset::Reward, Column::Earned, delegated);
        self.end(
            "dividend vault",
            Asset::Reward,
            dividend - signed_of(own) - delegated,
        );
        let mut rest = funds;
        for (provider, label) in PROVIDER_LABELS.iter().enumerate() {
            let nodes = (0..NODES).filter(|node| NODE_OWNERS[*node] == provider);
            let earned = signed_of(nodes.map(reward).sum());
            rest -= earned;
            let dividend = if provider == BACKED {
                signed_of(own)
            } else {
                0
            };
            self.flow(label, Asset::Reward, Column::Earned, earned + dividend);
        }
        self.end("reward vault", Asset::Reward, rest);
        let midway = (0..NODES)
            .filter(|node| NODE_OWNERS[*node] == 0)
            .map(|node| {
                reward(node) * u128::from(plan::MIDWAY_SECS) / u128::from(plan::EPOCH_SECS)
            });
        let midway = signed_of(midway.sum());
        self.fact(MIDWAY, Some(Asset::Reward), midway);
        self.fact("epochs left", None, 0);
    }

    fn expect_stake(&mut self) {
        let providers = PROVIDER_LABELS.map(|label| (label.to_owned(), plan::PROVIDER_STAKE));
        let delegator = [("delegator".to_owned(), plan::DELEGATION)];
        let stakers = providers.into_iter().chain(attester_stakes());
        for (label, amount) in stakers.chain(delegator) {
            let back = after_slash(&label, amount);
            let amount = signed_of(amount.into());
            self.flow(&label, Asset::Stake, Column::Paid, -amount);
            self.flow(&label, Asset::Stake, Column::Refunded, signed_of(back));
        }
        let bond = signed_of(plan::CHALLENGE_BOND.into());
        self.flow("buyer", Asset::Stake, Column::Paid, -bond);
        self.flow("buyer", Asset::Stake, Column::Refunded, bond);
        self.end("burned", Asset::Stake, signed_of(plan::SLASH.into()));
        self.end("stake vaults", Asset::Stake, 0);
        self.fact("challenges left", None, 0);
    }

    fn expect_rent(&mut self) {
        let jobs = NODES as u128 * (rent(account::size::<Job>()) + rent(TOKEN_ACCOUNT_LEN));
        let buyer = signed_of(jobs + rent(account::size::<Challenge>()));
        self.flow("buyer", Asset::Sol, Column::Paid, -buyer);
        self.flow("buyer", Asset::Sol, Column::Refunded, buyer);
        let epoch = signed_of(rent(account::size::<Epoch>()));
        self.flow("reward funder", Asset::Sol, Column::Refunded, epoch);
        let ticket = signed_of(rent(account::size::<Unstake>()));
        let providers = PROVIDER_LABELS.map(|label| (label.to_owned(), 0));
        let delegator = [("delegator".to_owned(), 0)];
        let stakers = providers.into_iter().chain(attester_stakes());
        for (label, _) in stakers.chain(delegator) {
            self.flow(&label, Asset::Sol, Column::Refunded, ticket);
        }
    }

    fn flow(&mut self, holder: &str, asset: Asset, column: Column, amount: i128) {
        let item = Item::Flow(holder.to_owned(), asset, column);
        self.0.push((item, amount));
    }

    fn end(&mut self, holder: &str, asset: Asset, amount: i128) {
        self.0.push((Item::End(holder.to_owned(), asset), amount));
    }

    fn fact(&mut self, name: &str, asset: Option<Asset>, amount: i128) {
        self.0.push((Item::Fact(name.to_owned(), asset), amount));
    }

    /// Holds every expectation against the book and the facts.
    pub fn compare(&self, book: &Book, facts: &Facts) -> Result<Vec<Check>> {
        self.0
            .iter()
            .map(|(item, expected)| {
                let (what, asset, found) = match item {
                    Item::Flow(holder, asset, column) => {
                        let found = book.row(holder, *asset)?.flows[*column as usize];
                        let what = format!("{holder}: {} {}", asset.symbol(), column.title(*asset));
                        (what, Some(*asset), found)
                    }
                    Item::End(holder, asset) => {
                        let found = book.row(holder, *asset)?.end;
                        let what = format!("{holder}: {} left", asset.symbol());
                        (what, Some(*asset), found)
                    }
                    Item::Fact(name, asset) => {
                        let found = facts.get(name);
                        let found = *found.with_context(|| format!("{name}: not measured"))?;
                        (name.clone(), *asset, found)
                    }
                };
                Ok(Check {
                    what,
                    asset,
                    expected: *expected,
                    found,
                })
            })
            .collect()
    }
}

/// Name of the number of the chunk that the attesters found wrong.
pub const WRONG: &str = "chunk that the attesters refuse";

/// Name of what provider A had been paid by its first claim.
pub const MIDWAY: &str = "provider A: REWARD after its claim midway";

/// The attesters' labels and stakes.
fn attester_stakes() -> impl Iterator<Item = (String, u64)> {
    (1..=plan::ATTESTERS).map(|number| (format!("attester {number}"), plan::ATTESTER_STAKE))
}

/// Amounts of this demo are far from the limits of an `i128`.
fn signed_of(amount: u128) -> i128 {
    i128::try_from(amount).unwrap_or(i128::MAX)
}

impl Check {
    /// True when what was found is what was expected.
    pub const fn holds(&self) -> bool {
        self.expected == self.found
    }

    /// The number as people write it.
    pub fn text(&self, amount: i128) -> String {
        match (self.asset, amount) {
            (None, count) => count.to_string(),
            (Some(asset), 0) => plain(0, asset),
            (Some(asset), amount) => signed(amount, asset),
        }
    }
}

/// Refuses the first check that does not hold, by name.
pub fn verdict(checks: &[Check]) -> Result<()> {
    if let Some(check) = checks.iter().find(|check| !check.holds()) {
        let (found, expected) = (check.text(check.found), check.text(check.expected));
        bail!("{}: found {found}, expected {expected}", check.what);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_divides_without_a_rest() {
        for frames in [0, 1, 7, 8] {
            let parts = divide(frames);
            let sum = parts.provider + parts.treasury + parts.attesters + parts.refund;
            assert_eq!(sum, u128::from(plan::DEPOSIT));
        }
    }

    #[test]
    fn rewards_leave_less_than_a_base_unit_per_node() {
        let paid: u128 = (0..NODES).map(reward).sum();
        let rest = u128::from(plan::RATE) - paid;
        assert!(rest < NODES as u128);
    }

    #[test]
    fn a_total_off_by_one_base_unit_is_refused_by_name() {
        let check = Check {
            what: "treasury: USDC fees".to_owned(),
            asset: Some(Asset::Usdc),
            expected: 1_000_001,
            found: 1_000_000,
        };
        let said = verdict(&[check]).unwrap_err().to_string();
        assert_eq!(
            said,
            "treasury: USDC fees: found +1.000000, expected +1.000001"
        );
    }
}
