//! Which chunks of a window an attester computes again, and the chance that a lie passes.
//!
//! The places follow from a secret that the attester keeps and from what the worker claims. A worker that changes its claim gets other
//! places; one that repeats it gets the same, and learns nothing by asking again.

use {
    hmac::{Hmac, Mac},
    rand::{SeedableRng, seq::index},
    rand_chacha::ChaCha20Rng,
    sha2::Sha256,
    solana_address::Address,
};

/// What is hashed for a seed begins with this.
const TAG: &[u8] = b"sluice:sample:v1";

/// The secret of an attester: 32 random bytes, which no other machine has and no log shows.
#[derive(Clone)]
pub struct Secret([u8; 32]);

/// What a worker claims, as far as it decides the places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed<'a> {
    /// The job.
    pub job: &'a Address,
    /// Its incarnation: addresses are used again.
    pub incarnation: u64,
    /// The window.
    pub window: u32,
    /// The statement's digest.
    pub digest: &'a [u8; 32],
    /// Chunks claimed.
    pub chunks: u32,
}

impl From<[u8; 32]> for Secret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl Secret {
    /// The places of `size` of the chunks claimed, ascending; all of them where they are no more.
    pub fn places(&self, claimed: &Claimed, size: u32) -> Vec<u32> {
        if size >= claimed.chunks {
            return (0..claimed.chunks).collect();
        }
        let Ok(mut seed) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            // A key of any length is one: this does not happen, and all chunks are the safe answer.
            return (0..claimed.chunks).collect();
        };
        for part in [
            TAG,
            claimed.job.as_ref(),
            &claimed.incarnation.to_le_bytes(),
            &claimed.window.to_le_bytes(),
            claimed.digest,
            &claimed.chunks.to_le_bytes(),
        ] {
            seed.update(part);
        }
        let mut random = ChaCha20Rng::from_seed(seed.finalize().into_bytes().into());
        let [chunks, size] = [claimed.chunks, size].map(|number| usize::try_from(number).ok());
        let (Some(chunks), Some(size)) = (chunks, size) else {
            return (0..claimed.chunks).collect();
        };
        let places = index::sample(&mut random, chunks, size).into_iter();
        let mut places: Vec<_> = places
            .filter_map(|place| u32::try_from(place).ok())
            .collect();
        places.sort_unstable();
        places
    }
}

/// The chance that one attester that computes `size` of `chunks` chunks again meets none of the `lies` among them: hypergeometric.
pub fn misses(chunks: u32, lies: u32, size: u32) -> f64 {
    let (lies, size) = (lies.min(chunks), size.min(chunks));
    // The product over the sample of (honest chunks left) / (chunks left).
    (0..size).fold(1.0, |chance, taken| {
        let left = f64::from(chunks - taken);
        let honest = f64::from(chunks.saturating_sub(lies).saturating_sub(taken));
        chance * honest / left
    })
}

/// The chance that at least `threshold` of `members` sign a window of which each of them misses the lies by `miss` alone.
pub fn passes(members: u32, threshold: u32, miss: f64) -> f64 {
    (threshold..=members).fold(0.0, |chance, signed| {
        let ways = (0..signed).fold(1.0, |ways, taken| {
            ways * f64::from(members - taken) / f64::from(taken + 1)
        });
        let powers = |base: f64, count: u32| (0..count).fold(1.0, |power, _| power * base);
        chance + ways * powers(miss, signed) * powers(1.0 - miss, members - signed)
    })
}

/// The least sample by which the chance of passing a window with `lies` is at most `most`; all chunks where no sample is enough.
pub fn size(chunks: u32, lies: u32, members: u32, threshold: u32, most: f64) -> u32 {
    let is_enough = |size: &u32| passes(members, threshold, misses(chunks, lies, *size)) <= most;
    (0..chunks).find(is_enough).unwrap_or(chunks)
}

#[cfg(test)]
mod tests {
    use {super::*, std::collections::HashSet};

    const JOB: Address = Address::new_from_array([7; 32]);

    fn claimed(digest: &[u8; 32], chunks: u32) -> Claimed<'_> {
        Claimed {
            job: &JOB,
            incarnation: 3,
            window: 9,
            digest,
            chunks,
        }
    }

    #[test]
    fn places_are_distinct_within_the_claim_and_the_same_for_the_same_claim() {
        let secret = Secret::from([1; 32]);
        for (chunks, size) in [(0, 5), (1, 0), (1, 1), (5, 9), (100, 7), (1_024, 1_023)] {
            let digest = [2; 32];
            let places = secret.places(&claimed(&digest, chunks), size);
            assert_eq!(places, secret.places(&claimed(&digest, chunks), size));
            assert_eq!(places.len(), usize::try_from(size.min(chunks)).unwrap());
            assert!(places.iter().all(|place| *place < chunks));
            assert!(places.is_sorted_by(|one, next| one < next));
        }
    }

    #[test]
    fn every_part_of_a_claim_and_the_secret_move_the_places() {
        let (digest, other_digest) = ([2; 32], [3; 32]);
        let other_job = Address::new_from_array([8; 32]);
        let base = claimed(&digest, 1_000);
        let claims = [
            base,
            Claimed {
                job: &other_job,
                ..base
            },
            Claimed {
                incarnation: 4,
                ..base
            },
            Claimed { window: 10, ..base },
            Claimed {
                digest: &other_digest,
                ..base
            },
            Claimed {
                chunks: 1_001,
                ..base
            },
        ];
        let secret = Secret::from([1; 32]);
        let mut all: Vec<_> = claims
            .iter()
            .map(|claim| secret.places(claim, 10))
            .collect();
        all.push(Secret::from([2; 32]).places(&base, 10));
        let different: HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    /// The published chance against ten thousand windows with real samples of real secrets.
    #[test]
    fn the_chance_is_what_ten_thousand_windows_give() {
        const WINDOWS: u32 = 10_000;
        for (chunks, lies, sample, members, threshold) in [
            (50, 1, 10, 5, 3),
            (100, 2, 30, 3, 2),
            (20, 5, 4, 4, 3),
            (10, 1, 10, 3, 2),
            (64, 1, 0, 3, 2),
        ] {
            let secrets: Vec<_> = (0..members)
                .map(|member| Secret::from([u8::try_from(member).unwrap(); 32]))
                .collect();
            let passed = (0..WINDOWS).filter(|window| {
                let digest = [0; 32];
                let claim = Claimed {
                    window: *window,
                    ..claimed(&digest, chunks)
                };
                // The lies stand in the first places: samples are what is at random.
                let signed = secrets.iter().filter(|secret| {
                    secret
                        .places(&claim, sample)
                        .iter()
                        .all(|place| *place >= lies)
                });
                signed.count() >= usize::try_from(threshold).unwrap()
            });
            let measured = f64::from(u32::try_from(passed.count()).unwrap()) / f64::from(WINDOWS);
            let published = passes(members, threshold, misses(chunks, lies, sample));
            // Four standard deviations.
            let spread = 4.0 * (published * (1.0 - published) / f64::from(WINDOWS)).sqrt();
            assert!(
                (measured - published).abs() <= spread.max(1e-12),
                "{measured} {published}"
            );
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert!((misses(10, 0, 10) - 1.0).abs() < 1e-12);
        assert!(misses(10, 1, 10).abs() < 1e-12);
        assert!(misses(10, 20, 1).abs() < 1e-12);
        assert!((misses(0, 0, 5) - 1.0).abs() < 1e-12);
        assert!((misses(10, 3, 1) - 0.7).abs() < 1e-12);
        assert!((passes(5, 3, 1.0) - 1.0).abs() < 1e-12);
        assert!(passes(5, 3, 0.0).abs() < 1e-12);
        assert!((passes(5, 3, 0.5) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_sample_is_the_least_that_is_enough() {
        let (chunks, lies, members, threshold, most) = (100, 1, 5, 3, 0.01);
        let least = size(chunks, lies, members, threshold, most);
        let chance = |size| passes(members, threshold, misses(chunks, lies, size));
        assert!(chance(least) <= most && chance(least - 1) > most, "{least}");
        assert_eq!(size(100, 0, 5, 3, 0.5), 100);
        assert_eq!(size(100, 1, 5, 3, 1.0), 0);
    }
}
