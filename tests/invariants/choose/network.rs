//! Networks: founded, changed, handed over and paused.

use {
    super::{
        super::cast::{REWARD, STAKE},
        Chooser,
    },
    sluice_tests::reference::{Action, Founding, Id, Key, NetworkParams, network::Network},
};

/// An hour and a day, in seconds.
const HOUR: u32 = 60 * 60;
const DAY: u32 = 24 * HOUR;

impl Chooser<'_> {
    pub(super) fn create_network(&mut self) -> Action {
        let dice = &mut *self.dice;
        let mut founding = Founding {
            admin: self.cast.admins[1],
            stake_mint: STAKE,
            dividend_mint: REWARD,
            min_unbonding_secs: 2 * DAY,
            dividend_secs: 30 * DAY,
        };
        let mut params = NetworkParams {
            guardian: self.cast.guardians[1],
            resolver: 0,
            treasury: self.cast.treasuries[1],
            min_stake: 10,
            min_bond: 10,
            unbonding_secs: 3 * DAY,
            timelock_secs: 3 * DAY,
            fee_bps: 1,
        };
        match dice.below(10) {
            0 => founding.min_unbonding_secs = 0,
            1 => params.unbonding_secs = 2 * DAY - 1,
            2 => (params.unbonding_secs, params.timelock_secs) = (60 * DAY + 1, 61 * DAY),
            3 => params.timelock_secs = 3 * DAY - 1,
            4 => params.fee_bps = 1_001,
            5 => founding.admin = 0,
            6 => params.treasury = 0,
            7 => founding.dividend_secs = dice.pick(&[0, DAY - 1, 30 * DAY + 1]),
            _ => {}
        }
        let network = dice.pick(&self.cast.networks);
        Action::CreateNetwork {
            network,
            founding,
            params,
        }
    }

    /// What a role of a network does, or somebody else in its place.
    pub(super) fn governance_action(&mut self) -> Action {
        let [home, abroad] = [self.cast.networks[0], self.cast.networks[1]];
        let network = self.dice.mostly(home, 4, |_| abroad);
        match self.dice.below(12) {
            0..=3 => self.pause(network),
            4 | 5 => self.propose(network),
            6 => Action::ApplyChange { network },
            7..=9 => self.name_admin(network),
            _ => self.accept_admin(network),
        }
    }

    /// About the date of a change: mostly its application.
    pub(super) fn about_a_change(&mut self, network: Id) -> Action {
        if self.dice.one_in(8) {
            return self.propose(network);
        }
        Action::ApplyChange { network }
    }

    fn role(&mut self, network: Id, role: fn(&Network) -> Key) -> Key {
        let known = self.model.networks.get(&network).map(role);
        let cast = &self.cast;
        let others = [
            cast.stranger,
            cast.admins[0],
            cast.admins[1],
            cast.guardians[0],
        ];
        let holder = known.filter(|key| *key != 0).unwrap_or(others[0]);
        self.dice.mostly(holder, 8, |dice| dice.pick(&others))
    }

    fn pause(&mut self, network: Id) -> Action {
        let short = 1 + self.dice.below(8) as u32;
        let long = 7 * DAY + 1;
        let secs = self
            .dice
            .pick(&[0, short, short, short, short, short, long]);
        let by = self.role(network, |network| network.params.guardian);
        Action::Pause { network, by, secs }
    }

    fn propose(&mut self, network: Id) -> Action {
        let by = self.role(network, Network::admin);
        let dice = &mut *self.dice;
        let mut params = NetworkParams {
            guardian: dice.pick(&self.cast.guardians),
            resolver: dice.pick(&self.cast.guardians),
            treasury: dice.pick(&self.cast.treasuries),
            min_stake: 90 + dice.below(20),
            min_bond: 45 + dice.below(10),
            unbonding_secs: 3 * HOUR + dice.below(u64::from(2 * HOUR)) as u32,
            timelock_secs: 2 * DAY + dice.below(60) as u32,
            fee_bps: 230 + dice.below(8) as u16,
        };
        match dice.below(12) {
            0 => params.treasury = 0,
            1 => params.unbonding_secs = 3 * HOUR - 1,
            2 => params.timelock_secs = 2 * DAY - 1,
            3 => params.fee_bps = 1_001,
            _ => {}
        }
        Action::ProposeChange {
            network,
            by,
            params,
        }
    }

    fn name_admin(&mut self, network: Id) -> Action {
        let by = self.role(network, Network::admin);
        let candidate = self.dice.pick(&self.cast.admins);
        Action::NameAdmin {
            network,
            by,
            candidate: self.dice.mostly(Some(candidate), 6, |_| None),
        }
    }

    fn accept_admin(&mut self, network: Id) -> Action {
        let by = self.role(network, |network| network.candidate.unwrap_or(0));
        Action::AcceptAdmin { network, by }
    }
}
