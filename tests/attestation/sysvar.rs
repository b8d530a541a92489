use {
    crate::signed::canonical,
    proptest::prelude::*,
    sluice::{
        attestation::{parse, previous_ed25519},
        constants::ED25519_PROGRAM,
        error::SluiceError,
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, BorrowedAccountMeta, BorrowedInstruction, Instruction},
    solana_instructions_sysvar::{construct_instructions_data, store_current_index_checked},
};

/// The sysvar of a transaction of these instructions while `current` runs, as the runtime writes it.
fn sysvar(instructions: &[Instruction], current: u16) -> Vec<u8> {
    let borrowed: Vec<_> = instructions.iter().map(borrow).collect();
    let mut data = construct_instructions_data(&borrowed).unwrap();
    store_current_index_checked(&mut data, current).unwrap();
    data
}

fn borrow(instruction: &Instruction) -> BorrowedInstruction<'_> {
    BorrowedInstruction {
        program_id: &instruction.program_id,
        accounts: instruction
            .accounts
            .iter()
            .map(|meta| BorrowedAccountMeta {
                pubkey: &meta.pubkey,
                is_signer: meta.is_signer,
                is_writable: meta.is_writable,
            })
            .collect(),
        data: &instruction.data,
    }
}

fn call(program: Address, accounts: usize, data: Vec<u8>) -> Instruction {
    let accounts = (0..accounts)
        .map(|number| AccountMeta::new(Address::new_from_array([number as u8; 32]), true))
        .collect();
    Instruction {
        program_id: program,
        accounts,
        data,
    }
}

fn signatures() -> Instruction {
    call(ED25519_PROGRAM, 0, canonical(3))
}

fn ours() -> Instruction {
    call(sluice::ID, 3, vec![23; 53])
}

fn stranger() -> Instruction {
    call(Address::new_from_array([8; 32]), 2, vec![1, 2, 3])
}

/// What a transaction of these instructions comes to while `current` runs.
fn while_running(current: u16, instructions: &[Instruction]) -> Result<Vec<u8>, SluiceError> {
    outcome(&sysvar(instructions, current))
}

fn outcome(sysvar: &[u8]) -> Result<Vec<u8>, SluiceError> {
    previous_ed25519(sysvar)
        .map(<[u8]>::to_vec)
        .map_err(|error| {
            [SluiceError::NoSignatures, SluiceError::NotTopLevel]
                .into_iter()
                .find(|named| error == (*named).into())
                .unwrap_or_else(|| panic!("{error:?}"))
        })
}

#[test]
fn the_data_of_the_ed25519_instruction_before_ours_is_found_wherever_the_pair_stands() {
    let pair = [signatures(), ours()];
    assert_eq!(while_running(1, &pair), Ok(canonical(3)));
    for before in 0..12 {
        let mut all = vec![stranger(); before];
        all.extend(pair.clone());
        all.push(stranger());
        let current = before as u16 + 1;
        assert_eq!(while_running(current, &all), Ok(canonical(3)));
    }
}

#[test]
fn each_of_several_pairs_finds_its_own_signatures() {
    let second = call(ED25519_PROGRAM, 0, canonical(2));
    let all = [signatures(), ours(), second, ours()];
    assert_eq!(while_running(1, &all), Ok(canonical(3)));
    assert_eq!(while_running(3, &all), Ok(canonical(2)));
}

#[test]
fn signatures_that_do_not_stand_immediately_before_ours_do_not_count() {
    use SluiceError::NoSignatures;
    assert_eq!(while_running(0, &[ours()]), Err(NoSignatures));
    assert_eq!(while_running(0, &[ours(), signatures()]), Err(NoSignatures));
    let between = [signatures(), stranger(), ours()];
    assert_eq!(while_running(2, &between), Err(NoSignatures));
    let twice = [signatures(), ours(), ours()];
    assert_eq!(while_running(2, &twice), Err(NoSignatures));
}

#[test]
fn another_program_with_the_same_bytes_does_not_count() {
    let lookalike = call(Address::new_from_array([8; 32]), 0, canonical(3));
    let all = [lookalike, ours()];
    assert_eq!(while_running(1, &all), Err(SluiceError::NoSignatures));
}

#[test]
fn an_account_on_the_ed25519_instruction_is_refused() {
    for accounts in [1, 2, 30] {
        let with = call(ED25519_PROGRAM, accounts, canonical(3));
        let all = [with, ours()];
        assert_eq!(while_running(1, &all), Err(SluiceError::NoSignatures));
    }
}

#[test]
fn a_call_through_another_program_is_refused() {
    let all = [signatures(), stranger()];
    assert_eq!(while_running(1, &all), Err(SluiceError::NotTopLevel));
    let all = [signatures(), signatures()];
    assert_eq!(while_running(1, &all), Err(SluiceError::NotTopLevel));
}

#[test]
fn a_sysvar_cut_at_any_length_is_refused() {
    let whole = sysvar(&[stranger(), signatures(), ours()], 2);
    for len in 0..whole.len() {
        assert!(previous_ed25519(&whole[..len]).is_err(), "{len} bytes");
    }
}

#[test]
fn lying_offsets_account_numbers_lengths_and_indices_never_bring_other_signatures() {
    let whole = sysvar(&[stranger(), signatures(), ours()], 2);
    let offset = |index: usize| {
        usize::from(u16::from_le_bytes([
            whole[2 + 2 * index],
            whole[3 + 2 * index],
        ]))
    };
    let lengths = [1, 2].map(|index| {
        let accounts = if index == 2 { 3 } else { 0 };
        offset(index) + 2 + 33 * accounts + 32
    });
    let places = (0..8)
        .chain([offset(1), offset(2)].map(|at| [at, at + 1]).concat())
        .chain(lengths.map(|at| [at, at + 1]).concat())
        .chain([whole.len() - 2, whole.len() - 1]);
    for at in places {
        for change in 1..=u8::MAX {
            let mut bent = whole.clone();
            bent[at] ^= change;
            let found = outcome(&bent).ok();
            let parsed = found.as_deref().and_then(parse);
            assert!(
                parsed.is_none() || found == Some(canonical(3)),
                "byte {at} ^ {change}"
            );
        }
    }
}

#[test]
fn offsets_that_point_past_the_end_are_refused() {
    let whole = sysvar(&[signatures(), ours()], 1);
    for index in [0, 1] {
        for offset in [whole.len() - 1, whole.len(), whole.len() + 1, 0xffff] {
            let mut bent = whole.clone();
            bent[2 + 2 * index..][..2].copy_from_slice(&(offset as u16).to_le_bytes());
            assert_eq!(outcome(&bent), Err(SluiceError::NoSignatures));
        }
    }
    for current in [2, 3, 100, 0x7fff, 0xffff] {
        let mut bent = whole.clone();
        let at = whole.len() - 2;
        bent[at..].copy_from_slice(&u16::to_le_bytes(current));
        assert!(outcome(&bent).is_err(), "current {current}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn random_sysvars_never_panic(data in prop::collection::vec(any::<u8>(), 0..900)) {
        prop_assert!(outcome(&data).is_err());
    }

    #[test]
    fn bent_sysvars_never_panic(
        bends in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut data = sysvar(&[stranger(), signatures(), ours()], 2);
        for (at, byte) in bends {
            let at = at.index(data.len());
            data[at] = byte;
        }
        let whole = outcome(&data);
        prop_assert!(whole.is_err() || whole.is_ok_and(|found| found.len() <= data.len()));
        data.truncate(cut.index(data.len()));
        let _ = previous_ed25519(&data);
    }
}
