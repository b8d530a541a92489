//! How work is divided into windows.

use {
    crate::{check, long},
    serde_json::{Value, json},
    sluice_work::sluice_math::work::Shape,
};

/// Shapes that can be.
const POSSIBLE: [(u32, u32, u64); 6] = [
    (1, 1, 1),
    (10, 4, 3),
    (8, 4, 1_000_000_007),
    (3, 5, 2),
    (1 << 14, 1_024, u64::MAX / 1_024),
    (1 << 24, 1, u64::MAX),
];

/// Shapes that cannot be.
const IMPOSSIBLE: [(u32, u32, u64); 8] = [
    (0, 1, 1),
    (1, 0, 1),
    (1, 1, 0),
    (1, 1_025, 1),
    (1, 2, u64::MAX),
    ((1 << 14) + 1, 1_024, 1),
    ((1 << 24) + 1, 1, 1),
    (u32::MAX, 1, 1),
];

#[test]
fn work_is_divided_so() {
    let possible = POSSIBLE
        .map(|(count, per_window, units)| divided(&Shape::new(count, per_window, units).unwrap()));
    let impossible = IMPOSSIBLE.map(|(count, per_window, units)| {
        assert_eq!(Shape::new(count, per_window, units), None);
        json!({ "count": count, "per_window": per_window, "units": long(units) })
    });
    check(
        "work_shapes",
        &json!({ "possible": possible.to_vec(), "impossible": impossible.to_vec() }),
    );
}

fn divided(shape: &Shape) -> Value {
    let (count, units) = (shape.count(), shape.units());
    let windows = [0, 1, shape.windows() - 1, shape.windows(), u32::MAX];
    let windows = windows.map(|window| {
        let (first, due) = shape.due(window);
        json!({ "window": window, "first": first, "due": due })
    });
    let chunks = [0, 1, count / 2, count - 1, count, u32::MAX];
    let places = chunks.map(|index| {
        let place = shape.place(index);
        let place =
            place.map(|(window, position)| json!({ "window": window, "position": position }));
        json!({ "index": index, "place": place })
    });
    let (_, due) = shape.due(0);
    let all = u64::from(due) * units;
    let claims = [0, units, all, all - 1, all.saturating_add(1), u64::MAX];
    let claims = claims.map(|units| {
        let claimed = shape.claimed(0, units);
        let why = claimed.err().map(|overclaim| format!("{overclaim:?}"));
        json!({ "window": 0, "units": long(units), "chunks": claimed.ok(), "why": why })
    });
    json!({
        "count": count,
        "per_window": shape.per_window(),
        "units": long(units),
        "cap": long(shape.cap().unwrap()),
        "windows": shape.windows(),
        "input_depth": shape.input_depth(),
        "window_depth": shape.window_depth(),
        "due": windows.to_vec(),
        "places": places.to_vec(),
        "claims": claims.to_vec(),
    })
}
