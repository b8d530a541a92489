//! Networks, attesters, sets, providers and nodes.

use {
    super::{
        super::{
            book::Seeds,
            cast::{PAY, PAY_2022},
        },
        Chooser,
    },
    sluice_tests::reference::{Action, JobState, Quality, SetArgs, Subject, registry::Standing},
};

impl Chooser<'_> {
    pub(super) fn registry_action(&mut self) -> Option<Action> {
        // Without quorums there is little to do: where few are left, sets are founded and joined rather than left.
        let living = self.model.sets.values().filter(|set| set.has_quorum());
        let enough = living.count() > 3;
        match self.dice.below(25) {
            0 => Some(self.create_network()),
            1 => Some(self.register_attester()),
            2 => Some(self.close_attester()),
            3 => Some(self.create_set()),
            4 | 5 => Some(self.register_provider()),
            6..=9 => Some(self.register_node()),
            10..=12 if enough || self.dice.one_in(4) => Some(self.leave()),
            10 => Some(self.create_set()),
            13 => Some(self.update_attester()),
            _ => Some(self.enter()),
        }
    }

    fn register_attester(&mut self) -> Action {
        let attester = self.dice.pick(&self.cast.attesters);
        let Seeds::Attester { network, key } = *self.book.seeds(attester) else {
            panic!("{attester} is no attester")
        };
        let place = self.cast.attester_keys.iter().position(|k| *k == key);
        Action::RegisterAttester {
            attester,
            network,
            owner: self.cast.attester_owners[place.expect("one of ours")],
            key,
        }
    }

    fn update_attester(&mut self) -> Action {
        let known = self.dice.pick_some(self.model.attesters.keys().copied());
        let any = self.dice.pick(&self.cast.attesters);
        let attester = known.unwrap_or(any);
        let owner = self.model.attesters.get(&attester).map(|a| a.owner);
        let stranger = self.cast.stranger;
        Action::UpdateAttester {
            attester,
            by: self
                .dice
                .mostly(owner.unwrap_or(stranger), 10, |_| stranger),
        }
    }

    /// Mostly one whose stake is gone, to its owner.
    fn close_attester(&mut self) -> Action {
        let model = self.model;
        let all = model.attesters.keys().copied();
        let bare = all.filter(|id| model.pool_of(Subject::Attester(*id)).is_err());
        let bare = self.dice.pick_some(bare.collect::<Vec<_>>());
        let any = self.dice.pick(&self.cast.attesters);
        let attester = self.dice.mostly(bare.unwrap_or(any), 6, |_| any);
        let owner = model.attesters.get(&attester).map(|a| a.owner);
        let stranger = self.cast.stranger;
        let owner = owner.unwrap_or(stranger);
        Action::CloseAttester {
            attester,
            by: self.dice.mostly(owner, 10, |_| stranger),
        }
    }

    fn create_set(&mut self) -> Action {
        let dice = &mut *self.dice;
        let mut keys = self.cast.attester_keys.clone();
        keys.retain(|_| !dice.one_in(3));
        keys.sort_unstable();
        let threshold = 1 + dice.below(3) as u8;
        let mut args = SetArgs {
            fee_owner: dice.pick(&self.cast.fee_owners),
            revoker: dice.pick(&self.cast.fee_owners),
            fee_bps: dice.pick(&[0, 1, 311, 763]),
            threshold,
            keys,
            quality: Quality {
                mint: dice.pick(&[PAY, PAY_2022]),
                price: dice.pick(&[1, 3]),
                per: dice.pick(&[1, 7, 100, 10_000]),
                bond: dice.pick(&[1, 40, 200]),
                challenge_bond: dice.pick(&[0, 1]),
                challenge_secs: dice.pick(&[1, 30]),
                ruling_secs: dice.pick(&[60, 601]),
            },
        };
        match dice.below(16) {
            0 => args.threshold = 0,
            1 => args.threshold = 17,
            2 => args.threshold = args.keys.len() as u8 + 1,
            3 => args.fee_bps = dice.pick(&[1_000, 1_001]),
            4 => args.keys.reverse(),
            5 => args.keys.extend(args.keys.last().copied()),
            6 => args.quality.mint = 0,
            7 => args.quality.price = 0,
            8 => args.quality.bond = 0,
            9 => args.quality.challenge_bond = args.quality.bond + 1,
            10 => args.quality.challenge_secs = 0,
            11 => args.quality.ruling_secs = dice.pick(&[59, 30 * 24 * 60 * 60 + 1]),
            _ => {}
        }
        // Sets never close: enough is enough.
        let network = dice.pick(&self.cast.networks[..2]);
        let crowded = self.model.sets.len() >= 20;
        if crowded && let Some((set, known)) = dice.pick_some(&self.model.sets) {
            let (set, network, args) = (*set, known.network, known.args.clone());
            return Action::CreateSet { set, network, args };
        }
        let set = self.cast.set(self.book, &self.payer, network, &args);
        Action::CreateSet { set, network, args }
    }

    /// A set, one of its members that is registered (or any attester), its index and its owner, mostly.
    fn membership(&mut self, entering: bool) -> (u64, u64, u8, u64) {
        let model = self.model;
        let open = model.sets.iter().flat_map(|(id, set)| {
            let places = 0..set.args.keys.len() as u8;
            let here = move |index: &u8| {
                let inside = set.entered.contains(index);
                let live = inside && !set.left.contains(index);
                if entering { !inside } else { live }
            };
            places.filter(here).map(move |index| (*id, index))
        });
        let mut open: Vec<(u64, u8)> = open.collect();
        // Those who enter can, and make a quorum.
        if entering && !self.dice.one_in(6) {
            open.retain(|(set, index)| self.can_enter(*set, *index));
            let missing = |set: &u64| {
                let set = &model.sets[set];
                usize::from(set.args.threshold).saturating_sub(set.live().len())
            };
            let wanting = open.iter().map(|(set, _)| *set);
            let wanting = wanting.filter(|set| missing(set) > 0).min_by_key(missing);
            if let Some(wanting) = wanting {
                open.retain(|(set, _)| *set == wanting);
            }
        }
        // Those who leave do so in the middle of a job.
        let at_work = |set: &u64| {
            let mut jobs = model.jobs.values();
            jobs.any(|job| job.state == JobState::Active && job.terms.set == Some(*set))
        };
        let spare = |set: &u64| {
            let set = &model.sets[set];
            set.live().len().abs_diff(usize::from(set.args.threshold))
        };
        let working = open.iter().map(|(set, _)| *set).filter(at_work);
        let weakest = working.min_by_key(spare).filter(|_| !entering);
        if let Some(weakest) = weakest
            && !self.dice.one_in(3)
        {
            open.retain(|(set, _)| *set == weakest);
        }
        let any = (self.dice.pick(&self.cast.sets), self.dice.below(6) as u8);
        let sensible = self.dice.pick_some(open).unwrap_or(any);
        let (set, index) = self.dice.mostly(sensible, 3, |_| any);
        let known = model.sets.get(&set);
        let key = known.and_then(|set| set.key(index));
        let network = known.map(|set| set.network);
        let mut all = model.attesters.iter();
        let member = all.find(|(_, a)| Some(a.key) == key && Some(a.network) == network);
        let anybody = self.dice.pick(&self.cast.attesters);
        let attester = member.map_or(anybody, |(id, _)| *id);
        let attester = self.dice.mostly(attester, 12, |_| anybody);
        let owner = model.attesters.get(&attester).map(|a| a.owner);
        let stranger = self.cast.stranger;
        let owner = owner.unwrap_or(stranger);
        (
            set,
            attester,
            index,
            self.dice.mostly(owner, 15, |_| stranger),
        )
    }

    /// True if there is an attester at `index` whose stake and standing let it enter.
    fn can_enter(&self, set: u64, index: u8) -> bool {
        let model = self.model;
        let Some(set) = model.sets.get(&set) else {
            return false;
        };
        let mut all = model.attesters.iter();
        let key = set.key(index);
        let found = all.find(|(_, a)| Some(a.key) == key && a.network == set.network);
        found.is_some_and(|(id, attester)| {
            let live = model.live_bits(attester) > 0;
            let own = model.own_stake(Subject::Attester(*id));
            match attester.standing {
                Standing::Good => live || own.is_ok_and(|(_, own)| own >= 55),
                Standing::Slashed => !live && own.is_ok_and(|(_, own)| own >= 55),
                Standing::Tombstoned => false,
            }
        })
    }

    fn enter(&mut self) -> Action {
        let (set, attester, index, by) = self.membership(true);
        Action::EnterSet {
            set,
            attester,
            index,
            by,
        }
    }

    fn leave(&mut self) -> Action {
        let (set, attester, index, by) = self.membership(false);
        let revoker = self.model.sets.get(&set).map(|set| set.args.revoker);
        let by = self.dice.mostly(by, 4, |_| revoker.unwrap_or(by));
        // Whoever lost its bond is put out by anyone.
        let sets = self.model.sets.iter();
        let fallen = sets.flat_map(|(id, set)| {
            let live = set.live().into_iter().map(|index| (*id, set, index));
            live.filter_map(|(id, set, index)| {
                let mut all = self.model.attesters.iter();
                let key = set.key(index);
                let found = all.find(|(_, a)| Some(a.key) == key && a.network == set.network);
                let fallen = found.filter(|(_, a)| a.standing != Standing::Good);
                fallen.map(|(attester, _)| (id, *attester, index))
            })
            .collect::<Vec<_>>()
        });
        let fallen: Vec<(u64, u64, u8)> = fallen.collect();
        if let Some((set, attester, index)) = self.dice.pick_some(fallen)
            && self.dice.one_in(2)
        {
            let by = self.cast.stranger;
            return Action::LeaveSet {
                set,
                attester,
                index,
                by,
            };
        }
        Action::LeaveSet {
            set,
            attester,
            index,
            by,
        }
    }

    fn register_provider(&mut self) -> Action {
        let provider = self.dice.pick(&self.cast.providers);
        let Seeds::Provider { network, owner } = *self.book.seeds(provider) else {
            panic!("{provider} is no provider")
        };
        let place = self.cast.provider_owners.iter().position(|o| *o == owner);
        Action::RegisterProvider {
            provider,
            network,
            owner,
            operator: self.cast.operators[place.expect("one of ours")],
        }
    }

    fn register_node(&mut self) -> Action {
        let node = self.dice.pick(&self.cast.nodes);
        // A share waits for a node that was closed to come back.
        let left = self.model.shares.keys().map(|(_, node)| *node);
        let left = left.filter(|node| !self.model.nodes.contains_key(node));
        let left = self.dice.pick_some(left.collect::<Vec<_>>());
        let node = self.dice.mostly(left.unwrap_or(node), 3, |_| node);
        let Seeds::Node { provider, worker } = *self.book.seeds(node) else {
            panic!("{node} is no node")
        };
        let Seeds::Provider { network, owner } = *self.book.seeds(provider) else {
            panic!("{provider} is no provider")
        };
        let own = self.model.sets.iter().filter(|(_, s)| s.network == network);
        let (living, dead): (Vec<_>, Vec<_>) = own.partition(|(_, set)| set.has_quorum());
        let own = if living.is_empty() { dead } else { living };
        let own = self.dice.pick_some(own.into_iter().map(|(id, _)| *id));
        let any = self.dice.pick(&self.cast.sets);
        let set = self.dice.mostly(own, 8, |_| Some(any));
        let set = self.dice.mostly(set, 6, |_| None);
        let stranger = self.cast.stranger;
        Action::RegisterNode {
            node,
            provider,
            by: self.dice.mostly(owner, 12, |_| stranger),
            worker,
            set,
            slots: self.dice.pick(&[0, 1, 2, 2, 3]),
        }
    }
}
