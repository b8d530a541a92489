use super::*;

fn claim(number: u8) -> Claimed {
    Claimed {
        units: 5,
        digest: [number; 32],
        evidence: [number; 32],
    }
}

const WINDOW: OfWindow = OfWindow {
    job: JOB,
    incarnation: 1,
    window: 2,
};

#[test]
fn all_are_asked_at_once_and_each_answers_for_itself() {
    let circle = circle(4);
    (0..4).for_each(|place| circle.at(place).lag = Duration::from_millis(100));
    circle.at(1).refuses = Some("too_much");
    circle.at(2).refuses = Some("");
    circle.at(3).is_liar = true;
    let began = Instant::now();
    let terms = circle.terms();
    assert!(terms[0].1.is_ok() && terms[2].1.is_err());
    assert!(began.elapsed() < Duration::from_millis(300));
    assert_eq!(circle.ask.most_running.load(Ordering::SeqCst), 4);
    let asked: Vec<_> = terms.iter().map(|(member, _)| member).collect();
    assert!(asked.into_iter().eq(circle.members()));
    let admit = |place: usize| {
        let member = &circle.members()[place];
        circle.admit(member, &JOB, [1; 32], [2; 32])
    };
    assert!(admit(0).is_ok());
    assert_eq!(admit(1).unwrap_err().code(), Some("too_much"));
    // Who admits another work admits nothing.
    assert!(matches!(admit(3), Err(Unasked::Silent(_))));
    assert!(!circle.is_enough(1) && circle.is_enough(2));
}

#[test]
fn claims_are_those_of_all_members_each_once() {
    let circle = circle(3);
    circle.at(0).claims = vec![claim(1), claim(2), claim(1)];
    circle.at(1).claims = vec![claim(2), claim(3)];
    circle.at(2).refuses = Some("incarnation");
    let mut all = circle.claims(&WINDOW, &|_| true);
    all.sort_by_key(|claim| claim.digest);
    assert_eq!(all, [claim(1), claim(2), claim(3)]);
    let proven = circle.claims(&WINDOW, &|one| one.digest == [3; 32]);
    assert_eq!(proven, [claim(3)]);
    assert!(circle.claims(&WINDOW, &|_| false).is_empty());
}

#[test]
fn a_member_that_tells_no_end_of_claims_hides_none_of_the_others() {
    let circle = circle(3);
    circle.at(0).claims = (100..200).map(claim).collect();
    circle.at(1).claims = (10..26).map(claim).collect();
    circle.at(2).claims = vec![claim(1)];
    let looked = AtomicUsize::new(0);
    let proven = circle.claims(&WINDOW, &|one| {
        looked.fetch_add(1, Ordering::SeqCst);
        *one == claim(1) || *one == claim(25)
    });
    assert_eq!(proven.len(), 2);
    assert_eq!(looked.into_inner(), 16 + 16 + 1);
}

#[test]
fn a_member_that_lags_holds_up_one_window_and_is_heard_where_only_it_knows() {
    let circle = circle(3);
    circle.at(0).lag = LATE * 2;
    circle.at(0).claims = vec![claim(7)];
    circle.at(1).claims = vec![claim(1)];
    let is_one = |one: &Claimed| *one == claim(1);
    assert_eq!(circle.claims(&WINDOW, &is_one), [claim(1)]);
    assert_eq!(circle.take_asked(), ["c"; 3]);
    let began = Instant::now();
    assert_eq!(circle.claims(&WINDOW, &is_one), [claim(1)]);
    assert!(began.elapsed() < LATE);
    assert_eq!(circle.take_asked(), ["", "c", "c"]);
    // The others' claims are none that was proven.
    let proven = circle.claims(&WINDOW, &|one| *one == claim(7));
    assert_eq!(proven, [claim(7)]);
}
