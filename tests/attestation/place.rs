use {
    crate::proof::{bystander, honest, ready, still_provable},
    anchor_lang::Discriminator,
    sluice_client::{
        Ledger, Node, instruction as ix,
        statement::{Path, Statement},
    },
    sluice_tests::world::{Site, Tamper, World},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_sdk_ids::sysvar::instructions::ID as SYSVAR,
    solana_signer::Signer,
};

/// These instructions are refused by this name.
#[track_caller]
fn refused(site: &mut Site, all: &[&Instruction], name: &str) {
    let all: Vec<_> = all.iter().map(|one| (*one).clone()).collect();
    site.world.refused(&all, &[], name);
}

#[test]
fn signatures_after_ours_or_none_at_all_are_refused() {
    let mut site = ready();
    let [signed, ours] = honest(&site);
    refused(&mut site, &[&ours], "NoSignatures");
    refused(&mut site, &[&ours, &signed], "NoSignatures");
    still_provable(site);
}

#[test]
fn an_instruction_between_signatures_and_ours_is_refused() {
    let mut site = ready();
    let [signed, ours] = honest(&site);
    let between = bystander(&mut site);
    refused(&mut site, &[&signed, &between, &ours], "NoSignatures");
    refused(&mut site, &[&between, &ours], "NoSignatures");
    refused(&mut site, &[&between, &ours, &signed], "NoSignatures");
    site.world.ok(&[between, signed, ours], &[]);
}

#[test]
fn one_set_of_signatures_serves_one_proof_only() {
    let mut site = ready();
    let [signed, ours] = honest(&site);
    refused(&mut site, &[&signed, &ours, &ours], "NoSignatures");
    still_provable(site);
}

#[test]
fn each_of_two_proofs_in_a_transaction_reads_its_own_signatures() {
    let mut site = ready();
    site.at(7_200);
    let [first_signed, first] = site.world.cosigned_ixs(&site.job, 0, 40);
    let [second_signed, second] = site.world.cosigned_ixs(&site.job, 1, 50);
    let swapped = [&first_signed, &second, &second_signed, &first];
    refused(&mut site, &swapped, "WrongStatement");
    let all = [first_signed, first, second_signed, second];
    site.world.ok(&all, &[]);
    assert_eq!(site.state().units_matured, 90);
}

#[test]
fn an_account_on_the_signatures_instruction_is_refused() {
    let mut site = ready();
    let [mut signed, ours] = honest(&site);
    let anybody = site.job.address;
    signed.accounts = vec![AccountMeta::new_readonly(anybody, false)];
    refused(&mut site, &[&signed, &ours], "NoSignatures");
    still_provable(site);
}

#[test]
fn another_account_in_the_place_of_the_instructions_sysvar_is_refused() {
    let mut site = ready();
    let [signed, ours] = honest(&site);
    // It says what the sysvar would say.
    let forged = site.world.key_address();
    let sysvar = sysvar_of(&signed, &ours);
    let owner = solana_sdk_ids::sysvar::ID;
    site.world.chain.put(&forged, sysvar, &owner).unwrap();
    let fake = ours.with(&SYSVAR, &forged);
    refused(&mut site, &[&signed, &fake], "ConstraintAddress");
    refused(&mut site, &[&fake], "ConstraintAddress");
    let cosigned = site.world.cosigned_ixs(&site.job, 0, 10);
    let fake = cosigned[1].with(&SYSVAR, &forged);
    refused(&mut site, &[&cosigned[0], &fake], "ConstraintAddress");
    still_provable(site);
}

/// The sysvar's data in a transaction of this pair, while the second runs.
fn sysvar_of(signed: &Instruction, ours: &Instruction) -> Vec<u8> {
    let mut data = vec![2, 0];
    let first = 6usize;
    let second = first + 2 + 32 + 2 + signed.data.len();
    for offset in [first, second] {
        data.extend((offset as u16).to_le_bytes());
    }
    for instruction in [signed, ours] {
        data.extend((instruction.accounts.len() as u16).to_le_bytes());
        for meta in &instruction.accounts {
            data.push(u8::from(meta.is_signer) | u8::from(meta.is_writable) << 1);
            data.extend(meta.pubkey.to_bytes());
        }
        data.extend(instruction.program_id.to_bytes());
        data.extend((instruction.data.len() as u16).to_le_bytes());
        data.extend(&instruction.data);
    }
    data.extend([1, 0]);
    assert_eq!(
        sluice::attestation::previous_ed25519(&data).unwrap(),
        signed.data
    );
    data
}

#[test]
fn a_proof_cannot_be_replayed_by_either_path() {
    let mut site = ready();
    let proof = honest(&site);
    site.world.ok(&proof, &[]);
    site.world.refused(&proof, &[], "WindowAlreadyProven");
    site.cosigned_refused(0, 100, "WindowAlreadyProven");
    site.proof_refused(0, 50, "WindowAlreadyProven");
    // Nor in the last second before it matures.
    site.at(14 * 3_600 - 1);
    site.world.refused(&proof, &[], "StatementExpired");
    let state = site.state();
    assert_eq!((state.units_pending, state.units_matured), (100, 0));
}

#[test]
fn anyone_may_bring_a_proof_and_nobody_signs_the_transaction_for_it() {
    let site = ready();
    let proof = honest(&site);
    assert!(
        proof
            .iter()
            .flat_map(|one| &one.accounts)
            .all(|meta| !meta.is_signer)
    );
    still_provable(site);
}

#[test]
fn a_read_only_job_or_an_account_that_is_no_job_is_refused() {
    let mut site = ready();
    let [signed, ours] = honest(&site);
    let mut read_only = ours.clone();
    read_only.accounts[0].is_writable = false;
    refused(&mut site, &[&signed, &read_only], "ConstraintMut");
    let job = site.job.address;
    let node = ours.with(&job, &site.node.address);
    refused(&mut site, &[&signed, &node], "AccountDataTooSmall");

    // The same bytes under another program, and under another type's discriminator.
    let bytes = site.world.chain.account(&job).unwrap().unwrap().data;
    let copy = site.world.key_address();
    let stranger = Address::new_from_array([6; 32]);
    let lookalike = ours.with(&job, &copy);
    let chain = &mut site.world.chain;
    chain.put(&copy, bytes.clone(), &stranger).unwrap();
    refused(&mut site, &[&signed, &lookalike], "IllegalOwner");
    let mut other_type = bytes;
    other_type[..8].copy_from_slice(Node::DISCRIMINATOR);
    let chain = &mut site.world.chain;
    chain.put(&copy, other_type, &sluice_client::ID).unwrap();
    refused(&mut site, &[&signed, &lookalike], "InvalidAccountData");
    still_provable(site);
}

#[test]
fn a_proof_before_accept_or_after_release_is_refused() {
    let mut site = ready();
    let proof = site.world.cosigned_ixs(&site.job, 0, 10);
    site.settle();
    site.release();
    site.world.refused(&proof, &[], "WrongJobState");
    let mut world = World::new();
    let set = world.set(4, 3);
    let (buyer, cosigner) = (world.buyer(), world.key());
    let args = world.open_args(1, world.terms(&set.address), &cosigner.pubkey());
    let job = world.open(&buyer, args);
    // An open job has neither context nor worker: whatever signs, it is not the zero key.
    let statement = Statement::of(&world.job(&job), 0, 1, [0; 32]);
    let [first, second] =
        [&buyer, &cosigner].map(|key| statement.sign(Path::Cosigned, key).unwrap());
    let proof = ix::attest_cosigned(&job, &statement, first, second).unwrap();
    world.refused(&proof, &[], "WorkerNotSigned");
}
