//! The plain model of all jobs and of everybody's tokens, from one moment to the next.

use {
    super::{
        checks::Checks,
        network,
        sight::Sight,
        story::Story,
        sums::{self, Split},
    },
    anyhow::{Context, Result},
    sluice_client::{Address, Job, JobState},
    std::collections::BTreeMap,
};

/// A job's address and its opening slot.
pub type Name = (Address, u64);

/// Everybody's tokens, and every job, as they have to be.
pub struct Reckoning {
    /// The moment from which on it reckons: nobody has a job.
    begin: Sight,
    treasury: Address,
    /// What jobs are paid in.
    mint: Address,
    /// Jobs that are there.
    pub stories: BTreeMap<Name, Story>,
    /// What jobs that are gone came to, by who was paid: base units.
    paid: BTreeMap<Address, u64>,
    /// The same, by who paid.
    spent: BTreeMap<Address, u64>,
    /// The same of units that count for the node.
    credited: BTreeMap<Address, u64>,
    /// Jobs of each node and provider that are gone.
    gone: BTreeMap<Address, u64>,
    /// All of them together.
    pub total: Total,
    /// What was held.
    pub checks: Checks,
    /// Moments.
    pub sights: u64,
    /// Accounts that they showed.
    pub accounts: u64,
}

/// What jobs came to that are gone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Total {
    /// Jobs.
    pub jobs: u64,
    /// Windows that were proven.
    pub windows: u64,
    /// Of them, those that were challenged.
    pub challenged: u64,
    /// Units of all of them.
    pub units: u64,
    /// Base units that were deposited.
    pub funded: u64,
    /// Of them, what was earned.
    pub split: Split,
}

impl Reckoning {
    /// From a moment on at which nobody has a job.
    ///
    /// # Errors
    /// Where somebody has, and where the network is not.
    pub fn from(begin: Sight, network: &Address, mint: &Address) -> Result<Self> {
        let mut checks = Checks::default();
        checks.holds("begin", begin.jobs.is_empty(), || "there are jobs".into())?;
        network::hold(&begin, &mut checks)?;
        let network = begin.networks.get(network).context("no network")?;
        Ok(Self {
            treasury: network.roles.treasury,
            mint: *mint,
            stories: BTreeMap::new(),
            paid: BTreeMap::new(),
            spent: BTreeMap::new(),
            credited: BTreeMap::new(),
            gone: BTreeMap::new(),
            total: Total::default(),
            checks,
            sights: 1,
            accounts: 0,
            begin,
        })
    }

    /// Takes another moment, and gives the jobs that are gone since the last one.
    ///
    /// # Errors
    /// With what may not be.
    pub fn take(&mut self, sight: &Sight) -> Result<Vec<Story>> {
        self.sights = self.sights.saturating_add(1);
        let accounts = u64::try_from(sight.accounts)?;
        self.accounts = self.accounts.saturating_add(accounts);
        for (key, job) in &sight.jobs {
            let name = (*key, job.incarnation);
            let story = self.stories.entry(name);
            let story = story.or_insert_with(|| Story::new(*key, job));
            story.go_on(job, sight, &mut self.checks)?;
        }
        let is_there = |name: &Name| {
            let job = sight.jobs.get(&name.0);
            job.is_some_and(|job| job.incarnation == name.1)
        };
        let gone: Vec<_> = self.stories.keys().copied().collect();
        let gone = gone.into_iter().filter(|name| !is_there(name));
        let gone: Vec<_> = gone.filter_map(|name| self.stories.remove(&name)).collect();
        for story in &gone {
            self.bury(story, sight)?;
        }
        network::hold(sight, &mut self.checks)?;
        self.hold_records(sight)?;
        self.hold_books(sight)?;
        Ok(gone)
    }

    /// A job is gone: all of its deposit has left, to those who earned it and back.
    fn bury(&mut self, story: &Story, sight: &Sight) -> Result<()> {
        let (job, split) = (&story.last, story.split());
        let key = story.key;
        let is_empty = !sight.tokens.contains_key(&job.vault);
        self.checks.holds("I10", is_empty, || {
            format!("the vault of job {key} is left")
        })?;
        self.checks.holds("I10", split.gross <= job.funded, || {
            format!("job {key} earned more than it had")
        })?;
        let last = story.windows.keys().next_back();
        let is_ripe = last.is_none_or(|last| sight.until >= sums::ripe(job, *last));
        self.checks.holds("I16", is_ripe, || {
            format!("job {key} was closed before its last window is earned")
        })?;
        if job.state != JobState::Open.byte() {
            add(&mut self.gone, job.node, 1);
            add(&mut self.gone, job.provider, 1);
            add(&mut self.credited, job.node, counting(job, story.units()));
        }
        add(&mut self.paid, job.payee, split.provider);
        add(&mut self.paid, self.treasury, split.treasury);
        add(&mut self.paid, job.attestation_owner, split.attesters);
        add(&mut self.spent, job.refund_owner, split.gross);
        let windows = u64::try_from(story.windows.len())?;
        let challenged = story.windows.values().filter(|one| one.challenged).count();
        let total = &mut self.total;
        let part = &mut total.split;
        for (sum, more) in [
            (&mut total.jobs, 1),
            (&mut total.windows, windows),
            (&mut total.challenged, u64::try_from(challenged)?),
            (&mut total.units, story.units()),
            (&mut total.funded, job.funded),
            (&mut part.gross, split.gross),
            (&mut part.provider, split.provider),
            (&mut part.treasury, split.treasury),
            (&mut part.attesters, split.attesters),
        ] {
            *sum = sum.saturating_add(more);
        }
        Ok(())
    }

    /// I18: a node's units are what its jobs credited; records count every job that was released, so none was overlooked here.
    fn hold_records(&mut self, sight: &Sight) -> Result<()> {
        let released = |is: &dyn Fn(&Job) -> bool| {
            let jobs = sight.jobs.values();
            let jobs = jobs.filter(|job| job.state == JobState::Released.byte() && is(job));
            u64::try_from(jobs.count())
        };
        for (key, node) in &sight.nodes {
            let of = || format!("node {key}");
            let before = self.begin.nodes.get(key);
            let (units, jobs) =
                before.map_or((0, 0), |node| (node.units, node.record.jobs_accepted));
            let gone = self.gone.get(key).copied().unwrap_or_default();
            let there = released(&|job| job.node == *key)?;
            let wanted = jobs.saturating_add(gone).saturating_add(there);
            let found = node.record.jobs_accepted;
            self.checks.same("records", &found, &wanted, of)?;
            let live = sight.jobs.values().filter(|job| job.node == *key);
            let live = live.fold(0u64, |sum, job| sum.saturating_add(job.quorum_credited));
            let gone = self.credited.get(key).copied().unwrap_or_default();
            let wanted = units.saturating_add(live).saturating_add(gone);
            self.checks.same("I18", &node.units, &wanted, of)?;
        }
        for (key, provider) in &sight.providers {
            let before = self.begin.providers.get(key);
            let jobs = before.map_or(0, |provider| provider.record.jobs_accepted);
            let gone = self.gone.get(key).copied().unwrap_or_default();
            let there = released(&|job| job.provider == *key)?;
            let wanted = jobs.saturating_add(gone).saturating_add(there);
            let found = provider.record.jobs_accepted;
            self.checks
                .same("records", &found, &wanted, || format!("provider {key}"))?;
        }
        Ok(())
    }

    /// I12: every token account holds what the jobs that were and are there say, to the base unit.
    fn hold_books(&mut self, sight: &Sight) -> Result<()> {
        let mut paid = self.paid.clone();
        let mut spent = self.spent.clone();
        let mut held = BTreeMap::new();
        for job in sight.jobs.values() {
            add(&mut paid, job.payee, job.paid);
            add(&mut paid, self.treasury, job.swept_treasury);
            add(&mut paid, job.attestation_owner, job.swept_attesters);
            let out = job.funded.saturating_sub(job.refunded);
            add(&mut spent, job.refund_owner, out);
            held.insert(job.vault, ());
        }
        let mut bonds = BTreeMap::new();
        for challenge in sight.challenges.values() {
            add(&mut bonds, challenge.challenger, challenge.bond);
        }
        for pool in sight.pools.values() {
            held.insert(pool.vault, ());
            held.insert(pool.dividend_vault, ());
        }
        let network = sight.networks.values().next().context("no network")?;
        let stake = network.stake_mint;
        for (account, tokens) in &sight.tokens {
            if held.contains_key(account) {
                continue;
            }
            let begin = self.begin.tokens.get(account);
            let begin = begin.map_or(0, |tokens| tokens.amount);
            let of = |all: &BTreeMap<_, _>| all.get(&tokens.owner).copied().unwrap_or(0u64);
            let wanted = if tokens.mint == stake {
                begin.checked_sub(of(&bonds))
            } else if tokens.mint == self.mint {
                let all = begin.checked_add(of(&paid));
                all.and_then(|all| all.checked_sub(of(&spent)))
            } else {
                Some(begin)
            };
            self.checks.same("I12", &Some(tokens.amount), &wanted, || {
                format!("what {} holds in {account}", tokens.owner)
            })?;
        }
        Ok(())
    }

    /// At the end: nothing is there that was not at the beginning, but offers.
    ///
    /// # Errors
    /// With what is left.
    pub fn end(&mut self, sight: &Sight) -> Result<()> {
        let counts = |sight: &Sight| {
            [
                sight.jobs.len(),
                sight.challenges.len(),
                sight.nodes.len(),
                sight.pools.len(),
                sight.positions.len(),
                sight.tokens.len(),
            ]
        };
        let (left, began) = (counts(sight), counts(&self.begin));
        self.checks.same("end", &left, &began, || {
            "jobs, challenges, nodes, stake pools, positions and token accounts".into()
        })
    }
}

/// The units of a job that is over that count for its node: those that whole base units paid for.
fn counting(job: &Job, units: u64) -> u64 {
    if job.counts == 0 {
        return 0;
    }
    let paid = u128::from(sums::gross(job, units)).saturating_mul(job.terms.per.into());
    let units = paid.checked_div(job.terms.price.into());
    units
        .and_then(|units| u64::try_from(units).ok())
        .unwrap_or_default()
}

fn add(all: &mut BTreeMap<Address, u64>, whose: Address, more: u64) {
    let sum = all.entry(whose).or_default();
    *sum = sum.saturating_add(more);
}
