//! One layer of a network, three of whose outputs are summed up in one number.

/// What a weight's byte is more than the weight: without signs, sums in one number do not borrow from each other.
const ZERO: i64 = 128;

/// Sums in one number, and bits for each: 64 products of a pixel, or 32 of a byte, with a byte come to less than 2^21.
const LANES: usize = 3;
const LANE: usize = 21;

/// `OUT` sums of `IN` weighted bytes, in `WORDS` numbers.
pub struct Layer<const IN: usize, const OUT: usize, const WORDS: usize> {
    bias: [i64; OUT],
    weights: [[u64; IN]; WORDS],
}

impl<const IN: usize, const OUT: usize, const WORDS: usize> Layer<IN, OUT, WORDS> {
    /// The layer whose biases and weights lie at `bias` and `weights` in `bytes`.
    pub const fn read(bytes: &[u8], bias: usize, weights: usize) -> Self {
        assert!(WORDS == OUT.div_ceil(LANES) && IN.is_multiple_of(8));
        let mut layer = Self {
            bias: [0; OUT],
            weights: [[0; IN]; WORDS],
        };
        let mut row = 0;
        while row < OUT {
            let at = bias + 4 * row;
            let number = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
            layer.bias[row] = i32::from_le_bytes(number) as i64;
            let mut column = 0;
            while column < IN {
                let weight = bytes[weights + IN * row + column] as u64;
                layer.weights[row / LANES][column] |= weight << (LANE * (row % LANES));
                column += 1;
            }
            row += 1;
        }
        layer
    }

    /// What the inputs come to. Arithmetic is wrapping because nothing wraps: checks would double the cost.
    pub fn apply(&self, inputs: &[u8; IN]) -> [i64; OUT] {
        let zeros = ZERO * dot(&[1; IN], inputs) as i64;
        let mut sums = self.bias;
        for (sums, weights) in sums.chunks_mut(LANES).zip(&self.weights) {
            let mut word = dot(weights, inputs);
            for sum in sums {
                let products = word as i64 & ((1 << LANE) - 1);
                *sum = sum.wrapping_add(products).wrapping_sub(zeros);
                word >>= LANE;
            }
        }
        sums
    }
}

/// The sum of all products, eight of which the compiler writes out one after the other; where the function is called it would write
/// out all.
#[inline(never)]
fn dot(weights: &[u64], inputs: &[u8]) -> u64 {
    let (weights, inputs) = (weights.as_chunks::<8>().0, inputs.as_chunks::<8>().0);
    let mut sum = 0u64;
    for (weights, inputs) in weights.iter().zip(inputs) {
        for (weight, input) in weights.iter().zip(inputs) {
            sum = sum.wrapping_add(weight.wrapping_mul(u64::from(*input)));
        }
    }
    sum
}
