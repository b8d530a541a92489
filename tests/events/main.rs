//! Events as clients read them from the logs of real transactions. The test `invariants` counts that every event is read.

use {
    sluice_client::{
        Event, Ledger,
        event::{self, Field},
        events::ChangeApplied,
        instruction as ix,
        ledger::sign,
    },
    sluice_tests::world::{Site, line, through_forwarder},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_program_runtime::{
        declare_process_instruction, solana_sbpf::program::BuiltinFunctionDefinition, stable_log,
    },
    std::slice::from_ref,
};

/// A program that logs its data as an event would be.
const FORGER: Address = Address::new_from_array([44; 32]);

declare_process_instruction!(Forger, 1, |invoke_context| {
    let context = invoke_context
        .transaction_context
        .get_current_instruction_context()?;
    let data = context.get_instruction_data().to_vec();
    stable_log::program_data(&invoke_context.get_log_collector(), &[&data]);
    Ok(())
});

fn forge(site: &Site) -> Instruction {
    let applied = ChangeApplied {
        network: site.world.network,
    };
    Instruction {
        program_id: FORGER,
        // Named as an account, so that it is found among the network's transactions.
        accounts: vec![AccountMeta::new_readonly(site.world.network, false)],
        data: line(&applied),
    }
}

/// A site with a proven window and programs that forge and forward.
fn ready() -> Site {
    let mut site = Site::new();
    site.at(3_600);
    site.prove(0, 100);
    site.at(14 * 3_600);
    site.world.add_forwarder();
    let svm = site.world.chain.svm();
    svm.add_builtin(FORGER, Forger::register);
    site
}

fn names(logs: &[String]) -> Vec<&'static str> {
    let logged = event::decode(logs);
    logged.events.iter().map(Event::name).collect()
}

#[test]
fn what_another_program_logs_is_no_event() {
    let mut site = ready();
    let (forged, mature) = (forge(&site), ix::mature(&site.job.address));
    let receipt = site.world.ok(from_ref(&forged), &[]);
    let said = receipt.logs.iter();
    assert_eq!(
        said.filter(|line| line.starts_with("Program data: "))
            .count(),
        1
    );
    assert_eq!(names(&receipt.logs), [""; 0]);
    // Before and after one of ours in the same transaction, straight and through another program.
    let around = [forged.clone(), mature, through_forwarder(&forged), forged];
    let receipt = site.world.ok(&around, &[]);
    assert_eq!(names(&receipt.logs), ["JobMatured"]);
}

#[test]
fn an_event_through_another_program_is_read_with_its_values() {
    let mut site = ready();
    let job = site.job.address;
    let called = through_forwarder(&ix::mature(&job));
    let receipt = site.world.ok(&[called], &[]);
    let logged = event::decode(&receipt.logs);
    let fields: Vec<_> = logged.events.iter().flat_map(Event::fields).collect();
    assert_eq!(
        fields,
        [
            ("job", Field::Address(job)),
            ("units_matured", Field::Count(100)),
            ("units_pending", Field::Count(0)),
        ]
    );
}

#[test]
fn a_failed_transaction_has_no_events() {
    let mut site = ready();
    let job = site.job.address;
    let twice = [ix::mature(&job), ix::mature(&job)];
    let lifetime = site.world.chain.latest().unwrap();
    let transaction = sign(&twice, &site.world.payer, &[], &lifetime);
    let sent = site
        .world
        .chain
        .svm()
        .send_transaction(transaction.unwrap());
    let logs = sent.unwrap_err().meta.logs;
    assert!(logs.iter().any(|line| line.starts_with("Program data: ")));
    assert_eq!(names(&logs), [""; 0]);
}
