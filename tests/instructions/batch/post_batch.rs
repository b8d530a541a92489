use {
    super::HOUR,
    sluice::attestation::{MESSAGE_LEN, TAG_QUORUM},
    sluice_client::{
        Batch, Ledger, address,
        batch::Tree,
        events::BatchSigned,
        instruction as ix,
        statement::{Countersignature, Path, batch_message, ed25519_instruction},
    },
    sluice_tests::world::{DAY, Site, logged, through_forwarder},
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::slice::from_ref,
};

const ROOT: [u8; 32] = [9; 32];

/// A batch of [`ROOT`] by a fresh payer, for a day.
fn post(site: &mut Site, indices: &[usize]) -> (solana_keypair::Keypair, [Instruction; 2]) {
    let payer = site.world.party();
    let expires_at = site.world.now() + i64::from(DAY);
    let post = site
        .world
        .post_ixs(&payer.pubkey(), &site.set, ROOT, expires_at, indices);
    (payer, post)
}

#[test]
fn a_batch_keeps_root_set_payer_date_and_who_signed() {
    for indices in [&[0][..], &[1, 3], &[0, 1, 2, 3]] {
        let mut site = Site::new();
        let (payer, post) = post(&mut site, indices);
        let receipt = site.world.ok(&post, &[&payer]);
        let address = address::batch(&payer.pubkey(), &site.set.address, &ROOT);
        let batch: Batch = site.world.chain.get(&address).unwrap();
        let signers = indices.iter().fold(0u16, |mask, index| mask | 1 << index);
        assert_eq!((batch.set, batch.root), (site.set.address, ROOT));
        assert_eq!((batch.payer, batch.signers), (payer.pubkey(), signers));
        let expires_at = site.world.now() + i64::from(DAY);
        assert_eq!((batch.expires_at, batch.reserve), (expires_at, [0; 5]));
        logged(
            &receipt,
            &[BatchSigned {
                batch: address,
                set: site.set.address,
                root: ROOT,
                payer: payer.pubkey(),
                expires_at,
                signers: u64::from(signers),
            }],
        );
    }
}

#[test]
fn a_date_lies_ahead_and_within_sixty_days() {
    let mut site = Site::new();
    let now = site.world.now();
    let latest = now + 60 * i64::from(DAY);
    for date in [i64::MIN, 0, now - 1, now, latest + 1, i64::MAX] {
        let payer = site.world.party();
        let post = site
            .world
            .post_ixs(&payer.pubkey(), &site.set, ROOT, date, &[0]);
        site.world.refused(&post, &[&payer], "ExpiryOutOfBounds");
    }
    for date in [now + 1, latest] {
        let payer = site.world.party();
        let post = site
            .world
            .post_ixs(&payer.pubkey(), &site.set, ROOT, date, &[0]);
        site.world.ok(&post, &[&payer]);
    }
}

#[test]
fn a_stranger_who_posts_first_is_in_nobodys_way_and_a_payer_posts_a_root_once() {
    let mut site = Site::new();
    let (stranger, first) = post(&mut site, &[0]);
    site.world.ok(&first, &[&stranger]);
    let (payer, second) = post(&mut site, &[0, 1, 2]);
    site.world.ok(&second, &[&payer]);
    site.world.chain.svm().expire_blockhash();
    site.world.refused(&second, &[&payer], "Custom(0)");
}

#[test]
fn the_payer_signs() {
    let mut site = Site::new();
    let (_, mut post) = post(&mut site, &[0]);
    post[1].accounts[0].is_signer = false;
    site.world.refused(&post, &[], "MissingRequiredSignature");
}

/// The second instruction behind these signatures.
fn behind(
    post: &[Instruction; 2],
    message: &[u8; MESSAGE_LEN],
    by: &[Countersignature],
) -> [Instruction; 2] {
    [ed25519_instruction(message, by).unwrap(), post[1].clone()]
}

#[test]
fn what_members_sign_is_this_root_of_this_set_under_the_tag_of_batches() {
    let mut site = Site::new();
    let (payer, post) = post(&mut site, &[0]);
    let member = site.set.attesters[0].key.insecure_clone();
    let other_set = site.world.set(4, 3);
    let own = batch_message(&site.set.address, &ROOT);
    let mut tagged = own;
    tagged[..16].copy_from_slice(&TAG_QUORUM);
    let mut bare = own;
    bare[16..].copy_from_slice(&ROOT);
    let messages = [
        batch_message(&site.set.address, &[8; 32]),
        batch_message(&other_set.address, &ROOT),
        tagged,
        bare,
    ];
    for message in messages {
        let by = Countersignature {
            key: member.pubkey(),
            signature: member.sign_message(&message),
        };
        let forged = behind(&post, &message, &[by]);
        site.world.refused(&forged, &[&payer], "WrongStatement");
    }
    // What the member signed of a window is no batch.
    let statement = site.world.statement(&site.job, 0, 10);
    let by = statement.sign(Path::Quorum, &member).unwrap();
    let forged = behind(&post, &statement.message(Path::Quorum), &[by]);
    site.world.refused(&forged, &[&payer], "WrongStatement");
    site.world.ok(&post, &[&payer]);
}

#[test]
fn only_live_members_count_in_order_and_once() {
    let mut site = Site::new();
    let (payer, post) = post(&mut site, &[0, 1]);
    let message = batch_message(&site.set.address, &ROOT);
    let by = site.set.sign_batch(&ROOT, &[0, 1]);
    let stranger = site.world.key();
    let stranger = Countersignature {
        key: stranger.pubkey(),
        signature: stranger.sign_message(&message),
    };
    let named = |post: &[Instruction; 2], members: u64| {
        let mut post = post.clone();
        let at = post[1].data.len() - 8;
        post[1].data[at..].copy_from_slice(&members.to_le_bytes());
        post
    };
    for (by, members, name) in [
        (vec![by[1], by[0]], 0x01, "MembersNotAscending"),
        (vec![by[0], by[0]], 0x00, "MembersNotAscending"),
        (vec![by[0]], 0x10, "MembersNotAscending"),
        (vec![by[0], by[1]], 0x20, "NotAMember"),
        (vec![by[0], stranger], 0x10, "NotAMember"),
        (vec![stranger], 0x00, "NotAMember"),
        (vec![by[0], by[1]], 0x40, "MemberNotLive"),
        (vec![by[0], by[1]], 0xf0, "MemberNotLive"),
    ] {
        let forged = behind(&named(&post, members), &message, &by);
        site.world.refused(&forged, &[&payer], name);
    }
    site.world.leave(&site.set, 1);
    site.world.refused(&post, &[&payer], "MemberNotLive");
}

#[test]
fn the_signatures_stand_right_before_at_top_level_in_the_one_layout() {
    let mut site = Site::new();
    let (payer, post) = post(&mut site, &[0]);
    let [verify, program] = post.clone();
    site.world
        .refused(from_ref(&program), &[&payer], "NoSignatures");
    let between = [verify.clone(), verify.clone(), program.clone()];
    let swapped = [program.clone(), verify.clone()];
    site.world.refused(&swapped, &[&payer], "NoSignatures");
    let mut bent = verify.clone();
    // The message's length, so that less of it is signed.
    bent.data[2 + 10] = 47;
    let message = batch_message(&site.set.address, &ROOT);
    let short = site.set.attesters[0].key.sign_message(&message[..47]);
    bent.data[2 + 14 + 48 + 32..].copy_from_slice(short.as_ref());
    site.world
        .refused(&[bent, program.clone()], &[&payer], "MalformedSignatures");
    site.world.add_forwarder();
    let forwarded = through_forwarder(&program);
    site.world
        .refused(&[verify, forwarded], &[&payer], "NotTopLevel");
    site.world.ok(&between, &[&payer]);
}

#[test]
fn sixteen_of_sixteen_sign_in_as_many_transactions_as_it_takes() {
    let mut world = sluice_tests::world::World::new();
    let set = world.set(16, 16);
    let mut site = Site::under(world, set, |_| ());
    let said = site.world.statement(&site.job, 0, 50);
    let tree = Tree::new(vec![said.hash()]).unwrap();
    let all: Vec<usize> = (0..16).collect();
    let batch = site.world.post_tree(&site.set, tree, &all[..5]);
    site.at(HOUR);
    for part in [&all[5..10], &all[10..15]] {
        let endorse = site.world.endorse_ixs(&batch, &site.set, part);
        site.world.ok(&endorse, &[]);
    }
    let run = batch.run(0, 1, &[(0, said)]);
    site.world
        .run_refused(&batch, &site.job, run.clone(), "BatchBelowThreshold");
    let endorse = site.world.endorse_ixs(&batch, &site.set, &all[15..]);
    site.world.ok(&endorse, &[]);
    site.world.prove_run(&batch, &site.job, run);
    let entry = site.state().ring[0];
    assert_eq!((entry.units, entry.signers), (50, u16::MAX));
    let close = ix::close_batch(&batch.address, &site.world.batch(&batch));
    site.world
        .refused(&[close], &[&batch.payer], "BatchNotExpired");
}
