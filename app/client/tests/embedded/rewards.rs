//! Rewards and dividends of a provider's owner, in transactions that cannot be read.

use {
    crate::{
        bridges::cut,
        world::{FUNDS, World},
    },
    sluice_client::{
        Ledger, Position, RewardPool, RewardTerms, Share, StakePool, Unstake, address,
        books::{Book, Books, Kind, Row, Unexplained},
        instruction::{self as ix, NewRewardPool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signature::Signature,
    solana_signer::Signer,
};

const DAY: i64 = 86_400;
const RATE: u64 = 1_000_000;

/// A node's share of a pool whose work of epoch 0 streams through epoch 1, half of it to delegators.
struct Rewarded {
    world: World,
    pool: Address,
    share: Address,
    start: i64,
}

impl Rewarded {
    /// With `has_stake` the owner's stake stays, and the delegators' part is its own dividend; else nobody has any.
    fn new(has_stake: bool) -> Self {
        let mut world = World::new();
        let owner = world.owner.insecure_clone();
        let (key, network) = (owner.pubkey(), world.network);
        let commission = ix::set_commission(&key, &network, 5_000);
        world.send(&[commission], &owner, &[]);
        world.ledger.chain.advance(8 * DAY);
        let start = world.ledger.chain.now() + DAY;
        let pool = Self::pool(&mut world, start);
        world.ledger.chain.advance(DAY + 60);
        let node_key = world.node;
        let job = world.active(1);
        world.work(&job);
        let account = world.job(&job);
        let credit = ix::credit(&job, &account);
        let release = ix::release_job(&job, &account);
        let admin = world.admin.pubkey();
        let report = ix::open_epoch(&admin, &pool, &node_key, &world.provider, 0);
        world.by_admin(&[credit, report, release]);
        let mut rewarded = Self {
            share: address::share(&pool, &node_key),
            world,
            pool,
            start,
        };
        if has_stake {
            let mint = rewarded.world.ledger.mint;
            let stake = rewarded.stake();
            let open = ix::add_dividends(
                &admin,
                &admin,
                &stake,
                &network,
                &mint.address,
                &mint.token_program,
                0,
            );
            let purse = ix::token::create_token_account(&admin, &admin, &mint);
            rewarded.world.by_admin(&[purse, open]);
        } else {
            rewarded.leave();
        }
        rewarded.until(11);
        rewarded
    }

    /// A pool of two epochs of ten days, with the node's share.
    fn pool(world: &mut World, start: i64) -> Address {
        let (admin, buyer, owner) = (
            world.admin.pubkey(),
            world.buyer.insecure_clone(),
            world.owner.insecure_clone(),
        );
        let mint = world.ledger.mint;
        let new = NewRewardPool {
            network: world.network,
            set: world.set,
            mint: mint.address,
            token_program: mint.token_program,
            id: 1,
            terms: RewardTerms {
                rate: RATE,
                ceiling: RATE,
                node_cap: 1_000,
                start_at: start,
                end_at: start + 20 * DAY,
                epoch_secs: 864_000,
                reserve: [0; 4],
            },
            refund_owner: buyer.pubkey(),
        };
        world.by_admin(&[ix::create_reward_pool(&admin, &admin, &new)]);
        let key = address::reward_pool(&world.network, &admin, 1);
        let pool: RewardPool = world.ledger.get(&key).unwrap();
        let program = &mint.token_program;
        let fund = ix::fund_reward_pool(&buyer.pubkey(), &key, &pool, program, FUNDS);
        world.send(&[fund], &buyer, &[]);
        let (node_key, node) = (world.node, world.ledger.get(&world.node).unwrap());
        let payer = owner.pubkey();
        let join = ix::join_reward_pool(&payer, &payer, &key, &pool, &node_key, &node);
        world.send(&[join], &owner, &[]);
        key
    }

    fn stake(&self) -> Address {
        address::stake_pool(&self.world.provider)
    }

    /// The owner withdraws its stake, within the first epoch.
    fn leave(&mut self) {
        let owner = self.world.owner.insecure_clone();
        let (key, stake, network) = (owner.pubkey(), self.stake(), self.world.network);
        let position = address::position(&stake, &key);
        let held: Position = self.world.ledger.get(&position).unwrap();
        let thaw = ix::unstake(&key, &key, &network, &stake, held.shares, 1);
        self.world.send(&[thaw], &owner, &[]);
        self.world.ledger.chain.advance(8 * DAY);
        let ticket: Unstake = self
            .world
            .ledger
            .get(&address::unstake(&position, 1))
            .unwrap();
        let pool: StakePool = self.world.ledger.get(&stake).unwrap();
        let withdraw = ix::withdraw(&pool, &ticket, &self.world.stake.token_program);
        self.world.by_admin(&[withdraw]);
    }

    /// Waits until so many days after the start.
    fn until(&mut self, day: i64) {
        self.world.ledger.chain.set_time(self.start + day * DAY);
    }

    fn draws(&self) -> [Instruction; 2] {
        let ledger = &self.world.ledger;
        let pool: RewardPool = ledger.get(&self.pool).unwrap();
        let share: Share = ledger.get(&self.share).unwrap();
        let stake: StakePool = ledger.get(&self.stake()).unwrap();
        let (now, program) = (ledger.chain.now(), &ledger.mint.token_program);
        [
            ix::claim(&self.pool, &pool, &share, now, program),
            ix::pay_delegators(&self.pool, &pool, &share, Some(&stake), now, program),
        ]
    }

    /// Pays payee and delegators what has streamed, a transaction each.
    fn draw(&mut self) -> [Signature; 2] {
        self.draws().map(|draw| self.sent(draw))
    }

    fn sent(&mut self, instruction: Instruction) -> Signature {
        self.world.by_admin(&[instruction]);
        self.world.ledger.pasts.last().unwrap().signature
    }

    /// Books the whole stream.
    fn fold(&mut self) {
        self.until(21);
        self.world
            .by_admin(&[ix::fold(&self.pool, &self.world.node, 0)]);
    }

    fn close(&mut self) {
        let owner = self.world.owner.insecure_clone();
        let share: Share = self.world.ledger.get(&self.share).unwrap();
        let close = ix::close_share(&owner.pubkey(), &share);
        self.world.send(&[close], &owner, &[]);
    }

    fn book(&self) -> Book {
        let books = Books::of(&self.world.ledger).unwrap();
        books.provider(&self.world.provider).unwrap()
    }

    /// The rows of the share, and what is left open.
    fn told(&self) -> (Vec<Row>, Vec<Unexplained>) {
        let book = self.book();
        let lines = book.period(None, None).unwrap().lines.into_iter();
        let rows = lines.map(|line| line.row);
        let rows = rows.filter(|row| row.account == self.share).collect();
        (rows, book.unexplained().to_vec())
    }
}

fn bridged(rows: &[Row], unread: &[Signature]) -> Vec<Row> {
    let rows = rows.iter().map(|row| Row {
        is_bridged: unread.contains(&row.signature),
        ..*row
    });
    rows.collect()
}

fn sum(rows: &[Row], kind: Kind) -> u64 {
    let of_kind = rows.iter().filter(|row| row.kind == kind);
    of_kind.map(|row| row.amount).sum()
}

#[test]
fn the_delegators_part_of_an_untold_transaction_went_to_the_payee_or_not_as_its_accounts_say() {
    for has_stake in [false, true] {
        let mut rewarded = Rewarded::new(has_stake);
        let held = rewarded.world.held(&rewarded.world.owner.pubkey());
        let [_, first] = rewarded.draw();
        rewarded.until(13);
        let [_, second] = rewarded.draw();
        rewarded.until(15);
        let [_, third] = rewarded.draw();
        let (honest, open) = rewarded.told();
        assert_eq!(open, []);
        let received = rewarded.world.held(&rewarded.world.owner.pubkey()) - held;
        let claimed = sum(&honest, Kind::RewardClaimed);
        let part = sum(&honest, Kind::UndelegatedPart);
        assert_eq!((claimed + part, part > 0), (received, !has_stake));
        // One or two in a row, between what can be read and at the end.
        for unread in [
            vec![first],
            vec![first, second],
            vec![second],
            vec![second, third],
        ] {
            rewarded.world.ledger.untold.clone_from(&unread);
            let (told, open) = rewarded.told();
            assert_eq!(sum(&told, Kind::RewardClaimed), claimed);
            assert_eq!((sum(&told, Kind::UndelegatedPart), open), (part, vec![]));
            rewarded.world.ledger.untold.clear();
            let logs = rewarded.world.ledger.pasts.clone();
            for signature in &unread {
                cut(&mut rewarded.world, *signature);
            }
            assert_eq!(rewarded.told(), (bridged(&honest, &unread), vec![]));
            rewarded.world.ledger.pasts = logs;
        }
    }
}

#[test]
fn a_delegators_part_that_may_be_either_s_is_named() {
    let mut rewarded = Rewarded::new(true);
    let [_, pay] = rewarded.draws();
    let owner = rewarded.world.owner.pubkey();
    let mint = rewarded.world.ledger.mint;
    // A stranger names the payee's account beside it.
    let give = spl_token_interface::instruction::mint_to(
        &mint.token_program,
        &mint.address,
        &address::token_account(&owner, &mint.address, &mint.token_program),
        &rewarded.world.admin.pubkey(),
        &[],
        0,
    );
    rewarded.world.by_admin(&[pay, give.unwrap()]);
    let signature = rewarded.world.ledger.pasts.last().unwrap().signature;
    let share: Share = rewarded.world.ledger.get(&rewarded.share).unwrap();
    rewarded.world.ledger.untold = vec![signature];
    let (rows, open) = rewarded.told();
    assert_eq!(rows, []);
    let [open] = &open[..] else {
        panic!("{open:?}");
    };
    assert_eq!(
        (open.kind, open.amount),
        (Kind::UndelegatedPart, share.delegators_claimed)
    );
    assert!(open.is_all && open.transactions == [signature]);
    assert_eq!(open.mint, Some(mint.address));
}

#[test]
fn a_claim_that_is_not_told_is_not_lost_with_its_share() {
    let mut rewarded = Rewarded::new(false);
    let [first, _] = rewarded.draw();
    rewarded.until(15);
    let [second, _] = rewarded.draw();
    rewarded.fold();
    let [third, last] = rewarded.draw();
    let (honest, _) = rewarded.told();
    rewarded.close();
    for untold in [vec![first], vec![second], vec![first, second]] {
        rewarded.world.ledger.untold.clone_from(&untold);
        let (told, open) = rewarded.told();
        assert_eq!(
            (told.iter().map(|row| row.amount).sum::<u64>(), open),
            (honest.iter().map(|row| row.amount).sum(), vec![])
        );
    }
    // Of what comes behind the fold, what had been earned by then tells the rest.
    for untold in [vec![third], vec![third, last]] {
        rewarded.world.ledger.untold.clone_from(&untold);
        let (told, open) = rewarded.told();
        assert!(told.len() < honest.len() || open.is_empty(), "{told:?}");
        let missing: u64 = honest.iter().map(|row| row.amount).sum::<u64>()
            - told.iter().map(|row| row.amount).sum::<u64>();
        assert_eq!(missing > 0, !open.is_empty(), "{missing} {open:?}");
    }
}

#[test]
fn a_dividend_that_is_not_told_is_bridged_or_named() {
    let mut rewarded = Rewarded::new(true);
    let owner = rewarded.world.owner.insecure_clone();
    let position = address::position(&rewarded.stake(), &owner.pubkey());
    let claim = |rewarded: &mut Rewarded| {
        let mint = rewarded.world.ledger.mint;
        let held: Position = rewarded.world.ledger.get(&position).unwrap();
        let claim = ix::claim_dividends(&held, &mint.address, &mint.token_program);
        rewarded.sent(claim)
    };
    rewarded.draw();
    rewarded.until(14);
    let first = claim(&mut rewarded);
    rewarded.draw();
    rewarded.until(17);
    let second = claim(&mut rewarded);
    let dividends = |rewarded: &Rewarded| {
        let book = rewarded.book();
        let rows: Vec<Row> = book
            .period(None, None)
            .unwrap()
            .lines
            .iter()
            .map(|line| line.row)
            .collect();
        (
            sum(&rows, Kind::DividendClaimed),
            book.unexplained().to_vec(),
        )
    };
    let (all, open) = dividends(&rewarded);
    assert!(all > 0 && open.is_empty());
    for unread in [vec![first], vec![second], vec![first, second]] {
        rewarded.world.ledger.untold.clone_from(&unread);
        assert_eq!(dividends(&rewarded), (all, vec![]));
        rewarded.world.ledger.untold.clear();
        let logs = rewarded.world.ledger.pasts.clone();
        for signature in &unread {
            cut(&mut rewarded.world, *signature);
        }
        assert_eq!(dividends(&rewarded), (all, vec![]));
        rewarded.world.ledger.pasts = logs;
    }
    // Once the position is gone, nothing tells the last total.
    let stake = rewarded.stake();
    let network = rewarded.world.network;
    let held: Position = rewarded.world.ledger.get(&position).unwrap();
    let key = owner.pubkey();
    let thaw = ix::unstake(&key, &key, &network, &stake, held.shares, 1);
    rewarded.world.send(&[thaw], &owner, &[]);
    rewarded.until(30);
    let ticket: Unstake = rewarded
        .world
        .ledger
        .get(&address::unstake(&position, 1))
        .unwrap();
    let pool: StakePool = rewarded.world.ledger.get(&stake).unwrap();
    let withdraw = ix::withdraw(&pool, &ticket, &rewarded.world.stake.token_program);
    rewarded.world.by_admin(&[withdraw]);
    let held: Position = rewarded.world.ledger.get(&position).unwrap();
    let last = if held.dividend_due > 0 {
        claim(&mut rewarded)
    } else {
        second
    };
    let held: Position = rewarded.world.ledger.get(&position).unwrap();
    rewarded
        .world
        .send(&[ix::close_position(&held)], &owner, &[]);
    let (all, _) = dividends(&rewarded);
    rewarded.world.ledger.untold = vec![last];
    let (told, open) = dividends(&rewarded);
    let [open] = &open[..] else {
        panic!("{open:?}");
    };
    assert_eq!((open.account, open.kind), (position, Kind::DividendClaimed));
    assert!(told < all && !open.is_all && open.transactions == [last]);
}
