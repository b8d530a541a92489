//! Versions to come: one that reads old bytes, ones that must not be, and newer accounts before today's program.

use {
    crate::{
        accounts::{KINDS, Kind, read},
        field::{Field, layout},
        golden, kind,
        rule::successor,
    },
    bytemuck::{Pod, Zeroable},
    serde_json::json,
    sluice_client::{Ledger, Network},
    sluice_tests::world::{Site, World},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// An epoch of a version 2 that counts the nodes it turned away, in the reserve of version 1.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct EpochTwo {
    pool: Address,
    rent_payer: Address,
    index: u64,
    opened_slot: u64,
    total_units: u64,
    allocated: u64,
    shares: u32,
    folded: u32,
    version: u8,
    bump: u8,
    weight_bps: u16,
    turned_away: u32,
}

layout!(EpochTwo {
    pool,
    rent_payer,
    index,
    opened_slot,
    total_units,
    allocated,
    shares,
    folded,
    version,
    bump,
    weight_bps,
    turned_away,
});

impl EpochTwo {
    /// What the reserve's zeros are to mean, where zero is not the default.
    fn weight_bps(&self) -> u16 {
        if self.version < 2 {
            10_000
        } else {
            self.weight_bps
        }
    }
}

#[test]
fn a_version_2_reads_the_bytes_of_version_1() {
    let kept = golden::read(1);
    let old = kept.iter().find(|kept| kept.name == "Epoch").unwrap();
    let new = read::<EpochTwo>(old.body());
    assert_eq!(successor(&old.fields, &new), Ok(()));
    for field in old.fields.iter().filter(|field| !field.is_reserve()) {
        assert!(new.contains(field), "{}", field.name);
    }
    let added: Vec<_> = new
        .iter()
        .filter(|field| !old.fields.contains(field))
        .collect();
    let names: Vec<_> = added.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["weight_bps", "turned_away"]);
    assert!(added.iter().all(|field| field.value == json!(0)));

    let epoch: EpochTwo = bytemuck::pod_read_unaligned(old.body());
    assert_eq!((epoch.weight_bps(), epoch.turned_away), (10_000, 0));
    let bumped = EpochTwo {
        version: 2,
        weight_bps: 9_000,
        ..epoch
    };
    assert_eq!(bumped.weight_bps(), 9_000);
    // And version 1 still reads what version 2 wrote.
    let back = (kind("Epoch").read)(bytemuck::bytes_of(&bumped));
    for field in old
        .fields
        .iter()
        .filter(|field| !field.is_reserve() && field.name != "version")
    {
        assert!(back.contains(field), "{}", field.name);
    }
}

/// The same, but with a count of 32 bits where version 1 has 64.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Shrunk {
    pool: Address,
    rent_payer: Address,
    index: u64,
    opened_slot: u64,
    total_units: u64,
    allocated: u32,
    turned_away: u32,
    shares: u32,
    folded: u32,
    version: u8,
    bump: u8,
    reserve: [u8; 6],
}

layout!(Shrunk {
    pool,
    rent_payer,
    index,
    opened_slot,
    total_units,
    allocated,
    turned_away,
    shares,
    folded,
    version,
    bump,
    reserve,
});

#[test]
fn a_struct_that_shrinks_a_field_is_refused() {
    let old = empty(kind("Epoch"));
    let refused = successor(&old, &read::<Shrunk>(&[0; size_of::<Shrunk>()]));
    assert_eq!(refused, Err("allocated has another length".to_owned()));
}

fn empty(kind: &Kind) -> Vec<Field> {
    (kind.read)(&vec![0; kind.size - 8])
}

#[test]
fn every_other_change_of_any_layout_is_refused() {
    for kind in KINDS {
        let old = empty(kind);
        let refused = |change: &dyn Fn(&mut Vec<Field>), why: &str| {
            let mut new = old.clone();
            change(&mut new);
            let verdict = successor(&old, &new);
            assert!(
                verdict.as_ref().is_err_and(|told| told.contains(why)),
                "{}: {verdict:?}",
                kind.name
            );
        };
        assert_eq!(successor(&old, &old), Ok(()));
        let at = |name: &str| old.iter().position(|field| field.name == name).unwrap();
        let (version, bump) = (at("version"), at("bump"));
        let swap = |new: &mut Vec<Field>| {
            (new[version].offset, new[bump].offset) = (new[bump].offset, new[version].offset);
        };
        refused(&swap, "version moved");
        for index in (0..old.len()).filter(|index| !old[*index].is_reserve()) {
            let name = &old[index].name;
            refused(&|new| drop(new.remove(index)), "");
            refused(
                &|new| new[index].name = "renamed".into(),
                &format!("{name} is gone"),
            );
            refused(&|new| new[index].len += 1, "");
            let over = Field {
                name: "new".into(),
                len: 1,
                ..old[index].clone()
            };
            refused(
                &|new| new.push(over.clone()),
                "new lies outside the reserve",
            );
        }
        let last = old.last().unwrap();
        let beyond = Field {
            name: "new".into(),
            offset: last.offset + last.len,
            len: 8,
            value: json!(0),
        };
        refused(&|new| new.push(beyond.clone()), "bytes, not");
        let head = Field {
            offset: 0,
            ..beyond.clone()
        };
        refused(
            &|new| new.push(head.clone()),
            "new lies outside the reserve",
        );
        // What straddles the beginning of the reserve.
        let reserve = old.iter().find(|field| field.is_reserve()).unwrap();
        let astride = Field {
            offset: reserve.offset - 1,
            len: 2,
            ..beyond.clone()
        };
        refused(
            &|new| new.push(astride.clone()),
            "new lies outside the reserve",
        );
        let within = Field {
            offset: reserve.offset,
            len: 1,
            ..beyond.clone()
        };
        let mut new = old.clone();
        new.push(within);
        assert_eq!(successor(&old, &new), Ok(()), "{}", kind.name);
    }
}

/// Version 7, and a reserve of which every byte means something.
fn make_newer(world: &mut World) -> BTreeMap<Address, Vec<u8>> {
    let all = world.chain.program_accounts(&[]).unwrap();
    let mut reserves = BTreeMap::new();
    for (address, mut account) in all {
        for field in places(&account.data) {
            let byte = if field.name == "version" { 7 } else { 0xa5 };
            account.data[field.offset..field.offset + field.len].fill(byte);
        }
        reserves.insert(address, later(&account.data));
        world.chain.svm().set_account(address, account).unwrap();
    }
    reserves
}

/// Version and reserve of an account. A reserve within an entry of a ring or a change goes with the entry.
fn places(data: &[u8]) -> Vec<Field> {
    let kind = KINDS
        .iter()
        .find(|kind| data.starts_with(kind.discriminator));
    let fields = (kind.unwrap().read)(&data[8..]).into_iter();
    let own = |field: &Field| field.name == "version" || field.name.starts_with("reserve");
    fields.filter(own).collect()
}

fn later(data: &[u8]) -> Vec<u8> {
    let places = places(data).into_iter();
    let bytes = places.flat_map(|field| data[field.offset..field.offset + field.len].to_vec());
    bytes.collect()
}

#[test]
fn todays_program_reads_newer_accounts_and_leaves_their_version_and_reserve_alone() {
    let mut site = Site::new();
    let reserves = make_newer(&mut site.world);
    let window = i64::from(site.state().terms.window_secs);
    site.at(window);
    site.prove(0, 100);
    let pool = site.provider.pool;
    let owner = site.provider.owner.insecure_clone();
    site.world.add_stake(&owner, &pool, 1_000);
    site.world.dividends(&pool, 5_000);
    site.settle();
    assert!(site.pull_all().iter().all(|amount| *amount > 0));
    site.release();
    let mut left = 0;
    for (address, account) in site.world.chain.program_accounts(&[]).unwrap() {
        if let Some(before) = reserves.get(&address) {
            assert_eq!(&later(&account.data), before, "{address}");
            left += 1;
        }
    }
    assert_eq!(left, reserves.len(), "all of them are still there");
    // The client reads what it knows of it.
    let network: Network = site.world.chain.get(&site.world.network).unwrap();
    assert_eq!((network.version, network.params.fee_bps), (7, 250));
}
