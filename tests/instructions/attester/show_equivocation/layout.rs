//! Bytes of the ed25519 instruction that are not two honest signatures.

use super::*;

/// Writes one field of one record.
fn point(ed25519: &mut Instruction, record: usize, field: usize, value: usize) {
    let at = 2 + 14 * record + field;
    ed25519.data[at..at + 2].copy_from_slice(&(value as u16).to_le_bytes());
}

/// The precompile is content with `ed25519`, and the program refuses it.
#[track_caller]
fn malformed(site: &mut Site, before: &[Instruction], ed25519: &Instruction) {
    let show = site
        .world
        .show_ix(&key(site, 0).pubkey(), &site.job, &site.contradiction());
    let all: Vec<_> = before.iter().chain([ed25519, &show]).cloned().collect();
    site.world.send(&all[..all.len() - 1], &[]).unwrap();
    site.world.refused(&all, &[], "MalformedSignatures");
}

/// A site, and member 0's two signatures of its contradiction.
fn signed() -> (Site, Instruction) {
    let site = Site::new();
    let said = site.contradiction();
    let signed = signed_twice(&key(&site, 0), Path::Quorum, &said);
    (site, signed)
}

#[test]
fn records_that_point_elsewhere_are_refused() {
    const PLACES: [usize; 2] = [30, 174];
    let (mut site, good) = signed();
    // The same bytes, in this instruction by its number or in one before it.
    for field in [2, 6, 12] {
        for record in 0..2 {
            let mut bent = good.clone();
            point(&mut bent, record, field, 0);
            malformed(&mut site, &[], &bent);
            malformed(&mut site, from_ref(&good), &bent);
        }
    }
    // One signature counted twice.
    for (record, place) in [(0, PLACES[1]), (1, PLACES[0])] {
        let mut bent = good.clone();
        point(&mut bent, record, 0, place + 32);
        point(&mut bent, record, 4, place);
        point(&mut bent, record, 8, place + 96);
        malformed(&mut site, &[], &bent);
    }
    // A stranger's signatures behind the member's key.
    let stranger = site.world.key();
    let theirs = signed_twice(&stranger, Path::Quorum, &site.contradiction());
    let mut bent = good.clone();
    let tail = bent.data.len();
    bent.data.extend(&theirs.data[30..]);
    for record in 0..2 {
        let place = tail + 144 * record;
        point(&mut bent, record, 0, place + 32);
        point(&mut bent, record, 4, place);
        point(&mut bent, record, 8, place + 96);
    }
    malformed(&mut site, &[], &bent);
    still_shown(site);
}

#[test]
fn one_three_or_no_signatures_padding_and_tails_are_refused() {
    let (mut site, good) = signed();
    let bends: [fn(&mut Vec<u8>); 5] = [
        |data| data[0] = 1,
        |data| data[1] = 1,
        |data| data.push(0),
        |data| data.extend([0; 144]),
        |data| *data = vec![0, 0],
    ];
    for bend in bends {
        let mut bent = good.clone();
        bend(&mut bent.data);
        malformed(&mut site, &[], &bent);
    }
    // Three records, the third of which repeats the first, all in their places.
    let mut three = good.clone();
    let third: Vec<u8> = three.data[30..174].to_vec();
    let record: Vec<u8> = three.data[2..16].to_vec();
    three.data.splice(30..30, record);
    three.data.extend(third);
    three.data[0] = 3;
    for (record, place) in [44, 188, 332].into_iter().enumerate() {
        point(&mut three, record, 0, place + 32);
        point(&mut three, record, 4, place);
        point(&mut three, record, 8, place + 96);
    }
    malformed(&mut site, &[], &three);
    // What proves a window is no contradiction.
    let [proof, _] = site.world.attest_ixs(&site.job, &site.set, 0, 100);
    malformed(&mut site, &[], &proof);
    still_shown(site);
}

#[test]
fn a_signature_that_does_not_fit_never_reaches_the_program() {
    let (mut site, good) = signed();
    let show = site
        .world
        .show_ix(&key(&site, 0).pubkey(), &site.job, &site.contradiction());
    for at in [30 + 40, 174 + 40, 30 + 100, 174 + 143] {
        let mut bent = good.clone();
        bent.data[at] ^= 1;
        site.world
            .refused(&[bent, show.clone()], &[], BAD_SIGNATURE);
    }
    still_shown(site);
}

#[test]
fn no_other_header_length_or_byte_is_read() {
    let (site, good) = signed();
    let member = key(&site, 0).pubkey();
    let both = site.contradiction().map(|said| Said {
        tag: &TAG_QUORUM,
        hash: said.hash(),
    });
    let verify = |data: &[u8]| verify_both(data, &member, &both);
    verify(&good.data).unwrap();
    let malformed =
        anchor_lang::prelude::Error::from(sluice::error::SluiceError::MalformedSignatures);
    let refused = |data: &[u8]| assert!(verify(data).is_err_and(|error| error == malformed));
    for len in 0..good.data.len() {
        refused(&good.data[..len]);
        refused(&good.data[good.data.len() - len..]);
        let mut longer = good.data.clone();
        longer.insert(len, longer[len]);
        refused(&longer);
    }
    for at in 0..30 {
        for change in 1..=u8::MAX {
            let mut bent = good.data.clone();
            bent[at] ^= change;
            refused(&bent);
        }
    }
    // Behind the header, every byte of key and message matters; the signatures are the precompile's.
    for at in 30..good.data.len() {
        let mut bent = good.data.clone();
        bent[at] ^= 1;
        let in_signature = (32..96).contains(&((at - 30) % 144));
        assert_eq!(verify(&bent).is_ok(), in_signature, "byte {at}");
    }
}

#[test]
fn a_forged_digest_or_job_finds_no_signatures() {
    let mut site = Site::new();
    let said = site.contradiction();
    let member = key(&site, 0);
    let signed = signed_twice(&member, Path::Quorum, &said);
    let good = Equivocation {
        job: site.job.address,
        incarnation: site.state().incarnation,
        node: site.node.address,
        units: [100, 99],
        digests: [[0; 32]; 2],
        window: 0,
        first: None,
        second: None,
    };
    let bends: [fn(&mut Equivocation); 7] = [
        |shown| shown.incarnation += 1,
        |shown| shown.job = shown.node,
        |shown| shown.node = shown.job,
        |shown| shown.window += 1,
        |shown| shown.units[0] += 1,
        |shown| shown.digests[1][7] ^= 1,
        |shown| shown.units.swap(0, 1),
    ];
    for bend in bends {
        let mut shown = good.clone();
        bend(&mut shown);
        let (network, key) = (site.world.network, member.pubkey());
        let show = ix::show_equivocation(&network, &key, &site.world.owner_of(&key), shown);
        site.world
            .refused(&[signed.clone(), show], &[], "WrongStatement");
    }
    still_shown(site);
}
