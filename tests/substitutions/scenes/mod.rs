//! For each instruction a world in which it succeeds.

pub mod batch;
pub mod dispute;
pub mod escrow;
pub mod job;
pub mod market;
pub mod network;
pub mod registry;
pub mod rewards;
pub mod shares;
pub mod stake;

use {
    crate::idl::Call,
    sluice_client::{Ledger, NetworkRoles, address::token_account},
    sluice_tests::world::World,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

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
        batch::ALL,
        escrow::ALL,
        market::ALL,
        dispute::ALL,
        rewards::ALL,
        shares::ALL,
    ]
    .into_iter()
    .flatten()
}

/// The same pull when its recipient gave its associated account away: paid to another account of the recipient's.
fn elsewhere((mut world, mut sent): Played) -> Played {
    let pull = sent.pop().unwrap();
    let mut slots = Call::of(&pull).slots.iter();
    let place = slots.position(|slot| slot.name == "destination").unwrap();
    let destination = pull.accounts[place].pubkey;
    let account = world.chain.account(&destination).unwrap().unwrap();
    let [mint, holder] =
        [&account.data[..32], &account.data[32..64]].map(|bytes| Address::try_from(bytes).unwrap());
    let mints = [world.stake_mint, world.pay_mint, world.reward_mint];
    let mint = mints.into_iter().find(|known| known.address == mint);
    let mint = mint.expect("a mint of the world");
    let owner = world
        .keys()
        .find(|key| token_account(&key.pubkey(), &mint.address, &mint.token_program) == destination)
        .expect("an owner in the world");
    // A treasury has given it away in the scene that was played before.
    if holder == owner.pubkey() {
        let taker = world.party().pubkey();
        world.give_away(&owner, &mint, &taker);
    }
    let other = world.second_account(&owner.pubkey(), &mint);
    let pull = world.elsewhere(&pull, &owner.pubkey(), &mint, &other);
    sent.push(pull);
    (world, sent)
}

/// The roles of the network that the scene is played in.
fn roles(world: &World) -> NetworkRoles {
    world.network_state().roles
}
