//! Every account of `pay_delegators`, `return_unallocated`, `close_share` and `close_reward_pool`: read-only, absent, of another
//! type or program, or twice.

use {
    sluice_client::{RewardPool, Share},
    sluice_tests::world::{Stage, Tamper, error_name},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Refusals of an account of another type, of no account, of another address and of what is not a token program.
const OTHER: &str = "InvalidAccountData";
const ABSENT: &str = "AccountDataTooSmall";
const ADDRESS: &str = "ConstraintAddress";
const PROGRAM: &str = "Custom(2007)";

/// A stage and an instruction that would succeed in it, with who signs.
struct Case {
    stage: Stage,
    good: Instruction,
    signers: Vec<Keypair>,
}

impl Case {
    /// Gives rents and refunds to others than the fee payer, which every transaction can write.
    fn new(mut stage: Stage, build: impl FnOnce(&Stage) -> (Instruction, Vec<Keypair>)) -> Self {
        let [rent, refund] = [stage.world.party().pubkey(), stage.world.party().pubkey()];
        let (pool, mint) = (stage.pool, stage.world.reward_mint);
        stage.world.open_account(&refund, &mint);
        stage.world.edit(&pool, |pool: &mut RewardPool| {
            (pool.rent_payer, pool.refund_owner) = (rent, refund);
        });
        if stage.pool().shares > 0 {
            let share = stage.share_key(0);
            stage
                .world
                .edit(&share, |share: &mut Share| share.rent_payer = rent);
        }
        let (good, signers) = build(&stage);
        Self {
            stage,
            good,
            signers,
        }
    }

    fn pay_delegators() -> Self {
        let mut stage = Stage::sharing(5, 5_000);
        stage.world.advance(50);
        Self::new(stage, |stage| (stage.pay_ix(0), vec![]))
    }

    fn return_unallocated() -> Self {
        let mut stage = Stage::sharing(5, 5_000);
        stage.end();
        Self::new(stage, |stage| (stage.return_ix(), vec![]))
    }

    fn close_share() -> Self {
        let mut stage = Stage::sharing(5, 5_000);
        stage.enter(3);
        stage.fold(0, 1);
        stage.claim(0);
        stage.pay(0);
        let owner = stage.earners[0].provider.owner.insecure_clone();
        Self::new(stage, |stage| {
            (stage.close_share_ix(0, &owner.pubkey()), vec![owner])
        })
    }

    fn close_reward_pool() -> Self {
        let mut stage = Stage::new(&[], |_| ());
        stage.end();
        Self::new(stage, |stage| (stage.close_pool_ix(), vec![]))
    }

    fn all() -> [Self; 4] {
        [
            Self::pay_delegators(),
            Self::return_unallocated(),
            Self::close_share(),
            Self::close_reward_pool(),
        ]
    }

    /// Places of the accounts that are written.
    fn written(&self) -> Vec<usize> {
        let metas = self.good.accounts.iter().enumerate();
        let written = metas.filter(|(_, meta)| meta.is_writable);
        written.map(|(place, _)| place).collect()
    }

    /// Why the bent instruction is refused, with nothing moved.
    fn refusal(&mut self, bend: impl FnOnce(&mut Instruction)) -> String {
        let mut bent = self.good.clone();
        bend(&mut bent);
        let signers: Vec<_> = self.signers.iter().collect();
        let before = self.stage.world.freeze();
        let sent = self.stage.world.send(&[bent], &signers);
        let name = error_name(&sent.expect_err("accepted"));
        assert!(
            self.stage.world.freeze() == before,
            "{name}, but something moved"
        );
        name
    }

    /// Why it is refused with `other` in each place.
    fn with_everywhere(&mut self, other: &Address) -> Vec<String> {
        let places = 0..self.good.accounts.len();
        let signs: Vec<_> = self
            .good
            .accounts
            .iter()
            .map(|meta| meta.is_signer)
            .collect();
        places
            .filter(|place| !signs[*place])
            .map(|place| self.refusal(|bent| bent.accounts[place].pubkey = *other))
            .collect()
    }

    /// The good one still succeeds.
    fn succeeds(mut self) {
        let signers: Vec<_> = self.signers.iter().collect();
        self.stage.world.ok(&[self.good], &signers);
    }
}

#[test]
fn what_is_written_is_given_writable() {
    for (mut case, places) in Case::all().into_iter().zip([5, 3, 3, 4]) {
        let written = case.written();
        assert_eq!(written.len(), places);
        for place in written {
            let name = case.refusal(|bent| bent.accounts[place].is_writable = false);
            assert_eq!(name, "ConstraintMut", "place {place}");
        }
        case.succeeds();
    }
}

#[test]
fn what_is_written_is_given_once() {
    for mut case in Case::all() {
        let written = case.written();
        for one in &written {
            for other in written.iter().filter(|other| *other != one) {
                let key = case.good.accounts[*other].pubkey;
                let name = case.refusal(|bent| bent.accounts[*one].pubkey = key);
                assert_eq!(name, "ConstraintDuplicateMutableAccount", "{one} {other}");
            }
        }
        case.succeeds();
    }
}

#[test]
fn an_account_of_another_type_is_nothing_in_any_place() {
    let refusals = Case::all().map(|mut case| {
        let impostor = case.stage.world.impostor();
        let names = case.with_everywhere(&impostor);
        case.succeeds();
        names
    });
    let expected: [&[&str]; 4] = [
        &[
            OTHER,
            OTHER,
            OTHER,
            OTHER,
            ADDRESS,
            ADDRESS,
            "WrongVault",
            PROGRAM,
            "WrongStakePool",
        ],
        &[OTHER, ADDRESS, ADDRESS, "NotAssociatedAccount", PROGRAM],
        &[OTHER, OTHER, ADDRESS],
        &[
            OTHER,
            ADDRESS,
            ADDRESS,
            "NotAssociatedAccount",
            PROGRAM,
            ADDRESS,
        ],
    ];
    assert_eq!(refusals, expected);
}

#[test]
fn an_address_without_an_account_is_nothing_in_any_place() {
    let refusals = Case::all().map(|mut case| {
        let nothing = case.stage.world.key_address();
        let names = case.with_everywhere(&nothing);
        case.succeeds();
        names
    });
    let expected: [&[&str]; 4] = [
        &[
            ABSENT,
            ABSENT,
            "UninitializedAccount",
            "UninitializedAccount",
            ADDRESS,
            ADDRESS,
            "WrongVault",
            PROGRAM,
            "WrongStakePool",
        ],
        &[ABSENT, ADDRESS, ADDRESS, "NotAssociatedAccount", PROGRAM],
        &[ABSENT, ABSENT, ADDRESS],
        &[
            ABSENT,
            ADDRESS,
            ADDRESS,
            "NotAssociatedAccount",
            PROGRAM,
            ADDRESS,
        ],
    ];
    assert_eq!(refusals, expected);
}

#[test]
fn a_copy_of_an_account_is_nothing_in_its_place() {
    for (mut case, count) in Case::all().into_iter().zip([4, 1, 2, 1]) {
        let keys: Vec<_> = case.good.accounts.iter().map(|meta| meta.pubkey).collect();
        let svm = case.stage.world.chain.svm();
        let own: Vec<_> = (0..keys.len())
            .filter(|place| {
                let account = svm.get_account(&keys[*place]);
                account.is_some_and(|account| account.owner == sluice_client::ID)
            })
            .collect();
        assert_eq!(own.len(), count);
        for place in own {
            let copy = case.stage.world.counterfeit(&keys[place]);
            let name = case.refusal(|bent| bent.accounts[place].pubkey = copy);
            // A stake pool that is gone is known by its address alone.
            let stake = if place == 8 {
                "WrongStakePool"
            } else {
                "IllegalOwner"
            };
            assert_eq!(name, stake, "place {place}");
        }
        case.succeeds();
    }
}

#[test]
fn only_the_close_of_a_share_needs_a_signature() {
    for (place, mut case) in Case::all().into_iter().enumerate() {
        let signs = case.good.accounts.iter().any(|meta| meta.is_signer);
        assert_eq!(signs, place == 2);
        if signs {
            let owner = case.signers[0].pubkey();
            let unsigned = case.good.unsigned(&owner);
            case.stage.refused(&unsigned, "MissingRequiredSignature");
        }
        case.succeeds();
    }
}
