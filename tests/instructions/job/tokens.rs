//! Jobs in Token-2022 mints and in wrapped SOL.
use {
    sluice_client::{
        Ledger, address,
        instruction::{self as ix, token::Mint},
    },
    sluice_tests::world::{PARAMS, Pull, SOL, Site, TOKEN, World},
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

const HOUR: i64 = 3_600;

/// Opens, proves, pays, sweeps, refunds, releases and closes a job in this world's payment mint.
fn whole_life(mut site: Site) {
    let held = Pull::ALL.map(|what| site.held(what));
    site.top_up(500 * TOKEN);
    assert_eq!(site.vault(), 1_500 * TOKEN);
    site.at(2 * HOUR);
    site.cosign(0, 100);
    site.prove(1, 40);
    assert_eq!(site.pull(Pull::Pay), 146_250_000);
    assert_eq!(site.pull(Pull::Refund), 90 * TOKEN);
    site.wind_up();
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    // 140 units earn 210 tokens.
    let moved = [204_150_000, 5_250_000, 600_000, 790 * TOKEN];
    let expected: Vec<_> = held.iter().zip(moved).map(|(a, b)| a + b).collect();
    assert_eq!(Pull::ALL.map(|what| site.held(what)).to_vec(), expected);
    let vault = address::vault(&site.job.address);
    assert!(site.world.chain.account(&vault).unwrap().is_none());
}

#[test]
fn a_job_lives_its_whole_life_in_a_plain_mint() {
    whole_life(Site::new());
}

#[test]
fn a_job_lives_its_whole_life_in_a_token_2022_mint() {
    let mut world = World::new();
    let mint = world.mint_2022(&[]);
    whole_life(Site::on(world.paying_in(mint), |_| ()));
}

#[test]
fn a_job_lives_its_whole_life_in_a_token_2022_mint_with_metadata() {
    use ExtensionType::{MetadataPointer, TokenMetadata};
    let mut world = World::new();
    let mint = world.mint_2022(&[MetadataPointer, TokenMetadata]);
    whole_life(Site::on(world.paying_in(mint), |_| ()));
}

#[test]
fn a_mint_that_can_withhold_tokens_opens_no_job() {
    use ExtensionType::{PermanentDelegate, TransferFeeConfig, TransferHook};
    for extension in [PermanentDelegate, TransferFeeConfig, TransferHook] {
        let mut world = World::new();
        let mint = world.mint_2022(&[extension]);
        let (open, buyer) = open_in(&mut world, &mint);
        world.refused(&[open], &[&buyer], "MintExtensionRefused");
    }
}

#[test]
fn something_that_is_no_mint_opens_no_job() {
    let mut world = World::new();
    let buyer = world.buyer();
    let mint = world.pay_mint;
    let account = address::token_account(&buyer.pubkey(), &mint.address, &mint.token_program);
    let uninitialised = world.key().pubkey();
    let chain = &mut world.chain;
    chain
        .put(&uninitialised, vec![0; 82], &mint.token_program)
        .unwrap();
    let elsewhere = world.network;
    for address in [account, uninitialised, elsewhere] {
        let (open, buyer) = open_in(&mut world, &Mint { address, ..mint });
        world.refused(&[open], &[&buyer], "NotAMint");
    }
}

/// The opening of a job in `mint`, by a buyer without a token in it.
fn open_in(world: &mut World, mint: &Mint) -> (solana_instruction::Instruction, Keypair) {
    let (buyer, cosigner) = (world.party(), world.key());
    let mut args = world.open_args(1, world.terms(&Default::default()), &cosigner.pubkey());
    args.terms.mint = mint.address;
    let (payer, network) = (world.payer.pubkey(), world.network);
    let open = ix::open_job(&payer, &buyer.pubkey(), &network, &mint.token_program, args);
    (open, buyer)
}

/// A world that pays in wrapped SOL, and a job of 6 SOL in it; `gift` lamports lay at the vault before.
fn wrapped(gift: u64) -> (Site, u64) {
    let mut world = World::with(PARAMS);
    let mint = world.wrapped_sol();
    let mut world = world.paying_in(mint);
    let set = world.set(1, 1);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let (buyer, cosigner) = (world.party(), world.key());
    world.wrap(&buyer.pubkey(), &mint, 10 * SOL);
    let mut args = world.open_args(1, world.terms(&set.address), &cosigner.pubkey());
    (args.terms.price, args.terms.per, args.funds) = (SOL / 50, 1, 6 * SOL);
    let job = address::job(&world.network, &buyer.pubkey(), 1);
    if gift > 0 {
        world.chain.airdrop(&address::vault(&job), gift).unwrap();
    }
    world.open(&buyer, args);
    world.accept(&job, &provider, &node);
    let job = sluice_tests::world::JobHandle {
        address: job,
        buyer,
        cosigner,
        worker: node.worker.insecure_clone(),
        provider_owner: provider.owner.pubkey(),
        node: node.address,
    };
    let site = Site {
        world,
        set,
        provider,
        node,
        job,
    };
    let rent = site.world.chain.minimum_balance(165).unwrap();
    (site, rent)
}

#[test]
fn a_job_in_wrapped_sol_pays_wrapped_sol_and_returns_the_rent() {
    let (mut site, rent) = wrapped(0);
    assert_eq!(site.vault(), 6 * SOL);
    site.at(HOUR);
    site.cosign(0, 100);
    assert_eq!(site.pull(Pull::Pay), 2 * SOL / 1_000 * 975);
    site.wind_up();
    assert_eq!(site.held(Pull::Refund), 8 * SOL);
    assert_eq!(site.vault(), 0);
    let lamports = |site: &Site| {
        let vault = address::vault(&site.job.address);
        site.world.chain.account(&vault).unwrap().unwrap().lamports
    };
    assert_eq!(lamports(&site), rent);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn lamports_sent_to_a_wrapped_vault_before_its_opening_end_with_the_buyer() {
    for gift in [1, 1_000_000, 3 * SOL] {
        let (mut site, rent) = wrapped(gift.max(1_000_000));
        let (job, gift) = (site.state(), gift.max(1_000_000).saturating_sub(rent));
        assert!(job.funded >= 6 * SOL && job.funded <= site.vault());
        assert_eq!(site.vault(), 6 * SOL + gift);
        site.at(HOUR);
        site.cosign(0, 100);
        site.wind_up();
        let close = site.close_ix();
        site.world.ok(&[close], &[]);
        assert_eq!(site.held(Pull::Refund), 8 * SOL + gift);
    }
}

#[test]
fn lamports_sent_to_a_wrapped_vault_later_hold_up_nothing() {
    let (mut site, _) = wrapped(0);
    let vault = address::vault(&site.job.address);
    site.world.chain.airdrop(&vault, SOL).unwrap();
    let sync =
        spl_token_interface::instruction::sync_native(&site.world.pay_mint.token_program, &vault);
    site.world.ok(&[sync.unwrap()], &[]);
    site.pull_refused(Pull::Refund, "NothingDue");
    site.wind_up();
    assert_eq!(site.held(Pull::Refund), 10 * SOL);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    assert_eq!(site.held(Pull::Refund), 11 * SOL);
}
