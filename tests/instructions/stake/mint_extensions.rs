//! Every extension of Token-2022 on the mints of stake and of dividends.
use {
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{
        DAY, ProviderHandle, TOKEN, World,
        extensions::{accepted, refused, withheld_by_the_token_program},
    },
    solana_address::Address,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// A provider with 9 base units to stake, 7 to give and 5 slashed, and a ticket of 3 that is due.
pub struct Staked {
    pub world: World,
    pub provider: ProviderHandle,
    pub ticket: Address,
}

/// Such a provider in a world that a test prepared.
pub fn staked(mut world: World) -> Staked {
    let provider = world.provider();
    let (owner, pool) = (provider.owner.insecure_clone(), provider.pool);
    world.dividends(&pool, 10_000 * TOKEN);
    let ticket = world.thaw(&owner, &pool, 3, 0);
    world.slash(&pool, 5);
    world.advance(i64::from(7 * DAY));
    let (stake, reward) = (world.stake_mint, world.reward_mint);
    world.mint_to(&owner.pubkey(), &stake, 9);
    world.mint_to(&owner.pubkey(), &reward, 7);
    Staked {
        world,
        provider,
        ticket,
    }
}

#[test]
fn no_stake_pool_is_created_once_the_mint_of_stake_carries_a_refused_extension() {
    let mut world = World::in_mints_with(None);
    let (payer, owner, network) = (world.payer.pubkey(), world.party(), world.network);
    let register = ix::register_provider(&payer, &owner.pubkey(), &owner.pubkey(), &network);
    world.ok(&[register], &[&owner]);
    let subject = address::provider(&network, &owner.pubkey());
    let mint = world.stake_mint;
    let create = ix::create_stake_pool(
        &payer,
        &network,
        &subject,
        &mint.address,
        &mint.token_program,
    );
    for extension in refused() {
        let genuine = world.plant(&mint.address, extension);
        world.policy_refuses(extension, &create, &[]);
        world.restore(&mint.address, genuine);
    }
    world.ok(&[create], &[]);
}

#[test]
fn nothing_is_staked_or_given_once_the_mint_carries_a_refused_extension() {
    let Staked {
        mut world,
        provider,
        ..
    } = staked(World::in_mints_with(None));
    let (owner, pool) = (&provider.owner, provider.pool);
    let stake = world.stake_ix(&owner.pubkey(), &pool, 9);
    let give = world.dividends_ix(&owner.pubkey(), &pool, 7);
    let fresh = world.provider();
    let first = world.dividends_ix(&owner.pubkey(), &fresh.pool, 7);
    for extension in refused() {
        let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
        let genuine = world.plant(&stakes, extension);
        world.policy_refuses(extension, &stake, &[owner]);
        world.restore(&stakes, genuine);
        let genuine = world.plant(&dividends, extension);
        world.policy_refuses(extension, &give, &[owner]);
        world.policy_refuses(extension, &first, &[owner]);
        world.restore(&dividends, genuine);
    }
    world.ok(&[stake, give], &[owner]);
}

#[test]
fn tickets_and_dividends_are_paid_under_a_refused_extension() {
    for extension in refused() {
        let Staked {
            mut world,
            provider,
            ticket,
        } = staked(World::in_mints_with(None));
        let owner = provider.owner.pubkey();
        let (stakes, dividends) = (world.stake_mint.address, world.reward_mint.address);
        let withdraw = world.withdraw_ix(&ticket);
        let claim = world.claim_dividends_ix(&provider.pool, &owner);
        let withheld = withheld_by_the_token_program(extension);
        let genuine = [
            (stakes, world.plant(&stakes, extension)),
            (dividends, world.plant(&dividends, extension)),
        ];
        world.comes_to(extension, &withdraw, &[], withheld);
        world.comes_to(extension, &claim, &[], withheld);
        if withheld.is_some() {
            for (mint, account) in genuine {
                world.restore(&mint, account);
            }
            world.ok(&[withdraw, claim], &[]);
        }
        let got = [world.stake_mint, world.reward_mint].map(|mint| world.tokens(&owner, &mint));
        // A share is worth a little less than a base unit since the slash.
        assert_eq!((extension, got), (extension, [9 + 2, 7 + 10_000 * TOKEN]));
    }
}

#[test]
fn slashed_stake_is_burned_under_a_refused_extension() {
    for extension in refused() {
        let Staked {
            mut world,
            provider,
            ..
        } = staked(World::in_mints_with(None));
        let mint = world.stake_mint;
        let burn = world.burn_ix(&provider.pool);
        let supply = world.supply(&mint);
        let genuine = world.plant(&mint.address, extension);
        let withheld = unburnable(extension);
        world.comes_to(extension, &burn, &[], withheld);
        if withheld.is_some() {
            world.restore(&mint.address, genuine);
            world.ok(&[burn], &[]);
        }
        assert_eq!(world.supply(&mint), supply - 5);
    }
}

/// What the token program itself says to a burn.
const fn unburnable(extension: ExtensionType) -> Option<&'static str> {
    match extension {
        // IllegalMintBurnConversion: only confidential tokens burn.
        ExtensionType::ConfidentialMintBurn => Some("Custom(65)"),
        // InvalidInstruction: the burn needs the authority's signature too.
        ExtensionType::PermissionedBurn => Some("Custom(12)"),
        _ => None,
    }
}

#[test]
fn thawing_and_leaving_ask_no_mint() {
    for extension in refused() {
        let Staked {
            mut world,
            provider,
            ticket,
        } = staked(World::in_mints_with(None));
        let (owner, pool) = (&provider.owner, provider.pool);
        let stakes = world.stake_mint.address;
        world.plant(&stakes, extension);
        let unstake = world.unstake_ix(&owner.pubkey(), &pool, 4, 1);
        world.comes_to(extension, &unstake, &[owner], None);
        let cancel = world.cancel_unstake_ix(&ticket);
        world.comes_to(extension, &cancel, &[owner], None);
    }
}

#[test]
fn stake_and_dividends_live_their_whole_life_in_mints_with_any_extension_that_only_describes() {
    for extension in accepted() {
        let mut world = World::in_mints_with(Some(extension));
        let provider = world.provider();
        let (owner, pool) = (&provider.owner, provider.pool);
        let (stakes, dividends) = (world.stake_mint, world.reward_mint);
        world.dividends(&pool, 10_000 * TOKEN);
        let staker = world.delegate(&pool, 50 * TOKEN);
        world.slash(&pool, 5);
        let burn = world.burn_ix(&pool);
        world.comes_to(extension, &burn, &[], None);
        world.leave_pool(&staker, &pool);
        world.leave_pool(owner, &pool);
        for _ in 0..2 {
            let close = world.close_pool_ix(&pool);
            world.comes_to(extension, &close, &[owner], None);
        }
        assert!(world.is_gone(&pool));
        let held = |world: &World, mint| {
            world.tokens(&owner.pubkey(), mint) + world.tokens(&staker.pubkey(), mint)
        };
        assert_eq!(held(&world, &stakes), 10_050 * TOKEN - 5);
        assert_eq!(held(&world, &dividends), 10_000 * TOKEN);
    }
}

#[test]
fn a_stake_pool_and_what_lies_in_it_are_given_up_under_a_refused_extension() {
    for extension in refused() {
        let mut world = World::in_mints_with(None);
        let provider = world.provider();
        let (owner, pool) = (&provider.owner, provider.pool);
        world.dividends(&pool, 10_000 * TOKEN);
        world.leave_pool(owner, &pool);
        let vaults = [address::dividends(&pool), address::vault(&pool)];
        let mints = [world.reward_mint, world.stake_mint];
        for (vault, mint) in vaults.iter().zip(mints) {
            world.mint_into(vault, &mint, 5);
            let held = world.tokens(&owner.pubkey(), &mint);
            let close = world.close_pool_ix(&pool);
            let genuine = world.plant(&mint.address, extension);
            let withheld = withheld_by_the_token_program(extension);
            world.comes_to(extension, &close, &[owner], withheld);
            if withheld.is_some() {
                world.restore(&mint.address, genuine);
                world.ok(&[close], &[owner]);
            }
            assert_eq!(world.tokens(&owner.pubkey(), &mint), held + 5);
            assert!(world.is_gone(vault));
        }
        assert!(world.is_gone(&pool));
    }
}
