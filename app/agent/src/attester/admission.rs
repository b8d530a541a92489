//! Whether an attester will check a job's windows.

use {
    super::{desk::Attester, jobs::proven_until, kernels::Engines, store, work::Stored},
    crate::{
        chain::Site,
        http::{Known, answer::Refusal, denied::Why},
        wire::{Admission, Admitted},
    },
    sluice_client::{Job, Ledger},
    sluice_work::{engine::Limits, inputs::Inputs, spec::Spec, undone::Undone},
    std::{collections::HashSet, sync::PoisonError},
};

/// What a process can do in a second, millionths of it.
const WHOLE: u64 = 1_000_000;

impl<L: Ledger> Attester<L> {
    /// Says whether the job's windows will be checked: everything that they need is here, the kernel loads, and there is time.
    pub(super) fn admission(&self, known: &Known, asked: &Admission) -> Result<Admitted, Refusal> {
        let site = self.site(known)?;
        let before = self.store.admitted(&known.id)?;
        let names = asked.spec.or(before.map(|before| before.spec));
        let names = names.zip(asked.inputs.or(before.map(|before| before.inputs)));
        let (spec, inputs) = names.ok_or(Why::Unnamed)?;
        let is_same = before.is_some_and(|row| (row.spec, row.inputs) == (spec, inputs));
        if let Some(before) = before.filter(|row| is_same && row.is_admitted) {
            // What it has here is held until nobody needs it any more: it is not counted again.
            return Ok(answer(&before));
        }
        // Whoever asks again and again makes this machine look at many files.
        let _begun = self.admissions.begin(known.id).ok_or(Refusal::Busy)?;
        // Another may have ended just now: what was promised is not taken back by one that asked at the same time.
        let before = self
            .store
            .admitted(&known.id)?
            .filter(|row| row.is_admitted);
        if let Some(before) = before.filter(|row| (row.spec, row.inputs) == (spec, inputs)) {
            return Ok(answer(&before));
        }
        let mut row = store::Admitted {
            id: known.id,
            spec,
            inputs,
            kernel: [0; 32],
            is_admitted: false,
            load: 0,
            live_until: proven_until(&site.job),
            until: known.until,
        };
        let stored = Stored {
            blobs: &self.blobs,
            job: known.id,
        };
        let (spec, inputs) = named(&stored, &site, &row)?;
        row.kernel = spec.core.kernel;
        // What was found to be the job's is remembered, whatever else is missing.
        self.store.admit(&row)?;
        self.require_all(&stored, &spec, &inputs)?;
        self.blobs.keep(&known.id, known.until)?;
        self.promise(&site, &mut row, &spec)?;
        tracing::info!(job = %known.id.job, incarnation = known.id.incarnation, load = row.load, "admitted");
        metrics::counter!("sluice_attester_admissions_total").increment(1);
        Ok(answer(&row))
    }

    /// Refuses where a blob is missing, or the kernel does not load.
    fn require_all(&self, stored: &Stored, spec: &Spec, inputs: &Inputs) -> Result<(), Refusal> {
        let core = &spec.core;
        let code = stored.read(&core.kernel)?;
        if u32::try_from(code.len()) != Ok(core.kernel_len) {
            return Err(Why::Kernel.into());
        }
        // A list that names one input a million times is short work.
        let mut seen = HashSet::new();
        let names = inputs.names().iter();
        names
            .filter(|name| seen.insert(**name))
            .try_for_each(|name| stored.require(name))?;
        let loaded = Engines::new(core.kind, code).load(&*self.kernels, &Limits::from(&spec.rest));
        loaded.map_err(|reason| match reason {
            Undone::Died => Why::NotChecked.into(),
            _ => Why::Kernel.into(),
        })
    }

    /// Admits the job, if there is time for it beside all others.
    fn promise(&self, site: &Site, row: &mut store::Admitted, spec: &Spec) -> Result<(), Refusal> {
        let _one = self.promises.lock().unwrap_or_else(PoisonError::into_inner);
        row.load = self.require_time(site, row, spec)?;
        row.is_admitted = true;
        Ok(self.store.admit(row)?)
    }

    /// Refuses where a window could not be checked within its grace, or all live jobs together take more than this machine has. It gives
    /// the processes that the job takes, millionths.
    fn require_time(
        &self,
        site: &Site,
        row: &store::Admitted,
        spec: &Spec,
    ) -> Result<u64, Refusal> {
        let (millis, load) = cost(&site.job, spec);
        let processes = u64::try_from(self.policy.processes).unwrap_or(u64::MAX);
        let grace = u64::from(site.job.terms.grace_secs).saturating_mul(1_000);
        if millis > grace.saturating_mul(processes) {
            return Err(Why::TooMuch.into());
        }
        let others = self.store.load(&row.id, self.now()?)?;
        let most = processes.saturating_mul(self.policy.overcommit.into());
        if others.saturating_add(load) > most.saturating_mul(WHOLE) {
            return Err(Why::TooMuch.into());
        }
        Ok(load)
    }
}

/// The longest that checking a window takes one process, milliseconds, and how many processes that is while the job runs, millionths.
fn cost(job: &Job, spec: &Spec) -> (u64, u64) {
    // Of work that fills no window, only what there is.
    let chunks = u64::from(spec.core.per_window.min(spec.core.count));
    let millis = chunks.saturating_mul(spec.rest.chunk_millis.into());
    let window = u64::from(job.terms.window_secs.max(1)).saturating_mul(1_000);
    (millis, millis.saturating_mul(WHOLE).div_ceil(window))
}

/// The specification and the list that the blobs are, if they are the job's.
fn named(stored: &Stored, site: &Site, row: &store::Admitted) -> Result<(Spec, Inputs), Refusal> {
    let spec = stored.spec(&row.spec)?;
    if spec.hash() != site.job.spec_hash {
        return Err(Why::Spec.into());
    }
    let core = &spec.core;
    // The chain pays up to the cap: a full window is worth that, or somebody is wrong about the job.
    let cap = core.shape().ok().and_then(|shape| shape.cap());
    if cap != Some(site.job.terms.cap) {
        return Err(Why::Shape.into());
    }
    let inputs = stored.inputs(&row.inputs)?;
    let is_whole = u32::try_from(inputs.names().len()) == Ok(core.count);
    if !is_whole || inputs.root() != Ok(core.inputs) {
        return Err(Why::Inputs.into());
    }
    Ok((spec, inputs))
}

const fn answer(row: &store::Admitted) -> Admitted {
    Admitted {
        spec: row.spec,
        inputs: row.inputs,
        kernel: row.kernel,
    }
}
