//! The vault has one address: the buyer states its bump, and no other bump will do.

use {
    super::Desk,
    sluice_client::{ID, Ledger, address},
    sluice_tests::world::{Stall, Tamper},
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_rent::Rent,
    solana_signer::Signer,
};

/// The vault's address at this bump, if there is one.
fn at(job: &Address, bump: u8) -> Option<Address> {
    Address::create_program_address(&[b"vault", job.as_ref(), &[bump]], &ID).ok()
}

/// The instruction with another vault, and another bump stated.
fn bent(good: &Instruction, job: &Address, vault: &Address, bump: u8) -> Instruction {
    let mut bent = good.with(&address::vault(job), vault);
    *bent.data.last_mut().unwrap() = bump;
    bent
}

/// The instruction with a vault that signs for itself.
fn signing(good: &Instruction, job: &Address, key: &Address) -> Instruction {
    let mut bent = good.with(&address::vault(job), key);
    for meta in bent.accounts.iter_mut().filter(|meta| meta.pubkey == *key) {
        meta.is_signer = true;
    }
    bent
}

/// The bump that the client states.
fn stated(good: &Instruction) -> u8 {
    *good.data.last().unwrap()
}

/// The opening of the first job whose vault's bump `suits`, and that job.
fn opening(desk: &mut Desk, suits: impl Fn(u8) -> bool) -> (Instruction, Address) {
    loop {
        desk.args.id += 1;
        let job = address::job(&desk.world.network, &desk.buyer.pubkey(), desk.args.id);
        let open = desk.ix(desk.args);
        if suits(stated(&open)) {
            return (open, job);
        }
    }
}

#[test]
fn a_lower_bump_gives_no_second_vault() {
    let mut desk = Desk::new();
    for first in [255, 254, 253] {
        let (open, job) = opening(&mut desk, |bump| bump == first);
        let buyer = desk.buyer.insecure_clone();
        let mut tried = 0;
        for bump in (0..first).rev() {
            let Some(second) = at(&job, bump) else {
                continue;
            };
            let open = bent(&open, &job, &second, bump);
            desk.world.refused(&[open], &[&buyer], "VaultBumpNotFirst");
            tried += 1;
            if tried == 3 {
                break;
            }
        }
        desk.world.ok(&[open], &[&buyer]);
        assert_eq!(desk.world.job(&job).vault, address::vault(&job));
    }
}

#[test]
fn a_bump_that_gives_no_address_or_another_one_is_refused() {
    let mut desk = Desk::new();
    let (open, job) = opening(&mut desk, |bump| bump < 255);
    let buyer = desk.buyer.insecure_clone();
    // No address has this bump: the system refuses to sign for it.
    assert!(at(&job, 255).is_none());
    let mut none = open.clone();
    *none.data.last_mut().unwrap() = 255;
    desk.world
        .refused(&[none], &[&buyer], "ProgramFailedToComplete");
    // The bump is right, and the vault another job's.
    let other = address::vault(&address::job(&desk.world.network, &buyer.pubkey(), 777_777));
    let moved = bent(&open, &job, &other, stated(&open));
    desk.world
        .refused(&[moved], &[&buyer], "PrivilegeEscalation");
}

#[test]
fn a_key_that_signs_for_itself_is_no_vault() {
    let mut desk = Desk::new();
    let (open, job) = opening(&mut desk, |bump| bump == 255);
    let (buyer, key) = (desk.buyer.insecure_clone(), desk.world.key());
    let signed = signing(&open, &job, &key.pubkey());
    desk.world.refused(&[signed], &[&buyer, &key], "WrongVault");
    desk.world.ok(&[open], &[&buyer]);

    let mut stall = Stall::new();
    let take = stall.take_ix(stall.take_args(77));
    let (buyer, key) = (stall.buyer.insecure_clone(), stall.world.key());
    let signed = signing(&take, &stall.job_key(77), &key.pubkey());
    stall
        .world
        .refused(&[signed], &[&buyer, &key], "WrongVault");
}

#[test]
fn a_taker_states_the_first_bump_too() {
    let mut stall = Stall::new();
    let job = stall.job_key(77);
    let take = stall.take_ix(stall.take_args(77));
    let bump = (0..stated(&take))
        .rev()
        .find(|bump| at(&job, *bump).is_some());
    let bump = bump.unwrap();
    let second = bent(&take, &job, &at(&job, bump).unwrap(), bump);
    stall.refused(second, "VaultBumpNotFirst");
    stall.take(77);
    assert_eq!(stall.job(77).vault, address::vault(&job));
}

#[test]
fn the_vault_has_its_rent_whatever_rent_is_and_whatever_lay_at_the_job_s_address() {
    const JOB: u64 = 128 + 1_552;
    const VAULT: u64 = 128 + 165;
    for rate in [696, 3_480, 6_960, 10_000] {
        let mut desk = Desk::new();
        desk.world.chain.svm().set_sysvar(&Rent {
            lamports_per_byte: rate,
            ..Rent::default()
        });
        let (own, most) = (rate * JOB, 6_960 * JOB);
        for gift in [0, 1, own - 1, own, own + 1, most, most + 1] {
            let (open, job) = opening(&mut desk, |_| true);
            let buyer = desk.buyer.insecure_clone();
            if gift > 0 {
                let found = Account::new(gift, 0, &Address::default());
                desk.world.chain.svm().set_account(job, found).unwrap();
            }
            desk.world.ok(&[open], &[&buyer]);
            let lamports = |key: &Address| desk.world.chain.account(key).unwrap().unwrap().lamports;
            let paid = lamports(&job);
            assert_eq!(paid, gift.max(own));
            let part = if paid > most {
                rate * VAULT
            } else {
                (paid * VAULT).div_ceil(JOB)
            };
            assert_eq!(lamports(&address::vault(&job)), part, "{rate} {gift}");
            assert!(part >= rate * VAULT);
        }
    }
}
