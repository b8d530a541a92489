use {super::Desk, sluice_tests::world::Tamper, solana_address::Address, solana_signer::Signer};

#[test]
fn a_job_needs_no_set_if_it_has_a_cosigner_and_no_cosigner_if_it_has_a_set() {
    let mut desk = Desk::new();
    let job = desk.opened(|args| args.terms.set = Address::default());
    assert_eq!(
        (job.attestation_bps, job.attestation_owner),
        Default::default()
    );
    desk.opened(|args| args.cosigner = Address::default());
    desk.refused("NobodyToProve", |args| {
        args.cosigner = Address::default();
        args.terms.set = Address::default();
    });
}

#[test]
fn the_set_is_the_one_in_the_terms_and_of_the_same_network() {
    let mut desk = Desk::new();
    let other = desk.world.set(1, 1);
    let (open, buyer) = (desk.ix(desk.args), desk.buyer.insecure_clone());
    let bent = open.with(&desk.set.address, &other.address);
    desk.world.refused(&[bent], &[&buyer], "WrongSet");
    // Left out, though the terms name one: the program's own address stands for absence.
    let absent = open.with(&desk.set.address, &sluice_client::ID);
    desk.world.refused(&[absent], &[&buyer], "WrongSet");
    let network = desk.world.other_network();
    let foreign = desk.world.within(&network, |world| world.set(1, 1));
    desk.refused("WrongNetwork", |args| args.terms.set = foreign.address);
}

#[test]
fn a_set_opens_jobs_only_while_it_has_a_quorum() {
    let mut desk = Desk::new();
    let dormant = desk.world.dormant_set(3, 2);
    let refused = |desk: &mut Desk| desk.refused("NoQuorum", |a| a.terms.set = dormant.address);
    refused(&mut desk);
    desk.world.enter(&dormant, &dormant.attesters[0], 0);
    refused(&mut desk);
    desk.world.enter(&dormant, &dormant.attesters[2], 2);
    desk.opened(|args| args.terms.set = dormant.address);
    desk.world.leave(&dormant, 0);
    refused(&mut desk);
}

#[test]
fn no_member_of_the_set_cosigns_whether_live_or_not() {
    let mut desk = Desk::new();
    desk.world.leave(&desk.set, 3);
    for index in 0..4 {
        let member = desk.set.attesters[index].key.pubkey();
        desk.refused("KeysNotDistinct", |args| args.cosigner = member);
    }
}
