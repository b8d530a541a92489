//! Networks: how one is created, and who governs it and how: changes under a timelock, the admin's handover, pauses of intake.
mod change;
mod create_network;
mod exits;
mod handover;
mod intake;
mod mint_extensions;
mod mint_policy;
mod pause;
mod reach;

use {
    sluice_client::{Identity, Network, NetworkChange, NetworkParams, instruction as ix},
    sluice_tests::world::{DAY, PARAMS, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// The timelock of the world's network, and how long a change can be applied after it.
const TIMELOCK: i64 = PARAMS.timelock_secs as i64;
const LIFE: i64 = 14 * DAY as i64;

/// A network whose roles are held by different keys.
struct Court {
    world: World,
    admin: Keypair,
    guardian: Keypair,
    resolver: Keypair,
}

impl Court {
    fn new() -> Self {
        let mut world = World::bare();
        let (admin, guardian, resolver) = (world.party(), world.party(), world.party());
        let mut args = world.network_args(PARAMS);
        args.roles.admin = admin.pubkey();
        args.roles.guardian = guardian.pubkey();
        args.roles.resolver = resolver.pubkey();
        let payer = world.payer.pubkey();
        let (stake, dividend) = (world.stake_mint.address, world.reward_mint.address);
        let create = ix::create_network(&payer, &payer, &stake, &dividend, args);
        world.ok(&[create], &[]);
        Self {
            world,
            admin,
            guardian,
            resolver,
        }
    }

    /// What is in force, as a change that changes nothing.
    fn in_force(&self) -> NetworkChange {
        let state = self.world.network_state();
        NetworkChange {
            params: state.params,
            guardian: state.roles.guardian,
            resolver: state.roles.resolver,
            treasury: state.roles.treasury,
        }
    }

    /// The instruction by which the admin proposes what `bend` makes of what is in force.
    fn propose_ix(&self, bend: impl FnOnce(&mut NetworkChange)) -> Instruction {
        let mut change = self.in_force();
        bend(&mut change);
        ix::propose_change(&self.admin.pubkey(), &self.world.network, change)
    }

    /// Proposes what `bend` makes of what is in force.
    #[track_caller]
    fn propose(&mut self, bend: impl FnOnce(&mut NetworkChange)) {
        let propose = self.propose_ix(bend);
        self.world.ok(&[propose], &[&self.admin]);
    }

    /// The proposal is refused by this name.
    #[track_caller]
    fn propose_refused(&mut self, name: &str, bend: impl FnOnce(&mut NetworkChange)) {
        let propose = self.propose_ix(bend);
        self.world.refused(&[propose], &[&self.admin], name);
    }

    /// The instruction by which the world's payer, who has no role, applies the change.
    fn apply_ix(&self) -> Instruction {
        ix::apply_change(&self.world.payer.pubkey(), &self.world.network)
    }

    /// Applies the pending change.
    #[track_caller]
    fn apply(&mut self) {
        let apply = self.apply_ix();
        self.world.ok(&[apply], &[]);
    }

    /// The application is refused by this name.
    #[track_caller]
    fn apply_refused(&mut self, name: &str) {
        let apply = self.apply_ix();
        self.world.refused(&[apply], &[], name);
    }

    /// Proposes and, a timelock later, applies what `bend` makes of what is in force.
    #[track_caller]
    fn change(&mut self, bend: impl FnOnce(&mut NetworkChange)) {
        self.propose(bend);
        self.world.advance(TIMELOCK);
        self.apply();
    }

    fn pause_ix(&self, secs: u32) -> Instruction {
        ix::pause(&self.guardian.pubkey(), &self.world.network, secs)
    }

    /// Pauses for `secs`, or lifts the pause if 0.
    #[track_caller]
    fn pause(&mut self, secs: u32) {
        let pause = self.pause_ix(secs);
        self.world.ok(&[pause], &[&self.guardian]);
    }

    /// The guardian's pause is refused by this name.
    #[track_caller]
    fn pause_refused(&mut self, secs: u32, name: &str) {
        let pause = self.pause_ix(secs);
        self.world.refused(&[pause], &[&self.guardian], name);
    }

    fn state(&self) -> Network {
        self.world.network_state()
    }
}

/// Parameters unlike those in force in every field but the identity, which would keep jobs from being taken.
const OTHER: NetworkParams = NetworkParams {
    min_stake: 1,
    min_bond: 2,
    unbonding_secs: 8 * DAY,
    timelock_secs: 9 * DAY,
    fee_bps: 300,
    reserve: [0; 6],
    identity: Identity::NONE,
};

/// Five instructions and the key that each must be signed by.
fn all_of(authority: &Address, court: &Court) -> [Instruction; 5] {
    let network = &court.world.network;
    [
        ix::propose_change(authority, network, court.in_force()),
        ix::apply_change(authority, network),
        ix::name_admin(authority, network, authority),
        ix::accept_admin(authority, network),
        ix::pause(authority, network, 1),
    ]
}
