//! What is said of how long proofs are awaited.

use sluice_agents_tests::delays::Delays;

#[test]
fn a_share_of_windows_is_proven_within_the_delay_that_is_told() {
    let delays: Delays = (1..=40).rev().collect();
    let within = |percent| delays.within(percent).unwrap();
    assert_eq!([1, 50, 95, 96, 100].map(within), [1, 20, 38, 39, 40]);
    let one: Delays = [7].into_iter().collect();
    assert_eq!([0, 1, 100].map(|percent| one.within(percent)), [Some(7); 3]);
    assert_eq!(Delays::default().within(50), None);
}
