//! In which mint the amounts of an event are.

use {
    super::Event,
    crate::{
        address,
        instruction::token::Mint,
        ledger::{Ledger, history::Past},
    },
    sluice::state::{Job, Network, RewardPool, Share, StakePool},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// The mint that an event's amounts are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountMint {
    /// Of the mint.
    pub address: Address,
    /// Of the mint.
    pub decimals: u8,
}

/// The mints of events, each account read once.
pub struct Mints<'a, L> {
    ledger: &'a L,
    known: BTreeMap<Place, Option<AmountMint>>,
}

/// Whose mint it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Job(Address),
    RewardPool(Address),
    Share(Address),
    StakePool(Address),
    Dividends(Address),
    /// The stake mint of a network.
    Stake(Address),
}

impl Place {
    /// Of what the amounts of an event are counted; `None` where the event does not tell.
    const fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::JobOpened(e) => Self::Job(e.job),
            Event::JobToppedUp(e) => Self::Job(e.job),
            Event::EscrowMoved(e) => Self::Job(e.job),
            Event::JobClosed(e) => Self::Job(e.job),
            Event::RewardPoolCreated(e) => Self::RewardPool(e.pool),
            Event::RewardPoolFunded(e) => Self::RewardPool(e.pool),
            Event::LeftoversReturned(e) => Self::RewardPool(e.pool),
            Event::RewardPoolClosed(e) => Self::RewardPool(e.pool),
            Event::EpochClosed(e) => Self::RewardPool(e.pool),
            Event::RewardClaimed(e) => Self::Share(e.share),
            Event::RewardFolded(e) => Self::Share(e.share),
            Event::DelegatorsPaid(e) => Self::Share(e.share),
            Event::StakeChanged(e) => Self::StakePool(e.pool),
            Event::SlashBurned(e) => Self::StakePool(e.pool),
            Event::AttesterSlashed(e) => Self::StakePool(e.pool),
            Event::DividendsClaimed(e) => Self::Dividends(e.pool),
            Event::DividendsAdded(e) => Self::Dividends(e.pool),
            Event::ChangeProposed(e) => Self::Stake(e.network),
            _ => return None,
        })
    }

    /// The token account from which it pays, if it has one whose address follows.
    fn vault(&self) -> Option<Address> {
        match self {
            Self::Job(address) | Self::RewardPool(address) | Self::StakePool(address) => {
                Some(address::vault(address))
            }
            Self::Dividends(pool) => Some(address::dividends(pool)),
            Self::Share(_) | Self::Stake(_) => None,
        }
    }
}

impl<'a, L: Ledger> Mints<'a, L> {
    /// Nothing is read yet.
    pub const fn of(ledger: &'a L) -> Self {
        Self {
            ledger,
            known: BTreeMap::new(),
        }
    }

    /// The mint of the amounts in an event of that transaction: as the balances in it tell, else as the accounts do that are still
    /// there. `None` where neither does.
    pub fn of_event(&mut self, event: &Event, past: &Past) -> Option<AmountMint> {
        let place = Place::of(event)?;
        let vault = place.vault();
        if let Some(balance) = vault.and_then(|vault| past.tokens_of(&vault)) {
            return Some(AmountMint {
                address: balance.mint,
                decimals: balance.decimals,
            });
        }
        if let Some(known) = self.known.get(&place) {
            return *known;
        }
        let told = self.read(&place);
        self.known.insert(place, told);
        told
    }

    /// As the chain tells; what cannot be read is shown in base units.
    fn read(&self, place: &Place) -> Option<AmountMint> {
        let mint = match place {
            Place::Job(job) => self.ledger.get::<Job>(job).ok()?.terms.mint,
            Place::RewardPool(pool) => self.ledger.get::<RewardPool>(pool).ok()?.mint,
            Place::Share(share) => {
                let share: Share = self.ledger.get(share).ok()?;
                self.ledger.get::<RewardPool>(&share.pool).ok()?.mint
            }
            Place::StakePool(pool) => self.ledger.get::<StakePool>(pool).ok()?.mint,
            Place::Dividends(pool) => {
                let pool: StakePool = self.ledger.get(pool).ok()?;
                self.ledger
                    .get::<Network>(&pool.network)
                    .ok()?
                    .dividend_mint
            }
            Place::Stake(network) => self.ledger.get::<Network>(network).ok()?.stake_mint,
        };
        let account = self.ledger.account(&mint).ok()??;
        let Mint { decimals, .. } = Mint::read(&mint, &account).ok()?;
        Some(AmountMint {
            address: mint,
            decimals,
        })
    }
}
