//! What windows are about, and what they may claim.

use {
    proptest::prelude::*,
    sluice_math::work::{Overclaim, Shape},
};

#[test]
fn work_has_bounds() {
    assert!(Shape::new(1, 1, 1).is_some());
    assert!(Shape::new(1 << 14, 1_024, 1).is_some());
    assert!(Shape::new((1 << 14) + 1, 1_024, 1).is_none(), "25 levels");
    assert!(Shape::new(1 << 24, 1, 1).is_some());
    for (count, per_window, units) in [
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
        (1, 1_025, 1),
        (1, 2, u64::MAX),
        (u32::MAX, 1, 1),
    ] {
        assert_eq!(Shape::new(count, per_window, units), None);
    }
}

#[test]
fn what_a_window_claims_is_a_prefix_of_what_is_due() {
    let shape = Shape::new(10, 4, 3).unwrap();
    assert_eq!(shape.windows(), 3);
    assert_eq!(
        [0, 1, 2, 3, u32::MAX].map(|w| shape.due(w)),
        [(0, 4), (4, 4), (8, 2), (10, 0), (10, 0)]
    );
    assert_eq!(shape.claimed(0, 12), Ok(4));
    assert_eq!(shape.claimed(0, 15), Err(Overclaim::TooMany));
    assert_eq!(shape.claimed(2, 6), Ok(2));
    assert_eq!(shape.claimed(2, 9), Err(Overclaim::TooMany));
    assert_eq!(shape.claimed(3, 0), Ok(0));
    assert_eq!(shape.claimed(1, 4), Err(Overclaim::Remainder));
    assert_eq!(shape.claimed(1, u64::MAX), Err(Overclaim::TooMany));
}

#[test]
fn units_are_those_of_the_chunks() {
    let shape = Shape::new(10, 4, 3).unwrap();
    assert_eq!(
        [0, 1, 4].map(|chunks| shape.units_of(chunks)),
        [0, 3, 12].map(Some)
    );
    assert_eq!(shape.cap(), Some(12));
    let dear = Shape::new(10, 1, u64::MAX).unwrap();
    assert_eq!(dear.units_of(1), Some(u64::MAX));
    assert_eq!(dear.units_of(2), None);
}

proptest! {
    #[test]
    fn every_chunk_is_due_in_one_window(count in 1_u32..2_000, per_window in 1_u32..200) {
        let shape = Shape::new(count, per_window, 7).unwrap();
        let all: Vec<u32> = (0..shape.windows() + 2)
            .flat_map(|window| {
                let (first, length) = shape.due(window);
                first..first + length
            })
            .collect();
        prop_assert!(all.iter().copied().eq(0..count));
        for index in 0..count {
            let (window, position) = shape.place(index).unwrap();
            prop_assert_eq!(shape.due(window).0 + position, index);
            prop_assert!(position < per_window);
        }
        prop_assert_eq!(shape.place(count), None);
        prop_assert_eq!(shape.place(u32::MAX), None);
    }
}
