//! Accounts of every type, written by the ELF and by nothing else.

use {
    sluice_client::{Ledger, NetworkChange, instruction as ix},
    sluice_tests::world::{PARAMS, Site, Stage, Stall, World, lied},
    solana_signer::Signer,
};

/// The bytes of every account of the scenes.
pub fn accounts() -> Vec<Vec<u8>> {
    let worlds = [disputed(), ended(), streaming(), Stall::new().world];
    worlds.iter().flat_map(of).collect()
}

/// The program's accounts in a world.
fn of(world: &World) -> Vec<Vec<u8>> {
    let all = world.chain.program_accounts(&[]).unwrap();
    all.into_iter().map(|(_, account)| account.data).collect()
}

/// A challenged, ruled and slashed job, a delegator with dividends who leaves, a change and a pause.
fn disputed() -> World {
    let (mut site, objection) = Site::challenged();
    site.prove_next();
    let said = site.world.statement(&site.job, 2, 33);
    site.world.post(&site.set, &[said]);
    let pool = site.provider.pool;
    let delegator = site.world.delegate(&pool, 30_000_001);
    site.world.give_dividends(&pool, 7_000_003);
    site.world.thaw(&delegator, &pool, 10_000_007, 3);
    site.rule(&objection, lied(5_000_009));
    site.slash_signer(&objection, 1);
    site.world.leave(&site.set, 2);
    let owner = site.provider.owner.insecure_clone();
    let network = site.world.network;
    let commission = ix::set_commission(&owner.pubkey(), &network, 1_234);
    site.world.ok(&[commission], &[&owner]);
    let admin = site.world.payer.pubkey();
    let mut params = PARAMS;
    (params.min_stake, params.fee_bps) = (101_000_001, 300);
    let change = NetworkChange {
        params,
        guardian: owner.pubkey(),
        resolver: delegator.pubkey(),
        treasury: admin,
    };
    let steps = [
        ix::propose_change(&admin, &network, change),
        ix::name_admin(&admin, &network, &delegator.pubkey()),
        ix::pause(&admin, &network, 3_600),
    ];
    site.world.ok(&steps, &[]);
    site.world
}

/// A job that was taken from an offer, proven and resigned from; settled, paid out and released.
fn ended() -> World {
    let mut stall = Stall::new();
    let job = stall.take(1);
    let window = i64::from(stall.terms().window_secs);
    for index in 0..3 {
        let now = stall.world.job(&job.address).start_at + window * (i64::from(index) + 1);
        stall.world.chain.set_time(now);
        stall
            .world
            .attest(&job, &stall.set, index, 60 + u64::from(index));
    }
    let Stall {
        world,
        set,
        provider,
        node,
        ..
    } = stall;
    let mut site = Site {
        world,
        set,
        provider,
        node,
        job,
    };
    site.resign();
    site.settle();
    site.pull_all();
    let credit = ix::credit(&site.job.address, &site.state());
    site.world.ok(&[credit], &[]);
    site.release();
    site.world
}

/// A reward pool in its second epoch of work, with something claimed.
fn streaming() -> World {
    let mut stage = Stage::streaming(&[40, 25], |_| ());
    stage.world.advance(1_000);
    stage.claim(0);
    stage.fold(0, 1);
    stage.world
}

/// What the scene needs of a site.
trait Prove {
    fn prove_next(&mut self);
}

impl Prove for Site {
    fn prove_next(&mut self) {
        self.at(2 * i64::from(self.state().terms.window_secs));
        self.prove(1, 77);
    }
}
