//! A network that asks who a provider is: what an attestation must be, and that it is asked for at the door only.

use {
    super::Market,
    sluice::identity::{ATTESTATION_SERVICE, Attested},
    sluice_client::{Identity, address, instruction as ix},
    sluice_tests::world::{
        Site, Tamper,
        identity::{PINNED, attestation},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// An open job in a network that asks, and its acceptance with the attestation that a client would show.
fn asked() -> (Market, Instruction, Address) {
    let mut market = Market::new(|_| ());
    market.world.pin_identity();
    let (provider, job) = (&market.provider, market.state());
    let (operator, owner) = (provider.operator.pubkey(), provider.owner.pubkey());
    let shown = address::credential(&market.world.network_state(), &owner).unwrap();
    let node = &market.node.address;
    let accept =
        ix::accept_job_with_credential(&operator, &owner, &market.job, &job, node, Some(shown));
    (market, accept, shown)
}

/// Puts `bytes` of the service at `address`.
fn put(market: &mut Market, address: &Address, bytes: Vec<u8>) {
    let chain = &mut market.world.chain;
    chain.put(address, bytes, &ATTESTATION_SERVICE).unwrap();
}

#[test]
fn a_provider_whose_owner_is_vouched_for_takes_the_job() {
    let (mut market, accept, shown) = asked();
    let (owner, now) = (market.provider.owner.pubkey(), market.world.now());
    for (data, expiry) in [(0, 0), (0, now + 1), (1, i64::MAX), (700, now + 1)] {
        let (mut market, _, _) = asked();
        let owner = market.provider.owner.pubkey();
        let bytes = attestation(&PINNED, &owner, data, expiry);
        put(&mut market, &shown, bytes);
        let operator = market.provider.operator.insecure_clone();
        market.world.ok(std::slice::from_ref(&accept), &[&operator]);
    }
    // Wherever it lies: the service alone writes its accounts.
    let elsewhere = market.world.key().pubkey();
    put(&mut market, &elsewhere, attestation(&PINNED, &owner, 3, 0));
    let operator = market.provider.operator.insecure_clone();
    market
        .world
        .ok(&[accept.with(&shown, &elsewhere)], &[&operator]);
}

#[test]
fn without_an_attestation_nothing_is_taken() {
    let (mut market, accept, shown) = asked();
    // None given, none there, and one that another program wrote.
    let without = market.accept();
    market.refused(without, "CredentialMissing");
    market.refused(accept.clone(), "CredentialMissing");
    let owner = market.provider.owner.pubkey();
    let bytes = attestation(&PINNED, &owner, 0, 0);
    let forger = market.world.key().pubkey();
    market.world.chain.put(&shown, bytes, &forger).unwrap();
    market.refused(accept.clone(), "CredentialMissing");
    let own = accept.with(&shown, &market.provider.address);
    market.refused(own, "CredentialMissing");
}

#[test]
fn what_is_not_an_attestation_to_the_last_byte_is_none() {
    let (mut market, accept, shown) = asked();
    let owner = market.provider.owner.pubkey();
    let whole = attestation(&PINNED, &owner, 40, 0);
    let mut bent = vec![
        vec![0],
        whole[..97].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], &[0]].concat(),
    ];
    // Credentials and schemas are accounts of the service too.
    for kind in [0, 1, 3, 255] {
        let mut other = whole.clone();
        other[0] = kind;
        bent.push(other);
    }
    for lie in [0, 39, 41, 72, u32::MAX] {
        let mut other = whole.clone();
        other[97..101].copy_from_slice(&lie.to_le_bytes());
        bent.push(other);
    }
    for bytes in bent {
        put(&mut market, &shown, bytes);
        market.refused(accept.clone(), "CredentialMissing");
    }
    put(&mut market, &shown, whole);
    let operator = market.provider.operator.insecure_clone();
    market.world.ok(&[accept], &[&operator]);
}

#[test]
fn an_attestation_of_somebody_else_or_under_another_pair_is_refused() {
    let (mut market, accept, shown) = asked();
    let owner = market.provider.owner.pubkey();
    let others = [market.provider.operator.pubkey(), Address::default()];
    let elsewhere = Address::new_from_array([9; 32]);
    let pairs = [
        Identity {
            credential: elsewhere,
            ..PINNED
        },
        Identity {
            schema: elsewhere,
            ..PINNED
        },
        Identity {
            credential: PINNED.schema,
            schema: PINNED.credential,
        },
        Identity::NONE,
    ];
    let of_others = others.map(|other| attestation(&PINNED, &other, 0, 0));
    let of_pairs = pairs.map(|pair| attestation(&pair, &owner, 0, 0));
    for bytes in of_others.into_iter().chain(of_pairs) {
        put(&mut market, &shown, bytes);
        market.refused(accept.clone(), "WrongCredential");
    }
}

#[test]
fn an_attestation_counts_until_the_second_it_expires() {
    for (before, name) in [(1, ""), (0, "CredentialExpired"), (-1, "CredentialExpired")] {
        let (mut market, accept, _) = asked();
        let (owner, now) = (market.provider.owner.pubkey(), market.world.now());
        market.world.vouch(&owner, now + before);
        let operator = market.provider.operator.insecure_clone();
        if name.is_empty() {
            market.world.ok(&[accept], &[&operator]);
        } else {
            market.refused(accept, name);
        }
    }
    let (mut market, accept, _) = asked();
    let owner = market.provider.owner.pubkey();
    for expiry in [1, -1, i64::MIN] {
        market.world.vouch(&owner, expiry);
        market.refused(accept.clone(), "CredentialExpired");
    }
}

#[test]
fn a_network_that_asks_nobody_takes_whatever_is_shown() {
    let (mut market, accept, shown) = asked();
    let network = market.world.network;
    market
        .world
        .edit(&network, |network: &mut sluice_client::Network| {
            network.params.identity = Identity::NONE;
        });
    put(&mut market, &shown, vec![1, 2, 3]);
    let operator = market.provider.operator.insecure_clone();
    market.world.ok(&[accept], &[&operator]);
}

#[test]
fn a_lapsed_attestation_touches_no_running_job_and_no_exit() {
    let mut site = Site::new();
    site.world.pin_identity();
    // Nobody ever vouched for the provider: all goes on, and out.
    let window = i64::from(site.state().terms.window_secs);
    site.at(window);
    site.prove(0, 10);
    site.settle();
    assert!(site.pull_all().iter().all(|amount| *amount > 0));
    site.wind_up();
    let pool = site.provider.pool;
    let owner = site.provider.owner.insecure_clone();
    site.world.leave_pool(&owner, &pool);
}

#[test]
fn the_parser_reads_what_the_service_writes_and_nothing_else() {
    let owner = Address::new_from_array([3; 32]);
    for data in [0, 1, 31, 32, 33, 256, 10_000] {
        for expiry in [0, 1, -1, i64::MAX, i64::MIN] {
            let account = attestation(&PINNED, &owner, data, expiry);
            assert_eq!(account.len(), 173 + data);
            let read = Attested {
                nonce: owner,
                identity: PINNED,
                expiry,
            };
            assert_eq!(Attested::parse(&account), Some(read));
            let longer = [&account[..], &[0]].concat();
            assert_eq!(Attested::parse(&longer), None);
        }
    }
    // At the offsets of the service's source.
    let mut account = vec![0; 173 + 5];
    account[0] = 2;
    account[1..33].copy_from_slice(owner.as_ref());
    account[33..65].copy_from_slice(PINNED.credential.as_ref());
    account[65..97].copy_from_slice(PINNED.schema.as_ref());
    account[97..101].copy_from_slice(&5_u32.to_le_bytes());
    account[138..146].copy_from_slice(&1_900_000_000_i64.to_le_bytes());
    let read = Attested::parse(&account).unwrap();
    assert_eq!((read.nonce, read.expiry), (owner, 1_900_000_000));
    for length in 0..account.len() {
        assert_eq!(Attested::parse(&account[..length]), None, "{length}");
    }
    for kind in (0..=u8::MAX).filter(|kind| *kind != 2) {
        account[0] = kind;
        assert_eq!(Attested::parse(&account), None, "{kind}");
    }
}

#[test]
fn an_attestation_is_found_where_the_service_puts_it() {
    let owner = Address::new_from_array([3; 32]);
    let seeds: [&[u8]; 4] = [
        b"attestation",
        PINNED.credential.as_ref(),
        PINNED.schema.as_ref(),
        owner.as_ref(),
    ];
    let (address, _) = Address::find_program_address(&seeds, &ATTESTATION_SERVICE);
    assert_eq!(PINNED.attestation(&owner), Some(address));
    assert_eq!(Identity::NONE.attestation(&owner), None);
}
