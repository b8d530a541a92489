//! Random lives of jobs, of which a random part of the transactions cannot be read: what statements say then is what the chain moved,
//! or they say what is missing.
//!
//! 200 damaged histories, or as many as `SLUICE_HISTORIES` says.

use {
    crate::lives::{Dice, Play},
    sluice_client::{
        books::{Book, Books, Error, Kind, Unexplained},
        ledger::history::Past,
    },
    solana_signature::Signature,
    solana_signer::Signer,
};

/// How many damages each history suffers.
const DAMAGES: u64 = 10;

/// What the chain moved, base units.
struct Model {
    came: u64,
    left: u64,
    /// To providers' owners, treasury, fee owner and refund owner.
    went: [u64; 4],
    /// To the owner whose statement is read.
    own: u64,
}

impl Model {
    fn of(play: &Play) -> Self {
        let world = &play.world;
        let held = |key| world.held(&key);
        let own = held(world.owner.pubkey());
        let paid = own + held(play.rival.pubkey());
        let fees = [held(world.treasury), held(world.fee_owner)];
        let (came, left) = (play.came, play.left());
        let refunded = came - left - paid - fees[0] - fees[1];
        Self {
            came,
            left,
            went: [paid, fees[0], fees[1], refunded],
            own,
        }
    }
}

/// What statements say.
struct Told {
    came: u64,
    went: [u64; 4],
    unseen: u64,
    own: u64,
    open: [Vec<Unexplained>; 2],
}

impl Told {
    fn of(play: &Play) -> Result<Self, Error> {
        let books = Books::of(&play.world.ledger)?;
        let buyer = books.buyer(&play.world.buyer.pubkey())?;
        let provider = books.provider(&play.world.provider)?;
        let sum = |book: &Book, kinds: &[Kind]| {
            let lines = book.period(None, None).unwrap().lines.into_iter();
            let of_kind = lines.filter(|line| kinds.contains(&line.row.kind));
            of_kind.map(|line| line.row.amount).sum::<u64>()
        };
        let doors = [
            Kind::PaidToProvider,
            Kind::NetworkFee,
            Kind::AttestationFee,
            Kind::Refunded,
        ];
        Ok(Self {
            came: sum(&buyer, &[Kind::Funded, Kind::ToppedUp]),
            went: doors.map(|door| sum(&buyer, &[door])),
            unseen: sum(&buyer, &[Kind::Unseen]),
            own: sum(&provider, &[Kind::JobPaid]),
            open: [buyer, provider].map(|book| book.unexplained().to_vec()),
        })
    }
}

/// Cuts the log somewhere, as a validator does.
fn cut(dice: &mut Dice, past: &mut Past) {
    let logs = past.logs.as_mut().unwrap();
    logs.truncate(dice.below(logs.len() as u64 + 1) as usize);
    logs.push("Log truncated".to_owned());
}

#[test]
fn no_damage_ends_a_statement_and_none_is_silently_wrong() {
    let wanted = std::env::var("SLUICE_HISTORIES").ok();
    let wanted = wanted.map_or(200, |count| count.parse().expect("a number of histories"));
    let [mut exact, mut named, mut paid] = [0, 0, 0];
    for seed in 0..u64::div_ceil(wanted, DAMAGES) {
        let mut play = Play::of(seed);
        let model = Model::of(&play);
        check(&play, &model, &[], "undamaged");
        paid += model.own * DAMAGES;
        let whole = play.world.ledger.pasts.clone();
        let life = whole.len() - play.played;
        for damage in 0..DAMAGES {
            let what = format!("history {seed}, damage {damage}");
            let percent = [10, 30, 60, 90][play.dice.below(4) as usize];
            let (cuts, hides) = [(true, false), (false, true), (true, true)][damage as usize % 3];
            let mut untold = vec![];
            for (index, past) in play.world.ledger.pasts.iter_mut().enumerate() {
                if cuts && play.dice.happens(percent) {
                    cut(&mut play.dice, past);
                }
                // The provider's own registration is not for others.
                if hides && index >= life && play.dice.happens(percent) {
                    untold.push(past.signature);
                }
            }
            play.world.ledger.untold.clone_from(&untold);
            if check(&play, &model, &untold, &what) {
                exact += 1;
            } else {
                named += 1;
            }
            play.world.ledger.untold.clear();
            play.world.ledger.pasts.clone_from(&whole);
        }
    }
    println!(
        "{exact} statements were exact, {named} said what they miss; {paid} base units of pay"
    );
    assert!(exact > wanted / 2 && named > wanted / 50 && paid > wanted * 100_000);
}

/// Holds the statements against the model; true if they are exact.
fn check(play: &Play, model: &Model, untold: &[Signature], what: &str) -> bool {
    let told = Told::of(play).unwrap_or_else(|error| panic!("{what}: {error}"));
    let [buyer, provider] = &told.open;
    let out: u64 = told.went.iter().sum::<u64>() + told.unseen;
    assert_eq!(told.came - out, model.left, "{what}");
    let is_exact = told.came == model.came && told.went == model.went && told.own == model.own;
    if untold.is_empty() {
        assert!(
            is_exact && buyer.is_empty() && provider.is_empty(),
            "{what}"
        );
    }
    let hides = |all: &[Signature]| all.iter().any(|one| untold.contains(one));
    // A job that was opened where nobody can read it and is gone may be missing, and the statement lists that transaction.
    let may_miss = hides(&play.openings);
    if told.came != model.came {
        assert!(
            !buyer.is_empty() || may_miss,
            "{what}: {} {}",
            told.came,
            model.came
        );
    } else {
        let doors = told.went.iter().zip(model.went);
        let less: u64 = doors
            .clone()
            .map(|(told, model)| model.saturating_sub(*told))
            .sum();
        let more: u64 = doors.map(|(told, model)| told.saturating_sub(model)).sum();
        let is_said = less == told.unseen && more == 0;
        assert!(
            is_said || !buyer.is_empty() || may_miss,
            "{what}: {less} {more}"
        );
    }
    let bound: u64 = provider.iter().map(|open| open.amount).sum();
    let is_bound = provider.iter().all(|open| open.is_all);
    let may_miss = may_miss || hides(&play.starts);
    if told.own != model.own {
        assert!(
            !provider.is_empty() || may_miss,
            "{what}: {} {}",
            told.own,
            model.own
        );
        if is_bound && !may_miss {
            assert!(
                told.own < model.own && model.own <= told.own + bound,
                "{what}"
            );
        }
    }
    is_exact
}
