//! Recipients whose token account takes nothing: named with what lifts it, and nothing moves.

use {
    crate::{
        mints::in_business,
        scene::{HOUR, Scene},
    },
    sluice_cli::Exit,
    sluice_client::{
        Ledger,
        address::token_account,
        instruction::token::{Mint, TOKEN_2022_PROGRAM},
    },
    solana_address::Address,
};

/// Where a token account says that it is frozen.
const STATE_AT: usize = 108;
/// Where a mint names its freeze authority.
const FREEZE_AUTHORITY_AT: usize = 46;

impl Scene {
    /// Changes the data of an account of Token-2022.
    fn edit(&mut self, address: &Address, edit: impl FnOnce(&mut Vec<u8>)) {
        let chain = &mut self.bench.ledger.chain;
        let mut data = chain.account(address).unwrap().unwrap().data;
        edit(&mut data);
        chain.put(address, data, &TOKEN_2022_PROGRAM).unwrap();
    }

    /// The pulls that are due, each with whose account of which mint it pays.
    fn pulls(&mut self, job: &str, ticket: &str) -> Vec<(String, Address, Mint)> {
        let (provider, owner, buyer, treasury) =
            (self.provider.clone(), self.owner, self.buyer, self.treasury);
        let (pay, stake) = (self.bench.pay, self.bench.stake);
        for receiver in [owner, treasury] {
            self.bench.give(&receiver, &pay, 1);
        }
        self.wait(5 * HOUR);
        vec![
            (format!("job pay {job}"), owner, pay),
            (format!("job sweep {job}"), treasury, pay),
            (format!("job refund {job}"), buyer, pay),
            (
                format!("dividends claim {provider} --staker {owner}"),
                owner,
                pay,
            ),
            (format!("stake withdraw {ticket}"), owner, stake),
        ]
    }

    /// Every pull is refused with a sentence that holds `says`, under `name`, and moves nothing.
    #[track_caller]
    fn withholds(&mut self, pull: &(String, Address, Mint), name: &str, says: &[&str]) {
        let (line, owner, mint) = pull;
        let account = token_account(owner, &mint.address, &mint.token_program).to_string();
        let held = self.bench.held(owner, mint);
        let ran = self.bench.run("guild", line);
        assert_eq!(ran.exit, Exit::Refused, "{line}: {}", ran.err);
        let told: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!(told["error"]["name"], name, "{line}");
        let message = told["error"]["message"].as_str().unwrap();
        for part in says.iter().chain([&&*account, &&*owner.to_string()]) {
            assert!(message.contains(*part), "{line}: {message} lacks {part}");
        }
        assert_eq!(self.bench.held(owner, mint), held, "{line}");
    }
}

#[test]
fn a_frozen_account_is_named_with_who_thaws_it() {
    let (mut s, job, _, ticket) = in_business();
    s.bench.funded("guild");
    let authority = s.bench.key("issuer");
    let (pay, stake) = (s.bench.pay.address, s.bench.stake.address);
    let pulls = s.pulls(&job, &ticket);
    for pull in &pulls {
        let (line, owner, mint) = pull;
        let account = token_account(owner, &mint.address, &mint.token_program);
        s.edit(&account, |data| data[STATE_AT] = 2);
        for issued in [pay, stake] {
            s.edit(&issued, |data| {
                data[FREEZE_AUTHORITY_AT..][..4].copy_from_slice(&1u32.to_le_bytes());
                data[FREEZE_AUTHORITY_AT + 4..][..32].copy_from_slice(authority.as_ref());
            });
        }
        s.withholds(
            pull,
            "AccountFrozen",
            &["is frozen", &authority.to_string()],
        );
        for issued in [pay, stake] {
            s.edit(&issued, |data| data[FREEZE_AUTHORITY_AT..][..36].fill(0));
        }
        s.withholds(pull, "AccountFrozen", &["nobody can thaw it"]);
        if line.starts_with("job pay") {
            let ran = s.bench.run("guild", &format!("crank {job}"));
            let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
            let why = told["failed"][0]["why"].as_str().unwrap();
            assert!(
                why.contains(&format!("{account} of {owner} is frozen")),
                "{why}"
            );
        }
        s.edit(&account, |data| data[STATE_AT] = 1);
    }
}

#[test]
fn an_account_that_wants_memos_is_named_with_what_lifts_that() {
    let (mut s, job, _, ticket) = in_business();
    s.bench.funded("guild");
    let pulls = s.pulls(&job, &ticket);
    for pull in &pulls {
        let (line, owner, mint) = pull;
        let account = token_account(owner, &mint.address, &mint.token_program);
        // MemoTransfer, one byte, set.
        s.edit(&account, |data| data.extend([8, 0, 1, 0, 1]));
        let says = ["without a memo", "disable-required-transfer-memos"];
        s.withholds(pull, "MemoRequired", &says);
        s.edit(&account, |data| *data.last_mut().unwrap() = 0);
        s.bench.ok("guild", line);
    }
}
