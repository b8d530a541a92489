use {
    crate::proof::{bystander, honest, ready, still_provable},
    sluice_client::instruction as ix,
    sluice_tests::world::through_forwarder,
    solana_address::Address,
    solana_program_runtime::{
        declare_process_instruction, solana_sbpf::program::BuiltinFunctionDefinition,
    },
    std::slice::from_ref,
};

/// A program that accepts anything.
const YES_MAN: Address = Address::new_from_array([43; 32]);

declare_process_instruction!(YesMan, 1, |_invoke_context| { Ok(()) });

#[test]
fn a_proof_through_another_program_is_refused_and_the_same_proof_at_top_level_passes() {
    let mut site = ready();
    site.world.add_forwarder();
    let [signed, ours] = honest(&site);
    let called = through_forwarder(&ours);
    site.world
        .refused(&[signed.clone(), called.clone()], &[], "NotTopLevel");
    // Nor does it help to stand where our instruction would stand.
    let between = bystander(&mut site);
    site.world.refused(
        &[signed.clone(), called.clone(), between],
        &[],
        "NotTopLevel",
    );
    let [cosigned, ours] = site.world.cosigned_ixs(&site.job, 0, 10);
    let called = through_forwarder(&ours);
    site.world.refused(&[cosigned, called], &[], "NotTopLevel");
    still_provable(site);
}

#[test]
fn other_instructions_work_through_another_program() {
    let mut site = ready();
    site.prove(0, 100);
    site.at(14 * 3_600);
    site.world.add_forwarder();
    let mature = through_forwarder(&ix::mature(&site.job.address));
    site.world.ok(&[mature], &[]);
    assert_eq!(site.state().units_matured, 100);
}

#[test]
fn forged_signatures_before_ours_in_another_program_than_the_precompile_are_refused() {
    let mut site = ready();
    let svm = site.world.chain.svm();
    svm.add_builtin(YES_MAN, YesMan::register);
    for [signed, ours] in [honest(&site), site.world.cosigned_ixs(&site.job, 0, 10)] {
        let mut forged = signed;
        forged.program_id = YES_MAN;
        for byte in forged.data.iter_mut().rev().take(64) {
            *byte ^= 0x55;
        }
        site.world.ok(from_ref(&forged), &[]);
        site.world.refused(&[forged, ours], &[], "NoSignatures");
    }
    still_provable(site);
}
