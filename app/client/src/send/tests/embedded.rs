//! Funds and whole sendings on the embedded engine.

use {
    super::scripted::Site,
    crate::{
        address::token_account,
        instruction::token::{Mint, TOKEN_PROGRAM, stand_in, unwrap_sol},
        ledger::{Embedded, Ledger},
        send::{Error, Funds, Irreversible, Plan},
    },
    sluice::constants::WRAPPED_SOL,
    solana_address::Address,
    solana_keypair::Keypair,
    solana_program_pack::Pack,
    solana_signer::Signer,
    spl_token_interface::state::{Account, AccountState},
};

const SOL: u64 = 1_000_000_000;

/// An engine, a payer with 10 SOL, and a mint of 6 decimals.
fn stage() -> (Site, Embedded, Mint) {
    let mut chain = Embedded::new(sluice_elf::built()).unwrap();
    let site = Site::new();
    chain.airdrop(&site.keys[0], 10 * SOL).unwrap();
    let address = Keypair::new().pubkey();
    let mint = chain.create_mint(&address, &site.keys[0], 6).unwrap();
    (site, chain, mint)
}

impl Site {
    fn funds<'a>(
        &self,
        ledger: &'a Embedded,
    ) -> Funds<'a, Embedded, impl Fn() -> Result<Address, Error>> {
        let payer = self.keys[0];
        Funds {
            ledger,
            payer: move || Ok(payer),
            may_lack: false,
        }
    }
}

/// Writes a token account of `owner` at `address`; `delegate` may take out of it.
fn put(chain: &mut Embedded, address: &Address, mint: &Mint, owner: Address, delegate: bool) {
    let mut data = vec![0; Account::LEN];
    let account = Account {
        mint: mint.address,
        owner,
        delegate: delegate.then_some(mint.address).into(),
        state: AccountState::Initialized,
        ..Account::default()
    };
    account.pack_into_slice(&mut data);
    chain.put(address, data, &TOKEN_PROGRAM).unwrap();
}

#[test]
fn sol_is_wrapped_as_far_as_it_lacks_and_comes_back() {
    let (site, mut chain, _) = stage();
    let owner = site.keys[0];
    let mint = chain.create_mint(&WRAPPED_SOL[0], &owner, 9).unwrap();
    let account = token_account(&owner, &mint.address, &mint.token_program);
    for (base, wraps) in [(2 * SOL, 2 * SOL), (3 * SOL, SOL), (SOL, 0)] {
        let plan = site.funds(&chain).cover(&owner, &mint, base).unwrap();
        assert_eq!(plan.wraps, wraps);
        let takes = Irreversible::Takes {
            owner,
            mint: mint.address,
            decimals: 9,
            base,
        };
        assert_eq!(plan.irreversible, [takes]);
        let mut journal = site.journal();
        site.envelope
            .send(&mut chain, &mut journal, &site.keys, plan, &())
            .unwrap();
        journal.close();
        assert!(chain.token_balance(&account).unwrap() >= base);
    }
    let mut journal = site.journal();
    let plan = Plan::of(unwrap_sol(&owner, &mint));
    let receipt = site
        .envelope
        .send(&mut chain, &mut journal, &site.keys, plan, &())
        .unwrap();
    assert!(receipt.compute_units > 0);
    assert_eq!(chain.account(&account).unwrap(), None);
    let lacks = site.funds(&chain).cover(&owner, &mint, 11 * SOL);
    assert!(matches!(
        lacks,
        Err(Error::LacksToWrap { needed, .. }) if needed == 11 * SOL
    ));
}

#[test]
fn tokens_that_an_owner_lacks_are_named_before_anything_is_sent() {
    let (site, chain, mint) = stage();
    let owner = site.keys[0];
    let lacks = site.funds(&chain).cover(&owner, &mint, 1_500_000);
    let told = lacks.map(drop).unwrap_err().to_string();
    assert_eq!(
        told,
        format!("{owner} holds 0 of the mint {} and needs 1.5", mint.address)
    );
    let later = Funds {
        may_lack: true,
        ..site.funds(&chain)
    };
    assert!(later.cover(&owner, &mint, 1_500_000).is_ok());
}

#[test]
fn a_missing_account_is_created_and_one_given_away_is_stood_in_for() {
    let (site, mut chain, mint) = stage();
    let (payer, owner) = (site.keys[0], Keypair::new().pubkey());
    let associated = token_account(&owner, &mint.address, &mint.token_program);
    let ensure = |chain: &Embedded| {
        site.funds(chain)
            .ensure_token_account(Plan::default(), &owner, &mint)
    };
    let created = ensure(&chain).unwrap();
    assert_eq!(
        (created.instructions.len(), &created.creates[..]),
        (1, &[165][..])
    );
    let mut journal = site.journal();
    site.envelope
        .send(&mut chain, &mut journal, &site.keys, created, &())
        .unwrap();
    journal.close();
    assert!(ensure(&chain).unwrap().instructions.is_empty());

    put(&mut chain, &associated, &mint, payer, false);
    let opened = ensure(&chain).unwrap();
    assert_eq!(
        (opened.instructions.len(), &opened.creates[..]),
        (2, &[165][..])
    );
    site.envelope
        .send(&mut chain, &mut journal, &site.keys, opened, &())
        .unwrap();
    assert!(ensure(&chain).unwrap().instructions.is_empty());

    let aside = stand_in(&payer, &owner, &mint);
    put(&mut chain, &aside, &mint, owner, true);
    assert!(matches!(
        ensure(&chain),
        Err(Error::SharedStandIn { account, .. }) if account == aside
    ));
}
