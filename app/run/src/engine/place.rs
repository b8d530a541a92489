//! Chunks that wait become jobs: planned, written down, and taken.

use {
    super::{
        Engine, Error, Look, Result,
        follow::{is_of_the_node, spec_of},
    },
    crate::{
        market,
        order::Asked,
        plan::{self, Learned, Placement, Wanted},
        store::{ChunkRow, ChunkState, JobRow, NewJob},
    },
    sluice_client::{
        Address, AttesterSet, Job, Ledger, Offer, TakeArgs, account, address,
        instruction::{self, token::TOKEN_ACCOUNT_LEN},
        view::{job::minimum_deposit, offer::order},
    },
    sluice_work::{
        core::{Core, Kind},
        hash,
        inputs::Inputs,
        sluice_math::tree::Hash,
        spec::{Rest, Spec},
    },
    std::{
        collections::{BTreeMap, BTreeSet},
        time::{Duration, Instant},
    },
};

/// Where nothing could be placed, the market is looked at again after this time.
const PAUSE: Duration = Duration::from_secs(10);
/// Where nothing could be placed so often in a row while no job was left that could bring money back, the rest is computed here.
const PAUSES: u32 = 6;
/// A node that let so many jobs down gets no more of this run for a while.
const LET_DOWN: usize = 2;
const AVOIDED_FOR: Duration = Duration::from_secs(300);
/// A chunk that so many nodes left out of windows that they proved, or that so many jobs had in vain, is computed here.
const FAILURES: u32 = 2;
const JOBS: u32 = 5;

/// What the run has learned of the market.
#[derive(Default)]
pub struct Market {
    not_before: Option<Instant>,
    /// The jobs that each node let down, and since when.
    let_down: BTreeMap<Address, (BTreeSet<u32>, Instant)>,
    /// How often in a row nothing could be placed.
    pauses: u32,
    /// Offers that could not be taken, and until when they are left alone.
    refused: BTreeMap<Address, Instant>,
    why: Option<String>,
}

impl Market {
    /// A node let windows of a job pass that it could have done.
    pub fn let_down(&mut self, row: &JobRow) {
        let now = Instant::now();
        let node = self.let_down.entry(row.plan.node);
        let (jobs, at) = node.or_insert_with(|| (BTreeSet::new(), now));
        jobs.insert(row.number);
        *at = now;
    }

    /// Why chunks wait.
    pub fn why(&self) -> Option<String> {
        self.why.clone()
    }

    fn learned(&self) -> Learned {
        let nodes = self.let_down.iter();
        let avoid =
            nodes.filter(|(_, (jobs, at))| jobs.len() >= LET_DOWN && at.elapsed() < AVOIDED_FOR);
        Learned {
            avoid: avoid.map(|(node, _)| *node).collect(),
            ..Learned::default()
        }
    }

    fn pause(&mut self, why: String) {
        self.why = Some(why);
        self.pauses = self.pauses.saturating_add(1);
        self.not_before = Some(Instant::now() + PAUSE);
    }
}

impl<L: Ledger> Engine<'_, L> {
    /// Places what waits, as far as the market and the budget allow.
    pub(super) fn place(&mut self, look: &Look) -> Result<()> {
        self.keep_here()?;
        let waiting = self.store.chunks_in(ChunkState::Waiting)?;
        if waiting.is_empty() {
            self.market.why = None;
            return Ok(());
        }
        let is_early = |at: Instant| Instant::now() < at;
        if self.market.not_before.is_some_and(is_early) {
            return Ok(());
        }
        let jobs = self.store.jobs()?;
        let placed = self.store.chunks_in(ChunkState::Placed)?;
        let running: BTreeSet<_> = placed.iter().filter_map(|chunk| chunk.job).collect();
        let running = u32::try_from(running.len()).unwrap_or(u32::MAX);
        let used = jobs.iter().map(JobRow::used).fold(0, u64::saturating_add);
        let asked = Asked {
            nodes: self
                .settings
                .nodes
                .map(|nodes| nodes.saturating_sub(running)),
            ..self.settings.asked()
        };
        if asked.nodes == Some(0) {
            return Ok(());
        }
        let plan = self.planned(look, &asked, &waiting, used)?;
        if plan.placements.is_empty() {
            let is_alone = !jobs.iter().any(|row| row.stage.is_live());
            if !is_alone {
                self.market.pauses = 0;
            }
            self.market.pause(self.reason(&plan));
            if is_alone && self.market.pauses >= PAUSES {
                let numbers: Vec<_> = waiting.iter().map(|chunk| chunk.number).collect();
                self.store.compute_here(&numbers)?;
            }
            return Ok(());
        }
        self.market.pauses = 0;
        self.market.why = None;
        let mut left = ordered(waiting);
        for (number, placement) in (self.next_job()?..).zip(&plan.placements) {
            let count = usize::try_from(placement.job.chunks).unwrap_or(usize::MAX);
            let rest = left.split_off(count.min(left.len()));
            let chunks = std::mem::replace(&mut left, rest);
            self.write_down(number, placement, &chunks)?;
        }
        Ok(())
    }

    fn planned(
        &self,
        look: &Look,
        asked: &Asked,
        waiting: &[ChunkRow],
        used: u64,
    ) -> Result<plan::Plan> {
        let found = market::takeable(&*self.ledger, &self.settings.network, asked, look.now)?;
        let now = Instant::now();
        let listings: Vec<_> = found
            .into_iter()
            .filter(|listing| {
                let refused = self.market.refused.get(&listing.address);
                refused.is_none_or(|until| *until <= now)
            })
            .collect();
        let wanted = Wanted {
            chunks: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
            chunk_millis: self.settings.chunk_millis.into(),
            most_millis: Some(self.settings.most_millis.into()),
            kind: self.kernel.kind,
            asked,
            used,
            learned: &self.market.learned(),
        };
        Ok(plan::plan(&listings, &wanted))
    }

    fn reason(&self, plan: &plan::Plan) -> String {
        let amount = |base| sluice_client::amount::format(base, self.mint.decimals);
        match plan.why {
            Some(plan::Why::Budget {
                least_deposit,
                left,
                missing,
            }) => format!(
                "the cheapest offer needs a deposit of {}, and {} of the budget are left: {} more place everything",
                amount(least_deposit),
                amount(left),
                amount(missing)
            ),
            _ => {
                let mut why = "no offer can be taken at this price".to_owned();
                if let Some((offer, unusable)) = plan.unusable.first() {
                    why.push_str(&format!("; {offer}: {unusable}"));
                }
                why
            }
        }
    }

    fn next_job(&self) -> Result<u32> {
        let jobs = self.store.jobs()?.len();
        Ok(u32::try_from(jobs).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Writes a job down; the next turn takes it.
    fn write_down(&self, number: u32, placement: &Placement, chunks: &[ChunkRow]) -> Result<()> {
        let (listing, job) = (&placement.listing, &placement.job);
        let names: Vec<_> = chunks.iter().map(|chunk| chunk.hash).collect();
        let spec = self.spec(names, job)?;
        let id = self.job_id(number);
        let (network, buyer) = (&self.settings.network, self.sender.buyer());
        let plan = NewJob {
            id,
            job: address::job(network, &buyer, id),
            offer: listing.address,
            node: listing.offer.node,
            provider: listing.offer.provider,
            owner: listing
                .provider
                .map(|provider| provider.owner)
                .unwrap_or_default(),
            set: listing.offer.terms.set,
            spec: spec.to_bytes(),
            windows: job.windows,
            length_secs: job.length_secs,
            funds: job.funds,
            cost: job.most_cost,
            offered: listing.offer.incarnation,
            price: listing.offer.terms.price,
            per: listing.offer.terms.per,
        };
        let numbers: Vec<_> = chunks.iter().map(|chunk| chunk.number).collect();
        self.store.plan(&plan, &numbers)?;
        Ok(())
    }

    fn spec(&self, names: Vec<Hash>, job: &plan::Planned) -> Result<Spec> {
        let settings = &self.settings;
        let inputs = Inputs::of(names).map_err(|_| Error::Spec)?;
        let spec = Spec {
            core: Core {
                salt: rand::random(),
                kernel: hash::blob(&self.kernel.code),
                inputs: inputs.root().map_err(|_| Error::Spec)?,
                units: job.units,
                slash: job.slash,
                kernel_len: u32::try_from(self.kernel.code.len()).map_err(|_| Error::Spec)?,
                count: job.chunks,
                per_window: job.per_window,
                answer_secs: job.answer_secs,
                kind: self.kernel.kind,
                signers_answer: 0,
                reserved: [0; 6],
            },
            rest: Rest {
                title: settings.title.clone(),
                note: String::new(),
                memory: match self.kernel.kind {
                    Kind::Wasm => settings.memory,
                    Kind::Sbpf => 0,
                },
                output: settings.output,
                chunk_millis: settings.most_millis,
            },
        };
        spec.validate().map_err(|_| Error::Spec)?;
        Ok(spec)
    }

    /// It follows from the run and the number, so that a job that is sent twice lands once; large, so that it is in nobody's way.
    fn job_id(&self, number: u32) -> u64 {
        let text = format!("sluice:run:{}:{number}", self.settings.id);
        let [a, b, c, d, e, f, g, h, ..] = hash::blob(text.as_bytes());
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) | 1 << 63
    }

    /// Takes the offer that a job was planned on, if it is still what was planned.
    pub(super) fn take(&mut self, look: &Look, row: &JobRow) -> Result<()> {
        let intent = self.intent("job", row.number);
        if self.sender.settle(self.ledger, &self.store, &intent)? {
            return Ok(());
        }
        let is_cancelled = self.store.setting(super::CANCEL)?.is_some();
        if let Some(why) = self.unwanted(row, is_cancelled)? {
            return self.refused(row, why);
        }
        let offer = self.find::<Offer>(&row.plan.offer)?;
        let offer = match offer.map(|offer| (self.moved(row, &offer), offer)) {
            None => return self.refused(row, "the offer is gone"),
            Some((Some(why), _)) => return self.refused(row, why),
            Some((None, offer)) => offer,
        };
        let set: AttesterSet = self.ledger.get(&row.plan.set)?;
        let (spec, _) = spec_of(row)?;
        let (buyer, payer) = (self.sender.buyer(), self.sender.payer());
        let mint = self.mint;
        let covered = self.funds(payer).cover(&buyer, &mint, row.plan.funds);
        let mut plan = match covered {
            Ok(plan) => plan,
            Err(error) if !is_of_the_node(&error) => return self.dropped(row, &error.to_string()),
            Err(error) => return Err(error.into()),
        };
        let seen = order(
            &offer,
            &look.network,
            Some(&set),
            row.plan.id,
            row.plan.funds,
        );
        plan.push(instruction::take_offer_with_credential(
            &payer,
            &buyer,
            &row.plan.offer,
            &offer,
            &row.plan.owner,
            &mint.token_program,
            TakeArgs {
                length_secs: row.plan.length_secs,
                spec_hash: spec.hash(),
                ..seen
            },
            address::credential(&look.network, &row.plan.owner),
        ));
        let plan = plan
            .creating(account::size::<Job>())
            .creating(TOKEN_ACCOUNT_LEN);
        let sent = self
            .sender
            .once(self.ledger, &self.store, (&intent, look.now), plan);
        match sent {
            Ok(()) => Ok(()),
            Err(error) if is_of_the_node(&error) => Err(error.into()),
            // What was refused may have been done before, and a node that is behind now told so.
            Err(_) if self.find::<Job>(&row.plan.job)?.is_some() => Ok(()),
            Err(error) => self.refused(row, &error.to_string()),
        }
    }

    /// Why a job that was planned is not to be any more: the buyer has asked for something else since.
    fn unwanted(&self, row: &JobRow, is_cancelled: bool) -> Result<Option<&'static str>> {
        if is_cancelled {
            return Ok(Some("the run was cancelled"));
        }
        let most = self.settings.asked().most;
        let price = (row.plan.price, row.plan.per);
        if sluice_client::market::compare_prices(price, (most.price, most.per)).is_gt() {
            return Ok(Some("it asks a higher price than the run may pay"));
        }
        let jobs = self.store.jobs()?;
        let used = jobs.iter().map(JobRow::used).fold(0, u64::saturating_add);
        Ok((used > self.settings.budget).then_some("the budget does not reach for it"))
    }

    /// Why an offer is not what a job was planned on.
    fn moved(&self, row: &JobRow, offer: &Offer) -> Option<&'static str> {
        let (spec, shape) = spec_of(row).ok()?;
        let terms = &offer.terms;
        let cost = shape
            .units_of(spec.core.count)
            .and_then(|units| terms.gross(units).ok());
        let least = minimum_deposit(terms);
        let is_same = offer.incarnation == row.plan.offered
            && (terms.mint, terms.set) == (self.settings.mint, row.plan.set)
            && offer.node == row.plan.node
            && shape.cap() == Some(terms.cap)
            && least.is_some_and(|least| least <= row.plan.funds)
            && terms.max_length_secs >= row.plan.length_secs;
        if !is_same {
            return Some("the offer's terms have changed");
        }
        (cost != Some(row.plan.cost)).then_some("the offer's price has changed")
    }

    /// A job that cannot be had: its chunks are placed elsewhere, or on the offer as it is now.
    fn refused(&mut self, row: &JobRow, why: &str) -> Result<()> {
        self.market
            .refused
            .insert(row.plan.offer, Instant::now() + PAUSE);
        Ok(self.store.drop_job(row.number, why)?)
    }

    /// A job that the buyer cannot pay for.
    fn dropped(&mut self, row: &JobRow, why: &str) -> Result<()> {
        self.market.pause(why.to_owned());
        Ok(self.store.drop_job(row.number, why)?)
    }

    /// What nodes do not do is computed here.
    fn keep_here(&self) -> Result<()> {
        let mut here = BTreeSet::new();
        for chunk in self.store.chunks_in(ChunkState::Waiting)? {
            if chunk.failures >= FAILURES || self.store.jobs_of(chunk.number)? >= JOBS {
                here.insert(chunk.number);
            }
        }
        let here: Vec<_> = here.into_iter().collect();
        Ok(self.store.compute_here(&here)?)
    }
}

/// In their order, but those that a node left out last: in judged work nothing behind such a chunk is done in its window.
fn ordered(mut waiting: Vec<ChunkRow>) -> Vec<ChunkRow> {
    waiting.sort_by_key(|chunk| (chunk.failures, chunk.number));
    waiting
}
