//! Instructions on reward pools.

use {
    super::{
        Account, Action, Effect, Fail, Holder, IN_USE, Id, Key, MISSING, Moment, Reference, ensure,
        find, find_mut, fit,
        registry::ALL_BPS,
        rewards::{Epoch, RewardPool, Share, Work},
    },
    std::collections::BTreeMap,
};

impl Reference {
    pub(crate) fn apply_rewards(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::CreateRewardPool {
                pool,
                network,
                set,
                mint,
                terms,
                refund_owner,
            } => {
                find(&self.networks, *network)?;
                let home = find(&self.sets, *set)?.network;
                ensure(!self.reward_pools.contains_key(pool), IN_USE)?;
                ensure(home == *network, "WrongNetwork")?;
                self.ensure_intake(at, *network)?;
                terms.validate(at.now)?;
                let new = RewardPool {
                    network: *network,
                    set: *set,
                    mint: *mint,
                    terms: terms.clone(),
                    refund_owner: *refund_owner,
                    incarnation: at.slot,
                    deposits: Vec::new(),
                    returns: Vec::new(),
                    epochs: BTreeMap::new(),
                    left: Vec::new(),
                };
                self.reward_pools.insert(*pool, new);
                let vault = Account::Vault(Holder::RewardVault(*pool));
                Ok(Effect::opening(&[Account::RewardPool(*pool), vault]))
            }
            Action::FundRewardPool {
                pool: id,
                by,
                incarnation,
                amount,
            } => {
                let pool = find(&self.reward_pools, *id)?;
                self.ensure_intake(at, pool.network)?;
                ensure(pool.incarnation == *incarnation, "WrongIncarnation")?;
                ensure(!pool.terms.has_ended(at.now), "PoolEnded")?;
                ensure(*amount > 0, "AmountTooSmall")?;
                let funded: u128 = pool.deposits.iter().copied().map(u128::from).sum();
                let (from, to) = (Holder::Wallet(*by), Holder::RewardVault(*id));
                self.ensure_funds(from, pool.mint, *amount)?;
                fit(funded + u128::from(*amount))?;
                let effect = self.transfer(from, to, pool.mint, *amount)?;
                find_mut(&mut self.reward_pools, *id)?
                    .deposits
                    .push(*amount);
                Ok(effect)
            }
            Action::JoinRewardPool {
                pool,
                provider,
                node,
                by,
                incarnation,
            } => self.join(at, (*pool, *provider, *node), *by, *incarnation),
            Action::Report {
                pool,
                node,
                provider,
                epoch,
            } => self.report(at, (*pool, *node), *provider, *epoch),
            Action::OpenEpoch {
                pool,
                node,
                provider,
                index,
            } => self.open_epoch(at, (*pool, *node), *provider, *index),
            Action::Claim {
                pool,
                node,
                streaming,
                ended,
            } => self.claim(at, (*pool, *node), &[*streaming, *ended]),
            Action::Fold { pool, node, epoch } => self.fold(at, (*pool, *node), *epoch),
            Action::CloseEpoch { pool, epoch } => self.close_epoch(at, *pool, *epoch),
            Action::PayDelegators {
                pool,
                node,
                streaming,
                ended,
                stake,
                to,
            } => self.pay_delegators(at, (*pool, *node), &[*streaming, *ended], (*stake, *to)),
            Action::ReturnUnallocated { pool } => self.return_unallocated(at, *pool),
            Action::CloseShare { pool, node, by } => self.close_share(at, (*pool, *node), *by),
            Action::CloseRewardPool { pool } => self.close_reward_pool(at, *pool),
            _ => unreachable!("not an action of rewards"),
        }
    }

    fn join(
        &mut self,
        at: Moment,
        (pool_id, provider_id, node_id): (Id, Id, Id),
        by: Key,
        incarnation: u64,
    ) -> Result<Effect, Fail> {
        let pool = find(&self.reward_pools, pool_id)?;
        let provider = find(&self.providers, provider_id)?;
        let node = find(&self.nodes, node_id)?;
        ensure(!self.shares.contains_key(&(pool_id, node_id)), IN_USE)?;
        ensure(provider.operator == by, "NotOperator")?;
        ensure(node.provider == provider_id, "WrongNode")?;
        ensure(node.set == Some(pool.set), "NodeOfAnotherSet")?;
        ensure(pool.incarnation == incarnation, "WrongIncarnation")?;
        // Before the start all that the node has is history; from then on the next epoch's first report says what is.
        let early = at.now < pool.terms.start_at;
        let joined_epoch = match early {
            true => 0,
            false => pool.terms.working_epoch(at.now)?,
        };
        let share = Share {
            provider: provider_id,
            payee: provider.owner,
            opened_slot: at.slot,
            registration: node.registration,
            joined_epoch,
            baseline: early,
            seen: if early { node.units() } else { 0 },
            work: BTreeMap::new(),
            claims: Vec::new(),
            delegators_paid: Vec::new(),
        };
        self.shares.insert((pool_id, node_id), share);
        Ok(Effect::opening(&[Account::Share(pool_id, node_id)]))
    }

    /// What a report of this share would count in epoch `index`; `None` if it would only set the baseline.
    fn reportable(&self, key: (Id, Id), index: u64) -> Result<Option<u64>, Fail> {
        let (share, node) = (find(&self.shares, key)?, find(&self.nodes, key.1)?);
        let cap = find(&self.reward_pools, key.0)?.terms.node_cap;
        if share.registration != node.registration {
            return Ok(None);
        }
        if !share.baseline {
            ensure(index > share.joined_epoch, "TooEarlyToReport")?;
            return Ok(None);
        }
        let twin = |(epoch, _): &(u64, &Work)| *epoch != index && epoch % 2 == index % 2;
        ensure(!share.unfolded().any(|held| twin(&held)), "SlotNotFolded")?;
        let counted = share.work.get(&index).map_or(0, Work::units);
        let units = (node.units() - share.seen).min(cap - counted);
        ensure(units > 0, "NothingToReport")?;
        Ok(Some(units))
    }

    /// Counts `units`; the first of an epoch finds what the delegators get of it.
    fn enter_report(
        &mut self,
        at: Moment,
        key: (Id, Id),
        index: u64,
        units: u64,
    ) -> Result<Effect, Fail> {
        let delegators_bps = self.delegators_bps(at, key)?;
        let share = find_mut(&mut self.shares, key)?;
        share.seen += units;
        let new = || Work {
            reports: Vec::new(),
            delegators_bps,
            folded: false,
        };
        share
            .work
            .entry(index)
            .or_insert_with(new)
            .reports
            .push(units);
        Ok(Effect::counting(units))
    }

    /// What the commission of a share's provider leaves now, where the pool pays what stake earns dividends in.
    fn delegators_bps(&self, at: Moment, key: (Id, Id)) -> Result<u16, Fail> {
        let pool = find(&self.reward_pools, key.0)?;
        let dividends = find(&self.networks, pool.network)?.founding.dividend_mint;
        if pool.mint != dividends {
            return Ok(0);
        }
        let provider = find(&self.providers, find(&self.shares, key)?.provider)?;
        Ok(ALL_BPS - provider.commission(at.now))
    }

    /// Refuses a node that works under another set than the pool's, as one that was registered anew may.
    fn ensure_counted(&self, key: (Id, Id)) -> Result<(), Fail> {
        let set = find(&self.reward_pools, key.0)?.set;
        let node = find(&self.nodes, key.1)?;
        ensure(node.set == Some(set), "NodeOfAnotherSet")
    }

    /// Refuses a provider that is not the share's, and a node that is gone.
    fn ensure_provider(&self, key: (Id, Id), provider: Id) -> Result<(), Fail> {
        find(&self.nodes, key.1)?;
        let own = find(&self.shares, key)?.provider;
        ensure(own == provider, "NotItsProvider")
    }

    fn report(
        &mut self,
        at: Moment,
        key: (Id, Id),
        provider: Id,
        epoch: Option<u64>,
    ) -> Result<Effect, Fail> {
        let pool = find(&self.reward_pools, key.0)?;
        find(&self.shares, key)?;
        if let Some(epoch) = epoch {
            self.open_epoch_of(key.0, epoch)?;
        }
        self.ensure_provider(key, provider)?;
        if at.now < pool.terms.start_at {
            self.ensure_counted(key)?;
            let node = find(&self.nodes, key.1)?;
            let (registration, units) = (node.registration, node.units());
            let share = find_mut(&mut self.shares, key)?;
            share.registration = registration;
            (share.baseline, share.seen) = (true, units);
            return Ok(Effect::default());
        }
        let index = pool.terms.working_epoch(at.now)?;
        self.ensure_counted(key)?;
        let Some(units) = self.reportable(key, index)? else {
            let node = find(&self.nodes, key.1)?;
            let (registration, units) = (node.registration, node.units());
            let share = find_mut(&mut self.shares, key)?;
            if share.registration == registration {
                (share.baseline, share.seen) = (true, units);
            } else {
                share.registration = registration;
                (share.baseline, share.joined_epoch) = (false, index);
            }
            return Ok(Effect::default());
        };
        ensure(epoch == Some(index), "WrongEpoch")?;
        self.enter_report(at, key, index, units)
    }

    fn open_epoch(
        &mut self,
        at: Moment,
        key: (Id, Id),
        provider: Id,
        index: u64,
    ) -> Result<Effect, Fail> {
        let pool = find(&self.reward_pools, key.0)?;
        find(&self.shares, key)?;
        find(&self.nodes, key.1)?;
        ensure(self.open_epoch_of(key.0, index).is_err(), IN_USE)?;
        self.ensure_provider(key, provider)?;
        let working = pool.terms.working_epoch(at.now)?;
        ensure(working == index, "WrongEpoch")?;
        self.ensure_counted(key)?;
        let units = self.reportable(key, index)?.ok_or("NothingToReport")?;
        let enough = self.unallocated(key.0) >= u128::from(pool.terms.rate);
        ensure(enough, "PoolDry")?;
        let epoch = Epoch {
            opened_slot: at.slot,
            closed: false,
        };
        find_mut(&mut self.reward_pools, key.0)?
            .epochs
            .insert(index, epoch);
        let mut effect = self.enter_report(at, key, index, units)?;
        effect.opened.push(Account::Epoch(key.0, index));
        Ok(effect)
    }

    /// The epoch account, unless it was never opened or is closed again.
    fn open_epoch_of(&self, pool: Id, index: u64) -> Result<Epoch, Fail> {
        let epoch = *find(&find(&self.reward_pools, pool)?.epochs, index)?;
        ensure(!epoch.closed, MISSING)?;
        Ok(epoch)
    }

    /// The epochs given of a share, each at most once.
    pub(super) fn given(&self, pool: Id, given: &[Option<u64>]) -> Result<Vec<u64>, Fail> {
        let given: Vec<u64> = given.iter().flatten().copied().collect();
        for epoch in &given {
            self.open_epoch_of(pool, *epoch)?;
        }
        Ok(given)
    }

    fn claim(&mut self, at: Moment, key: (Id, Id), given: &[Option<u64>]) -> Result<Effect, Fail> {
        let mint = find(&self.reward_pools, key.0)?.mint;
        let share = find(&self.shares, key)?;
        let given = self.given(key.0, given)?;
        ensure(given.len() < 2 || given[0] != given[1], "WrongEpoch")?;
        let earned = self.earned(key.0, share, &given, at.now).payee;
        let amount = fit(earned.saturating_sub(share.claimed().payee))?;
        ensure(amount > 0, "NothingDue")?;
        let (from, to) = (Holder::RewardVault(key.0), Holder::Wallet(share.payee));
        let effect = self.transfer(from, to, mint, amount)?;
        find_mut(&mut self.shares, key)?.claims.push(amount);
        Ok(effect)
    }

    fn fold(&mut self, at: Moment, key: (Id, Id), epoch: u64) -> Result<Effect, Fail> {
        self.open_epoch_of(key.0, epoch)?;
        let terms = &find(&self.reward_pools, key.0)?.terms;
        let ended = i128::from(at.now) >= terms.starts(epoch + 2);
        let share = find_mut(&mut self.shares, key)?;
        ensure(ended, "StreamNotEnded")?;
        let work = share.work.get_mut(&epoch).filter(|work| !work.folded);
        work.ok_or("NothingToFold")?.folded = true;
        Ok(Effect::default())
    }

    fn close_epoch(&mut self, at: Moment, pool: Id, index: u64) -> Result<Effect, Fail> {
        let epoch = self.open_epoch_of(pool, index)?;
        let folded = self.epoch_work(pool, index).all(|(_, work)| work.folded);
        ensure(folded, "NotAllFolded")?;
        ensure(at.slot > epoch.opened_slot, "OpeningSlot")?;
        let epochs = &mut find_mut(&mut self.reward_pools, pool)?.epochs;
        find_mut(epochs, index)?.closed = true;
        Ok(Effect {
            closed: vec![Account::Epoch(pool, index)],
            ..Effect::default()
        })
    }
}
