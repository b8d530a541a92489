//! What every case has to show: the vault's signature is asked for, and with it the call does what a direct one does.

use {
    crate::{house::House, interface},
    litesvm::{LiteSVM, types::TransactionMetadata},
    sluice_client::{ClientError, Ledger},
    sluice_tests::world::{Vault, error_name, through_forwarder},
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::Keypair,
    solana_message::Message,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::slice::from_ref,
};

/// An instruction in which a vault holds a role.
pub struct Call {
    pub vault: Vault,
    pub instruction: Instruction,
    /// Who signs besides the vault and the world's payer.
    pub signers: Vec<Keypair>,
}

/// Builds the call, and sends it in all the ways that matter.
pub fn works(name: &str, account: &str, case: fn(&mut House) -> Call) {
    let mut house = House::new();
    let call = case(&mut house);
    let instruction = &call.instruction;
    let found = interface::of(instruction);
    assert_eq!(found.name, name);
    let place = found.place(account).expect(account);
    let vault = call.vault.address;
    assert_eq!(
        instruction.accounts[place].pubkey, vault,
        "{name}.{account}"
    );
    assert!(!vault.is_on_curve());
    let payer = found.place("payer").filter(|_| account != "payer");
    if let Some(payer) = payer {
        let pays = instruction.accounts[payer].pubkey;
        assert_eq!(
            pays,
            house.world.payer.pubkey(),
            "{name} has no payer apart"
        );
    }

    unsigned_is_refused(&mut house, &call);
    if let Some(payer) = payer {
        vault_may_pay_too(&mut house, &call, payer);
    }
    does_what_a_direct_call_does(&mut house, &call);
}

/// The forwarder calls, and does not sign for its vault.
fn unsigned_is_refused(house: &mut House, call: &Call) {
    let mut bare = call.instruction.clone();
    for account in &mut bare.accounts {
        account.is_signer &= account.pubkey != call.vault.address;
    }
    let transaction = transaction(house, call, &through_forwarder(&bare));
    let failed = house.world.chain.svm().simulate_transaction(transaction);
    let failed = failed.expect_err("nobody signed for the vault");
    let error = ClientError::of_transaction(failed.err, failed.meta.logs);
    assert_eq!(error_name(&error), "MissingRequiredSignature", "{error:?}");
}

/// Who holds the role may pay the rent as well: a vault is an account of the system's.
fn vault_may_pay_too(house: &mut House, call: &Call, payer: usize) {
    let mut paying = call.instruction.clone();
    paying.accounts[payer].pubkey = call.vault.address;
    let transaction = transaction(house, call, &call.vault.call(&paying));
    let paid = house.world.chain.svm().simulate_transaction(transaction);
    paid.expect("the vault pays");
}

/// On the same chain, by a transaction that pretends to have the vault's signature, and by the forwarder: the same accounts, the
/// same events, and something changed.
fn does_what_a_direct_call_does(house: &mut House, call: &Call) {
    let direct = transaction(house, call, &call.instruction);
    let forwarded = transaction(house, call, &call.vault.call(&call.instruction));
    let mut twin = house.world.chain.svm().clone().with_sigverify(false);
    let svm = house.world.chain.svm();
    let before = accounts(svm, call);
    let direct = twin.send_transaction(direct).expect("the direct call");
    let forwarded = svm.send_transaction(forwarded).expect("the forwarded call");
    let after = accounts(svm, call);
    assert!(after == accounts(&twin, call), "the calls differ");
    assert!(after != before, "nothing happened");
    assert_eq!(events(&forwarded), events(&direct));
}

/// A transaction of one instruction, signed by whoever can; somebody else pays the fee.
fn transaction(house: &House, call: &Call, instruction: &Instruction) -> Transaction {
    let fees = &house.fees;
    let mut keys = vec![fees, &house.world.payer];
    keys.extend(&call.signers);
    keys.retain(|key| {
        let signs = |account: &_| signs_as(account, &key.pubkey());
        key.pubkey() == fees.pubkey() || instruction.accounts.iter().any(signs)
    });
    let hash = house.world.chain.latest().unwrap().hash();
    let message = Message::new_with_blockhash(from_ref(instruction), Some(&fees.pubkey()), &hash);
    let mut transaction = Transaction::new_unsigned(message);
    transaction.partial_sign(&keys, hash);
    transaction
}

fn signs_as(account: &AccountMeta, key: &Address) -> bool {
    account.is_signer && account.pubkey == *key
}

/// Every account of the call as it stands.
fn accounts(svm: &LiteSVM, call: &Call) -> Vec<Option<Account>> {
    let all = call.instruction.accounts.iter();
    all.map(|account| svm.get_account(&account.pubkey))
        .collect()
}

fn events(sent: &TransactionMetadata) -> Vec<&String> {
    let lines = sent.logs.iter();
    lines
        .filter(|line| line.starts_with("Program data: "))
        .collect()
}
