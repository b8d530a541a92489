//! Pay and credits.

use super::*;

#[test]
fn only_what_is_in_the_workers_interest_is_pulled_and_nothing_before_it_matures() {
    let mut job = proven();
    let ripe = 2 * HOUR + 60;
    assert_eq!(names(&job, ripe - 1), Vec::<&str>::new());
    assert_eq!(names(&job, ripe), ["pay", "credit"]);
    job.counts = 0;
    assert_eq!(names(&job, ripe), ["pay"]);
    assert_eq!(names(&job, 10 * HOUR + 59), ["pay"]);
    assert_eq!(names(&job, 10 * HOUR + 60), ["pay", "release"]);
    job.state = JobState::Released.byte();
    (job.units_pending, job.ring[0].units, job.units_matured) = (0, 0, 10);
    assert_eq!(names(&job, 20 * HOUR), ["pay"]);
    job.paid = 80;
    assert_eq!(names(&job, 20 * HOUR), Vec::<&str>::new());
}

#[test]
fn a_job_whose_numbers_contradict_each_other_or_whose_mint_is_none_is_left_alone_and_holds_up_no_other()
 {
    let broken = Job {
        units_matured: u64::MAX,
        units_pending: u64::MAX,
        ..proven()
    };
    assert!(of_job(&broken, &Network::zeroed(), 3 * HOUR).is_none());
    let mut mintless = proven();
    mintless.terms.mint = key(77);
    let jobs = [(key(99), broken), (key(98), mintless), (key(JOB), proven())];
    let done = Site::new().turn(3 * HOUR, &jobs);
    assert_eq!(
        told(&done),
        [
            ("open-account", None, true),
            ("pay", Some(80), true),
            ("credit", None, true)
        ]
    );
}

#[test]
fn pay_of_many_jobs_goes_out_together_into_an_account_that_is_opened_once() {
    let mut site = Site::new();
    let jobs = [(key(JOB), proven()), (key(JOB + 100), proven())];
    let done = site.turn(3 * HOUR, &jobs);
    let names: Vec<_> = done.iter().map(|one| (one.name, one.about)).collect();
    let [one, two] = [key(JOB), key(JOB + 100)];
    let into = address::token_account(&key(OWNER), &key(MINT), &TOKEN_PROGRAM);
    assert_eq!(
        names,
        [
            ("open-account", into),
            ("pay", one),
            ("credit", one),
            ("pay", two),
            ("credit", two)
        ]
    );
    assert_eq!(site.ledger.sent.len(), 1);
    let paid = Paid {
        mint: key(MINT),
        amount: 80,
    };
    assert_eq!(done[1].pays, Some(paid));
    assert!(site.ledger.calls()[0].1.contains(&into));
    // The account is there now.
    assert_eq!(site.turn(4 * HOUR, &jobs).len(), 4);
}

#[test]
fn a_turn_waits_for_its_time_unless_the_node_was_silent_or_the_clock_went_back() {
    let mut site = Site::new();
    let jobs = [(key(JOB), proven())];
    let at = 3 * HOUR;
    assert_eq!(site.turn(at, &jobs).len(), 3);
    let asked = site.ledger.asked.get();
    assert_eq!(site.turn(at + HOUR - 1, &jobs), []);
    assert_eq!(site.ledger.asked.get(), asked);
    assert_eq!(site.turn(at + HOUR, &jobs).len(), 2);
    assert_eq!(site.turn(at, &jobs).len(), 2);

    let at = at + 2 * HOUR;
    site.ledger.is_silent.set(true);
    assert_eq!(site.turn(at, &jobs), []);
    site.ledger.is_silent.set(false);
    assert_eq!(site.turn(at + 59, &jobs), []);
    assert_eq!(site.turn(at + 60, &jobs).len(), 2);
}

#[test]
fn what_the_program_refuses_is_told_by_name_and_not_tried_again_until_the_job_changes() {
    let mut site = Site::new();
    let (mut job, pull) = (
        proven(),
        instruction::pay(&key(JOB), &proven(), &TOKEN_PROGRAM),
    );
    site.ledger.put(key(JOB), &job);
    let number = pull.data[0];
    site.ledger.refuses = Box::new(move |(program, _, data), _| {
        let is_pull = *program == sluice_client::ID && data[0] == number;
        is_pull.then(|| refused(SluiceError::Paused))
    });
    let done = site.turn(3 * HOUR, &[(key(JOB), job)]);
    let pay = done.iter().find(|one| one.name == "pay").unwrap();
    assert!(pay.result.as_ref().unwrap_err().ends_with("(Paused)"));
    assert!(
        done.iter()
            .any(|one| one.name == "credit" && one.result.is_ok())
    );
    let again = site.turn(4 * HOUR, &[(key(JOB), job)]);
    assert_eq!(told(&again), [("credit", None, true)]);
    job.paid = 1;
    site.ledger.put(key(JOB), &job);
    let changed = site.turn(5 * HOUR, &[(key(JOB), job)]);
    assert_eq!(
        told(&changed),
        [("pay", Some(79), false), ("credit", None, true)]
    );
}
