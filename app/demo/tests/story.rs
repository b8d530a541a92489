//! The whole demo at a tiny resolution, and what it says when a total is off.

use {
    sluice_demo::{
        Outcome,
        checks::{Expected, Item, verdict},
        plan::{FRAMES, Options, SIDE, node_of, withheld},
        progress::Screen,
        report::{WIDTH, tables},
        work::Film,
    },
    sluice_kernel_fractal::{Place, Tile},
    sluice_work::engine::sbpf::{Mode, STEPS, Sbpf, steps},
    std::{
        path::{Path, PathBuf},
        process::Command,
    },
};

/// The kernel that `cargo xtask demo` and `cargo xtask kernels` build.
fn kernel() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/kernels/fractal.so")
}

fn options(out: &Path) -> Options {
    Options {
        elf: sluice_elf::built().to_owned(),
        kernel: kernel(),
        out: out.to_owned(),
        side: 1,
    }
}

fn play(name: &str) -> (Outcome, PathBuf) {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Frames of an earlier story would be counted with those of this one.
    let _ = std::fs::remove_dir_all(&out);
    let outcome = sluice_demo::run(&options(&out), &Screen::new(true)).unwrap();
    (outcome, out)
}

#[test]
fn the_story_ends_with_every_total_right() {
    let (outcome, out) = play("story");
    outcome.book.verify().unwrap();
    let checks = Expected::totals()
        .compare(&outcome.book, &outcome.facts)
        .unwrap();
    verdict(&checks).unwrap();
    let withheld = withheld();
    assert_eq!(
        outcome.credited,
        u64::from(FRAMES) - 1 - withheld.len() as u64
    );
    assert!(outcome.units.contains_key("attest"));

    let frames = std::fs::read_dir(out.join("frames")).unwrap().count();
    assert_eq!(frames, FRAMES as usize);
    assert!(out.join("frames/frame-17-refused.png").exists());
    for frame in withheld {
        let name = format!("frames/frame-{frame:02}-withheld.png");
        assert!(out.join(name).exists());
    }
    assert!(out.join("contact-sheet.png").exists());
}

#[test]
fn any_expectation_off_by_one_base_unit_fails_by_name() {
    let (outcome, _) = play("tampered");
    let honest = Expected::totals();
    for index in 0..honest.0.len() {
        let mut tampered = honest.clone();
        tampered.0[index].1 += 1;
        let checks = tampered.compare(&outcome.book, &outcome.facts).unwrap();
        let said = verdict(&checks).unwrap_err().to_string();
        let (Item::Flow(name, ..) | Item::End(name, _) | Item::Fact(name, _)) = &honest.0[index].0;
        assert!(said.starts_with(name.as_str()), "{said}");
    }
}

#[test]
fn two_runs_come_to_the_same_numbers() {
    let (first, second) = (play("first").0, play("second").0);
    assert_eq!(tables(&first.book), tables(&second.book));
    let units = |outcome: &Outcome| format!("{:?}", outcome.units);
    assert_eq!(units(&first), units(&second));
}

/// What the command prints at a tiny resolution, without a terminal.
fn printed(name: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_sluice-demo"))
        .current_dir(folder)
        .arg("--elf")
        .arg(std::fs::canonicalize(sluice_elf::built()).unwrap())
        .arg("--kernel")
        .arg(std::fs::canonicalize(kernel()).unwrap())
        .args(["--out", "target/demo", "--side", "1"])
        .output()
        .unwrap();
    assert!(run.status.success());
    assert!(run.stderr.is_empty());
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn every_line_fits_a_terminal_of_80_columns() {
    let printed = printed("width");
    assert!(printed.lines().count() > 150);
    for line in printed.lines() {
        assert!(line.chars().count() <= WIDTH, "{line}");
    }
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let printed = printed("readme");
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme
        .split_once("prints the story and the ledgers:\n\n```text\n")
        .unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    assert!(shown.lines().count() > 15);
    let mut lines = printed.lines();
    // In the same order, with gaps where the README has points.
    for line in shown.lines().filter(|line| line.trim() != "...") {
        assert!(lines.any(|printed| printed == line), "{line}");
    }
}

#[test]
fn every_tile_of_the_film_stays_below_a_million_compute_units() {
    let options = Options {
        side: SIDE,
        ..options(Path::new(""))
    };
    let film = Film::new(&options).unwrap();
    let engine = Sbpf::new(Mode::Interpreter).unwrap();
    let code = std::fs::read(kernel()).unwrap();
    for frame in 0..FRAMES {
        let work = &film.works[node_of(frame)];
        // The engine ends whatever takes more than a million.
        let steps_of = |input: &&[u8]| -> u64 {
            let output = film.run(work, input).unwrap();
            let limit = Tile::decode(input).unwrap().limit;
            let steps = output
                .as_chunks()
                .0
                .iter()
                .map(|two| u16::from_le_bytes(*two));
            steps
                .map(|steps| u64::from(if steps == 0 { limit } else { steps }))
                .sum()
        };
        let dearest = work.frame(frame).max_by_key(steps_of).unwrap();
        let units = steps(&engine, &code, dearest).unwrap();
        // No tile of this frame could cost more, whatever it showed: every point of this one stays inside.
        let inside = Tile {
            first: Place { re: 0, im: 0 },
            right: Place { re: 0, im: 0 },
            ..Tile::decode(dearest).unwrap()
        };
        let most = steps(&engine, &code, &inside.encode()).unwrap();
        assert!(
            units <= most && most < STEPS,
            "frame {frame}: {units} of {most}"
        );
    }
}
