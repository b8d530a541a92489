//! Account counters: what the model expects on chain, in the same structs that the driver fills by decoding accounts.

use {
    super::{
        Cause, ChallengeKey, Holder, Id, Job, JobState, Key, Mint, Network, NetworkParams,
        Reference,
        disputes::{Challenge, Dispute},
        job::Recipient,
        registry::{ALL_BPS, Standing, record},
        stake::StakePool,
    },
    std::collections::BTreeMap,
};

/// Counters of every account of the program, and every token balance that is not 0. Compare with `assert_eq!`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub networks: BTreeMap<Id, NetworkCounters>,
    pub attesters: BTreeMap<Id, AttesterCounters>,
    pub sets: BTreeMap<Id, SetCounters>,
    pub providers: BTreeMap<Id, ProviderCounters>,
    pub nodes: BTreeMap<Id, NodeCounters>,
    pub stake_pools: BTreeMap<Id, StakePoolCounters>,
    pub offers: BTreeMap<Id, OfferCounters>,
    /// By pool and staker.
    pub positions: BTreeMap<(Id, Key), PositionCounters>,
    /// By pool, staker and nonce.
    pub tickets: BTreeMap<(Id, Key, u64), TicketCounters>,
    pub jobs: BTreeMap<Id, JobCounters>,
    pub challenges: BTreeMap<ChallengeKey, ChallengeCounters>,
    pub reward_pools: BTreeMap<Id, RewardPoolCounters>,
    /// By pool and index.
    pub epochs: BTreeMap<(Id, u64), EpochCounters>,
    /// By pool and node.
    pub shares: BTreeMap<(Id, Id), ShareCounters>,
    pub balances: BTreeMap<(Holder, Mint), u64>,
    /// What each mint says there is of it: all balances, less what was burned.
    pub supplies: BTreeMap<Mint, u64>,
}

/// What the driver saw on chain after a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    pub state: Snapshot,
    /// Lamports of every account in the world, rent included.
    pub lamports: u128,
    /// Transaction fees burned or paid to validators since the world began.
    pub fees: u128,
}

/// Fields of a `Network` that its roles can change; 0 for no key and no date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkCounters {
    pub admin: Key,
    pub pending_admin: Key,
    pub params: ParamCounters,
    pub change: ParamCounters,
    pub change_at: i64,
    pub paused_at: i64,
    pub paused_until: i64,
}

/// Fields of a `NetworkChange`, or of what it replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParamCounters {
    /// Guardian, resolver, treasury.
    pub roles: [Key; 3],
    pub min_stake: u64,
    pub min_bond: u64,
    pub unbonding_secs: u32,
    pub timelock_secs: u32,
    pub fee_bps: u16,
}

/// Fields of an `Attester`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttesterCounters {
    pub bond: u64,
    pub live_bits: u32,
    /// 0 good, 1 slashed, 2 tombstoned.
    pub standing: u8,
    pub opened_slot: u64,
}

/// Fields of an `AttesterSet`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetCounters {
    pub live: u16,
    pub entered: u16,
}

/// Fields of a `Provider`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderCounters {
    pub opened_slot: u64,
    /// In the order of the account's fields.
    pub record: [u64; 9],
    pub commission_at: i64,
    pub commission_bps: u16,
    pub pending_commission_bps: u16,
    pub nodes: u32,
}

/// Fields of a `Node`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeCounters {
    pub opened_slot: u64,
    pub units: u64,
    /// In the order of the account's fields.
    pub record: [u64; 9],
    pub slots_total: u16,
    pub slots_used: u16,
}

/// Fields of an `Offer`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfferCounters {
    pub incarnation: u64,
    pub registration: u64,
    pub expires_at: i64,
    pub slots_left: u32,
    pub slots_total: u32,
}

/// Fields of a `StakePool`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StakePoolCounters {
    pub tokens: u64,
    pub active_shares: u64,
    pub thawing_shares: u64,
    pub locked: u64,
    pub opened_slot: u64,
    /// Integer part and fraction.
    pub dividend_index: [u64; 2],
    pub dividend_rem: u64,
    pub dividend_total_in: u64,
    /// What is held back of the dividends; all 0 while nothing is.
    pub stream: StreamCounters,
    /// 1 while there is a vault for dividends.
    pub has_dividends: u8,
    pub slashed: u64,
    pub to_burn: u64,
    pub challenge_bonds: u64,
    pub positions: u64,
    pub challenges: u64,
}

/// Those fields of a `StakePool` that say what it holds back of its dividends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamCounters {
    pub period: u64,
    pub streaming: u64,
    pub released: u64,
    pub next: u64,
}

/// Fields of a `Position`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PositionCounters {
    pub shares: u64,
    pub thawing: u64,
    pub tickets: u64,
    pub opened_slot: u64,
    pub dividend_seen: [u64; 2],
    pub dividend_frac: u64,
    pub dividend_due: u64,
    pub dividend_claimed: u64,
}

/// Fields of an `Unstake`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TicketCounters {
    pub shares: u64,
    pub withdraw_at: i64,
}

/// Fields of a `Job`, as stored when an instruction last touched it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounters {
    /// 0 open, 1 active, 2 released.
    pub state: u8,
    pub incarnation: u64,
    pub start_at: i64,
    pub end_at: i64,
    pub funded: u64,
    pub units_funded: u64,
    pub units_matured: u64,
    pub units_pending: u64,
    pub units_frozen: u64,
    pub quorum_matured: u64,
    pub quorum_credited: u64,
    pub gross_cosigned: u64,
    pub paid: u64,
    pub swept_treasury: u64,
    pub swept_attesters: u64,
    pub refunded: u64,
    pub bond: u64,
    pub last_proven: u32,
    pub quorum_windows: u32,
    pub worked_windows: u32,
    pub last_worked: u32,
    pub excused_windows: u32,
    pub last_excused: u32,
    pub void_windows: u32,
    pub missed_windows: u32,
    /// 0 length, 1 cancelled, 2 resigned, 3 excused, 4 faulted, 5 quorum lost, 6 waived.
    pub cause: u8,
    pub taken: u8,
    pub slashes: u8,
    pub counts: u8,
}

/// Fields of a `Challenge`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChallengeCounters {
    pub units: u64,
    pub bond: u64,
    pub slashed: u64,
    pub rule_from: i64,
    pub rule_until: i64,
    /// 0 before the ruling.
    pub ruled_at: i64,
    pub pieces: u32,
    /// Members still answerable.
    pub signers: u16,
    pub reason: u16,
    pub ruling_reason: u16,
    /// 0 open, 1 upheld, 2 void.
    pub verdict: u8,
}

/// Fields of a `RewardPool`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RewardPoolCounters {
    pub incarnation: u64,
    pub funded: u64,
    pub claimed: u64,
    pub returned: u64,
    pub unallocated: u64,
    pub earned: u64,
    /// Of what was earned, what closed epochs gave.
    pub settled: u64,
    pub epochs: u64,
    pub shares: u64,
    /// 1 if delegators have a part.
    pub delegated: u8,
}

/// Fields of an `Epoch`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EpochCounters {
    pub total_units: u64,
    pub allocated: u64,
    pub shares: u32,
    pub folded: u32,
}

/// Fields of a `Share`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareCounters {
    pub opened_slot: u64,
    pub registration: u64,
    pub joined_epoch: u64,
    pub baseline: u8,
    pub seen: u64,
    pub earned: u64,
    pub claimed: u64,
    pub delegators_earned: u64,
    pub delegators_claimed: u64,
    /// One more than the epoch, units and the delegators' basis points; by parity of the epoch.
    pub slots: [(u64, u64, u16); 2],
}

/// A sum that the model keeps within its field.
fn field<T: TryFrom<u128>>(sum: u128) -> T {
    T::try_from(sum)
        .ok()
        .expect("the model stays within the fields of accounts")
}

fn count<T: TryFrom<u128>>(items: impl Iterator) -> T {
    field(items.count() as u128)
}

fn mask<'a>(indices: impl IntoIterator<Item = &'a u8>) -> u16 {
    indices
        .into_iter()
        .fold(0, |mask, index| mask | 1 << *index)
}

impl ParamCounters {
    /// What a network stores of `params`.
    pub const fn of(params: &NetworkParams) -> Self {
        Self {
            roles: [params.guardian, params.resolver, params.treasury],
            min_stake: params.min_stake,
            min_bond: params.min_bond,
            unbonding_secs: params.unbonding_secs,
            timelock_secs: params.timelock_secs,
            fee_bps: params.fee_bps,
        }
    }
}

impl NetworkCounters {
    /// What `network` stores.
    pub fn of(network: &Network) -> Self {
        let pending = network.pending.as_ref();
        let pause = network.pauses.last();
        Self {
            admin: network.admin(),
            pending_admin: network.candidate.unwrap_or(0),
            params: ParamCounters::of(&network.params),
            change: pending
                .map(|(_, params)| ParamCounters::of(params))
                .unwrap_or_default(),
            change_at: pending.map_or(0, |(due, _)| *due),
            paused_at: pause.map_or(0, |pause| pause.from),
            paused_until: pause.map_or(0, |pause| pause.until),
        }
    }
}

impl JobCounters {
    /// What `job` stores: matured and pending as of its last touch.
    pub fn of(job: &Job) -> Self {
        let at = job.touched_at;
        let pulled = |to| field(job.pulled(to));
        Self {
            state: match job.state {
                JobState::Open => 0,
                JobState::Active => 1,
                JobState::Released => 2,
            },
            incarnation: job.incarnation,
            start_at: job.start_at,
            end_at: job.end_at,
            funded: field(job.funded()),
            units_funded: field(job.units_funded()),
            units_matured: field(job.matured(at)),
            units_pending: field(job.pending(at)),
            units_frozen: field(job.frozen()),
            quorum_matured: field(job.quorum_matured(at)),
            quorum_credited: field(job.credited()),
            gross_cosigned: field(job.cosigned_pay()),
            paid: pulled(Recipient::Provider),
            swept_treasury: pulled(Recipient::Treasury),
            swept_attesters: pulled(Recipient::Attesters),
            refunded: pulled(Recipient::Buyer),
            bond: match job.state {
                JobState::Active => job.bond_left(),
                JobState::Open | JobState::Released => 0,
            },
            last_proven: job.proofs.keys().next_back().map_or(0, |w| w + 1),
            quorum_windows: job.quorum_windows(),
            worked_windows: job.worked_windows(),
            last_worked: job.last_worked(),
            excused_windows: count(job.excused.iter()),
            last_excused: job.excused.last().map_or(0, |w| w + 1),
            void_windows: job.void_windows(),
            missed_windows: field(job.waived.unwrap_or(0).into()),
            cause: match job.cause {
                Cause::Length => 0,
                Cause::Cancelled => 1,
                Cause::Resigned => 2,
                Cause::Excused => 3,
                Cause::Faulted => 4,
                Cause::QuorumLost => 5,
                Cause::Waived => 6,
            },
            taken: u8::from(job.taken.is_some()),
            slashes: count(job.slashes.iter()),
            counts: u8::from(job.counts),
        }
    }
}

impl ChallengeCounters {
    /// What `challenge` stores.
    pub fn of(challenge: &Challenge) -> Self {
        let ruled = challenge.ruled.as_ref();
        Self {
            units: challenge.units,
            bond: challenge.bond,
            slashed: ruled.map_or(0, |ruled| ruled.slashed),
            rule_from: challenge.rule_from,
            rule_until: challenge.rule_until,
            ruled_at: ruled.map_or(0, |ruled| ruled.at),
            pieces: count(challenge.evidence.iter()),
            signers: mask(&challenge.answerable()),
            reason: challenge.reason,
            ruling_reason: ruled.map_or(0, |ruled| ruled.ruling.reason),
            verdict: match challenge.verdict() {
                Dispute::Open => 0,
                Dispute::Upheld => 1,
                Dispute::Void => 2,
                Dispute::Lapsed => 3,
            },
        }
    }
}

/// A number in units of 2^-64 as its integer part and its fraction.
fn split(parts: u128) -> [u64; 2] {
    [field(parts >> 64), parts as u64]
}

/// What a pool holds back, by the period in which somebody last asked.
fn stream(pool: &StakePool) -> StreamCounters {
    if pool.incomes.is_empty() {
        return StreamCounters::default();
    }
    let (before, running) = (pool.income(1), pool.income(0));
    StreamCounters {
        period: pool.asked_in.unsigned_abs(),
        streaming: before.amount,
        released: before.streamed,
        next: running.amount,
    }
}

impl Reference {
    /// The counters that every account must hold now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            networks: each(&self.networks, |_, network| NetworkCounters::of(network)),
            attesters: each(&self.attesters, |_, attester| AttesterCounters {
                bond: attester.bond,
                live_bits: field(self.live_bits(attester) as u128),
                standing: match attester.standing {
                    Standing::Good => 0,
                    Standing::Slashed => 1,
                    Standing::Tombstoned => 2,
                },
                opened_slot: attester.registration,
            }),
            sets: each(&self.sets, |_, set| SetCounters {
                live: mask(&set.live()),
                entered: mask(&set.entered),
            }),
            providers: each(&self.providers, |id, provider| ProviderCounters {
                record: record(&provider.released),
                commission_at: provider.commissions.last().map_or(0, |(from, _)| *from),
                commission_bps: provider
                    .commissions
                    .iter()
                    .rev()
                    .nth(1)
                    .map_or(ALL_BPS, |c| c.1),
                pending_commission_bps: provider.commissions.last().map_or(0, |c| c.1),
                opened_slot: provider.registration,
                nodes: count(self.nodes.values().filter(|node| node.provider == id)),
            }),
            nodes: each(&self.nodes, |id, node| NodeCounters {
                opened_slot: node.registration,
                units: node.units(),
                record: record(&node.released),
                slots_total: node.slots,
                slots_used: field(self.slots_used(id) as u128),
            }),
            offers: each(&self.offers, |_, offer| OfferCounters {
                incarnation: offer.incarnation,
                registration: offer.registration,
                expires_at: offer.expires_at,
                slots_left: offer.slots - count::<u32>(offer.taken.iter()),
                slots_total: offer.slots,
            }),
            stake_pools: each(&self.stake_pools, |id, pool| StakePoolCounters {
                tokens: pool.tokens,
                active_shares: field(self.active_shares(id)),
                thawing_shares: field(self.thawing_shares(id)),
                locked: field(self.locked(id)),
                opened_slot: pool.registration,
                dividend_index: split(pool.index()),
                dividend_rem: field(pool.rest()),
                dividend_total_in: field(pool.dividends_in()),
                stream: stream(pool),
                has_dividends: u8::from(pool.has_dividends),
                slashed: pool.slashes.iter().sum(),
                to_burn: pool.to_burn(),
                challenge_bonds: field(self.challenge_bonds(id)),
                positions: count(self.positions.keys().filter(|(p, _)| *p == id)),
                challenges: count(self.challenges.values().filter(|c| c.pool == id)),
            }),
            positions: each(&self.positions, |(pool, staker), position| {
                let own = |((p, s, _), _): &(&(Id, Key, u64), _)| *p == pool && *s == staker;
                let tickets = self.tickets.iter().filter(own);
                PositionCounters {
                    shares: position.shares,
                    thawing: tickets.clone().map(|(_, ticket)| ticket.shares).sum(),
                    tickets: count(tickets),
                    opened_slot: position.opened_slot,
                    dividend_seen: split(position.seen),
                    dividend_frac: position.fraction(),
                    dividend_due: position.due(),
                    dividend_claimed: position.claims.iter().sum(),
                }
            }),
            tickets: each(&self.tickets, |_, ticket| TicketCounters {
                shares: ticket.shares,
                withdraw_at: ticket.withdraw_at,
            }),
            jobs: each(&self.jobs, |_, job| JobCounters::of(job)),
            challenges: each(&self.challenges, |_, c| ChallengeCounters::of(c)),
            reward_pools: each(&self.reward_pools, |id, _| self.reward_pool_counters(id)),
            epochs: self.epoch_counters(),
            shares: each(&self.shares, |(pool, _), share| {
                let mut slots = [(0, 0, 0); 2];
                for (epoch, work) in share.unfolded() {
                    let slot = (epoch + 1, work.units(), work.delegators_bps);
                    slots[usize::from(epoch % 2 == 1)] = slot;
                }
                let (earned, claimed) = (self.folded(pool, share), share.claimed());
                ShareCounters {
                    opened_slot: share.opened_slot,
                    registration: share.registration,
                    joined_epoch: share.joined_epoch,
                    baseline: u8::from(share.baseline),
                    seen: share.seen,
                    earned: field(earned.payee),
                    claimed: field(claimed.payee),
                    delegators_earned: field(earned.delegators),
                    delegators_claimed: field(claimed.delegators),
                    slots,
                }
            }),
            balances: self.balances.clone(),
            supplies: self.supplies(),
        }
    }

    /// All balances of each mint.
    fn supplies(&self) -> BTreeMap<Mint, u64> {
        let mut supplies = BTreeMap::new();
        for ((_, mint), amount) in &self.balances {
            *supplies.entry(*mint).or_default() += *amount;
        }
        supplies
    }

    fn reward_pool_counters(&self, id: Id) -> RewardPoolCounters {
        let pool = &self.reward_pools[&id];
        let ever = || self.shares_of(id).map(|(_, share)| share);
        let dividends = self.networks[&pool.network].founding.dividend_mint;
        RewardPoolCounters {
            incarnation: pool.incarnation,
            funded: pool.deposits.iter().sum(),
            claimed: field(ever().map(|share| share.claimed().whole()).sum()),
            returned: pool.returns.iter().sum(),
            unallocated: field(self.unallocated(id)),
            earned: field(ever().map(|share| self.folded(id, share).whole()).sum()),
            settled: field(
                pool.epochs
                    .iter()
                    .filter(|(_, epoch)| epoch.closed)
                    .map(|(index, _)| self.allocated(id, *index))
                    .sum(),
            ),
            epochs: count(pool.epochs.values().filter(|epoch| !epoch.closed)),
            shares: count(self.shares.keys().filter(|(pool, _)| *pool == id)),
            delegated: u8::from(pool.mint == dividends),
        }
    }

    fn epoch_counters(&self) -> BTreeMap<(Id, u64), EpochCounters> {
        let all = self.reward_pools.iter().flat_map(|(id, pool)| {
            let open = pool.epochs.iter().filter(|(_, epoch)| !epoch.closed);
            open.map(|(index, _)| (*id, *index))
        });
        all.map(|(pool, index)| {
            let work = || self.epoch_work(pool, index).map(|(_, work)| work);
            let counters = EpochCounters {
                total_units: work().map(super::rewards::Work::units).sum(),
                allocated: field(self.allocated(pool, index)),
                shares: count(work()),
                folded: count(work().filter(|work| work.folded)),
            };
            ((pool, index), counters)
        })
        .collect()
    }
}

fn each<K: Ord + Copy, V, C>(
    accounts: &BTreeMap<K, V>,
    counters: impl Fn(K, &V) -> C,
) -> BTreeMap<K, C> {
    let pairs = accounts.iter();
    pairs.map(|(key, v)| (*key, counters(*key, v))).collect()
}
