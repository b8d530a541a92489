use {
    super::*,
    crate::attester::{Challenger, Guard, Lie, Opened, REASON_CHUNK, REASON_CLAIM},
    sluice_client::{Challenge, Network, address, instruction::token::TOKEN_PROGRAM},
    std::rc::Rc,
};

impl World {
    /// A quorum proved this, signed by these members.
    fn prove(&self, sealed: &Sealed, signers: u16) {
        let Claim {
            window,
            units,
            digest,
        } = sealed.claim;
        let statement = Statement::of(&self.job(), window, units, digest).hash();
        self.change(|job| {
            let entry = &mut job.ring[usize::try_from(window).unwrap()];
            entry.units = units;
            entry.window_plus_one = window + 1;
            entry.signers = signers;
            entry.statement.copy_from_slice(&statement[..24]);
        });
    }

    fn lies(&self) -> Vec<Lie> {
        let mut guard = Guard::new(self.attester().clone());
        guard.lies().unwrap()
    }
}

/// The worker shows this attester an honest claim, and has others prove a false one.
#[tokio::test(flavor = "multi_thread")]
async fn a_lie_that_was_refused_for_contradicting_is_found_when_others_prove_it() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    let lie = world.lie(0, &[2]).await;
    assert_eq!(code(&world.ask(&lie).await), "contradiction");
    assert!(world.lies().is_empty());
    world.prove(&lie, 0b110);
    let lies = world.lies();
    assert_eq!((lies.len(), lies[0].reason), (1, REASON_CHUNK));
    assert_eq!(lies[0].evidence, hash::blob(&lie.evidence.to_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_that_others_signed_is_found() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.lie(0, &[2]).await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
    assert!(world.lies().is_empty());
    world.prove(&sealed, 0b110);
    let lies = world.lies();
    assert_eq!(lies.len(), 1);
    assert_eq!((lies[0].window, lies[0].reason), (0, REASON_CHUNK));
    assert_eq!(lies[0].evidence, hash::blob(&sealed.evidence.to_bytes()));
    // It is found as long as it can be challenged, until the guard is done with it.
    world.at(349);
    assert_eq!(world.lies().len(), 1);
    world.open();
    assert_eq!(world.lies().len(), 1);
    Guard::new(world.attester().clone()).done(&lies[0]).unwrap();
    assert!(world.lies().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_in_what_is_true_unknown_own_or_mature() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    let lie = world.lie(0, &[2]).await;
    assert_eq!(code(&world.ask(&lie).await), "output");
    assert_eq!(world.ask(&honest).await.0, StatusCode::OK);
    // The quorum signed the other claim.
    world.prove(&honest, 0b110);
    assert!(world.lies().is_empty());
    // What this attester signed is nothing that it challenges.
    world.prove(&lie, 0b011);
    assert!(world.lies().is_empty());
    // Of what was never claimed here nothing is known.
    let unknown = world.lie(0, &[3]).await;
    world.prove(&unknown, 0b110);
    assert!(world.lies().is_empty());
    world.prove(&lie, 0b110);
    world.at(350);
    assert!(world.lies().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_could_not_be_checked_is_checked_when_others_prove_it() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    // The worker gave this member no outputs, and the others signed.
    let mut outputs = world.work.honest(0);
    outputs[1] = Some(hash::blob(b"a lie"));
    let lie = world.work.seal(0, outputs);
    assert_eq!(code(&world.ask(&lie).await), "blob_missing");
    world.prove(&lie, 0b110);
    assert!(world.lies().is_empty());
    world.put(b"a lie").await;
    let lies = world.lies();
    assert_eq!((lies.len(), lies[0].reason), (1, REASON_CHUNK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_that_another_member_found_is_found_without_the_worker() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let mut sealed = world.work.seal(0, world.work.honest(0));
    sealed.claim.units -= UNITS;
    let finding = crate::wire::Finding {
        claim: world.submission(&sealed),
        evidence: hex::encode(sealed.evidence.to_bytes()),
        chunk: None,
    };
    let member = world.member.insecure_clone();
    let heard = world.post(&member, "/v1/findings", &finding).await;
    assert_eq!(heard.0, StatusCode::OK);
    world.prove(&sealed, 0b110);
    let lies = world.lies();
    assert_eq!((lies.len(), lies[0].reason), (1, REASON_CLAIM));
}

/// A quorum may have seen evidence that the worker did not show here: a bond is not risked for that.
#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_the_worker_did_not_sign_is_no_lie() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let honest = world.work.seal(0, world.work.honest(0));
    let other = world.lie(0, &[2]).await;
    let shown = Sealed {
        claim: honest.claim,
        evidence: other.evidence,
    };
    assert_eq!(code(&world.ask(&shown).await), "digest");
    world.prove(&honest, 0b110);
    assert!(world.lies().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_is_challenged_once_and_within_the_bounds_of_the_bonds() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.lie(0, &[2]).await;
    assert_eq!(code(&world.ask(&sealed).await), "output");
    world.prove(&sealed, 0b110);
    let lies = world.lies();
    let (ledger, notes) = (world.ledger.clone(), world.folder.path().join("sent"));
    tokio::task::spawn_blocking(move || challenge_all(&ledger, notes, &lies[0]))
        .await
        .unwrap();
}

fn challenge_all(ledger: &Fake, notes: PathBuf, lie: &Lie) {
    let mint = Address::new_from_array([7; 32]);
    let key = Keypair::new();
    let own = key.pubkey();
    let network = Network {
        stake_mint: mint,
        ..Network::zeroed()
    };
    ledger.write(&NETWORK, &network);
    ledger.write_mint(&mint);
    let rich = sluice_client::Account {
        lamports: 1_000_000_000,
        ..Default::default()
    };
    ledger.chain().accounts.insert(own, rich);
    let mut challenger = Challenger {
        ledger: ledger.clone(),
        key: Rc::new(key),
        most_bonds: 49,
        notes,
    };
    let room = challenger.open(lie).unwrap();
    assert_eq!(room, Opened::NoRoom { held: 0, bond: 50 });
    challenger.most_bonds = 100;
    // Without the tokens nothing is sent.
    assert!(challenger.open(lie).is_err());
    let tokens = address::token_account(&own, &mint, &TOKEN_PROGRAM);
    ledger.write_tokens(&tokens, &own, 50);
    assert!(matches!(challenger.open(lie), Ok(Opened::Sent(_))));
    assert_eq!(ledger.chain().sent.len(), 1);
    let at = address::challenge(&JOB, 9, 0);
    let message = &ledger.chain().sent[0].message.clone();
    assert!(message.account_keys.contains(&at));
    // Its account is there now.
    let open = Challenge {
        network: NETWORK,
        challenger: own,
        bond: 51,
        ..Challenge::zeroed()
    };
    ledger.write(&at, &open);
    assert_eq!(challenger.open(lie).unwrap(), Opened::There);
    let next = Lie { window: 1, ..*lie };
    let room = challenger.open(&next).unwrap();
    assert_eq!(room, Opened::NoRoom { held: 51, bond: 50 });
    assert_eq!(ledger.chain().sent.len(), 1);
}

/// The worker sends whatever it likes to the member that does not sign, and nothing of it hides what others found.
#[tokio::test(flavor = "multi_thread")]
async fn claims_that_cannot_be_looked_at_hide_no_lie() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let lie = world.lie(0, &[2]).await;
    let right = world.submission(&lie);
    for number in 0..8u8 {
        // Before and behind the evidence that tells, in the order of names.
        let evidence = [number.wrapping_mul(36); 32];
        let bogus = Submission {
            evidence,
            ..right.clone()
        };
        assert_eq!(code(&world.submit(&bogus).await), "blob_missing");
    }
    assert_eq!(code(&world.submit(&right).await), "claims");
    let finding = crate::wire::Finding {
        claim: right,
        evidence: hex::encode(lie.evidence.to_bytes()),
        chunk: Some(2),
    };
    let member = world.member.insecure_clone();
    let heard = world.post(&member, "/v1/findings", &finding).await;
    assert_eq!(heard.0, StatusCode::OK, "{}", heard.1);
    world.prove(&lie, 0b110);
    assert_eq!(world.lies().len(), 1);
}
