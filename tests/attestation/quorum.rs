use {
    crate::signed::{STATEMENT, by, data, keys, of},
    bytemuck::Zeroable,
    proptest::prelude::*,
    sluice::{attestation::verify_quorum, error::SluiceError, state::AttesterSet},
    sluice_client::statement::Path,
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A worker and a set of `count` live members.
struct Room {
    worker: Keypair,
    members: Vec<Keypair>,
    set: AttesterSet,
}

impl Room {
    fn new(count: u8, threshold: u8) -> Self {
        let mut keys = keys(u64::from(count) + 1);
        // Not the first, lest its order among the members tell.
        let worker = keys.remove(usize::from(count) / 2);
        let mut set = AttesterSet::zeroed();
        for (slot, key) in set.keys.iter_mut().zip(&keys) {
            *slot = key.pubkey();
        }
        set.count = count;
        set.threshold = threshold;
        set.live = u16::MAX >> (16 - count);
        set.entered = set.live;
        Self {
            worker,
            members: keys,
            set,
        }
    }

    /// Worker and these members sign; the members are named by `named`.
    fn verify(&self, signing: &[usize], named: u64) -> Result<u16, SluiceError> {
        let members = signing.iter().map(|index| &self.members[*index]);
        let data = by(Path::Quorum, std::iter::once(&self.worker).chain(members));
        self.check(&data, named)
    }

    fn check(&self, data: &[u8], named: u64) -> Result<u16, SluiceError> {
        outcome(verify_quorum(
            data,
            &STATEMENT.hash(),
            &self.worker.pubkey(),
            &self.set,
            named,
        ))
    }
}

fn outcome<T>(result: anchor_lang::Result<T>) -> Result<T, SluiceError> {
    use SluiceError::*;
    result.map_err(|error| {
        [
            MalformedSignatures,
            WrongStatement,
            WorkerNotSigned,
            WrongSignerCount,
            MembersNotAscending,
            MemberNotLive,
            NotAMember,
        ]
        .into_iter()
        .find(|named| error == (*named).into())
        .unwrap_or_else(|| panic!("{error:?}"))
    })
}

/// Names members as the instruction does: four bits each, the first lowest.
fn name(indices: &[usize]) -> u64 {
    indices
        .iter()
        .rev()
        .fold(0, |named, index| named << 4 | *index as u64)
}

/// Every way to choose `size` of `count` members, ascending.
fn subsets(count: u8, size: u8) -> impl Iterator<Item = Vec<usize>> {
    (0..1u32 << count)
        .filter(move |mask| mask.count_ones() == u32::from(size))
        .map(move |mask| {
            (0..usize::from(count))
                .filter(|i| mask >> i & 1 == 1)
                .collect()
        })
}

#[test]
fn every_choice_of_threshold_members_is_a_quorum_and_its_mask_names_them() {
    for threshold in 1..=5 {
        let room = Room::new(6, threshold);
        for chosen in subsets(6, threshold) {
            let mask = chosen.iter().fold(0, |mask, index| mask | 1 << index);
            assert_eq!(room.verify(&chosen, name(&chosen)), Ok(mask));
        }
    }
}

#[test]
fn the_last_of_sixteen_members_counts_like_any_other() {
    let room = Room::new(16, 5);
    let chosen = [0, 1, 13, 14, 15];
    assert_eq!(room.verify(&chosen, name(&chosen)), Ok(0xe003));
}

#[test]
fn one_signature_fewer_or_more_than_the_threshold_is_refused() {
    use SluiceError::WrongSignerCount;
    for threshold in 1..=4 {
        let room = Room::new(6, threshold);
        let indices: Vec<_> = (0..usize::from(threshold) + 1).collect();
        let fewer = &indices[..indices.len() - 2];
        assert_eq!(room.verify(fewer, name(fewer)), Err(WrongSignerCount));
        assert_eq!(room.verify(&indices, name(&indices)), Err(WrongSignerCount));
    }
}

#[test]
fn a_member_that_is_not_live_does_not_count() {
    for gone in 0..4 {
        let mut room = Room::new(4, 3);
        room.set.live &= !(1 << gone);
        for chosen in subsets(4, 3) {
            let refused = chosen.contains(&gone);
            let verified = room.verify(&chosen, name(&chosen));
            assert_eq!(verified == Err(SluiceError::MemberNotLive), refused);
            assert_eq!(verified.is_ok(), !refused);
        }
    }
}

#[test]
fn an_index_past_the_members_is_refused() {
    let room = Room::new(4, 3);
    for index in 4..16 {
        let named = name(&[0, 1, index]);
        let verified = room.verify(&[0, 1, 2], named);
        assert_eq!(verified, Err(SluiceError::MemberNotLive));
    }
}

#[test]
fn the_same_member_twice_is_refused_however_it_is_named() {
    let room = Room::new(4, 3);
    for named in [[0, 0, 1], [0, 1, 1], [1, 1, 1]] {
        let verified = room.verify(&named, name(&named));
        assert_eq!(verified, Err(SluiceError::MembersNotAscending));
    }
    let verified = room.verify(&[0, 0, 1], name(&[0, 1, 2]));
    assert_eq!(verified, Err(SluiceError::NotAMember));
    let verified = room.verify(&[0, 1, 1], name(&[0, 1, 2]));
    assert_eq!(verified, Err(SluiceError::NotAMember));
}

#[test]
fn members_out_of_order_are_refused() {
    let room = Room::new(4, 3);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let verified = room.verify(&order, name(&order));
        assert_eq!(verified, Err(SluiceError::MembersNotAscending));
        let verified = room.verify(&order, name(&[0, 1, 2]));
        assert_eq!(verified, Err(SluiceError::NotAMember));
    }
}

#[test]
fn an_extra_nibble_is_refused_wherever_it_stands() {
    let room = Room::new(4, 3);
    for place in 3..16 {
        for extra in 1..16 {
            let named = name(&[0, 1, 2]) | extra << (4 * place);
            let verified = room.verify(&[0, 1, 2], named);
            assert_eq!(verified, Err(SluiceError::MembersNotAscending));
        }
    }
}

#[test]
fn a_signature_of_somebody_else_than_the_named_member_is_refused() {
    let room = Room::new(4, 3);
    for (signing, named) in [([0, 1, 2], [0, 1, 3]), ([1, 2, 3], [0, 2, 3])] {
        let verified = room.verify(&signing, name(&named));
        assert_eq!(verified, Err(SluiceError::NotAMember));
    }
    let stranger = Keypair::new_from_array([77; 32]);
    let [a, b, ..] = &room.members[..] else {
        unreachable!()
    };
    let data = by(Path::Quorum, [&room.worker, a, b, &stranger]);
    let verified = room.check(&data, name(&[0, 1, 2]));
    assert_eq!(verified, Err(SluiceError::NotAMember));
}

#[test]
fn the_worker_signs_first_or_not_at_all() {
    let room = Room::new(4, 3);
    let [a, b, c, d] = &room.members[..] else {
        unreachable!()
    };
    let named = name(&[0, 1, 2]);
    for order in [
        [a, b, c, d],
        [a, &room.worker, b, c],
        [a, b, c, &room.worker],
    ] {
        let verified = room.check(&by(Path::Quorum, order), named);
        assert_eq!(verified, Err(SluiceError::WorkerNotSigned));
    }
    let without = room.check(&by(Path::Quorum, [a, b, c]), named);
    assert_eq!(without, Err(SluiceError::WorkerNotSigned));
    let twice = room.check(&by(Path::Quorum, [&room.worker, &room.worker, a, b]), named);
    assert_eq!(twice, Err(SluiceError::NotAMember));
}

#[test]
fn any_other_statement_or_tag_is_refused() {
    use SluiceError::WrongStatement;
    let room = Room::new(3, 2);
    let named = name(&[0, 1]);
    let signers = [&room.worker, &room.members[0], &room.members[1]];
    let [mut job, mut window, mut units, mut digest] = [STATEMENT; 4];
    (job.context, digest.digest) = ([9; 32], [9; 32]);
    (window.window, units.units) = (8, 91);
    for other in [&job, &window, &units, &digest] {
        let data = of(other, Path::Quorum, signers);
        assert_eq!(room.check(&data, named), Err(WrongStatement));
    }
    let cosigned = by(Path::Cosigned, signers);
    assert_eq!(room.check(&cosigned, named), Err(WrongStatement));
    let good = STATEMENT.message(Path::Quorum);
    for at in 0..good.len() {
        let mut message = good;
        message[at] ^= 1;
        let signatures =
            sluice_tests::world::sign_all(&STATEMENT, Path::Quorum, signers.into_iter());
        let bent = data(&message, &signatures);
        assert_eq!(room.check(&bent, named), Err(WrongStatement));
    }
}

#[test]
fn anything_but_the_canonical_layout_is_refused_before_anybody_is_asked_for() {
    let room = Room::new(3, 2);
    let whole = by(
        Path::Quorum,
        [&room.worker, &room.members[0], &room.members[1]],
    );
    assert!(room.check(&whole, name(&[0, 1])).is_ok());
    for len in 0..whole.len() {
        let verified = room.check(&whole[..len], name(&[0, 1]));
        assert_eq!(verified, Err(SluiceError::MalformedSignatures));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn only_one_number_names_the_members_that_signed(named in any::<u64>(), few in 0..0x1_0000u64) {
        let room = Room::new(6, 3);
        let data = by(
            Path::Quorum,
            [&room.worker, &room.members[1], &room.members[2], &room.members[4]],
        );
        for named in [named, few] {
            let verified = room.check(&data, named);
            prop_assert_eq!(verified == Ok(0b10110), named == 0x421);
            prop_assert_eq!(verified.is_ok(), named == 0x421);
        }
    }
}

#[test]
fn a_zero_key_past_the_members_is_nobody() {
    // A set of four with every bit live, as if a later version let that happen.
    let mut room = Room::new(4, 3);
    room.set.live = u16::MAX;
    let nobody = Address::default();
    assert_eq!(room.set.keys[4], nobody);
    let verified = room.verify(&[0, 1, 2], name(&[0, 1, 4]));
    assert_eq!(verified, Err(SluiceError::NotAMember));
}
