//! How work is divided, in 128 bits.

use {
    super::{layout::is_shape, naive::levels, places::*, recipe::number},
    crate::pick::Pick,
    sluice_work::sluice_math::work::{Overclaim, Shape},
};

/// Work of any size, one of its windows and one of its chunks.
pub fn shape(pick: &mut Pick) {
    let (count, per_window) = (number(pick, 1 << 14), number(pick, 1_024));
    let units = pick.wide();
    let shape = Shape::new(count, per_window, units);
    assert_eq!(shape.is_some(), is_shape(count, per_window, units));
    let Some(shape) = shape else {
        NO_SHAPE.reach();
        return;
    };
    SHAPE.reach();
    let cap = u128::from(per_window) * u128::from(units);
    assert_eq!(shape.cap().map(u128::from), Some(cap));
    let chunks = number(pick, per_window);
    let of_chunks = u128::from(chunks) * u128::from(units);
    assert_eq!(shape.units_of(chunks), u64::try_from(of_chunks).ok());
    let (inputs, window) = (levels(count.into()), levels(per_window.into()));
    assert_eq!(shape.input_depth(), Some(inputs as usize));
    assert_eq!(shape.window_depth(), Some(window as usize));
    let windows = u64::from(count).div_ceil(per_window.into());
    assert_eq!(u64::from(shape.windows()), windows);

    let window = number(pick, shape.windows());
    let start = (u128::from(window) * u128::from(per_window)).min(count.into());
    let end = (u128::from(window) + 1) * u128::from(per_window);
    let due = end.min(count.into()) - start;
    let (first, length) = shape.due(window);
    assert_eq!((u128::from(first), u128::from(length)), (start, due));

    let units_claimed = match pick.below(2) {
        0 => pick.wide(),
        _ => u64::try_from(of_chunks).unwrap_or(u64::MAX),
    };
    let expected = match (units_claimed % units, units_claimed / units) {
        (1.., _) => Err(Overclaim::Remainder),
        (0, chunks) if u128::from(chunks) > due => Err(Overclaim::TooMany),
        (0, chunks) => Ok(chunks),
    };
    assert_eq!(
        shape.claimed(window, units_claimed).map(u64::from),
        expected
    );

    let index = number(pick, count);
    let place = shape.place(index);
    assert_eq!(place.is_some(), index < count);
    if let Some((window, position)) = place {
        let (first, length) = shape.due(window);
        assert!(position < length && first + position == index);
    }
}
