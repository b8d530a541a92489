//! What the demo does, in numbers: who computes which frame when, what it costs, and when everything happens.

use {
    sluice_client::{Identity, NetworkParams, Quality, RewardTerms, Terms},
    solana_address::Address,
    std::path::PathBuf,
};

/// Frames of the film, nodes that compute it, and frames a node owes per window.
pub const FRAMES: u32 = 24;
pub const NODES: usize = 3;
pub const FRAMES_PER_WINDOW: u32 = 2;
/// Windows of each job: eight frames of a node, two at a time.
pub const WINDOWS: u32 = FRAMES / NODES as u32 / FRAMES_PER_WINDOW;
/// Tiles of a frame, in rows from the top: a tile is a chunk of a job's work, and a unit.
pub const COLUMNS: u16 = 30;
pub const ROWS: u16 = 17;
pub const TILES: u32 = COLUMNS as u32 * ROWS as u32;
/// Pixels along the side of a tile, at most: the kernel then stays below what a chunk may cost, whatever the tile shows.
pub const SIDE: u16 = 16;
/// The frame whose node cuts corners, and the first tile that it does not compute.
pub const BOTCHED: u32 = 17;
pub const BOTCHED_FROM: u32 = 255;

/// The node that keeps what it computed in this window to itself: attesters confirm the work, the buyer never gets it.
pub const WITHHOLDER: usize = 2;
pub const WITHHELD: u32 = 3;

/// Labels of the nodes, and the provider each belongs to.
pub const NODE_LABELS: [&str; NODES] = ["A1", "A2", "B1"];
pub const NODE_OWNERS: [usize; NODES] = [0, 0, 1];
pub const PROVIDER_LABELS: [&str; 2] = ["provider A", "provider B"];

/// Attesters of the set, and how many of them must sign.
pub const ATTESTERS: usize = 4;
pub const THRESHOLD: u8 = 3;

/// Price of a frame, which is [`TILES`] units, and deposit of a job, base units of the payment mint. The deposit is more than eight
/// frames cost.
pub const PRICE: u64 = 413_793;
pub const DEPOSIT: u64 = 3_500_000;
/// Fees of the network and of the attesters on what providers earn.
pub const FEE_BPS: u16 = 250;
pub const ATTESTATION_BPS: u16 = 100;

/// Rewards: base units an epoch emits at most, a tile earns at most, and the pool is funded with.
pub const RATE: u64 = 240_000_000_000;
pub const CEILING: u64 = 24_000_000;
pub const REWARD_FUNDS: u64 = 240_000_000_000;

/// Stake of a provider and of an attester, base units of the stake mint.
pub const PROVIDER_STAKE: u64 = 1_000_000_000;
pub const ATTESTER_STAKE: u64 = 200_000_000;

/// Stake delegated to provider B, and dividends given to all its stakers, base units of the stake and the reward mint.
pub const DELEGATION: u64 = 500_000_000;
pub const DIVIDEND: u64 = 3_000_000_000;
/// A period of dividends: what comes in during one streams out through the next.
pub const DIVIDEND_SECS: u32 = 86_400;
/// Bond of a challenger, and what the ruling takes from the stake behind provider B, base units of the stake mint.
pub const CHALLENGE_BOND: u64 = 10_000_000;
pub const SLASH: u64 = 30_000_000;

/// What the buyer begins with.
pub const BUYER_FUNDS: u64 = 100_000_000;

pub const WINDOW_SECS: u32 = 60;
pub const GRACE_SECS: u32 = 120;
pub const CHALLENGE_SECS: u32 = 120;
pub const RULING_SECS: u32 = 300;
pub const EPOCH_SECS: u32 = 600;
pub const UNBONDING_SECS: u32 = 3_600;
/// Most seconds in which a worker has to answer a demand, as its specification says.
pub const ANSWER_SECS: u32 = 30;
/// When in the stream provider A claims for the first time, seconds after its start: not a divisor of anything.
pub const MIDWAY_SECS: u32 = 307;

/// What the caller chooses.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program's ELF.
    pub elf: PathBuf,
    /// The ELF of the kernel that draws tiles.
    pub kernel: PathBuf,
    /// Where pictures go.
    pub out: PathBuf,
    /// Pixels along the side of a tile, at most [`SIDE`].
    pub side: u16,
}

/// Frames that `node` computes in `window`: nodes take turns, so that each works through the whole film.
pub fn frames_of(node: usize, window: u32) -> Vec<u32> {
    (0..FRAMES_PER_WINDOW)
        .map(|place| (window * FRAMES_PER_WINDOW + place) * NODES as u32 + node as u32)
        .collect()
}

/// The node that computes `frame`.
pub const fn node_of(frame: u32) -> usize {
    frame as usize % NODES
}

/// The frame and the tile in it that chunk `index` of the job of `node` is.
pub const fn place_of(node: usize, index: u32) -> (u32, u32) {
    (index / TILES * NODES as u32 + node as u32, index % TILES)
}

/// True if the node of this frame does not compute this tile, and pretends that it did.
pub const fn is_skipped(frame: u32, tile: u32) -> bool {
    frame == BOTCHED && tile >= BOTCHED_FROM
}

/// Frames that are computed and kept.
pub fn withheld() -> Vec<u32> {
    frames_of(WITHHOLDER, WITHHELD)
}

/// Frames of `node` that count in the end: confirmed by a quorum, and delivered.
pub fn good_frames(node: usize) -> u32 {
    (0..WINDOWS)
        .flat_map(|window| frames_of(node, window))
        .filter(|frame| *frame != BOTCHED && !withheld().contains(frame))
        .count() as u32
}

/// Parameters of the network.
pub const PARAMS: NetworkParams = NetworkParams {
    min_stake: 100_000_000,
    min_bond: 50_000_000,
    unbonding_secs: UNBONDING_SECS,
    timelock_secs: 172_800,
    fee_bps: FEE_BPS,
    reserve: [0; 6],
    identity: Identity::NONE,
};

/// Terms of every job.
pub const fn terms(mint: Address, set: Address) -> Terms {
    Terms {
        mint,
        set,
        price: PRICE,
        per: TILES as u64,
        cap: (FRAMES_PER_WINDOW * TILES) as u64,
        bond: 50_000_000,
        challenge_bond: CHALLENGE_BOND,
        max_length_secs: length_secs(),
        window_secs: WINDOW_SECS,
        grace_secs: GRACE_SECS,
        challenge_secs: CHALLENGE_SECS,
        ruling_secs: RULING_SECS,
        notice_secs: 60,
        fault_windows: 2,
    }
}

/// What the set asks of jobs whose units count: the terms above, and a tenth of their price.
pub const fn quality(mint: Address) -> Quality {
    Quality {
        mint,
        price: PRICE / 10,
        per: TILES as u64,
        bond: 50_000_000,
        challenge_bond: CHALLENGE_BOND,
        challenge_secs: CHALLENGE_SECS,
        ruling_secs: RULING_SECS,
    }
}

/// Length of every job.
pub const fn length_secs() -> u64 {
    WINDOWS as u64 * WINDOW_SECS as u64
}

/// Terms of the reward pool whose first epoch begins at `start_at`.
pub const fn reward_terms(start_at: i64) -> RewardTerms {
    RewardTerms {
        rate: RATE,
        ceiling: CEILING,
        node_cap: (FRAMES * TILES) as u64,
        start_at,
        end_at: start_at + 6 * EPOCH_SECS as i64,
        epoch_secs: EPOCH_SECS,
        reserve: [0; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_computed_once() {
        let mut all: Vec<u32> = (0..NODES)
            .flat_map(|node| (0..WINDOWS).flat_map(move |window| frames_of(node, window)))
            .collect();
        all.sort_unstable();
        assert_eq!(all, (0..FRAMES).collect::<Vec<_>>());
        assert!(frames_of(node_of(BOTCHED), 2).contains(&BOTCHED));
    }

    #[test]
    fn the_chunks_of_a_window_are_its_frames_tile_by_tile() {
        for node in 0..NODES {
            for window in 0..WINDOWS {
                let first = window * FRAMES_PER_WINDOW * TILES;
                let due = frames_of(node, window).into_iter();
                let tiles = due.flat_map(|frame| (0..TILES).map(move |tile| (frame, tile)));
                let places = (first..).map(|index| place_of(node, index));
                assert!(tiles.zip(places).all(|(tile, place)| tile == place));
            }
        }
    }
}
