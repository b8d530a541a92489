use {
    sluice_client::{events::BatchSigned, statement::batch_message},
    sluice_tests::world::{BatchHandle, Site, logged, same},
    solana_signer::Signer,
    std::slice::from_ref,
};

/// A batch of one statement that the first member signed.
fn batch(site: &mut Site) -> BatchHandle {
    let said = site.world.statement(&site.job, 0, 50);
    let tree = sluice_client::batch::Tree::new(vec![said.hash()]).unwrap();
    site.world.post_tree(&site.set, tree, &[0])
}

#[test]
fn anybody_adds_members_in_any_order() {
    let mut site = Site::new();
    let batch = batch(&mut site);
    let mut expected = site.world.batch(&batch);
    for (indices, signers) in [(&[3][..], 0b1001), (&[1], 0b1011), (&[0, 1, 2, 3], 0b1111)] {
        let endorse = site.world.endorse_ixs(&batch, &site.set, indices);
        let receipt = site.world.ok(&endorse, &[]);
        expected.signers = signers;
        same(&site.world.batch(&batch), &expected);
        logged(
            &receipt,
            &[BatchSigned {
                batch: batch.address,
                set: site.set.address,
                root: batch.tree.root(),
                payer: batch.payer.pubkey(),
                expires_at: expected.expires_at,
                signers: u64::from(signers),
            }],
        );
    }
}

#[test]
fn a_member_endorses_once() {
    let mut site = Site::new();
    let batch = batch(&mut site);
    let again = site.world.endorse_ixs(&batch, &site.set, &[0]);
    site.world.refused(&again, &[], "AlreadyEndorsed");
    let more = site.world.endorse_ixs(&batch, &site.set, &[0, 2]);
    site.world.ok(&more, &[]);
    site.world.chain.svm().expire_blockhash();
    site.world.refused(&more, &[], "AlreadyEndorsed");
}

#[test]
fn a_member_that_left_does_not_endorse() {
    let mut site = Site::new();
    let batch = batch(&mut site);
    let endorse = site.world.endorse_ixs(&batch, &site.set, &[1, 2]);
    site.world.leave(&site.set, 2);
    site.world.refused(&endorse, &[], "MemberNotLive");
    let endorse = site.world.endorse_ixs(&batch, &site.set, &[1]);
    site.world.ok(&endorse, &[]);
}

#[test]
fn the_set_is_the_batchs_and_its_members_sign_this_batch() {
    let mut site = Site::new();
    let own = batch(&mut site);
    let other_set = site.world.set(4, 3);
    let mut endorse = site.world.endorse_ixs(&own, &site.set, &[1]);
    endorse[1].accounts[1].pubkey = other_set.address;
    site.world.refused(&endorse, &[], "WrongSet");
    // Signatures of another root.
    let said = site.world.statement(&site.job, 1, 50);
    let tree = sluice_client::batch::Tree::new(vec![said.hash()]).unwrap();
    let other = site.world.post_tree(&site.set, tree, &[0]);
    let [verify, _] = site.world.endorse_ixs(&other, &site.set, &[1]);
    let [_, program] = site.world.endorse_ixs(&own, &site.set, &[1]);
    site.world
        .refused(&[verify, program.clone()], &[], "WrongStatement");
    site.world.refused(from_ref(&program), &[], "NoSignatures");
    let message = batch_message(&site.set.address, &own.tree.root());
    assert_ne!(message, batch_message(&other_set.address, &own.tree.root()));
    let [verify, mut named] = site.world.endorse_ixs(&own, &site.set, &[1]);
    let at = named.data.len() - 8;
    named.data[at] = 2;
    site.world
        .refused(&[verify.clone(), named.clone()], &[], "NotAMember");
    named.data[at + 1] = 1;
    named.data[at] = 1;
    site.world
        .refused(&[verify, named], &[], "MembersNotAscending");
}
