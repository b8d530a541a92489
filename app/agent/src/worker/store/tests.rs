use {
    super::*, crate::windows::WindowId, sluice_client::statement::Countersignature,
    sluice_work::undone::Undone, solana_signature::Signature, tempfile::TempDir,
};

fn open() -> (TempDir, Store) {
    let folder = TempDir::new().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

const ID: JobId = JobId {
    job: Address::new_from_array([1; 32]),
    incarnation: u64::MAX,
};
const WINDOW: WindowId = WindowId { job: ID, window: 3 };

fn sealed() -> Sealed {
    Sealed {
        units: u64::MAX,
        digest: [2; 32],
        evidence: vec![1, 2, 3],
        sealed_at: 1,
        ends_at: 2,
        closes_at: 3,
        matures_at: 4,
        kept_until: 5,
    }
}

#[test]
fn what_was_written_is_there_for_another_process_and_after_a_restart() {
    let (folder, store) = open();
    let names = Some(Names {
        spec: [1; 32],
        list: [2; 32],
        kernel: [3; 32],
    });
    let row = JobRow {
        id: ID,
        node: Address::new_from_array([9; 32]),
        stage: JobStage::Admitted,
        names,
        reason: Some("why".to_owned()),
        at: 7,
    };
    store.set_job(&row).unwrap();
    assert!(store.seal(&WINDOW, &sealed()).unwrap());
    store.set_flag(DRAIN, true).unwrap();
    store.spend(5, 100).unwrap();
    store.spend(5, u64::MAX).unwrap();
    let status = Store::open(folder.path()).unwrap();
    drop(store);
    assert_eq!(status.jobs().unwrap(), std::slice::from_ref(&row));
    assert_eq!(status.job(&ID).unwrap(), Some(row));
    let found = status.window(&WINDOW).unwrap().unwrap();
    assert_eq!((found.stage, found.sealed), (WindowStage::Sealed, sealed()));
    assert!(status.flag(DRAIN).unwrap());
    assert_eq!(
        (status.spent_on(5), status.spent_on(6)),
        (Ok(u64::MAX), Ok(0))
    );
}

#[test]
fn a_window_is_sealed_once_and_its_first_signature_stays() {
    let (_folder, store) = open();
    assert!(store.seal(&WINDOW, &sealed()).unwrap());
    let other = Sealed {
        units: 1,
        ..sealed()
    };
    assert!(!store.seal(&WINDOW, &other).unwrap());
    let [first, second] = [[7; 64], [8; 64]].map(Signature::from);
    store.signed(&WINDOW, &first).unwrap();
    store.signed(&WINDOW, &second).unwrap();
    let found = store.window(&WINDOW).unwrap().unwrap();
    assert_eq!(found.signature, Some(first));
    assert_eq!((found.stage, found.sealed), (WindowStage::Signed, sealed()));
    // A job of another incarnation is another.
    let mut earlier = WINDOW;
    earlier.job.incarnation = 1;
    assert!(store.seal(&earlier, &other).unwrap());
}

#[test]
fn every_reason_for_a_chunk_that_is_not_done_comes_back_and_what_was_first_stays() {
    let (_folder, store) = open();
    use Undone::*;
    let all = [
        Trap, Stack, Steps, Memory, Time, Import, Code, NoOutput, Output, Input, Died,
    ];
    for (number, undone) in (0..).zip(all) {
        store.set_chunk(&WINDOW, number, &Err(undone)).unwrap();
        store.set_chunk(&WINDOW, number, &Ok([1; 32])).unwrap();
    }
    let found: Vec<_> = store.chunks(&ID, 0..100).unwrap().into_values().collect();
    assert_eq!(found, all.map(Err));
    let other = WindowId {
        window: 4,
        ..WINDOW
    };
    store.set_chunk(&WINDOW, 50, &Ok([1; 32])).unwrap();
    store.set_chunk(&WINDOW, 51, &Ok([2; 32])).unwrap();
    store.set_chunk(&other, 60, &Ok([2; 32])).unwrap();
    assert_eq!(store.chunks(&ID, 50..51).unwrap()[&50], Ok([1; 32]));
    // An output that another chunk has, too, stays.
    assert_eq!(store.forget_chunks(&ID, Some(3)), Ok(vec![[1; 32]]));
    assert_eq!(store.forget_chunks(&ID, None), Ok(vec![[2; 32]]));
    assert!(store.chunks(&ID, 0..100).unwrap().is_empty());
}

#[test]
fn a_member_that_refuses_in_many_words_fills_nothing() {
    let (_folder, store) = open();
    assert!(store.seal(&WINDOW, &sealed()).unwrap());
    let mut refusal = Refusal {
        member: Address::new_from_array([4; 32]),
        code: "busy".to_owned(),
        message: "m".repeat(10_000),
        chunk: None,
        is_final: false,
        times: 0,
        at: 10,
    };
    for _ in 0..3 {
        store.refused(&WINDOW, &refusal).unwrap();
    }
    for number in 0..100 {
        refusal.code = format!("{number}{}", "c".repeat(1_000));
        store.refused(&WINDOW, &refusal).unwrap();
    }
    let found = store.refusals(&WINDOW).unwrap();
    assert!(found.len() <= 9, "{}", found.len());
    assert!(
        found
            .iter()
            .all(|one| one.code.len() <= 32 && one.message.len() <= 300)
    );
    let busy = found.iter().find(|one| one.code == "busy").unwrap();
    assert_eq!((busy.times, busy.is_final), (3, false));
    store
        .countersigned(
            &WINDOW,
            &Countersignature {
                key: refusal.member,
                signature: Signature::default(),
            },
        )
        .unwrap();
    store.forget_window(&WINDOW).unwrap();
    assert!(store.refusals(&WINDOW).unwrap().is_empty());
    assert!(store.countersignatures(&WINDOW).unwrap().is_empty());
    assert_eq!(store.window(&WINDOW), Ok(None));
}
