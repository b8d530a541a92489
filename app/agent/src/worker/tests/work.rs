//! The job of these tests, and its work.

use {
    super::peers::Peer,
    crate::{blobs::JobId, windows::WindowId, wire::Admitted},
    bytemuck::Zeroable,
    sluice_client::{Address, Job, JobState, Terms},
    sluice_work::{
        core::{Core, Kind},
        hash,
        inputs::Inputs,
        spec::{Rest, Spec},
    },
};

/// When the chain begins, unix seconds.
pub const START: i64 = 1_000_000;
pub const WINDOW_SECS: u32 = 100;
pub const GRACE_SECS: u32 = 80;
/// Chunks of a window, and units of a chunk.
pub const PER_WINDOW: u32 = 4;
pub const UNITS: u64 = 10;
pub const CAP: u64 = 40;
pub const JOB: Address = Address::new_from_array([7; 32]);

pub const fn id(window: u32) -> WindowId {
    let job = JobId {
        job: JOB,
        incarnation: 9,
    };
    WindowId { job, window }
}

/// An active job of ten windows, of nobody and without funds.
pub fn bare() -> Job {
    Job {
        context: [5; 32],
        incarnation: 9,
        state: JobState::Active.byte(),
        start_at: START,
        end_at: START + 10 * i64::from(WINDOW_SECS),
        length_secs: 10 * u64::from(WINDOW_SECS),
        terms: Terms {
            price: 5,
            per: 1,
            cap: CAP,
            bond: 100,
            window_secs: WINDOW_SECS,
            grace_secs: GRACE_SECS,
            challenge_secs: 300,
            ruling_secs: 1_000,
            notice_secs: 2 * WINDOW_SECS,
            fault_windows: 3,
            ..Terms::zeroed()
        },
        ..Job::zeroed()
    }
}

fn inputs() -> Vec<Vec<u8>> {
    (0..10 * PER_WINDOW)
        .map(|chunk| vec![u8::try_from(chunk).unwrap(); 3])
        .collect()
}

pub const KERNEL: &[u8] = b"kernel";

/// Ten windows of work. The input of chunk i is the byte i, three times.
pub fn spec(kind: Kind) -> Spec {
    let is_judged = kind == Kind::Sbpf;
    let names = inputs().iter().map(|blob| hash::blob(blob)).collect();
    Spec {
        core: Core {
            salt: [0; 32],
            kernel: hash::blob(KERNEL),
            inputs: Inputs::of(names).unwrap().root().unwrap(),
            units: UNITS,
            slash: 0,
            kernel_len: 6,
            count: 10 * PER_WINDOW,
            per_window: PER_WINDOW,
            answer_secs: if is_judged { 3_600 } else { 0 },
            kind,
            signers_answer: 0,
            reserved: [0; 6],
        },
        rest: Rest {
            memory: if is_judged { 0 } else { 1 << 16 },
            output: 1_024,
            chunk_millis: 1_000,
            ..Rest::default()
        },
    }
}

/// The work, whose blobs all members have.
pub fn work(kind: Kind, peers: &mut [Peer]) -> (Spec, Admitted) {
    let (blobs, spec, kernel) = (inputs(), spec(kind), KERNEL.to_vec());
    let inputs = Inputs::of(blobs.iter().map(|blob| hash::blob(blob)).collect()).unwrap();
    let (spec_blob, list) = (spec.to_bytes(), inputs.to_bytes());
    let names = Admitted {
        spec: hash::blob(&spec_blob),
        inputs: hash::blob(&list),
        kernel: hash::blob(&kernel),
    };
    for peer in peers {
        for blob in blobs.iter().chain([&spec_blob, &list, &kernel]) {
            peer.blobs.insert(hash::blob(blob), blob.clone());
        }
    }
    (spec, names)
}
