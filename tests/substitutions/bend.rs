//! What an attacker puts in an account's place.

use {
    crate::case::{Case, program_accounts, read},
    sluice_client::instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_program_pack::Pack,
    solana_sdk_ids::system_program,
    spl_token_interface::state,
    std::collections::{BTreeMap, BTreeSet},
};

/// What is wrong with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The same bytes, owned by another program.
    WrongOwner,
    /// A genuine account of the same type in the same network, or what the same scene played anew has in this place.
    Sibling,
    /// The same of another network.
    Foreign,
    /// A token account of the same mint, authority and amount at another address.
    LookAlike,
    /// A genuine account of each other type of the program's, and a token account of each other mint.
    OtherType,
    /// Another account of the same instruction.
    Duplicate,
    /// A funded wallet that nobody knows.
    System,
    /// An address without an account.
    Nothing,
    /// The same, and its key signs although nobody asks it to.
    Signing,
    /// The program itself, which stands for no account.
    Absent,
    /// The account itself, whose signature is missing.
    Unsigned,
    /// The account itself, not writable.
    ReadOnly,
}

/// One wrong account in one place.
pub struct Bend {
    pub place: usize,
    pub kind: Kind,
    /// What stands there now.
    pub key: Address,
}

/// What an account is, whoever's it is.
#[derive(PartialEq, Eq)]
enum Sort {
    Own([u8; 8]),
    Tokens(Address),
    Mint,
    Program,
    Other,
}

impl Sort {
    fn of(account: Option<&Account>) -> Self {
        let Some(account) = account else {
            return Self::Other;
        };
        let tokens = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(&account.owner);
        if account.executable {
            Self::Program
        } else if account.owner == sluice_client::ID {
            Self::Own(*account.data.first_chunk().unwrap())
        } else if holds_tokens(account) {
            Self::Tokens(Address::new_from_array(
                *account.data.first_chunk().unwrap(),
            ))
        } else if tokens {
            Self::Mint
        } else {
            Self::Other
        }
    }
}

/// True for a token account of either token program.
pub fn holds_tokens(account: &Account) -> bool {
    let tokens = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(&account.owner);
    tokens && account.data.len() == state::Account::LEN
}

impl Case {
    /// Everything wrong in every place, each key once; what does not exist yet is put on the chain.
    pub fn bends(&mut self) -> Vec<Bend> {
        let all = program_accounts(&self.chain);
        (0..self.call.slots.len())
            .flat_map(|place| self.bends_of(place, &all))
            .collect()
    }

    fn bends_of(&mut self, place: usize, all: &BTreeMap<Address, Account>) -> Vec<Bend> {
        let meta = self.instruction().accounts[place].clone();
        let mut found = Found {
            place,
            seen: BTreeSet::from([meta.pubkey]),
            bends: vec![],
        };
        // What the instruction creates has its type afterwards.
        let account = self.before[&meta.pubkey].clone();
        let account = account.or_else(|| self.after[&meta.pubkey].clone());
        let sort = Sort::of(account.as_ref());

        // Before the others, of which some may be absent too.
        found.add(Kind::Absent, sluice_client::ID);
        for other in &self.instruction().accounts {
            found.add(Kind::Duplicate, other.pubkey);
        }
        found.add(Kind::Sibling, self.twin.accounts[place].pubkey);
        found.add(Kind::Foreign, self.foreign.accounts[place].pubkey);
        if sort == Sort::Program {
            for program in [TOKEN_PROGRAM, TOKEN_2022_PROGRAM, system_program::ID] {
                found.add(Kind::Sibling, program);
            }
        }
        let mut types = vec![];
        for (key, other) in all {
            let theirs = self.theirs.contains(key);
            let other = Sort::of(Some(other));
            if other == sort {
                let kind = if theirs { Kind::Foreign } else { Kind::Sibling };
                found.add(kind, *key);
            } else if let Sort::Own(_) | Sort::Tokens(_) = other
                && !theirs
                && !types.contains(&other)
            {
                found.add(Kind::OtherType, *key);
                types.push(other);
            }
        }
        found.add(Kind::WrongOwner, self.counterfeit(account.as_ref()));
        if let Sort::Tokens(_) = sort {
            let copy = self.key();
            let account = account.unwrap();
            self.chain.set_account(copy, account).unwrap();
            found.add(Kind::LookAlike, copy);
        }
        let wallet = self.key();
        self.chain.airdrop(&wallet, 100_000_000_000).unwrap();
        found.add(Kind::System, wallet);
        found.add(Kind::Nothing, self.key());
        if !meta.is_signer {
            found.add(Kind::Signing, self.key());
        }

        let mut bends = found.bends;
        let key = meta.pubkey;
        let flags = [
            (meta.is_signer, Kind::Unsigned),
            (meta.is_writable, Kind::ReadOnly),
        ];
        for (_, kind) in flags.into_iter().filter(|(set, _)| *set) {
            bends.push(Bend { place, kind, key });
        }
        bends
    }

    /// A copy of an account that another program owns.
    fn counterfeit(&mut self, original: Option<&Account>) -> Address {
        let copy = self.key();
        let forged = Account {
            lamports: original.map_or(1_000_000_000, |account| account.lamports),
            data: original.map_or_else(Vec::new, |account| account.data.clone()),
            owner: Address::new_from_array([13; 32]),
            executable: false,
            rent_epoch: u64::MAX,
        };
        self.chain.set_account(copy, forged).unwrap();
        copy
    }

    /// Our instruction with the bend in it.
    pub fn bent(&self, bend: &Bend) -> Instruction {
        let mut bent = self.instruction().clone();
        let meta = &mut bent.accounts[bend.place];
        match bend.kind {
            Kind::Unsigned => meta.is_signer = false,
            Kind::ReadOnly => meta.is_writable = false,
            Kind::Signing => {
                meta.pubkey = bend.key;
                meta.is_signer = true;
            }
            _ => {
                meta.pubkey = bend.key;
                // An attacker that cannot sign for it leaves the signature out.
                meta.is_signer &= self.can_sign(&bend.key);
            }
        }
        bent
    }

    /// Accounts that a bent instruction can reach, and the fee payer.
    pub fn reach(&self, bent: &Instruction) -> Vec<Address> {
        let mut keys: Vec<_> = bent.accounts.iter().map(|meta| meta.pubkey).collect();
        keys.push(self.fee_payer());
        keys
    }

    /// The bend in words.
    pub fn tell(&self, bend: &Bend) -> String {
        let slot = |place: usize| self.call.slots[place].name;
        let mut metas = self.instruction().accounts.iter();
        let other = metas.position(|meta| meta.pubkey == bend.key);
        let which = match other {
            Some(other) if other != bend.place => format!(" of {}", slot(other)),
            _ => String::new(),
        };
        let (scene, account) = (self.scene, slot(bend.place));
        format!("{scene}: {account}: {:?}{which}", bend.kind)
    }
}

/// The bends of one place so far.
struct Found {
    place: usize,
    seen: BTreeSet<Address>,
    bends: Vec<Bend>,
}

impl Found {
    fn add(&mut self, kind: Kind, key: Address) {
        let place = self.place;
        if self.seen.insert(key) {
            self.bends.push(Bend { place, kind, key });
        }
    }
}

/// What a transaction can reach, as it is now.
pub fn reached(case: &Case, chain: &litesvm::LiteSVM, bent: &Instruction) -> crate::case::Accounts {
    read(chain, &case.reach(bent))
}
