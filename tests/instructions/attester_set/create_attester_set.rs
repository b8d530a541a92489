use {
    sluice_client::{AttesterSet, Ledger, Quality, SetArgs, address, instruction as ix},
    sluice_tests::world::{Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A set of `count` keys, ascending.
fn args(count: u8, threshold: u8) -> SetArgs {
    let mut keys = [Address::default(); 16];
    for (i, key) in keys.iter_mut().take(usize::from(count)).enumerate() {
        *key = Address::new_from_array([i as u8 + 1; 32]);
    }
    SetArgs {
        meter: [5; 32],
        fee_owner: Address::new_from_array([6; 32]),
        revoker: Address::new_from_array([7; 32]),
        fee_bps: 100,
        threshold,
        count,
        keys,
        quality: QUALITY,
    }
}

/// The least that a set can ask.
const QUALITY: Quality = Quality {
    mint: Address::new_from_array([8; 32]),
    price: 1,
    per: 1,
    bond: 1,
    challenge_bond: 0,
    challenge_secs: 1,
    ruling_secs: 60,
};

/// The usual set of three, but for what it asks.
fn asking(change: impl FnOnce(&mut Quality)) -> SetArgs {
    let mut set = args(3, 2);
    change(&mut set.quality);
    set
}

fn create(world: &World, args: SetArgs) -> Instruction {
    ix::create_attester_set(&world.payer.pubkey(), &world.network, args)
}

/// Creating such a set comes to `name`, or succeeds if it is empty.
#[track_caller]
fn comes_to(name: &str, args: SetArgs) {
    let mut world = World::new();
    let create = create(&world, args);
    if name.is_empty() {
        world.ok(&[create], &[]);
    } else {
        world.refused(&[create], &[], name);
    }
}

#[test]
fn create_attester_set_writes_its_contents_and_nobody_is_live() {
    let mut world = World::new();
    let args = args(16, 5);
    let create = create(&world, args);
    world.ok(&[create], &[]);

    let address = address::attester_set(&world.network, &args.digest());
    let set: AttesterSet = world.chain.get(&address).unwrap();
    assert_eq!(set.network, world.network);
    assert_eq!(set.meter, args.meter);
    assert_eq!(set.fee_owner, args.fee_owner);
    assert_eq!(set.revoker, args.revoker);
    assert_eq!(set.digest, args.digest());
    assert_eq!((set.keys, set.quality), (args.keys, args.quality));
    assert_eq!(set.opened_slot, world.slot());
    assert_eq!((set.live, set.entered), (0, 0));
    assert_eq!((set.fee_bps, set.count, set.threshold), (100, 16, 5));
}

#[test]
fn the_digest_hangs_on_every_part_of_a_set() {
    let base = args(3, 2);
    let mut keys = base.keys;
    keys[2] = Address::new_from_array([9; 32]);
    let others = [
        SetArgs {
            meter: [6; 32],
            ..base
        },
        SetArgs {
            fee_owner: base.revoker,
            ..base
        },
        SetArgs {
            revoker: base.fee_owner,
            ..base
        },
        SetArgs {
            fee_bps: 101,
            ..base
        },
        SetArgs {
            threshold: 3,
            ..base
        },
        SetArgs { keys, ..base },
        asking(|quality| quality.mint = base.revoker),
        asking(|quality| quality.price = 2),
        asking(|quality| quality.per = 2),
        asking(|quality| quality.bond = 2),
        asking(|quality| quality.challenge_bond = 1),
        asking(|quality| quality.challenge_secs = 2),
        asking(|quality| quality.ruling_secs = 61),
        args(2, 2),
        args(4, 2),
    ];
    for other in others {
        assert_ne!(other.digest(), base.digest(), "{other:?}");
    }
}

#[test]
fn create_attester_set_refuses_a_digest_of_other_contents() {
    let mut world = World::new();
    let (honest, squat) = (args(3, 2), args(3, 1));
    let network = world.network;
    let at = |args: &SetArgs| address::attester_set(&network, &args.digest());
    let mut mixed = create(&world, squat).with(&at(&squat), &at(&honest));
    mixed.data[1..33].copy_from_slice(&honest.digest());
    world.refused(&[mixed], &[], "WrongSetDigest");

    let elsewhere = create(&world, squat).with(&at(&squat), &at(&honest));
    world.refused(&[elsewhere], &[], "InvalidSeeds");
}

#[test]
fn create_attester_set_happens_once_for_its_contents_in_a_network() {
    let mut world = World::new();
    let first = create(&world, args(3, 2));
    world.ok(std::slice::from_ref(&first), &[]);
    world.refused(&[first], &[], "Custom(0)");
    let other = world.other_network();
    let elsewhere = ix::create_attester_set(&world.payer.pubkey(), &other, args(3, 2));
    world.ok(&[elsewhere], &[]);
}

#[test]
fn the_threshold_lies_between_one_and_the_number_of_keys() {
    comes_to("ThresholdOutOfBounds", args(3, 0));
    comes_to("", args(3, 1));
    comes_to("", args(3, 3));
    comes_to("ThresholdOutOfBounds", args(3, 4));
    comes_to("", args(16, 5));
    comes_to("", args(16, 6));
    comes_to("", args(16, 16));
    comes_to("ThresholdOutOfBounds", args(16, 17));
    comes_to("ThresholdOutOfBounds", args(16, u8::MAX));
    comes_to("ThresholdOutOfBounds", args(0, 0));
    comes_to("ThresholdOutOfBounds", args(0, 1));
}

#[test]
fn a_set_has_at_most_sixteen_keys() {
    comes_to("", args(1, 1));
    comes_to("", args(16, 1));
    for count in [17, u8::MAX] {
        comes_to(
            "ThresholdOutOfBounds",
            SetArgs {
                count,
                ..args(16, 1)
            },
        );
    }
}

#[test]
fn the_attestation_fee_is_at_most_ten_per_cent() {
    let fee = |fee_bps| SetArgs {
        fee_bps,
        ..args(3, 2)
    };
    comes_to("", fee(0));
    comes_to("", fee(1_000));
    comes_to("FeeTooHigh", fee(1_001));
    comes_to("FeeTooHigh", fee(u16::MAX));
}

#[test]
fn keys_are_strictly_ascending_and_none_is_zero() {
    let swapped = |a: usize, b: usize| {
        let mut set = args(4, 2);
        set.keys.swap(a, b);
        set
    };
    comes_to("KeysNotAscending", swapped(0, 1));
    comes_to("KeysNotAscending", swapped(2, 3));
    let mut twice = args(4, 2);
    twice.keys[2] = twice.keys[1];
    comes_to("KeysNotAscending", twice);
    let mut zero = args(4, 2);
    zero.keys[0] = Address::default();
    comes_to("KeysNotAscending", zero);

    // The order is that of the bytes, first byte first.
    let mut by_bytes = args(2, 2);
    by_bytes.keys[0] = Address::new_from_array([1; 32]);
    by_bytes.keys[1] = Address::new_from_array(std::array::from_fn(|i| u8::from(i == 0) * 2));
    comes_to("", by_bytes);
    by_bytes.keys.swap(0, 1);
    comes_to("KeysNotAscending", by_bytes);
}

#[test]
fn no_set_has_a_key_past_its_count() {
    for place in [3, 15] {
        let mut hidden = args(3, 2);
        hidden.keys[place] = Address::new_from_array([9; 32]);
        comes_to("ReserveNotZero", hidden);
    }
}

#[test]
fn create_attester_set_needs_its_payer_and_a_network() {
    let mut world = World::new();
    let payer = world.party();
    let create = create(&world, args(3, 2)).with(&world.payer.pubkey(), &payer.pubkey());
    let without = create.unsigned(&payer.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    let network = world.network;
    world.refuses_look_alikes(&create, &[network], &[&payer]);
}

#[test]
fn a_set_asks_for_a_price_a_bond_and_time_that_nobody_can_wave_aside() {
    let month = 30 * 86_400;
    comes_to("", asking(|_| ()));
    let refused: [fn(&mut Quality); 9] = [
        |quality| quality.mint = Address::default(),
        |quality| quality.price = 0,
        |quality| quality.per = 0,
        |quality| quality.bond = 0,
        |quality| (quality.bond, quality.challenge_bond) = (7, 8),
        |quality| quality.challenge_secs = 0,
        |quality| quality.challenge_secs = 30 * 86_400 + 1,
        |quality| quality.ruling_secs = 59,
        |quality| quality.ruling_secs = u32::MAX,
    ];
    for change in refused {
        comes_to("QualityOutOfBounds", asking(change));
    }
    comes_to(
        "",
        asking(|quality| (quality.bond, quality.challenge_bond) = (7, 7)),
    );
    comes_to(
        "",
        asking(|quality| (quality.price, quality.per) = (u64::MAX, u64::MAX)),
    );
    comes_to(
        "",
        asking(|quality| (quality.challenge_secs, quality.ruling_secs) = (month, month)),
    );
}
