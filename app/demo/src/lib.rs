//! The main job, from beginning to end, on the embedded engine: workers compute a film tile by tile with a kernel for the chain's own
//! VM, attesters run every tile again and sign what they can confirm, escrow pays by the frame, a window that never arrived is
//! challenged and ruled void, a reward pool streams to the machines, and every base unit is accounted for.

pub mod chain;
pub mod checks;
mod dispute;
pub mod farm;
pub mod film;
pub mod ledger;
pub mod plan;
pub mod progress;
mod purses;
pub mod render;
pub mod report;
pub mod rewards;
pub mod settle;
pub mod sheet;
mod stake;
pub mod work;
pub mod world;

use {
    anyhow::{Context, Result},
    chain::Units,
    checks::Facts,
    farm::{Delivery, Farm},
    ledger::{Asset, Book, plain},
    plan::{EPOCH_SECS, NODE_LABELS, NODES, Options, WINDOW_SECS, WINDOWS},
    progress::Screen,
    render::Image,
    sheet::Tile,
    sluice_client::{Ledger, Node},
    std::{collections::BTreeMap, fs, time::Instant},
    world::World,
};

/// What a run came to.
pub struct Outcome {
    pub book: Book,
    pub facts: Facts,
    /// Compute units by instruction.
    pub units: BTreeMap<&'static str, Units>,
    pub transactions: u32,
    /// Whole frames that the chain has seen proven and not made void.
    pub credited: u64,
}

/// Colour of each node's frames in the contact sheet, of the refused frame, and of those withheld.
const NODE_COLOURS: [[u8; 3]; 3] = [[46, 196, 182], [255, 178, 62], [160, 120, 255]];
const REFUSED_COLOUR: [u8; 3] = [235, 40, 50];
const WITHHELD_COLOUR: [u8; 3] = [250, 250, 250];
const LEGEND: [([u8; 3], &str); 5] = [
    (NODE_COLOURS[0], "A1 of provider A"),
    (NODE_COLOURS[1], "A2 of provider A"),
    (NODE_COLOURS[2], "B1 of provider B"),
    (REFUSED_COLOUR, "refused"),
    (WITHHELD_COLOUR, "never arrived"),
];

/// Plays the whole story; pictures go to `options.out`.
pub fn run(options: &Options, screen: &Screen) -> Result<Outcome> {
    let mut world = World::new(options)?;
    let mut facts = Facts::new();
    let tell = |world: &World, text: &str| screen.say(&format!("{} {text}", world.chain.stamp()));

    world.register_all()?;
    rewards::create(&mut world)?;
    tell(
        &world,
        "network, 4 attesters (3 must sign), 2 providers, 3 nodes",
    );
    tell(&world, "reward pool funded and joined");
    world.chain.wait_until(i64::from(EPOCH_SECS));
    rewards::set_baselines(&mut world)?;
    let mut farm = farm(&world, options, screen)?;
    settle::open(&mut world, &farm.film.works)?;
    let price = plain(plan::PRICE.into(), Asset::Usdc);
    let tiles = plan::TILES;
    tell(
        &world,
        &format!("three jobs opened: 8 frames of {tiles} tiles, {price} USDC a frame"),
    );

    let (delivered, wrong) = compute_and_prove(&mut world, &mut farm, screen)?;
    let wrong = wrong.context("no attester found the bad tile")?;
    facts.insert(checks::WRONG.into(), wrong.into());
    pictures(options, &delivered)?;
    settle::pay_too_early(&mut world, screen)?;
    let closed = i64::from(EPOCH_SECS + WINDOWS * WINDOW_SECS);
    let ripe = i64::from(plan::GRACE_SECS + plan::CHALLENGE_SECS);
    world
        .chain
        .wait_until(closed + ripe - i64::from(WINDOW_SECS));
    settle::pull(&mut world, 0..NODES)?;
    tell(&world, "the first three windows have matured: paid");
    dispute::open(&mut world, screen)?;
    world.give_dividend()?;
    tell(
        &world,
        "a dividend to the stakers of provider B streams through the next day",
    );
    world.chain.wait_until(closed + ripe);
    settle::pull(&mut world, 0..plan::WITHHOLDER)?;
    settle::credit(&mut world)?;
    settle::close(&mut world, 0..plan::WITHHOLDER)?;
    tell(
        &world,
        "the last window of A1 and A2 has matured: paid, credited, closed",
    );

    world.chain.wait_until(2 * i64::from(EPOCH_SECS));
    rewards::report(&mut world)?;
    tell(
        &world,
        "credited frames reported: they stream from 30:00 on",
    );
    let ruling = dispute::rule_from(&world)?;
    world.chain.wait_until(ruling);
    let left = dispute::rule(&mut world, screen)?;
    facts.insert("challenges left".into(), left as i128);
    settle::close(&mut world, plan::WITHHOLDER..NODES)?;
    tell(
        &world,
        "the buyer has its bond and its price back; the job of B1 is closed",
    );
    let left = settle::left_open(&world)?;
    facts.insert("job accounts and escrow vaults left".into(), left as i128);
    world.chain.wait_until(3 * i64::from(EPOCH_SECS));
    let midway = rewards::stream(&mut world, screen)?;
    facts.insert(checks::MIDWAY.into(), midway);
    rewards::finish(&mut world)?;
    let epochs = rewards::open_epochs(&world)?;
    facts.insert("epochs left".into(), epochs.into());
    tell(
        &world,
        "the stream has ended: claimed, folded, epoch closed",
    );
    world.claim_dividend()?;
    tell(&world, "the dividend has streamed: claimed");
    world.unstake_all()?;
    tell(&world, "everybody has unstaked, waited and withdrawn");

    let mut credited = 0;
    for (machine, label) in world.machines.iter().zip(NODE_LABELS) {
        let node: Node = world.chain.ledger.get(&machine.address)?;
        facts.insert(format!("tiles credited to {label}"), node.units.into());
        credited += node.units;
    }
    world.chain.close_book()?;
    Ok(Outcome {
        book: world.chain.book,
        facts,
        units: world.chain.units,
        transactions: world.chain.transactions,
        credited: credited / u64::from(plan::TILES),
    })
}

/// The machines, those of the attesters with their keys.
fn farm(world: &World, options: &Options, screen: &Screen) -> Result<Farm> {
    let keys = world.attester_keys.iter().map(|key| key.insecure_clone());
    Farm::new(options, keys.collect(), screen)
}

/// Computes window by window and proves each when it has ended; returns all frames in order, and the chunk that was found wrong.
fn compute_and_prove(
    world: &mut World,
    farm: &mut Farm,
    screen: &Screen,
) -> Result<(Vec<Delivery>, Option<u32>)> {
    let begin = world.chain.elapsed();
    let (mut all, mut wrong) = (Vec::new(), None);
    for window in 0..WINDOWS {
        let clock = Instant::now();
        let delivered = farm.work(window)?;
        world
            .chain
            .wait_until(begin + i64::from((window + 1) * WINDOW_SECS));
        let frames = delivered.iter().flatten();
        let numbers: Vec<_> = frames.map(|one| one.frame.to_string()).collect();
        screen.say_plainly(&format!(
            "{} window {window}: frames {} computed in {:.1} s",
            world.chain.stamp(),
            numbers.join(" "),
            clock.elapsed().as_secs_f64(),
        ));
        let found = settle::prove(world, farm, window, &delivered, screen)?;
        wrong = wrong.or(found);
        all.extend(delivered.into_iter().flatten());
    }
    farm.rest();
    all.sort_by_key(|delivery| delivery.frame);
    let text = format!("all windows attested; {} frames delivered", all.len());
    screen.say(&format!("{} {text}", world.chain.stamp()));
    Ok((all, wrong))
}

/// Writes every frame and the contact sheet; the frames refused and withheld say so in their names and borders.
fn pictures(options: &Options, delivered: &[Delivery]) -> Result<()> {
    let folder = options.out.join("frames");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let image = |delivery: &Delivery| Image::of(&delivery.outputs, options.side);
    let images: Vec<_> = delivered.iter().map(image).collect();
    let mut tiles = Vec::with_capacity(delivered.len());
    for (delivery, image) in delivered.iter().zip(&images) {
        let (suffix, colour) = if delivery.frame == plan::BOTCHED {
            ("-refused", REFUSED_COLOUR)
        } else if plan::withheld().contains(&delivery.frame) {
            ("-withheld", WITHHELD_COLOUR)
        } else {
            ("", NODE_COLOURS[plan::node_of(delivery.frame)])
        };
        let name = format!("frame-{:02}{suffix}.png", delivery.frame);
        image.save(&folder.join(name))?;
        tiles.push(Tile {
            image,
            number: delivery.frame,
            colour,
            framed: !suffix.is_empty(),
        });
    }
    sheet::contact_sheet(&tiles, &LEGEND, 6)?.save(&options.out.join("contact-sheet.png"))
}
