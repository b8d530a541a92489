//! Members that hang, and refuse what they would sign a moment later.

use {
    super::{
        odd::{self, Hanging, Odd},
        world::*,
    },
    crate::{
        chain::Chain,
        member::{Caller, Member, Unasked},
        worker::Members,
    },
    sluice_client::{Address, JobState, Keypair, Signer},
    sluice_work::core::Kind,
    std::{
        io::{Read, Write},
        net::TcpListener,
        rc::Rc,
        sync::{Arc, atomic::Ordering},
        thread,
        time::{Duration, Instant},
    },
};

#[test]
fn a_member_that_hangs_holds_up_neither_admission_nor_inputs_nor_signatures() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| {
        job.state = JobState::Open.byte();
        (job.node, job.worker) = Default::default();
    });
    let who = world.peers.all.lock().unwrap()[1].key.pubkey();
    let ask = Arc::new(Hanging {
        inner: Arc::clone(&world.peers),
        who,
        naps: (Duration::from_millis(300), Duration::from_secs(30)),
        asked: Default::default(),
    });
    let ledger = Odd {
        net: world.net.clone(),
        is_blind: Rc::default(),
    };
    let members: Arc<dyn Members> = Arc::<Hanging>::clone(&ask);
    let mut worker = odd::open(&world, ledger, members);
    let begun = Instant::now();
    for window in 0..8 {
        world.at(100 + 100 * i64::from(window));
        while world.stage(window) != "proven" {
            assert!(begun.elapsed() < Duration::from_secs(20), "never: {window}");
            worker.turn().unwrap();
            worker.rest(Duration::from_millis(10));
            if world.net.calls(ACCEPT) == 1 && world.net.job().start_at == world.net.now.get() {
                // It began at this moment: the windows are counted from here.
                world.net.edit(|job| job.start_at = START);
            }
        }
    }
    // All eight windows were put before it, and only a few wait for it.
    let asked = ask.asked.1.load(Ordering::SeqCst);
    assert!(asked <= 1 + 4, "{asked}");
    // A few inputs waited for it, then others were asked first.
    let gives = ask.asked.0.load(Ordering::SeqCst);
    assert!(gives <= 6, "{gives}");
}

#[test]
fn a_refusal_that_is_not_of_the_window_itself_is_no_last_word() {
    for code in ["malformed", "too_much", "too_long", "not_live", "a new one"] {
        let world = World::new(Kind::Wasm);
        let mut worker = world.open();
        world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
        (0..4).for_each(|at| world.peers.set(at, Mood::Refuses(code)));
        world.at(100);
        world.until(&mut worker, "refused", |world| {
            let refusals = world.store().refusals(&id(0)).unwrap();
            refusals.iter().filter(|one| one.code == code).count() == 4
        });
        (0..4).for_each(|at| world.peers.set(at, Mood::Honest));
        world.until(&mut worker, code, |world| world.stage(0) == "proven");
    }
}

#[test]
fn a_refusal_as_long_as_a_book_is_cut_where_it_comes_in() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4_096]);
        let body = format!(
            "{{\"code\":\"{}\",\"message\":\"{}\"}}",
            "c".repeat(9_000),
            "m".repeat(50_000)
        );
        let head = format!(
            "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream
            .write_all(format!("{head}{body}").as_bytes())
            .unwrap();
    });
    let chain = Chain {
        ledger: (),
        network: Address::default(),
        clock: Arc::new(crate::clock::ChainClock::patient(
            std::time::Duration::from_millis(200),
        )),
    };
    chain.clock.read(START);
    let caller = Caller::new(Arc::new(Keypair::new()), chain.clock, true).unwrap();
    let member = Member {
        key: Keypair::new().pubkey(),
        url,
    };
    let Err(Unasked::Refused(told)) = caller.get(&member, &JOB, None, &[1; 32]) else {
        panic!("refused");
    };
    assert_eq!((told.code.len(), told.message.len()), (32, 300));
}
