//! Payees whose token accounts fail them: given away, closed or frozen. Each keeps its own owner waiting and nobody else, until
//! somebody goes the way around it (I10).

use {
    super::driver::Run,
    sluice_client::{
        Ledger,
        instruction::{
            paid_elsewhere,
            token::{Mint, TOKEN_PROGRAM},
        },
    },
    sluice_tests::reference::{Action, Key},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_interface::instruction as token,
    std::{fmt::Debug, sync::LazyLock},
};

/// The token program's refusal to move tokens of a frozen account.
const FROZEN: &str = "Custom(17)";

/// Instructions that pay an owner, by the first bytes of their data.
static PAYOUTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let idl = include_str!("../../idl/sluice.json");
    let idl: serde_json::Value = serde_json::from_str(idl).expect("JSON");
    let all = idl["instructions"].as_array().expect("a list").iter();
    let pays = all.filter(|one| one["accounts"].to_string().contains("given_away"));
    let first = |one: &serde_json::Value| serde_json::from_value(one["discriminator"].clone());
    pays.map(|one| first(one).expect("bytes")).collect()
});

/// How many there are of them.
pub fn payouts() -> usize {
    PAYOUTS.len()
}

/// What became of an associated account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Another's; its owner holds this one instead.
    Given(Address),
    /// Its owner put what was in it here.
    Closed(Address),
    Frozen,
}

/// An associated account that takes nothing for its owner.
#[derive(Clone, Copy)]
pub struct Estranged {
    key: Key,
    mint: Mint,
    fate: Fate,
}

/// An instruction of the token program that `mint` is of.
fn of(mint: &Mint, built: Result<Instruction, impl Debug>) -> Instruction {
    let mut built = built.expect("an instruction");
    built.program_id = mint.token_program;
    built
}

/// Associated accounts of Token-2022 keep their owner for ever.
fn can_change_hands(mint: &Mint) -> bool {
    mint.token_program == TOKEN_PROGRAM
}

/// True for an instruction that pays an owner's associated account, or another where that one was given away.
fn is_payout(instruction: &Instruction) -> bool {
    let ours = instruction.program_id == sluice_client::ID;
    ours && PAYOUTS.iter().any(|one| instruction.data.starts_with(one))
}

impl Run {
    /// From the beginning some people are paid elsewhere, and pay from there; and whoever never pays has any kind of account.
    pub(super) fn estrange_some(&mut self) {
        for mint in self.book.mints() {
            self.make_freezable(&self.book.mint(mint));
        }
        let cast = &self.cast;
        let elsewhere = [&cast.provider_owners, &cast.creators, &cast.buyers];
        let mut elsewhere: Vec<Key> = elsewhere.map(|role| role[0]).to_vec();
        elsewhere.push(cast.delegators[2]);
        for key in elsewhere {
            for handle in self.book.mints() {
                let mint = self.book.mint(handle);
                if can_change_hands(&mint) {
                    let fate = Fate::Given(self.second_account(key, &mint));
                    self.meet(Estranged { key, mint, fate });
                }
            }
        }
        let earning = self.cast.treasuries.iter().chain(&self.cast.fee_owners);
        self.estrange_each(earning.copied().collect());
    }

    /// From here on so is everybody else who is paid and pays nothing any more.
    pub(super) fn estrange_all(&mut self) {
        let paying = self.cast.delegators[..2].to_vec();
        let wallets = self.cast.wallets().into_iter();
        self.estrange_each(wallets.filter(|key| !paying.contains(key)).collect());
    }

    /// Three in five accounts of these are given away, closed or frozen.
    fn estrange_each(&mut self, keys: Vec<Key>) {
        for key in keys {
            for handle in self.book.mints() {
                let mint = self.book.mint(handle);
                if self.estranged.contains_key(&self.associated(key, &mint)) {
                    continue;
                }
                let fate = match (key + 2 * handle + self.seed) % 5 {
                    0 if can_change_hands(&mint) => Fate::Given(self.second_account(key, &mint)),
                    0 | 1 => Fate::Closed(self.second_account(key, &mint)),
                    2 => Fate::Frozen,
                    _ => continue,
                };
                self.meet(Estranged { key, mint, fate });
            }
        }
        self.look_again();
    }

    /// The same instructions, but what is not a payout names the account that its party has instead.
    pub(super) fn paid_elsewhere(&self, mut instructions: Vec<Instruction>) -> Vec<Instruction> {
        let others = instructions.iter_mut().filter(|one| !is_payout(one));
        for meta in others.flat_map(|one| &mut one.accounts) {
            if let Some(Estranged {
                fate: Fate::Given(instead),
                ..
            }) = self.estranged.get(&meta.pubkey)
            {
                meta.pubkey = *instead;
            }
        }
        instructions
    }

    /// Whoever may mint may freeze too.
    fn make_freezable(&mut self, mint: &Mint) {
        let known = self.world.chain.account(&mint.address);
        let mut account = known.expect("a chain").expect("a mint");
        account.data[46..50].copy_from_slice(&1_u32.to_le_bytes());
        account.data[50..82].copy_from_slice(self.world.payer.pubkey().as_ref());
        self.world.restore(&mint.address, account);
    }

    fn associated(&self, key: Key, mint: &Mint) -> Address {
        let owner = self.book.address(key);
        sluice_client::address::token_account(&owner, &mint.address, &mint.token_program)
    }

    /// Moves what an associated account holds into another one of its owner.
    fn move_out(&mut self, key: Key, mint: &Mint, other: &Address) {
        let (owner, account) = (self.book.address(key), self.associated(key, mint));
        let amount = self.world.balance_of(&account);
        let moved = token::transfer_checked(
            &TOKEN_PROGRAM,
            &account,
            &mint.address,
            other,
            &owner,
            &[],
            amount,
            6,
        );
        self.world.ok(&[of(mint, moved)], &[self.book.key(key)]);
    }

    fn second_account(&mut self, key: Key, mint: &Mint) -> Address {
        let owner = self.book.address(key);
        let other = self.world.second_account(&owner, mint);
        self.book.enter_second_account(other, key);
        other
    }

    /// The account meets its fate.
    fn meet(&mut self, estranged: Estranged) {
        let Estranged { key, mint, fate } = estranged;
        let owner = self.book.address(key);
        let account = self.associated(key, &mint);
        match fate {
            Fate::Given(instead) => {
                self.move_out(key, &mint, &instead);
                let [taker, other] = [self.cast.stranger, self.cast.delegators[0]];
                let taker = if key == taker { other } else { taker };
                let taker = self.book.address(taker);
                self.world.give_away(self.book.key(key), &mint, &taker);
            }
            Fate::Closed(instead) => {
                self.move_out(key, &mint, &instead);
                let close = token::close_account(&TOKEN_PROGRAM, &account, &owner, &owner, &[]);
                self.world.ok(&[of(&mint, close)], &[self.book.key(key)]);
            }
            Fate::Frozen => {
                let by = self.world.payer.pubkey();
                let freeze =
                    token::freeze_account(&TOKEN_PROGRAM, &account, &mint.address, &by, &[]);
                self.world.ok(&[of(&mint, freeze)], &[]);
            }
        }
        self.estranged.insert(account, estranged);
    }

    /// Where `action` pays to, if that account takes nothing.
    fn pays_in_vain(&self, action: &Action) -> Option<(Address, Estranged)> {
        let past_the_program = matches!(action, Action::Transfer { .. });
        if self.estranged.is_empty() || past_the_program {
            return None;
        }
        let (now, slot) = self.moment();
        let effect = self.model.clone().apply(now, slot, action).ok()?;
        let mut paid = effect.moves.iter();
        paid.find_map(|moved| {
            let account = self.book.token_account(moved.to, moved.mint);
            Some((account, *self.estranged.get(&account)?))
        })
    }

    /// True while `action` waits for whoever can thaw the account that it pays to.
    pub(super) fn is_frozen(&self, action: &Action) -> bool {
        let vain = self.pays_in_vain(action);
        vain.is_some_and(|(_, estranged)| estranged.fate == Fate::Frozen)
    }

    /// The same instructions, but paid where that is possible; before, they are refused as they are.
    pub(super) fn detour(
        &mut self,
        action: &Action,
        instructions: Vec<Instruction>,
    ) -> Vec<Instruction> {
        let Some((account, estranged)) = self.pays_in_vain(action) else {
            return instructions;
        };
        self.refused_as_they_are(action, &instructions, estranged.fate);
        let Estranged { key, mint, fate } = estranged;
        let owner = self.book.address(key);
        let mut paid = instructions;
        let name = match fate {
            Fate::Given(other) => {
                let pulls = paid.into_iter();
                let elsewhere = pulls
                    .map(|pull| paid_elsewhere(pull.clone(), &account, &other).unwrap_or(pull));
                paid = elsewhere.collect();
                "given away"
            }
            Fate::Closed(_) => {
                // Anybody can.
                self.world.open_account(&owner, &mint);
                self.relapsing = self.estranged.remove(&account);
                "closed"
            }
            Fate::Frozen => {
                let by = self.world.payer.pubkey();
                let thaw = token::thaw_account(&TOKEN_PROGRAM, &account, &mint.address, &by, &[]);
                self.world.ok(&[of(&mint, thaw)], &[]);
                self.relapsing = self.estranged.remove(&account);
                "frozen"
            }
        };
        self.look_again();
        self.tally.estranged(name, action);
        paid
    }

    /// What was thawed or opened for one payment meets its fate again.
    pub(super) fn relapse(&mut self) {
        if let Some(estranged) = self.relapsing.take() {
            self.meet(estranged);
            self.look_again();
        }
    }

    fn refused_as_they_are(&mut self, action: &Action, instructions: &[Instruction], fate: Fate) {
        let expected = match fate {
            Fate::Given(_) | Fate::Closed(_) => "RecipientChangedOwner",
            Fate::Frozen => FROZEN,
        };
        let refused = self.send(instructions);
        assert_eq!(refused, Err(expected.to_owned()), "{}", self.place(action));
        self.check_nothing_happened(action);
    }
}
