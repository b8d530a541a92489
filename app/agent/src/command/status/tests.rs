use {
    super::*,
    crate::{
        attester::store as memory,
        command::drain,
        windows::Windows,
        worker::store::{FILE, Store},
    },
    rusqlite::params,
    std::{fs, path::PathBuf},
    tempfile::TempDir,
};

const JOB: [u8; 32] = [1; 32];

fn state() -> (TempDir, PathBuf, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(FILE);
    drop(Store::open(folder.path()).unwrap());
    let connection = Connection::open(&file).unwrap();
    (folder, file, connection)
}

fn filled(connection: &Connection) {
    let job = "INSERT INTO job (job, incarnation, node, stage, reason, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection
        .execute(
            job,
            params![JOB, -1, [9u8; 32], "admitted", None::<String>, 5],
        )
        .unwrap();
    let why = "refused: \u{1b}[2J\u{202e}";
    connection
        .execute(job, params![[2u8; 32], 0, [9u8; 32], "asked", why, 6])
        .unwrap();
    let chunk = "INSERT INTO chunk (job, incarnation, number, window, output, undone) VALUES (?1, -1, ?2, ?2 + 3, ?3, ?4)";
    for number in 0..3 {
        connection
            .execute(chunk, params![JOB, number, [0u8; 32], None::<u8>])
            .unwrap();
    }
    connection
        .execute(chunk, params![JOB, 3, None::<Vec<u8>>, 1])
        .unwrap();
    let window = "INSERT INTO window (job, incarnation, window, stage, units, ends_at, closes_at, reason,
            digest, evidence, sealed_at, matures_at, kept_until) VALUES (?1, -1, ?2, ?3, ?4, 100, 200, ?5, x'', x'', 0, 0, 0)";
    for (number, stage) in (0..).zip(["matured", "matured", "proven", "signed", "lost"]) {
        connection
            .execute(window, params![JOB, number, stage, -1, why])
            .unwrap();
    }
    // A job of another incarnation at the same address has windows of its own.
    connection
        .execute(
            "INSERT INTO window (job, incarnation, window, stage, units, ends_at, closes_at, reason,
            digest, evidence, sealed_at, matures_at, kept_until) VALUES (?1, 0, 0, 'sealed', 1, 1, 1, NULL, x'', x'', 0, 0, 0)",
            params![JOB],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO countersignature (job, incarnation, window, key, signature) VALUES (?1, -1, 3, ?1, x'')",
            params![JOB],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO refusal (job, incarnation, window, member, code, message, chunk, is_final, times, at)
             VALUES (?1, -1, 3, ?2, ?3, ?3, 7, 1, 4, 1000)",
            params![JOB, [3u8; 32], why],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO spent (day, lamports) VALUES (20000, 15000), (20001, 5000)",
            [],
        )
        .unwrap();
}

#[test]
fn a_workers_status_counts_each_job_and_shows_what_waits() {
    let (folder, _, connection) = state();
    filled(&connection);
    // The daemon has it open, too.
    let view = worker::View::read(folder.path()).unwrap();
    let json = serde_json::to_value(&view).unwrap();
    assert_eq!(json["drain"], false);
    assert_eq!(json["spent"]["lamports"], "5000");
    assert_eq!(json["spent"]["day"], 20_001 * 86_400);
    let job = &json["jobs"][1];
    assert_eq!(job["incarnation"], u64::MAX.to_string());
    for (name, count) in [
        ("chunks_done", 3),
        ("chunks_not_done", 1),
        // Of four windows with chunks, two are sealed or further.
        ("running", 2),
        ("sealed", 0),
        ("signed", 1),
        ("proven", 1),
        ("matured", 2),
        ("lost", 1),
    ] {
        assert_eq!(job[name], count, "{name}");
    }
    let waiting = json["waiting"].as_array().unwrap();
    assert_eq!(waiting.len(), 3);
    assert_eq!(
        (&waiting[0]["window"], &waiting[0]["signatures"]),
        (&3.into(), &1.into())
    );
    assert_eq!(waiting[0]["units"], u64::MAX.to_string());
    assert_eq!(json["refusals"][0]["times"], 4);
    let text = view.text();
    assert!(
        text.contains("0.000005 SOL of fees and rent on 2024-10-05"),
        "{text}"
    );
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(text.contains("for good"), "{text}");
}

#[test]
fn a_status_is_read_after_the_daemon_ended_and_refused_before_it_began() {
    let (folder, file, connection) = state();
    filled(&connection);
    drop(connection);
    assert!(!folder.path().join("worker.sqlite-wal").exists());
    assert!(worker::View::read(folder.path()).is_ok());
    fs::remove_file(&file).unwrap();
    let error = worker::View::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("has not run"), "{error}");
    assert!(!file.exists());
    fs::write(&file, "").unwrap();
    let error = worker::View::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("not of this version"), "{error}");
}

#[test]
fn drain_sets_a_flag_that_the_worker_and_the_status_see() {
    let (folder, file, connection) = state();
    let flag = || -> bool {
        connection
            .query_row("SELECT value FROM flag WHERE name = 'drain'", [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    drain::set(&file, true).unwrap();
    assert!(flag());
    let view = worker::View::read(folder.path()).unwrap();
    assert!(view.text().starts_with("draining"));
    drain::set(&file, false).unwrap();
    assert!(!flag());
    let missing = drain::set(&folder.path().join("none"), true).unwrap_err();
    assert!(missing.to_string().contains("has not run"), "{missing}");
    assert!(!folder.path().join("none").exists());
}

const MEMORY: &str = "
    INSERT INTO start (one, device, inode, born, marked, at) VALUES (1, 0, 0, 0, 0, 1700000000);
    INSERT INTO letter (member, finding, tries, due, until) VALUES (x'', '', 0, 0, 0);
    INSERT INTO watched (provider, windows) VALUES (zeroblob(32), 99), (randomblob(32), 0);";

#[test]
fn an_attesters_status_counts_what_it_holds_and_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let error = attester::View::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("has not run"), "{error}");
    let file = folder.path().join("attester.sqlite");
    drop((
        memory::Store::open(&file).unwrap(),
        Windows::open(&file).unwrap(),
    ));
    let memory = Connection::open(&file).unwrap();
    memory.execute_batch(MEMORY).unwrap();
    let verdicts = [
        "true",
        "sampled",
        "unknown",
        "engines differ",
        "output",
        "\u{1b}[2J",
    ];
    for (window, verdict) in (0..).zip(verdicts) {
        memory
            .execute(
                "INSERT INTO claim (job, incarnation, window, verdict, until, statement, evidence, units, digest)
                 VALUES (?1, 1, ?2, ?3, ?2, x'', x'', 0, x'')",
                params![JOB, window, verdict],
            )
            .unwrap();
    }
    memory
        .execute(
            "INSERT INTO admitted (job, incarnation, is_admitted, spec, inputs, kernel, load, live_until, until)
             VALUES (?1, 1, 1, x'', x'', x'', 0, 0, 0)",
            params![JOB],
        )
        .unwrap();
    let blobs = crate::blobs::Blobs::open(&folder.path().join("blobs")).unwrap();
    for (incarnation, bytes) in [(1, &b"one"[..]), (1, b"other"), (2, b"one")] {
        let put = crate::blobs::Put {
            name: crate::request::body(bytes),
            len: bytes.len().try_into().unwrap(),
            job: crate::blobs::JobId {
                job: Address::new_from_array(JOB),
                incarnation,
            },
            by: Address::default(),
            until: 5,
            quota: 1_000,
        };
        blobs.put(&put, 0, &mut &*bytes).unwrap();
    }
    let view = attester::View::read(folder.path()).unwrap();
    let json = serde_json::to_value(&view).unwrap();
    let windows = &json["windows"];
    for (name, count) in [
        ("claimed", 6),
        ("found_true", 2),
        ("found_false", 2),
        ("engines_differ", 1),
        ("undecided", 1),
    ] {
        assert_eq!(windows[name], count, "{name}");
    }
    let jobs = json["jobs"].as_array().unwrap();
    let of = |incarnation: &str| {
        jobs.iter()
            .find(|job| job["incarnation"] == incarnation)
            .unwrap()
    };
    assert_eq!(
        (&of("1")["bytes"], &of("1")["is_admitted"]),
        (&"8".into(), &true.into())
    );
    assert_eq!(
        (&of("2")["bytes"], &of("2")["is_admitted"]),
        (&"3".into(), &false.into())
    );
    assert_eq!(json["watched"].as_array().unwrap().len(), 1);
    let text = view.text();
    assert!(
        text.contains("1 finding not told") && text.contains("output"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
}
