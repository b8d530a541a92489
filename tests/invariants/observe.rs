//! What is on chain, decoded into the counters of the reference ledger.

use {
    super::book::Book,
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice::{
        constants::NOBODY,
        state::{Challenge, Offer},
    },
    sluice_client::{
        Attester, AttesterSet, Batch, Epoch, Job, Network, NetworkParams, Node, Position, Provider,
        RewardPool, Share, StakePool, Unstake, account,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    sluice_tests::{
        reference::{ChallengeKey, Id, Observed, Snapshot, snapshot::*},
        world::World,
    },
    solana_account::{Account, AccountSharedData, ReadableAccount},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// The chain at one moment.
#[derive(Default)]
pub struct Sight {
    pub observed: Observed,
    /// Every account of the program and of both token programs, as bytes.
    pub raw: BTreeMap<Address, AccountSharedData>,
    pub jobs: BTreeMap<Id, Job>,
    pub challenges: BTreeMap<ChallengeKey, Challenge>,
    pub nodes: BTreeMap<Id, Node>,
    pub providers: BTreeMap<Id, Provider>,
    pub offers: BTreeMap<Id, Offer>,
    pub attesters: BTreeMap<Id, Attester>,
    pub batches: BTreeMap<Id, Batch>,
    /// What each network's statements begin with.
    pub domains: BTreeMap<Id, [u8; 32]>,
    pub stake_pools: BTreeMap<Id, StakePool>,
    pub reward_pools: BTreeMap<Id, RewardPool>,
    pub shares: BTreeMap<(Id, Id), Share>,
}

/// Every account of the program and of the token programs, and the lamports of all accounts whatever.
pub fn raw(world: &mut World) -> (BTreeMap<Address, AccountSharedData>, u128) {
    let ours = [sluice_client::ID, TOKEN_PROGRAM, TOKEN_2022_PROGRAM];
    let (mut raw, mut lamports) = (BTreeMap::new(), 0);
    for (address, account) in &world.chain.svm().accounts_db().inner {
        lamports += u128::from(account.lamports());
        if account.lamports() > 0 && ours.contains(account.owner()) {
            raw.insert(*address, account.clone());
        }
    }
    (raw, lamports)
}

/// Looks at everything. `fees` is what transactions cost so far, lamports.
pub fn look(world: &mut World, book: &Book, fees: u128) -> Sight {
    let (raw, lamports) = raw(world);
    let mut sight = Sight::default();
    for (address, account) in &raw {
        if *account.owner() == sluice_client::ID {
            sight.read(book, address, account);
        } else {
            read_tokens(&mut sight.observed.state, book, address, account.data());
        }
    }
    sight.observed.lamports = lamports;
    sight.observed.fees = fees;
    sight.raw = raw;
    sight
}

/// A token account's balance, or a mint's supply.
fn read_tokens(state: &mut Snapshot, book: &Book, address: &Address, data: &[u8]) {
    if let Some(mint) = book.mint_at(address) {
        let supply = data.get(36..44).and_then(|bytes| bytes.try_into().ok());
        let supply = supply.map_or(0, u64::from_le_bytes);
        if supply > 0 {
            state.supplies.insert(mint, supply);
        }
        return;
    }
    let is_account = data.len() == 165 || data.get(165) == Some(&2);
    let amount = data.get(64..72).and_then(|bytes| bytes.try_into().ok());
    let amount = amount.map_or(0, u64::from_le_bytes);
    if is_account && amount > 0 {
        let key = (book.holder(address), book.mint_handle(&data[..32]));
        *state.balances.entry(key).or_default() += amount;
    }
}

impl Sight {
    fn read(&mut self, book: &Book, address: &Address, account: &AccountSharedData) {
        let state = &mut self.observed.state;
        let id = || book.handle(address);
        if let Some(a) = decode::<Attester>(address, account) {
            let counters = AttesterCounters {
                bond: a.bond,
                live_bits: a.live_bits,
                standing: a.standing,
                opened_slot: a.opened_slot,
            };
            state.attesters.insert(id(), counters);
            self.attesters.insert(id(), a);
        } else if let Some(s) = decode::<AttesterSet>(address, account) {
            let (live, entered) = (s.live, s.entered);
            state.sets.insert(id(), SetCounters { live, entered });
        } else if let Some(b) = decode::<Batch>(address, account) {
            let counters = BatchCounters {
                expires_at: b.expires_at,
                signers: b.signers,
            };
            state.batches.insert(id(), counters);
            self.batches.insert(id(), b);
        } else if let Some(p) = decode::<Provider>(address, account) {
            let counters = ProviderCounters {
                record: bytemuck::cast(p.record),
                commission_at: p.commission_at,
                commission_bps: p.commission_bps,
                pending_commission_bps: p.pending_commission_bps,
                opened_slot: p.opened_slot,
                nodes: p.nodes,
            };
            state.providers.insert(id(), counters);
            self.providers.insert(id(), p);
        } else if let Some(n) = decode::<Node>(address, account) {
            let counters = NodeCounters {
                opened_slot: n.opened_slot,
                units: n.units,
                record: bytemuck::cast(n.record),
                slots_total: n.slots_total,
                slots_used: n.slots_used,
            };
            state.nodes.insert(id(), counters);
            self.nodes.insert(id(), n);
        } else if let Some(o) = decode::<Offer>(address, account) {
            let counters = OfferCounters {
                incarnation: o.incarnation,
                registration: o.registration,
                expires_at: o.expires_at,
                slots_left: o.slots_left,
                slots_total: o.slots_total,
            };
            state.offers.insert(id(), counters);
            self.offers.insert(id(), o);
        } else if let Some(p) = decode::<StakePool>(address, account) {
            let counters = StakePoolCounters {
                tokens: p.tokens,
                active_shares: p.active_shares,
                thawing_shares: p.thawing_shares,
                locked: p.locked,
                opened_slot: p.opened_slot,
                dividend_index: p.dividend_index,
                dividend_rem: p.dividend_rem,
                dividend_total_in: p.dividend_total_in,
                stream: stream(&p),
                has_dividends: u8::from(p.dividend_vault != NOBODY),
                slashed: p.slashed,
                to_burn: p.to_burn,
                challenge_bonds: p.challenge_bonds,
                positions: p.positions,
                challenges: p.challenges,
            };
            state.stake_pools.insert(id(), counters);
            self.stake_pools.insert(id(), p);
        } else if let Some(p) = decode::<Position>(address, account) {
            let key = (book.handle(&p.pool), book.handle(&p.staker));
            let counters = PositionCounters {
                shares: p.shares,
                thawing: p.thawing,
                tickets: p.tickets,
                opened_slot: p.opened_slot,
                dividend_seen: p.dividend_seen,
                dividend_frac: p.dividend_frac,
                dividend_due: p.dividend_due,
                dividend_claimed: p.dividend_claimed,
            };
            state.positions.insert(key, counters);
        } else if let Some(t) = decode::<Unstake>(address, account) {
            let key = (book.handle(&t.pool), book.handle(&t.staker), t.nonce);
            let (shares, withdraw_at) = (t.shares, t.withdraw_at);
            let counters = TicketCounters {
                shares,
                withdraw_at,
            };
            state.tickets.insert(key, counters);
        } else if let Some(j) = decode::<Job>(address, account) {
            state.jobs.insert(id(), job_counters(&j));
            self.jobs.insert(id(), j);
        } else if let Some(c) = decode::<Challenge>(address, account) {
            let key = (book.handle(&c.job), c.incarnation, c.window);
            state.challenges.insert(key, challenge_counters(&c));
            self.challenges.insert(key, c);
        } else {
            self.read_rewards(book, address, account);
        }
    }

    fn read_rewards(&mut self, book: &Book, address: &Address, account: &AccountSharedData) {
        let state = &mut self.observed.state;
        if let Some(p) = decode::<RewardPool>(address, account) {
            let id = book.handle(address);
            let counters = RewardPoolCounters {
                incarnation: p.incarnation,
                funded: p.funded,
                claimed: p.claimed,
                returned: p.returned,
                unallocated: p.unallocated,
                earned: p.earned,
                settled: p.settled,
                epochs: p.epochs,
                shares: p.shares,
                delegated: p.delegated,
            };
            state.reward_pools.insert(id, counters);
            self.reward_pools.insert(id, p);
        } else if let Some(e) = decode::<Epoch>(address, account) {
            let counters = EpochCounters {
                total_units: e.total_units,
                allocated: e.allocated,
                shares: e.shares,
                folded: e.folded,
            };
            let key = (book.handle(&e.pool), e.index);
            state.epochs.insert(key, counters);
        } else if let Some(s) = decode::<Share>(address, account) {
            let counters = ShareCounters {
                opened_slot: s.opened_slot,
                registration: s.registration,
                joined_epoch: s.joined_epoch,
                baseline: s.baseline,
                seen: s.seen,
                earned: s.earned,
                claimed: s.claimed,
                delegators_earned: s.delegators_earned,
                delegators_claimed: s.delegators_claimed,
                slots: s
                    .slots
                    .map(|slot| (slot.epoch_plus_one, slot.units, slot.delegators_bps)),
            };
            let key = (book.handle(&s.pool), book.handle(&s.node));
            state.shares.insert(key, counters);
            self.shares.insert(key, s);
        } else if let Some(n) = decode::<Network>(address, account) {
            let counters = network_counters(book, &n);
            let id = book.handle(address);
            state.networks.insert(id, counters);
            self.domains.insert(id, n.domain);
        } else {
            panic!("an unknown account at {address}");
        }
    }
}

fn decode<T: Pod + Discriminator>(address: &Address, account: &AccountSharedData) -> Option<T> {
    let ours = account.data().starts_with(T::DISCRIMINATOR);
    ours.then(|| account::decode(address, &Account::from(account.clone())).expect("whole"))
}

fn network_counters(book: &Book, network: &Network) -> NetworkCounters {
    let key = |address: &Address| book.handle_unless_nobody(address).unwrap_or(0);
    let counters = |params: &NetworkParams, roles: [&Address; 3]| ParamCounters {
        roles: roles.map(key),
        min_stake: params.min_stake,
        min_bond: params.min_bond,
        unbonding_secs: params.unbonding_secs,
        timelock_secs: params.timelock_secs,
        fee_bps: params.fee_bps,
    };
    let (roles, change) = (&network.roles, &network.change);
    let now = [&roles.guardian, &roles.resolver, &roles.treasury];
    let then = [&change.guardian, &change.resolver, &change.treasury];
    NetworkCounters {
        admin: key(&roles.admin),
        pending_admin: key(&network.pending_admin),
        params: counters(&network.params, now),
        change: counters(&change.params, then),
        change_at: network.change_at,
        paused_at: network.paused_at,
        paused_until: network.paused_until,
    }
}

const fn job_counters(job: &Job) -> JobCounters {
    JobCounters {
        state: job.state,
        incarnation: job.incarnation,
        start_at: job.start_at,
        end_at: job.end_at,
        funded: job.funded,
        units_funded: job.units_funded,
        units_matured: job.units_matured,
        units_pending: job.units_pending,
        units_frozen: job.units_frozen,
        quorum_matured: job.quorum_matured,
        quorum_credited: job.quorum_credited,
        gross_cosigned: job.gross_cosigned,
        paid: job.paid,
        swept_treasury: job.swept_treasury,
        swept_attesters: job.swept_attesters,
        refunded: job.refunded,
        bond: job.bond,
        last_proven: job.last_proven,
        quorum_windows: job.quorum_windows,
        worked_windows: job.worked_windows,
        last_worked: job.last_worked,
        excused_windows: job.excused_windows,
        last_excused: job.last_excused,
        void_windows: job.void_windows,
        missed_windows: job.missed_windows,
        cause: job.cause,
        taken: job.taken,
        slashes: job.slashes,
        counts: job.counts,
    }
}

/// What a pool holds back of its dividends; its period means nothing while it holds nothing back.
fn stream(pool: &StakePool) -> StreamCounters {
    let stream = pool.dividend_stream();
    if stream.is_idle() {
        return StreamCounters::default();
    }
    StreamCounters {
        period: stream.period,
        streaming: stream.streaming,
        released: stream.released,
        next: stream.next,
    }
}

const fn challenge_counters(challenge: &Challenge) -> ChallengeCounters {
    ChallengeCounters {
        units: challenge.units,
        bond: challenge.bond,
        slashed: challenge.slashed,
        rule_from: challenge.rule_from,
        rule_until: challenge.rule_until,
        ruled_at: challenge.ruled_at,
        pieces: challenge.pieces,
        signers: challenge.signers,
        reason: challenge.reason,
        ruling_reason: challenge.ruling_reason,
        verdict: challenge.verdict,
    }
}
