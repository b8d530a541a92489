//! `sluice challenge slash-signer` and `settle`.

use {
    crate::{
        cmd::attester::reach,
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::Args,
    sluice_client::{
        Attester, AttesterSet, Challenge, Ledger, StakePool, address, instruction,
        view::challenge::{signers, verdict_name},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct SlashSigner {
    /// Address of the challenge.
    challenge: Address,
    /// Index of the signer in the job's attester set, as `challenge show` tells it.
    index: u8,
}

impl SlashSigner {
    /// Slashes the signer.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let challenge: Challenge = session.ledger.get(&self.challenge)?;
        let set: AttesterSet = session.ledger.get(&challenge.set)?;
        let (_, key) = signers(&challenge, &set)
            .into_iter()
            .find(|(index, _)| *index == self.index)
            .ok_or_else(|| {
                Failure::input(format!(
                    "the member {} of the set {} is no signer to be slashed: see `sluice challenge show`",
                    self.index, challenge.set
                ))
            })?;
        let address = address::attester(&challenge.network, &key);
        let attester: Attester = session.ledger.get(&address)?;
        let (reach, decimals) = reach(session, &address)?;
        let slash = instruction::slash_signer(&challenge, &key, &attester.owner, self.index);
        let fields = Fields::new()
            .with("attester", address)
            .with("key", key)
            .tokens("slashed", reach, decimals);
        session.execute(Plan::of(slash), fields)
    }
}

/// Pays the bond to whoever won and closes the challenge.
pub fn settle(session: &mut Session<impl Ledger>, key: &Address) -> Result<Fields> {
    let challenge: Challenge = session.ledger.get(key)?;
    let pool: StakePool = session.ledger.get(&challenge.pool)?;
    let mint = session.mint(&pool.mint)?;
    let winner = challenge.winner().map_err(|_| {
        Failure::input(format!(
            "the challenge {key} is not ruled yet: see `sluice challenge show`"
        ))
    })?;
    let mut plan = Plan::default();
    if challenge.bond > 0 {
        plan = session.ensure_token_account(plan, winner, &mint)?;
    }
    plan.push(instruction::settle_challenge(
        &challenge,
        &pool,
        &mint.token_program,
    ));
    let fields = Fields::new()
        .with("challenge", *key)
        .with("verdict", verdict_name(&challenge))
        .with("winner", *winner)
        .tokens("bond", challenge.bond, pool.decimals);
    session.execute(plan, fields)
}
