//! From steps to colours.

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// Its red part.
    pub red: u8,
    /// Its green part.
    pub green: u8,
    /// Its blue part.
    pub blue: u8,
}

/// Of a point that stays inside.
const INSIDE: Color = color(0, 0, 0);

/// What colours go through, each with its place on a circle of 256: from dark blue by light blue and white to orange, by brown back.
const STOPS: [(u32, Color); 6] = [
    (0, color(0, 7, 100)),
    (41, color(32, 107, 203)),
    (108, color(237, 255, 255)),
    (165, color(255, 170, 0)),
    (220, color(60, 16, 24)),
    (256, color(0, 7, 100)),
];

const fn color(red: u8, green: u8, blue: u8) -> Color {
    Color { red, green, blue }
}

/// The colour of a point that leaves after so many steps; 0 for one that stays.
pub fn of(steps: u64) -> Color {
    if steps == 0 {
        return INSIDE;
    }
    // Steps grow by the factor by which a point is nearer to the set: the root keeps a film from flickering when it is near.
    let place = (steps * 1_600).isqrt() as u32 % 256;
    let ends = STOPS.iter().zip(&STOPS[1..]);
    for ((from, first), (to, second)) in ends {
        if (*from..*to).contains(&place) {
            return between(first, second, place - from, to - from);
        }
    }
    INSIDE
}

/// The colour that is `part` of `whole` of the way from one to another.
fn between(first: &Color, second: &Color, part: u32, whole: u32) -> Color {
    let mix = |first: u8, second: u8| {
        let sum = u32::from(first) * (whole - part) + u32::from(second) * part;
        (sum / whole) as u8
    };
    color(
        mix(first.red, second.red),
        mix(first.green, second.green),
        mix(first.blue, second.blue),
    )
}

/// The mean of colours.
#[derive(Default)]
pub struct Mean {
    sums: [u32; 3],
    count: u32,
}

impl Mean {
    /// Adds one.
    pub fn add(&mut self, color: Color) {
        let parts = [color.red, color.green, color.blue];
        for (sum, part) in self.sums.iter_mut().zip(parts) {
            *sum += u32::from(part);
        }
        self.count += 1;
    }

    /// The mean of those added, of which there is at least one.
    pub fn color(&self) -> Color {
        let [red, green, blue] = self.sums.map(|sum| (sum / self.count) as u8);
        color(red, green, blue)
    }
}
