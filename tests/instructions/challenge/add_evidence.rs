use {
    super::{RULING, chain},
    sluice_client::{events::EvidenceAdded, instruction as ix},
    sluice_tests::world::{Site, Tamper, logged, same, upheld, void},
    solana_signer::Signer,
    std::slice::from_ref,
};

#[test]
fn evidence_joins_the_chain_with_its_author() {
    let (mut site, objection) = Site::challenged();
    let mut expected = site.world.challenge_state(&objection);
    for piece in 0..3u8 {
        let author = site.world.key();
        let add = ix::add_evidence(&author.pubkey(), &objection.address, [piece; 32]);
        let receipt = site.world.ok(&[add], &[&author]);
        expected.evidence = chain(expected.evidence, &author.pubkey(), [piece; 32]);
        expected.pieces += 1;
        same(&site.world.challenge_state(&objection), &expected);
        logged(
            &receipt,
            &[EvidenceAdded {
                challenge: objection.address,
                author: author.pubkey(),
                piece: [piece; 32],
                evidence: expected.evidence,
            }],
        );
    }
    assert_eq!(expected.pieces, 4);
}

#[test]
fn evidence_is_taken_until_the_ruling_time_ends() {
    let (mut site, objection) = Site::challenged();
    let author = site.world.key();
    let add = ix::add_evidence(&author.pubkey(), &objection.address, [1; 32]);
    site.at_ruling(0, RULING);
    site.world
        .refused(from_ref(&add), &[&author], "EvidenceClosed");
    site.at_ruling(0, RULING - 1);
    site.world.ok(&[add], &[&author]);
}

#[test]
fn a_ruling_ends_the_evidence() {
    for ruling in [upheld(), void(0)] {
        let (mut site, objection) = Site::challenged();
        let author = site.world.key();
        let add = ix::add_evidence(&author.pubkey(), &objection.address, [1; 32]);
        site.rule(&objection, ruling);
        site.world
            .refused(from_ref(&add), &[&author], "AlreadyRuled");
        site.at_ruling(0, RULING);
        site.world.refused(&[add], &[&author], "AlreadyRuled");
    }
}

#[test]
fn the_author_signs_and_the_challenge_is_one() {
    let (mut site, objection) = Site::challenged();
    let author = site.world.key();
    let add = ix::add_evidence(&author.pubkey(), &objection.address, [1; 32]);
    let without = add.unsigned(&author.pubkey());
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let cosplay = add.with(&objection.address, &site.job.address);
    site.world
        .refused(&[cosplay], &[&author], "InvalidAccountData");
    let copy = site.world.counterfeit(&objection.address);
    let foreign = add.with(&objection.address, &copy);
    site.world.refused(&[foreign], &[&author], "IllegalOwner");
}
