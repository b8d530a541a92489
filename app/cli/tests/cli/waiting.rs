//! What is waited for is said while it lasts, to people on a terminal, and leaves no trace in what is printed.

use {
    crate::{
        node::Node,
        pty::{COLUMNS, Errors, Seen, plain},
        scene::Scene,
    },
    indicatif::TermLike,
    sluice_cli::{Exit, Terminal},
    std::{
        io,
        net::TcpListener,
        sync::{Arc, Mutex},
        thread,
        time::Duration,
    },
};

/// A terminal that keeps what is drawn on it: each text as it was written, and `<` where a line was cleared.
#[derive(Debug, Default)]
struct Kept(Mutex<Vec<String>>);

impl Kept {
    fn keep(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push(text.to_owned());
        Ok(())
    }

    fn drawn(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl TermLike for Kept {
    fn width(&self) -> u16 {
        COLUMNS
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.keep(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.keep(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.keep("<")
    }

    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

fn terminal(kept: &Arc<Kept>) -> Terminal {
    Terminal {
        columns: Some(80),
        errors: Some(Arc::<Kept>::clone(kept)),
        moves: true,
        ..Terminal::default()
    }
}

#[test]
fn what_takes_no_half_second_is_not_shown_and_programs_are_shown_nothing() {
    let mut s = Scene::new();
    s.open(1);
    let kept = Arc::new(Kept::default());
    let ran = s.bench.on(terminal(&kept), "job list");
    assert_eq!((ran.exit, ran.err.as_str()), (Exit::Ok, ""));
    s.bench.ledger.slow = Duration::from_millis(700);
    for form in ["json", "json-compact"] {
        let ran = s
            .bench
            .on(terminal(&kept), &format!("--output {form} job list"));
        assert_eq!((ran.exit, ran.err.as_str()), (Exit::Ok, ""));
        assert!(!ran.out.contains('\u{1b}'));
    }
    let still = Terminal {
        moves: false,
        ..terminal(&kept)
    };
    assert_eq!(s.bench.on(still, "job list").exit, Exit::Ok);
    assert_eq!(kept.drawn(), Vec::<String>::new());
}

#[test]
fn what_lasts_is_told_in_words_and_taken_away() {
    let mut s = Scene::new();
    s.open(1);
    s.bench.ledger.slow = Duration::from_millis(700);
    let kept = Arc::new(Kept::default());
    let ran = s.bench.on(terminal(&kept), "job list");
    assert_eq!((ran.exit, ran.err.as_str()), (Exit::Ok, ""));
    let drawn = kept.drawn();
    for words in ["reads 3 accounts", "searches the program's accounts"] {
        assert!(drawn.iter().any(|text| text.contains(words)), "{drawn:?}");
    }
    assert!(drawn.iter().any(|text| text.contains(" 1s ")), "{drawn:?}");
    assert_eq!(drawn.last().map(String::as_str), Some("<"), "{drawn:?}");
    for text in &drawn {
        assert!(plain(text).chars().count() <= 80, "{text}");
    }
}

#[test]
fn steps_are_counted_while_each_says_what_it_waits_for() {
    let mut s = Scene::new();
    s.active(1);
    s.active(2);
    s.open(3);
    s.wait(30 * 86_400);
    s.bench.ledger.slow = Duration::from_millis(80);
    let kept = Arc::new(Kept::default());
    let key = s.bench.path("buyer");
    let line = format!("-k {key} crank --network {} --create-accounts", s.network);
    let ran = s.bench.on(terminal(&kept), &line);
    assert_eq!(ran.err, "", "{}", ran.out);
    let drawn = kept.drawn();
    let counts = |text: &&String| text.contains("/3 looks after the jobs: simulates");
    let counted: Vec<_> = drawn.iter().filter(counts).collect();
    assert!(!counted.is_empty(), "{drawn:?}");
    for text in &drawn {
        assert!(plain(text).chars().count() <= 80, "{text}");
    }
}

#[test]
fn on_a_terminal_a_slow_node_is_waited_for_in_words_and_the_result_stands_alone() {
    let mut s = Scene::new();
    s.open(1);
    let mut node = Node::before(&mut s.bench.ledger.chain);
    node.delay = Duration::from_millis(900);
    let mut seen = Seen::start(&["-u", &node.url(), "job", "list"], Errors::ToTheTerminal);
    node.serve(&mut seen.child, || false);
    assert!(seen.end().success(), "{}", seen.bytes());
    let first = seen.first().unwrap();
    assert!(first >= Duration::from_millis(500), "{first:?}");
    let lines = seen.lines();
    for words in ["reads 3 accounts", "searches the program's accounts"] {
        assert!(lines.iter().any(|line| line.contains(words)), "{lines:?}");
    }
    for line in &lines {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let screen = seen.screen();
    assert!(screen.starts_with("jobs  1\n"), "{screen}");
    assert!(!screen.contains("accounts"), "{screen}");
}

#[test]
fn where_errors_go_elsewhere_or_programs_read_nothing_is_drawn() {
    let mut s = Scene::new();
    s.open(1);
    for (errors, form) in [
        (Errors::Elsewhere, "display"),
        (Errors::ToTheTerminal, "json"),
    ] {
        let mut node = Node::before(&mut s.bench.ledger.chain);
        node.delay = Duration::from_millis(900);
        let words = ["-u", &node.url(), "--output", form, "job", "list"];
        let mut seen = Seen::start(&words, errors);
        node.serve(&mut seen.child, || false);
        assert!(seen.end().success(), "{}", seen.bytes());
        let bytes = seen.bytes();
        assert!(!plain(&bytes).contains("reads"), "{bytes}");
        assert!(form != "json" || !bytes.contains('\u{1b}'), "{bytes}");
        if let Some(mut errors) = seen.child.stderr.take() {
            let told = io::read_to_string(&mut errors).unwrap();
            assert_eq!(told, "");
        }
    }
}

#[test]
fn a_node_that_never_answers_is_named_within_five_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = silent.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let held: Vec<_> = silent.incoming().collect();
        drop(held);
    });
    let url = format!("http://{host}/?api-key=SeCret-4242");
    let told = format!("waiting for http://{host} to answer getMultipleAccounts");
    for form in ["display", "json"] {
        let words = ["-u", &url, "--output", form, "job", "list"];
        let seen = Seen::start(&words, Errors::ToTheTerminal);
        while !seen.shows(&told) {
            assert!(seen.age() < Duration::from_secs(5), "{}", seen.bytes());
            thread::sleep(Duration::from_millis(50));
        }
        assert!(!seen.bytes().contains("SeCret"), "{}", seen.bytes());
        assert_eq!(seen.bytes().contains('\u{1b}'), form == "display");
    }
}

#[test]
fn whoever_would_stake_behind_a_dear_provider_is_asked_with_the_commission_before_money_moves() {
    let mut s = Scene::new();
    let (key, provider) = (s.bench.path("guild"), s.provider.clone());
    let state = s.bench.path("state");
    let mut node = Node::before(&mut s.bench.ledger.chain);
    node.delay = Duration::from_millis(300);
    node.confirms_after = Duration::from_millis(1_500);
    let url = node.url();
    let words = [
        "-u",
        &url,
        "-k",
        &key,
        "--state-dir",
        &state,
        "stake",
        "deposit",
        &provider,
        "1",
    ];
    let question = "Go on? [y/N]";
    for (answer, sent, code) in [("n", 0, Some(12)), ("y", 1, Some(0))] {
        let mut seen = Seen::start(&words, Errors::ToTheTerminal);
        let mut asked = String::new();
        let mut keyboard = seen.keyboard();
        let screen = seen.watcher();
        node.serve(&mut seen.child, || {
            if asked.is_empty() && screen().contains(question) {
                asked = screen();
                keyboard(answer);
            }
            false
        });
        let status = seen.end();
        let told = asked.replace('\n', " ");
        assert!(
            told.contains("keeps 100 % of its delegators' rewards, and cannot be taken back"),
            "{asked}"
        );
        assert!(!asked.contains("simulates"), "{asked}");
        assert_eq!(status.code(), code, "{}", seen.bytes());
        assert_eq!(node.count, sent, "{}", seen.bytes());
        let waits = seen
            .lines()
            .iter()
            .any(|line| line.contains("is confirmed"));
        assert_eq!(waits, sent == 1, "{}", seen.bytes());
        let links = seen.bytes().contains("https://explorer.solana.com/tx/");
        assert_eq!(links, sent == 1, "{}", seen.bytes());
        assert!(!seen.screen().contains("is confirmed"), "{}", seen.screen());
    }
}
