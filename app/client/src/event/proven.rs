//! The one event of no fixed length: windows that were proven from a batch, of which each is an event here.

use {
    super::Event, anchor_lang::Discriminator, sluice::events::BatchProven, solana_address::Address,
};

/// One window of a `BatchProven`. The digest stands in the instruction's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchWindow {
    /// Address of the batch.
    pub batch: Address,
    /// The members that signed it and were live, a bit each.
    pub signers: u16,
    /// Address of the job.
    pub job: Address,
    /// Place of the entry in the instruction, from 0 on.
    pub entry: u8,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Units that were counted.
    pub accepted: u64,
}

/// Bytes of a window: job, entry, window and units.
const WINDOW: usize = 32 + 1 + 4 + 8;

/// The windows of a `BatchProven`; `None` where the bytes are none, to the last.
pub fn read(bytes: &[u8]) -> Option<Vec<Event>> {
    let rest = bytes.strip_prefix(BatchProven::DISCRIMINATOR)?;
    let (batch, rest) = rest.split_first_chunk::<32>()?;
    let (signers, rest) = rest.split_first_chunk::<2>()?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let (windows, tail) = rest.as_chunks::<WINDOW>();
    let is_whole = u32::from_le_bytes(*count) == u32::try_from(windows.len()).ok()?;
    if !is_whole || !tail.is_empty() {
        return None;
    }
    let windows = windows.iter().map(|window| {
        let (job, rest) = window.split_first_chunk::<32>()?;
        let (entry, rest) = rest.split_first()?;
        let (number, accepted) = rest.split_first_chunk::<4>()?;
        Some(Event::BatchProven(BatchWindow {
            batch: Address::new_from_array(*batch),
            signers: u16::from_le_bytes(*signers),
            job: Address::new_from_array(*job),
            entry: *entry,
            window: u32::from_le_bytes(*number),
            accepted: u64::from_le_bytes(accepted.try_into().ok()?),
        }))
    });
    windows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(windows: u8) -> Vec<u8> {
        let mut bytes = BatchProven::DISCRIMINATOR.to_vec();
        bytes.extend([7; 32]);
        bytes.extend([5, 0]);
        bytes.extend(u32::from(windows).to_le_bytes());
        for number in 0..windows {
            bytes.extend([number; 32]);
            bytes.push(number);
            bytes.extend(u32::from(number).to_le_bytes());
            bytes.extend(u64::from(number).to_le_bytes());
        }
        bytes
    }

    #[test]
    fn every_window_is_an_event() {
        for windows in [0, 1, 2, 32] {
            let read = read(&bytes(windows)).unwrap();
            assert_eq!(read.len(), usize::from(windows));
            for (number, event) in (0u8..).zip(read) {
                let Event::BatchProven(window) = event else {
                    panic!()
                };
                let expected = BatchWindow {
                    batch: Address::new_from_array([7; 32]),
                    signers: 5,
                    job: Address::new_from_array([number; 32]),
                    entry: number,
                    window: number.into(),
                    accepted: number.into(),
                };
                assert_eq!(window, expected);
            }
        }
    }

    #[test]
    fn what_is_cut_longer_or_another_is_none() {
        let whole = bytes(2);
        for len in 0..whole.len() {
            assert!(read(&whole[..len]).is_none(), "{len}");
        }
        assert!(read(&[&whole[..], &[0]].concat()).is_none());
        let mut other = whole;
        other[0] ^= 1;
        assert!(read(&other).is_none());
    }
}
