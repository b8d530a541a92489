//! How each instruction comes to succeed.

pub mod dispute;
pub mod escrow;
pub mod job;
pub mod market;
pub mod network;
pub mod registry;
pub mod rewards;
pub mod shares;
pub mod stake;

use {sluice_client::NetworkRoles, sluice_tests::world::World, solana_instruction::Instruction};

/// A world in which instructions, sent together, succeed.
pub type Played = (World, Vec<Instruction>);

/// Scenes, named after their instructions; others of the same instruction stand behind it.
macro_rules! scenes {
    ($($name:ident $(or $other:ident)*),* $(,)?) => {
        pub const ALL: &[crate::case::Scene] = &[$(
            crate::case::Scene {
                instruction: stringify!($name),
                name: stringify!($name),
                play: $name,
            },
            $(crate::case::Scene {
                instruction: stringify!($name),
                name: stringify!($other),
                play: $other,
            },)*
        )*];
    };
}
use scenes;

/// Every scene.
pub fn all() -> impl Iterator<Item = &'static crate::case::Scene> {
    [
        network::ALL,
        registry::ALL,
        stake::ALL,
        job::ALL,
        escrow::ALL,
        market::ALL,
        dispute::ALL,
        rewards::ALL,
        shares::ALL,
    ]
    .into_iter()
    .flatten()
}

/// The roles of the network that the scene is played in.
fn roles(world: &World) -> NetworkRoles {
    world.network_state().roles
}
