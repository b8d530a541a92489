//! What a remembering ledger keeps, and what it forgets.

use {
    sluice_client::{
        Ledger,
        ledger::{Embedded, Remembered},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_sdk_ids::sysvar,
    solana_signer::Signer,
    solana_system_interface::instruction::transfer,
};

const SOL: u64 = 1_000_000_000;

#[test]
fn what_a_transaction_writes_is_read_again_and_the_rest_is_not() {
    let (payer, other, to) = (Keypair::new(), Keypair::new(), Address::new_unique());
    let mut chain = Embedded::new(sluice_elf::built()).unwrap();
    for key in [&payer, &other] {
        chain.airdrop(&key.pubkey(), 10 * SOL).unwrap();
    }
    let rents = [0, 165, 1_000].map(|len| chain.minimum_balance(len).unwrap());
    let mut ledger = Remembered::new(chain);
    let [payer_key, other_key] = [&payer, &other].map(Signer::pubkey);
    let wanted = [
        payer_key,
        other_key,
        to,
        sysvar::rent::ID,
        sysvar::clock::ID,
    ];
    ledger.gather(wanted).unwrap();
    // What the engine computes from its rent is computed here from the account of it.
    for (len, rent) in [0, 165, 1_000].into_iter().zip(rents) {
        assert_eq!(ledger.minimum_balance(len).unwrap(), rent);
    }
    assert!(ledger.account(&to).unwrap().is_none());
    let send = transfer(&payer_key, &to, SOL);
    ledger.send(&[send], &payer, &[]).unwrap();
    let lamports = |key| ledger.account(key).unwrap().unwrap().lamports;
    assert_eq!(lamports(&to), SOL);
    assert!(lamports(&payer_key) < 9 * SOL);
    assert_eq!(lamports(&other_key), 10 * SOL);
}
