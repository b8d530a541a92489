//! `sluice attest batch`: statements under one root, signed once by each member, and windows proven from it.

use {
    crate::{
        disputes::refuses,
        scene::{DAY, HOUR, Scene},
    },
    serde_json::Value,
    sluice_cli::Exit,
    std::fs,
};

impl Scene {
    /// Builds a batch of these statement files; its file's path.
    pub fn build(&mut self, name: &str, files: &[String]) -> String {
        let out = self.bench.path(name);
        let line = format!(
            "attest batch build --set {} --out {out} {}",
            self.set,
            files.join(" ")
        );
        self.bench.ok("nobody", &line);
        out
    }

    /// The signature file of the member `name` under the batch.
    pub fn endorse(&mut self, name: &str, batch: &str) -> String {
        let ran = self
            .bench
            .ok(name, &format!("attest batch endorse {batch}"));
        let file = format!("{name}-{}.json", ran.text("root"));
        self.bench.file(&file, &ran.out)
    }

    /// Two jobs of the worker's; their first windows have ended, and what it says of those and of the first job's second.
    fn said(&mut self) -> ([String; 2], Vec<String>) {
        let jobs = [1, 2].map(|id| self.active(id));
        self.bench.funded("worker");
        self.wait(HOUR);
        let said = [(0, 0, 100), (0, 1, 50), (1, 0, 70)];
        let files = said.map(|(job, window, units): (usize, u32, u64)| {
            let file = self.sign("worker", &jobs[job], window, units, "quorum");
            let text = fs::read_to_string(file).unwrap();
            self.bench.file(&format!("said-{job}-{window}.json"), &text)
        });
        (jobs, files.to_vec())
    }

    fn shown(&mut self, batch: &str) -> Value {
        let line = format!("attest batch show {batch}");
        self.bench.run("nobody", &line).json()
    }
}

/// Job and window of each row.
fn windows(rows: &Value) -> Vec<(&str, u64)> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| {
        (
            row["job"].as_str().unwrap(),
            row["window"].as_u64().unwrap(),
        )
    })
    .collect()
}

#[test]
fn a_batch_is_built_signed_posted_proven_from_and_closed() {
    let mut s = Scene::new();
    let ([first, second], files) = s.said();
    let (set, out) = (s.set.clone(), s.bench.path("batch.json"));
    let line = format!("attest batch build --set {set} {}", files.join(" "));
    let whole = s.bench.ok("nobody", &line).out;
    // The same statements in another order, some of them twice, are the same batch.
    let line = format!(
        "attest batch build --set {set} --out {out} {} {} {} {}",
        files[2], files[0], files[1], files[0]
    );
    s.bench.ok("nobody", &format!("{line} --dry-run"));
    assert!(!fs::exists(&out).unwrap());
    let built = s.bench.ok("nobody", &line).json();
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
    assert_eq!((&built["leaves"], &built["depth"]), (&3.into(), &2.into()));
    let read: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(read["root"], built["root"]);
    assert_eq!(read["leaves"].as_array().unwrap().len(), 3);

    let signed = ["a1", "a2", "a3"].map(|name| s.endorse(name, &out));
    let [one, two, _] = &signed;
    let post = |files: &str| format!("attest batch post {out} {files}");
    let posted = s.bench.ok("guild", &post(one)).json();
    let batch = posted["batch"].as_str().unwrap().to_owned();
    let root = built["root"].as_str().unwrap();
    let line = format!("address batch {} {set} {root}", s.bench.key("guild"));
    assert_eq!(s.bench.field("nobody", &line, "address"), batch);
    assert_eq!(posted["quorum"], false);
    let prove = format!("attest batch prove {out} {batch}");
    s.bench.key("worker");
    let ran = s.bench.run("worker", &prove);
    assert_eq!(ran.exit, Exit::Refused);
    assert!(ran.err.contains("add their signatures"), "{}", ran.err);

    // Who is in the mask is left out, and every transaction carries what fits it.
    let all = post(&signed.join(" "));
    let memo = "m".repeat(640);
    let more = s
        .bench
        .ok("guild", &format!("--with-memo {memo} {all}"))
        .json();
    assert_eq!(more["sent"].as_array().unwrap().len(), 2, "{more:#}");
    assert_eq!(more["signed"].as_array().unwrap().len(), 2);
    assert_eq!(more["quorum"], true);
    s.bench
        .refused_as("guild", &all, Exit::BadInput, "add nothing");
    let shown = s.shown(&batch);
    assert_eq!(
        (&shown["quorum"], &shown["live_signers"]),
        (&true.into(), &3.into())
    );
    assert_eq!(shown["expires_at"], posted["expires_at"]);
    // Another payer's is another one.
    let other = s
        .bench
        .field("buyer", &post(&format!("{one} {two}")), "batch");
    assert_ne!(other, batch);
    let list = |set: &str| format!("attest batch list --set {set}");
    let listed = s.bench.run("nobody", &list(&set)).json();
    assert_eq!(listed["batches"].as_array().unwrap().len(), 2);
    let nowhere = list(&s.network.clone());
    let listed = s.bench.run("nobody", &nowhere).json();
    assert!(listed["batches"].as_array().unwrap().is_empty());

    let told = s.bench.ok("worker", &prove).json();
    assert_eq!(told["transactions"], 1);
    let mut proven = windows(&told["proven"]);
    proven.sort_unstable();
    let mut expected = vec![(first.as_str(), 0), (second.as_str(), 0)];
    expected.sort_unstable();
    assert_eq!(proven, expected);
    assert_eq!(windows(&told["left_out"]), [(first.as_str(), 1)]);
    let why = told["left_out"][0]["why"].as_str().unwrap();
    assert!(why.contains("WindowNotEnded"), "{why}");
    assert_eq!(told["of_others"], 0);
    let job = s.bench.run("nobody", &format!("job show {second}"));
    assert_eq!(job.base("pending"), 689_500);
    s.bench
        .refused_as("worker", &prove, Exit::BadInput, "cannot be proven now");

    s.wait(HOUR);
    let by_operator = format!("{prove} --operator");
    let told = s.bench.ok("operator", &by_operator).json();
    assert_eq!(windows(&told["proven"]), [(first.as_str(), 1)]);
    assert_eq!(told["proven"][0]["units"], "50");
    assert_eq!(told["left_out"].as_array().unwrap().len(), 2);
    let close = format!("attest batch close {batch}");
    s.bench
        .refused_as("buyer", &close, Exit::Key, "is not the batch's payer");
    refuses(&mut s, "guild", &close, "BatchNotExpired");
    s.wait(2 * DAY);
    let closed = s.bench.ok("guild", &close).json();
    assert_eq!(closed["rent_to"], s.bench.key("guild").to_string());
    let show = format!("attest batch show {batch}");
    for line in [&show, &close, &prove] {
        s.bench
            .refused_as("guild", line, Exit::NotFound, "there is no batch");
    }
}

#[test]
fn one_file_may_hold_many_statements() {
    let mut s = Scene::new();
    let (_, files) = s.said();
    let apart = s.build("apart.json", &files);
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    let texts: Vec<String> = texts.collect();
    let one = s.bench.file("all.sig", &texts.concat());
    let together = s.build("together.json", &[one]);
    let [apart, together] = [apart, together].map(|file| fs::read_to_string(file).unwrap());
    assert_eq!(apart, together);
}

#[test]
fn statements_that_make_no_batch_are_refused() {
    let mut s = Scene::new();
    let ([job, _], files) = s.said();
    let build = |files: &str| format!("attest batch build --set {} {files}", s.set);
    let lines = [
        build("/nowhere.json"),
        format!("attest batch build --set {} {}", s.network, files[0]),
    ];
    let [nowhere, no_set] = lines;
    let (set, meter) = (s.set.clone(), "02".repeat(32));
    s.bench
        .refused("attest batch build", Exit::Usage, "see --help");
    s.bench
        .refused(&nowhere, Exit::BadInput, "no signature file");
    s.bench
        .refused(&no_set, Exit::BadInput, "is not a Sluice AttesterSet");
    let build = |files: &str| format!("attest batch build --set {set} {files}");
    s.forget("worker");
    let second = s.sign("worker", &job, 0, 99, "quorum");
    let line = build(&format!("{} {second}", files[0]));
    s.bench
        .refused(&line, Exit::BadInput, "are two about one window");
    let cosigned = s.sign("worker", &job, 2, 99, "cosigned");
    s.bench
        .refused(&build(&cosigned), Exit::BadInput, "for the job's cosigner");
    let ran = s.bench.ok(
        "stranger",
        &format!("attest sign --context {meter} --window 0 --units 1 --digest {meter}"),
    );
    let stranger = s.bench.file("stranger.sig", &ran.out);
    let line = build(&format!("{} {stranger}", files[0]));
    s.bench.refused(&line, Exit::BadInput, "is about no job");
    let stranger = s.sign("stranger", &job, 3, 1, "quorum");
    let line = build(&format!("{} {stranger}", files[0]));
    s.bench.refused(
        &line,
        Exit::BadInput,
        "neither its job's worker nor a member",
    );
    let junk = s.bench.file("junk.sig", "{}");
    s.bench
        .refused(&build(&junk), Exit::BadInput, "not a signature file");
    let out = format!("--out /nowhere/batch.json {}", files[0]);
    s.bench
        .refused(&build(&out), Exit::BadInput, "cannot be written");
}

#[test]
fn a_member_signs_one_statement_about_a_window_in_a_batch_or_by_itself() {
    let mut s = Scene::new();
    let ([job, other], files) = s.said();
    let batch = s.build("batch.json", &files);
    let endorse = format!("attest batch endorse {batch}");
    s.bench.refused_as(
        "stranger",
        &endorse,
        Exit::Key,
        "is no member of the attester set",
    );
    s.sign("a1", &job, 0, 99, "quorum");
    s.bench
        .refused_as("a1", &endorse, Exit::BadInput, "signed another statement");
    // It signed nothing of the batch, and so may say something else of the rest.
    s.sign("a1", &other, 0, 69, "quorum");
    // What it signed in a batch it says again, and nothing else.
    let first = s.endorse("a2", &batch);
    s.sign("a2", &job, 0, 100, "quorum");
    assert_eq!(
        fs::read_to_string(&first).unwrap(),
        s.bench.ok("a2", &endorse).out
    );
    let context = s
        .bench
        .field("buyer", &format!("job show {job}"), "context");
    let digest = "ab".repeat(32);
    let line = format!("attest sign --context {context} --window 1 --units 51 --digest {digest}");
    s.bench
        .refused_as("a2", &line, Exit::BadInput, "signed another statement");
    s.bench.refused_as(
        "a3",
        &format!("--as-instruction {endorse}"),
        Exit::BadInput,
        "prints what a command would send itself",
    );

    // A file whose statements have another root is signed by nobody, posted by nobody and proves nothing.
    let text = fs::read_to_string(&batch).unwrap();
    let forged = text.replace("\"units\":\"100\"", "\"units\":\"101\"");
    assert_ne!(forged, text);
    let forged = s.bench.file("forged.json", &forged);
    let posted = format!("attest batch post {batch} {first}");
    let posted = s.bench.field("guild", &posted, "batch");
    for line in [
        format!("attest batch endorse {forged}"),
        format!("attest batch post {forged} {first}"),
        format!("attest batch prove {forged} {posted}"),
    ] {
        s.bench.refused_as(
            "a3",
            &line,
            Exit::BadInput,
            "the root of these statements is",
        );
    }
    for (line, says) in [
        (
            "attest batch endorse /nowhere.json".to_owned(),
            "no batch file",
        ),
        (
            format!("attest batch endorse {first}"),
            "is not a batch file",
        ),
        (
            format!("attest batch post {batch} {batch}"),
            "not a signature file",
        ),
        (
            format!("attest batch post {batch} {}", files[0]),
            "not a signature file",
        ),
    ] {
        s.bench.refused_as("a3", &line, Exit::BadInput, says);
    }
}

#[test]
fn a_batch_is_posted_and_proven_by_those_whose_it_is() {
    let mut s = Scene::new();
    let (_, files) = s.said();
    let whole = s.build("batch.json", &files);
    let part = s.build("part.json", &files[..1]);
    let signed = ["a1", "a2"].map(|name| s.endorse(name, &whole));
    let of_part = s.endorse("a1", &part);
    let post = |files: &str| format!("attest batch post {whole} {files}");
    let text = fs::read_to_string(&signed[0]).unwrap();
    let root: Value = serde_json::from_str(&text).unwrap();
    let root = root["root"].as_str().unwrap();
    let forged = s
        .bench
        .file("forged.sig", &text.replace(root, &"0a".repeat(32)));
    for (line, says) in [
        (post(&of_part), "is of another batch"),
        (post(&forged), "signature of the root beside it"),
        (post(&format!("{} --expires 1d", signed[0])), ""),
    ] {
        let exit = if says.is_empty() {
            Exit::Usage
        } else {
            Exit::BadInput
        };
        s.bench.refused_as("guild", &line, exit, says);
    }
    for expires in ["+0", "+61d"] {
        let line = post(&format!("{} --expires {expires}", signed.join(" ")));
        refuses(&mut s, "guild", &line, "60 days at most");
    }
    let batch = s.bench.field("guild", &post(&signed.join(" ")), "batch");
    let prove = format!("attest batch prove {whole} {batch}");
    for (key, line, exit, says) in [
        ("stranger", prove.clone(), Exit::BadInput, "works on"),
        (
            "stranger",
            format!("{prove} --operator"),
            Exit::BadInput,
            "operates no provider",
        ),
        (
            "stranger",
            format!("{prove} --operator --provider {}", s.provider),
            Exit::Key,
            "provider's operator",
        ),
        (
            "worker",
            format!("attest batch prove {part} {batch}"),
            Exit::BadInput,
            "its root is another",
        ),
        (
            "worker",
            format!("--with-memo {} {prove}", "m".repeat(900)),
            Exit::BadInput,
            "fits no transaction",
        ),
    ] {
        s.bench.refused_as(key, &line, exit, says);
    }
    // After the grace of all, none is left.
    s.wait(4 * HOUR);
    let says = "StatementExpired); nor can 2 others";
    s.bench.refused_as("worker", &prove, Exit::BadInput, says);
}
