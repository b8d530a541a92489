//! Registrations that change and end: operators, slots, nodes and providers.

use {
    super::Chooser,
    sluice_tests::reference::{Action, Id, registry::Node},
};

impl Chooser<'_> {
    pub(super) fn party_action(&mut self) -> Action {
        match self.dice.below(23) {
            0..=4 => self.set_commission(),
            5 | 6 => self.set_operator(),
            7..=10 => self.update_node(),
            11..=14 => self.close_provider(),
            // Some must stay to work.
            15..=20 if self.model.nodes.len() < 10 => self.update_node(),
            _ => self.close_node(),
        }
    }

    /// Mostly the owner of a provider; of one that is not there, anybody.
    fn owner(&mut self, provider: Id) -> u64 {
        let known = self.model.providers.get(&provider);
        let stranger = self.cast.stranger;
        let owner = known.map_or(stranger, |provider| provider.owner);
        self.dice.mostly(owner, 10, |_| stranger)
    }

    fn set_operator(&mut self) -> Action {
        let provider = self.dice.pick(&self.cast.providers);
        let by = self.owner(provider);
        Action::SetOperator {
            provider,
            by,
            operator: self.dice.pick(&self.cast.operators),
        }
    }

    fn set_commission(&mut self) -> Action {
        // One that waits is rarely replaced, or none would come into force.
        let settled = self.model.providers.iter().filter(|(_, provider)| {
            let last = provider.commissions.last();
            last.is_none_or(|(from, _)| *from <= self.now)
        });
        let settled = self.dice.pick_some(settled.map(|(id, _)| *id));
        let any = self.dice.pick(&self.cast.providers);
        let provider = self.dice.mostly(settled.unwrap_or(any), 8, |_| any);
        let by = self.owner(provider);
        Action::SetCommission {
            provider,
            by,
            bps: self
                .dice
                .pick(&[0, 1, 500, 2_000, 3_333, 6_667, 9_999, 10_000, 10_001]),
        }
    }

    fn update_node(&mut self) -> Action {
        let any = self.dice.pick(&self.cast.nodes);
        let known = self.dice.pick_some(self.model.nodes.keys().copied());
        let node = self.dice.mostly(known.unwrap_or(any), 12, |_| any);
        let provider = self.model.nodes.get(&node).map(|node| node.provider);
        let provider = provider.and_then(|id| self.model.providers.get(&id));
        let stranger = self.cast.stranger;
        let operator = provider.map_or(stranger, |provider| provider.operator);
        Action::UpdateNode {
            node,
            by: self.dice.mostly(operator, 8, |_| stranger),
            slots: self.dice.pick(&[0, 1, 2, 2, 3, 4]),
        }
    }

    /// Mostly one that is idle; rather one whose set nobody can prove with any more.
    fn close_node(&mut self) -> Action {
        let model = self.model;
        let dead = |node: &Node| {
            let set = node.set.and_then(|set| model.sets.get(&set));
            set.is_none_or(|set| !set.has_quorum())
        };
        let idle = || {
            let all = model.nodes.iter();
            all.filter(|(id, _)| model.slots_used(**id) == 0)
        };
        let useless = idle().filter(|(_, node)| dead(node)).map(|(id, _)| *id);
        let useless = self.dice.pick_some(useless);
        let some = self.dice.pick_some(idle().map(|(id, _)| *id));
        let known = self.dice.pick_some(model.nodes.keys().copied());
        let any = self.dice.pick(&self.cast.nodes);
        let node = match self.dice.below(20) {
            0..=7 => useless.or(some),
            8..=16 => some,
            17 | 18 => known,
            _ => None,
        };
        let node = node.unwrap_or(any);
        let provider = model.nodes.get(&node).map(|node| node.provider);
        let by = match provider {
            Some(provider) => self.owner(provider),
            None => self.cast.stranger,
        };
        Action::CloseNode { node, by }
    }

    /// Mostly one without nodes. One with few idle ones loses a node instead, so that there are such.
    fn close_provider(&mut self) -> Action {
        let model = self.model;
        let nodes = |id: &Id| {
            let all = model.nodes.values();
            all.filter(|node| node.provider == *id).count()
        };
        let bare = model.providers.keys().copied().filter(|id| nodes(id) == 0);
        let bare = self.dice.pick_some(bare.collect::<Vec<_>>());
        let few = model
            .nodes
            .iter()
            .filter(|(id, node)| nodes(&node.provider) <= 2 && model.slots_used(**id) == 0);
        let few = few.map(|(id, node)| (*id, node.provider));
        let few = self.dice.pick_some(few.collect::<Vec<_>>());
        let any = self.dice.pick(&self.cast.providers);
        if bare.is_none()
            && let Some((node, provider)) = few
            && self.dice.one_in(2)
        {
            let by = self.owner(provider);
            return Action::CloseNode { node, by };
        }
        let provider = self.dice.mostly(bare.unwrap_or(any), 8, |_| any);
        let by = self.owner(provider);
        let commission = model
            .providers
            .get(&provider)
            .map(|p| p.commission(self.now));
        if commission.is_some_and(|bps| bps < 10_000) && self.dice.one_in(2) {
            let bps = 10_000;
            return Action::SetCommission { provider, by, bps };
        }
        Action::CloseProvider { provider, by }
    }
}
