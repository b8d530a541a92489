//! Steps of a point in fixed point. The kernel `film` compiles this file, too: kernels cannot depend on each other, for each has an entry point.

/// Bits behind the point of the numbers that are iterated. |z|^2 before it is compared is at most (4 + sqrt(8))^2 < 64, so that its
/// square, which has twice as many, fits an unsigned 64-bit number.
pub const BITS: u32 = 29;
/// Two, and four as a square has it.
pub const TWO: i64 = 2 << BITS;
const FOUR: u64 = 4 << (2 * BITS);

/// The step by which `re + im i` leaves the circle of radius 2; 0 if `limit` steps do not do it.
///
/// Arithmetic is wrapping because nothing wraps: checks would be a third of the cost. A function of its own has all registers.
#[inline(never)]
pub fn escape(re: i64, im: i64, limit: u64) -> u64 {
    // Outside this square a point is outside the circle, and inside it everything below fits.
    if !(-TWO..=TWO).contains(&re) || !(-TWO..=TWO).contains(&im) {
        return 1;
    }
    let (mut x, mut y) = (re, im);
    let mut step = 0u64;
    while step < limit {
        // The compiler writes these out one after the other, without a counter.
        for _ in 0..4 {
            step += 1;
            let (xx, yy) = (x.wrapping_mul(x), y.wrapping_mul(y));
            if (xx as u64).wrapping_add(yy as u64) > FOUR {
                return if step <= limit { step } else { 0 };
            }
            y = (x.wrapping_mul(y) >> (BITS - 1)).wrapping_add(im);
            x = (xx.wrapping_sub(yy) >> BITS).wrapping_add(re);
        }
    }
    0
}
