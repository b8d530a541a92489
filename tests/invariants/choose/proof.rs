//! Proofs: honest ones, and every kind of forgery that keys can sign.

use {
    super::Chooser,
    sluice_tests::reference::{
        Action, Claimed, Id, Job, Key, Path, Signed, Statement, proof::statement,
    },
};

impl Chooser<'_> {
    /// The number of the window that `now` falls in.
    pub(super) fn current_window(&self, job: &Job) -> u32 {
        let window = i64::from(job.terms.window_secs);
        ((self.now - job.start_at) / window).clamp(0, 1 << 20) as u32
    }

    /// The windows that can be proven now.
    pub(super) fn provable(&self, job: &Job) -> Vec<u32> {
        let (now, current) = (i128::from(self.now), self.current_window(job));
        let near = current.saturating_sub(20)..=current;
        let provable = near.filter(|w| {
            let inside = job.starts(*w) < i128::from(job.end_at);
            let open = job.ends(*w) <= now && now < job.closes(*w);
            inside && open && !job.proofs.contains_key(w)
        });
        provable.collect()
    }

    /// A window that can be proven now, mostly; else any, proven ones and future ones too.
    fn window(&mut self, job: &Job) -> u32 {
        let current = self.current_window(job);
        let provable = self.provable(job);
        let provable = self.dice.pick_some(provable);
        let proven = self.dice.pick_some(job.proofs.keys().copied());
        let any = self.dice.below(u64::from(current) + 3) as u32;
        // Around the second in which a window ends or closes, that window is the interesting one.
        let edge = (current.saturating_sub(20)..=current + 1).filter(|w| {
            let dates = [job.ends(*w), job.closes(*w)];
            dates
                .iter()
                .any(|date| (date - i128::from(self.now)).abs() <= 1)
        });
        if let Some(edge) = self.dice.pick_some(edge.collect::<Vec<_>>())
            && self.dice.one_in(2)
        {
            return edge;
        }
        match (self.dice.below(20), provable) {
            (0, _) => proven.unwrap_or(any),
            (1, _) => any,
            (2, _) => self.dice.pick(&[any, any, u32::MAX]),
            (_, Some(window)) => window,
            _ => current.saturating_sub(1),
        }
    }

    fn claim(&mut self, job: &Job) -> Claimed {
        let cap = job.terms.cap;
        let some = self.dice.below(cap + 2);
        Claimed {
            window: self.window(job),
            units: self.dice.pick(&[cap, cap, some, some, some, 2 * cap, 0]),
            digest: self.dice.below(3),
        }
    }

    pub(super) fn attest(&mut self, id: Id, job: &Job) -> Action {
        let claimed = self.claim(job);
        let any = self.dice.pick(&self.cast.sets);
        let set = job.terms.set.unwrap_or(any);
        let set = self.dice.mostly(set, 40, |_| any);
        let (mut indices, keys) = self.members(set);
        let stranger = self.cast.stranger;
        let mut signers = vec![job.worker.unwrap_or(stranger)];
        signers.extend(&keys);
        let mut members = named(&indices);
        match self.dice.below(60) {
            // One too many, one too few, another, a wrong order, a wrong name.
            0 => signers.push(stranger),
            1 => drop(signers.pop()),
            2 => *signers.last_mut().expect("the worker") = stranger,
            3 => signers.reverse(),
            4 => {
                indices.reverse();
                members = named(&indices);
            }
            5 => members = members.wrapping_add(1),
            6 => members |= 1 << (4 * indices.len()),
            7 => members = 0,
            _ => {}
        }
        signers.truncate(6);
        Action::Attest {
            job: id,
            set,
            claimed,
            members,
            signed: self.signed(id, job, Path::Quorum, claimed, signers),
        }
    }

    pub(super) fn attest_cosigned(&mut self, id: Id, job: &Job) -> Action {
        let claimed = self.claim(job);
        let stranger = self.cast.stranger;
        let worker = job.worker.unwrap_or(stranger);
        let mut signers = vec![worker, job.cosigner.unwrap_or(stranger)];
        match self.dice.below(40) {
            0 => signers.reverse(),
            1 => signers.push(stranger),
            2 => drop(signers.pop()),
            3 => signers[1] = stranger,
            4 => signers[1] = signers[0],
            _ => {}
        }
        Action::AttestCosigned {
            job: id,
            claimed,
            signed: self.signed(id, job, Path::Cosigned, claimed, signers),
        }
    }

    /// Indices and keys of as many members as must sign, ascending: living ones as far as there are any.
    pub(super) fn members(&mut self, set: Id) -> (Vec<u8>, Vec<Key>) {
        let Some(set) = self.model.sets.get(&set) else {
            return (vec![0], vec![self.cast.attester_keys[0]]);
        };
        let wanted = usize::from(set.args.threshold);
        let mut chosen: Vec<u8> = set.live().into_iter().collect();
        if self.dice.one_in(25) || chosen.len() < wanted {
            chosen = (0..set.args.keys.len() as u8).collect();
        }
        while chosen.len() > wanted {
            let place = self.dice.below(chosen.len() as u64) as usize;
            chosen.remove(place);
        }
        let keys = chosen.iter().filter_map(|index| set.key(*index)).collect();
        (chosen, keys)
    }

    /// `keys` sign the honest statement, mostly.
    fn signed(
        &mut self,
        id: Id,
        job: &Job,
        path: Path,
        claimed: Claimed,
        keys: Vec<Key>,
    ) -> Option<Signed> {
        let any_node = self.dice.pick(&self.cast.nodes);
        let any_job = self.dice.pick(&self.cast.jobs);
        let made_up = Statement {
            path,
            network: job.network,
            job: id,
            incarnation: job.incarnation,
            node: any_node,
            claimed,
        };
        let mut said = statement(id, job, path, claimed).unwrap_or(made_up);
        match self.dice.below(100) {
            0 => said.claimed.units += 1,
            1 => said.claimed.window ^= 1,
            2 => said.claimed.digest += 1,
            3 => said.incarnation -= 1,
            4 => said.job = any_job,
            5 => said.node = any_node,
            6 => {
                said.path = match path {
                    Path::Quorum => Path::Cosigned,
                    Path::Cosigned | Path::Batch => Path::Quorum,
                }
            }
            7 => said.network = self.cast.networks[usize::from(job.network == self.home())],
            8 => return None,
            _ => {}
        }
        Some(Signed {
            statement: said,
            keys,
        })
    }
}

/// Indices as the instruction takes them: four bits each, the first lowest.
pub(super) fn named(indices: &[u8]) -> u64 {
    let places = indices.iter().enumerate();
    places.fold(0, |members, (place, index)| {
        members | u64::from(*index) << (4 * place)
    })
}
