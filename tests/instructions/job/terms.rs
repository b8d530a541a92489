//! The bounds of a job's terms, each at its edge.
use {
    sluice_client::{OpenArgs, Terms, instruction as ix},
    sluice_tests::world::{DAY, TOKEN, World},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

const MONTH: u32 = 30 * DAY;

/// A buyer in a network whose minimum unbonding is `min_unbonding` seconds.
struct Desk {
    world: World,
    buyer: Keypair,
    args: OpenArgs,
}

impl Desk {
    fn new(min_unbonding: u32) -> Self {
        let mut world = World::new();
        let network = world.network;
        world.edit(&network, |state: &mut sluice_client::Network| {
            state.min_unbonding_secs = min_unbonding;
        });
        let buyer = world.buyer();
        let cosigner = world.key().pubkey();
        let terms = world.terms(&Default::default());
        let args = world.open_args(1, terms, &cosigner);
        Self { world, buyer, args }
    }

    /// Opening with what `change` makes of the terms comes to this name, or succeeds if it is empty.
    #[track_caller]
    fn comes_to(&mut self, name: &str, change: impl FnOnce(&mut Terms)) {
        let mut args = self.args;
        change(&mut args.terms);
        args.length_secs = args.terms.max_length_secs.clamp(1, 36_000);
        let buyer = self.buyer.insecure_clone();
        if name.is_empty() {
            self.args.id += 1;
            let job = self.world.open(&buyer, args);
            assert_eq!(self.world.job(&job).terms, args.terms);
        } else {
            let (network, mint) = (self.world.network, self.world.pay_mint);
            let payer = self.world.payer.pubkey();
            let open = ix::open_job(&payer, &buyer.pubkey(), &network, &mint.token_program, args);
            self.world.refused(&[open], &[&buyer], name);
        }
    }
}

#[test]
fn a_term_of_zero_is_refused_where_zero_means_nothing() {
    let mut desk = Desk::new(7 * DAY);
    desk.comes_to("TermIsZero", |terms| terms.price = 0);
    desk.comes_to("TermIsZero", |terms| terms.per = 0);
    desk.comes_to("TermIsZero", |terms| terms.cap = 0);
    desk.comes_to("TermIsZero", |terms| terms.max_length_secs = 0);
    desk.comes_to("TermIsZero", |terms| terms.window_secs = 0);
    desk.comes_to("TermIsZero", |terms| terms.grace_secs = 0);
    desk.comes_to("TermIsZero", |terms| terms.fault_windows = 0);
}

#[test]
fn the_smallest_value_of_every_term_is_accepted() {
    let mut desk = Desk::new(7 * DAY);
    desk.comes_to("", |terms| {
        (terms.price, terms.per, terms.cap) = (1, 1, 1);
        (terms.max_length_secs, terms.window_secs, terms.grace_secs) = (1, 1, 1);
        (terms.challenge_secs, terms.ruling_secs, terms.notice_secs) = (0, 0, 0);
        (terms.bond, terms.challenge_bond, terms.fault_windows) = (0, 0, 1);
    });
    desk.comes_to("", |terms| {
        (terms.bond, terms.challenge_bond) = (u64::MAX, u64::MAX);
        terms.fault_windows = u32::MAX;
    });
}

#[test]
fn every_time_is_at_most_thirty_days() {
    let mut desk = Desk::new(u32::MAX);
    let times: [fn(&mut Terms) -> &mut u32; 5] = [
        |terms| &mut terms.window_secs,
        |terms| &mut terms.grace_secs,
        |terms| &mut terms.challenge_secs,
        |terms| &mut terms.ruling_secs,
        |terms| &mut terms.notice_secs,
    ];
    for time in times {
        let long = |secs: u32| {
            move |terms: &mut Terms| {
                terms.window_secs = 8 * DAY;
                *time(terms) = secs;
            }
        };
        desk.comes_to("", long(MONTH));
        desk.comes_to("TermTooLong", long(MONTH + 1));
        desk.comes_to("TermTooLong", long(u32::MAX));
    }
    desk.comes_to("", |terms| {
        (terms.window_secs, terms.grace_secs, terms.challenge_secs) = (MONTH, MONTH, MONTH);
        (terms.ruling_secs, terms.notice_secs) = (MONTH, MONTH);
    });
}

#[test]
fn what_can_be_challenged_can_be_ruled_on() {
    let mut desk = Desk::new(7 * DAY);
    let times = |challenge: u32, ruling: u32| {
        move |terms: &mut Terms| (terms.challenge_secs, terms.ruling_secs) = (challenge, ruling)
    };
    desk.comes_to("", times(1, 60));
    desk.comes_to("RulingTooShort", times(1, 59));
    desk.comes_to("RulingTooShort", times(3_600, 0));
    desk.comes_to("", times(0, 0));
}

#[test]
fn the_length_is_bound_to_ten_years_and_not_to_thirty_days() {
    let mut desk = Desk::new(7 * DAY);
    let ten_years = 10 * 365 * u64::from(DAY);
    let long = |secs: u64| move |terms: &mut Terms| terms.max_length_secs = secs;
    desk.comes_to("", long(ten_years));
    for longer in [ten_years + 1, 1_000 * u64::from(MONTH) * 12, u64::MAX] {
        desk.comes_to("LengthOutOfBounds", long(longer));
    }
    // In windows of a second, of which 32 bits number far more.
    desk.comes_to("", |terms| {
        (terms.window_secs, terms.grace_secs, terms.challenge_secs) = (1, 1, 1);
        terms.max_length_secs = ten_years;
    });
}

#[test]
fn grace_and_challenge_time_are_at_most_sixteen_windows() {
    let mut desk = Desk::new(7 * DAY);
    let split = |grace: u32, challenge: u32| {
        move |terms: &mut Terms| {
            terms.window_secs = 3_600;
            (terms.grace_secs, terms.challenge_secs) = (grace, challenge);
        }
    };
    let sixteen = 16 * 3_600;
    desk.comes_to("", split(sixteen, 0));
    desk.comes_to("", split(1, sixteen - 1));
    desk.comes_to("", split(sixteen / 2, sixteen / 2));
    desk.comes_to("GraceOutlastsRing", split(sixteen, 1));
    desk.comes_to("GraceOutlastsRing", split(sixteen + 1, 0));
    desk.comes_to("GraceOutlastsRing", split(1, sixteen));
}

#[test]
fn every_window_that_can_be_proven_can_still_be_slashed() {
    let sum = 3_600 + 7_200 + 1_800 + 900;
    let split = |ruling: u32| {
        move |terms: &mut Terms| {
            (terms.window_secs, terms.grace_secs) = (3_600, 7_200);
            (terms.challenge_secs, terms.ruling_secs) = (1_800, ruling);
        }
    };
    let mut desk = Desk::new(sum);
    desk.comes_to("", split(900));
    desk.comes_to("TermsOutlastUnbonding", split(901));
    let mut desk = Desk::new(sum - 1);
    desk.comes_to("TermsOutlastUnbonding", split(900));
    desk.comes_to("", split(899));
    // The notice does not lengthen what can be slashed.
    desk.comes_to("", |terms| {
        split(899)(terms);
        terms.notice_secs = MONTH;
    });
}

#[test]
fn the_most_a_job_can_count_and_pay_fits_its_type() {
    let mut desk = Desk::new(7 * DAY);
    let most = |price: u64, per: u64, cap: u64, windows: u64| {
        move |terms: &mut Terms| {
            (terms.price, terms.per, terms.cap) = (price, per, cap);
            terms.max_length_secs = windows * u64::from(terms.window_secs);
        }
    };
    let max = u64::MAX;
    // Units: cap x windows.
    let dear = 1_000 * TOKEN;
    desk.comes_to("", most(dear, max, max / 10, 10));
    desk.comes_to("MathOverflow", most(dear, max, max / 10 + 1, 10));
    // Money: units x price / per, rounded up.
    desk.comes_to("", most(3, 3, max, 1));
    desk.comes_to("MathOverflow", most(3, 2, max, 1));
    desk.comes_to("MathOverflow", most(max, max - 1, max, 1));
}
