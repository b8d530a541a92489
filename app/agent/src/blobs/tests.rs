//! Uploads that are cut, lie, come twice or at once, and a machine that stops.

use {
    super::*,
    std::{sync::Barrier, thread},
    tempfile::TempDir,
};

const UNTIL: i64 = 1_000;

fn job(number: u8) -> JobId {
    JobId {
        job: Address::new_from_array([number; 32]),
        incarnation: u64::MAX - u64::from(number),
    }
}

fn put(blob: &[u8], number: u8) -> Put {
    Put {
        name: Sha256::digest(blob).into(),
        len: blob.len().try_into().unwrap(),
        job: job(number),
        by: Address::new_from_array([9; 32]),
        until: UNTIL,
        quota: 1_000,
    }
}

fn open() -> (TempDir, Blobs) {
    let folder = TempDir::new().unwrap();
    let blobs = Blobs::open(folder.path()).unwrap();
    (folder, blobs)
}

fn whole(blobs: &Blobs, put: &Put) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    blobs
        .get(&put.job, &put.name)
        .unwrap()?
        .read_to_end(&mut bytes)
        .unwrap();
    Some(bytes)
}

/// Gives some bytes and then fails, as a connection does.
struct Cut<'a>(&'a [u8]);

impl Read for Cut<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        self.0.read(buffer)
    }
}

#[test]
fn a_blob_comes_in_parts_and_is_read_only_when_it_is_whole() {
    let (folder, blobs) = open();
    let blob = vec![5; 300];
    let put = put(&blob, 1);
    assert_eq!(blobs.here(&put.job, &put.name).unwrap(), Here::Part(0));
    assert_eq!(
        blobs.put(&put, 0, &mut Cut(&blob[..100])).unwrap(),
        Here::Part(100)
    );
    assert_eq!(whole(&blobs, &put), None);
    // Anew, behind, before: it goes on where it was.
    for from in [0, 99, 101, u64::MAX] {
        let refused = blobs.put(&put, from, &mut &blob[..]);
        assert!(matches!(refused, Err(NotKept::Offset(100))));
    }
    // The machine stopped in between.
    drop(blobs);
    let blobs = Blobs::open(folder.path()).unwrap();
    assert_eq!(blobs.here(&put.job, &put.name).unwrap(), Here::Part(100));
    assert_eq!(
        blobs.put(&put, 100, &mut &blob[100..]).unwrap(),
        Here::Whole(300)
    );
    assert_eq!(whole(&blobs, &put), Some(blob));
    assert_eq!(blobs.used(&job(1)).unwrap(), 300);
    // Once more needs no bytes.
    assert_eq!(
        blobs.put(&put, 0, &mut io::empty()).unwrap(),
        Here::Whole(300)
    );
}

#[test]
fn bytes_that_are_not_those_of_the_name_leave_nothing() {
    let (_folder, blobs) = open();
    let put = put(b"what it should be", 1);
    let refused = blobs.put(&put, 0, &mut &b"what it should bf"[..]);
    assert!(matches!(refused, Err(NotKept::NotItsHash)));
    assert_eq!(blobs.here(&put.job, &put.name).unwrap(), Here::Part(0));
    assert_eq!(blobs.used(&job(1)).unwrap(), 0);
    let refused = blobs.put(&put, 0, &mut &b"what it should be, and more"[..]);
    assert!(matches!(refused, Err(NotKept::TooMany)));
    assert_eq!(
        (whole(&blobs, &put), blobs.used(&job(1)).unwrap()),
        (None, 0)
    );
    assert_eq!(
        blobs.put(&put, 0, &mut &b"what it should be"[..]).unwrap(),
        Here::Whole(17)
    );
}

#[test]
fn a_length_that_is_not_the_blob_s_is_told_and_costs_nothing() {
    let (_folder, blobs) = open();
    let good = put(b"blob", 1);
    blobs.put(&good, 0, &mut &b"blob"[..]).unwrap();
    let long = Put { len: 5, ..good };
    let refused = blobs.put(&long, 0, &mut io::empty());
    assert!(matches!(refused, Err(NotKept::Length(4))));
    assert_eq!(blobs.used(&job(1)).unwrap(), 4);
    let large = Put {
        len: MOST + 1,
        quota: u64::MAX,
        ..good
    };
    assert!(matches!(
        blobs.put(&large, 0, &mut io::empty()),
        Err(NotKept::TooLong)
    ));
}

#[test]
fn a_job_has_no_more_than_its_quota_and_its_address_another_s_again() {
    let (_folder, blobs) = open();
    let [one, two, three] = [vec![1; 600], vec![2; 400], vec![3; 1]];
    blobs.put(&put(&one, 1), 0, &mut &one[..]).unwrap();
    // A part counts with all that it will be.
    assert_eq!(
        blobs.put(&put(&two, 1), 0, &mut io::empty()).unwrap(),
        Here::Part(0)
    );
    let refused = blobs.put(&put(&three, 1), 0, &mut &three[..]);
    assert!(matches!(refused, Err(NotKept::Quota { left: 0 })));
    // The same blob again is no more of it.
    blobs.put(&put(&one, 1), 0, &mut io::empty()).unwrap();
    let mut next = put(&three, 1);
    next.job.incarnation = 0;
    blobs.put(&next, 0, &mut &three[..]).unwrap();
    assert_eq!(
        (blobs.used(&job(1)).unwrap(), blobs.used(&next.job).unwrap()),
        (1_000, 1)
    );
}

#[test]
fn a_blob_goes_when_the_last_job_that_holds_it_is_over() {
    let (_folder, blobs) = open();
    let (blob, part) = (vec![1; 10], vec![2; 20]);
    let (first, second) = (put(&blob, 1), put(&blob, 2));
    blobs.put(&first, 0, &mut &blob[..]).unwrap();
    blobs.put(&second, 0, &mut &blob[..]).unwrap();
    blobs.put(&put(&part, 1), 0, &mut &part[..5]).unwrap();
    blobs.keep(&job(2), UNTIL + 100).unwrap();
    assert_eq!(blobs.evict(UNTIL).unwrap(), 0);
    assert_eq!(blobs.evict(UNTIL + 1).unwrap(), 0);
    assert_eq!(
        blobs.here(&job(1), &put(&part, 1).name).unwrap(),
        Here::Part(0)
    );
    assert_eq!(
        (whole(&blobs, &first), whole(&blobs, &second).as_ref()),
        (None, Some(&blob))
    );
    assert_eq!(blobs.used(&job(1)).unwrap(), 0);
    assert_eq!(blobs.evict(UNTIL + 101).unwrap(), 1);
    assert_eq!(whole(&blobs, &second), None);
}

#[test]
fn who_only_knows_a_name_reads_nothing() {
    let (_folder, blobs) = open();
    let secret = vec![7; 50];
    let (owner, thief) = (put(&secret, 1), put(&secret, 2));
    blobs.put(&owner, 0, &mut &secret[..30]).unwrap();
    // Another job's part is not the thief's to end.
    assert_eq!(blobs.here(&thief.job, &thief.name).unwrap(), Here::Part(0));
    assert!(matches!(
        blobs.put(&thief, 30, &mut &secret[30..]),
        Err(NotKept::Offset(0))
    ));
    blobs.put(&owner, 30, &mut &secret[30..]).unwrap();
    for bytes in [&b""[..], &[7; 49], &[8; 50]] {
        let _ = blobs.put(&thief, 0, &mut &bytes[..]);
        assert_eq!(whole(&blobs, &thief), None);
        let _ = fs::remove_file(blobs.part(&thief.job, &thief.name));
    }
    assert_eq!(
        blobs.put(&thief, 0, &mut &secret[..]).unwrap(),
        Here::Whole(50)
    );
    assert_eq!(whole(&blobs, &thief), Some(secret));
}

#[test]
fn files_that_no_job_holds_are_removed_and_no_others() {
    let (folder, blobs) = open();
    let blob = put(b"blob", 1);
    blobs.put(&blob, 0, &mut &b"blob"[..]).unwrap();
    drop(blobs);
    let stray = folder.path().join(hex::encode([7; 32]));
    let [part, other] = ["-01020304.part", ".txt"].map(|end| {
        let mut path = stray.clone().into_os_string();
        path.push(end);
        PathBuf::from(path)
    });
    let notes = folder.path().join("notes.txt");
    for path in [&stray, &part, &other, &notes] {
        fs::write(path, b"stray").unwrap();
    }
    let blobs = Blobs::open(folder.path()).unwrap();
    assert!(!stray.exists() && !part.exists() && notes.exists());
    assert_eq!(whole(&blobs, &blob), Some(b"blob".to_vec()));
}

#[test]
fn one_upload_of_a_blob_at_a_time() {
    let (_folder, blobs) = open();
    let blob = vec![3; 100];
    let put = put(&blob, 1);

    /// Waits until somebody else has tried.
    struct Slow<'a>(&'a [u8], &'a Barrier);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1.wait();
            self.1.wait();
            self.0.read(buffer)
        }
    }

    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let first = scope.spawn(|| blobs.put(&put, 0, &mut Slow(&blob, &barrier).take(100)));
        barrier.wait();
        assert!(matches!(
            blobs.put(&put, 0, &mut &blob[..]),
            Err(NotKept::Busy)
        ));
        barrier.wait();
        assert_eq!(first.join().unwrap().unwrap(), Here::Whole(100));
    });
}

#[test]
fn a_full_disk_keeps_what_was_there() {
    /// Where every write fails.
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let copied = copy(&mut &[1; 10][..], &mut Full, &mut Sha256::new(), 10);
    assert_eq!(copied.unwrap_err().kind(), io::ErrorKind::StorageFull);
}

/// What the chain's jobs share is one file: no party of one job writes into another's.
#[test]
fn a_part_that_is_longer_than_it_is_said_to_be_becomes_no_blob() {
    let (_folder, blobs) = open();
    let right = put(b"kernel", 1);
    blobs.put(&right, 0, &mut &b"kernel"[..]).unwrap();
    // Another job's party says a greater length, brings more than the blob, and then says the right one.
    let other = put(b"kernel", 2);
    let long = Put { len: 12, ..other };
    assert_eq!(
        blobs.put(&long, 0, &mut &b"kernel junk"[..]).unwrap(),
        Here::Part(11)
    );
    let refused = blobs.put(&other, 11, &mut io::empty());
    assert!(matches!(refused, Err(NotKept::Offset(0))), "{refused:?}");
    assert_eq!(whole(&blobs, &other), None);
    assert_eq!(whole(&blobs, &right).unwrap(), b"kernel");
    assert_eq!(
        blobs.put(&other, 0, &mut &b"kernel"[..]).unwrap(),
        Here::Whole(6)
    );
    assert_eq!(whole(&blobs, &right).unwrap(), b"kernel");
}

#[test]
fn an_upload_that_does_not_end_holds_up_no_other_job() {
    struct Slow<'a>(&'a Blobs, Option<Put>);
    impl Read for Slow<'_> {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            // In the middle of it another job has the same blob, and gets rid of it.
            if let Some(put) = self.1.take() {
                assert_eq!(
                    self.0.put(&put, 0, &mut &b"kernel"[..]).unwrap(),
                    Here::Whole(6)
                );
                assert_eq!(self.0.evict(UNTIL + 1).unwrap(), 1);
            }
            Ok(0)
        }
    }
    let (_folder, blobs) = open();
    let slow = Put {
        until: UNTIL + 100,
        ..put(b"kernel", 1)
    };
    let mut bytes = Slow(&blobs, Some(put(b"kernel", 2)));
    assert_eq!(blobs.put(&slow, 0, &mut bytes).unwrap(), Here::Part(0));
    blobs.put(&slow, 0, &mut &b"kernel"[..]).unwrap();
    assert_eq!(whole(&blobs, &slow).unwrap(), b"kernel");
}

#[test]
fn a_job_has_no_more_files_than_its_quota_is_worth() {
    let (_folder, blobs) = open();
    let empty = put(b"", 1);
    let connection = rusqlite::Connection::open(blobs.folder.join("index.sqlite")).unwrap();
    connection
        .execute(
            "WITH RECURSIVE number (it) AS (SELECT 1 UNION ALL SELECT it + 1 FROM number WHERE it < 4097)
             INSERT INTO held SELECT CAST(it AS BLOB), ?1, ?2, 0, x'', 0, 1 FROM number",
            rusqlite::params![empty.job.job.as_array(), empty.job.incarnation.cast_signed()],
        )
        .unwrap();
    let refused = blobs.put(&empty, 0, &mut io::empty());
    assert!(matches!(refused, Err(NotKept::Quota { left: 0 })));
    let richer = Put {
        quota: 2_000,
        ..empty
    };
    assert_eq!(
        blobs.put(&richer, 0, &mut io::empty()).unwrap(),
        Here::Whole(0)
    );
}
