//! `sluice challenge open` and `evidence`.

use {
    crate::{
        cmd::job,
        failure::{Failure, Result},
        output::Fields,
        parse,
        session::{Plan, Session, size},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{Challenge, Ledger, Network, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Open {
    /// Address of the job.
    #[arg(long, value_name = "ADDRESS")]
    job: Address,
    /// Number of the window, from 0.
    #[arg(long)]
    window: u32,
    /// Why, as a code of the set's meter.
    #[arg(long, value_name = "CODE")]
    reason: u16,
    /// The evidence: 64 hexadecimal digits, or a file to hash.
    #[arg(long, value_name = "EVIDENCE")]
    evidence: String,
}

impl Open {
    /// Opens the challenge.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let evidence = parse::evidence(&self.evidence)?;
        let (mut job, _) = job::read(session, &self.job)?;
        if job.worker == NOBODY {
            return Err(Failure::input(format!(
                "the job {} is not accepted yet",
                self.job
            )));
        }
        let challenge = address::challenge(&self.job, job.incarnation, self.window);
        session.require_absent("challenge", &challenge)?;
        let challenger = session.signer()?;
        let network: Network = session.ledger.get(&job.network)?;
        let bond = job.terms.challenge_bond;
        let mint = match bond {
            0 => session.mint(&network.stake_mint)?,
            _ => session.deposit_mint(&network.stake_mint)?,
        };
        let mut plan = session.cover(&challenger, &mint, bond)?;
        plan.push(instruction::challenge(
            &session.payer()?.pubkey(),
            &challenger.pubkey(),
            &self.job,
            &job,
            &mint.address,
            &mint.token_program,
            self.window,
            (self.reason, evidence),
        ));
        let mut fields = Fields::new()
            .with("challenge", challenge)
            .with("job", self.job)
            .with("window", self.window)
            .of_mint("bond", bond, &mint);
        // What it comes to; a refusal is the program's to name.
        if let Ok((entry, end)) = job.freeze(self.window, session.now()?) {
            let ruling = i64::from(job.terms.ruling_secs);
            let until = end
                .saturating_add(job.terms.maturity_secs())
                .saturating_add(ruling);
            fields = fields
                .with("units_held", entry.units)
                .date("rule_from", until.saturating_sub(ruling / 2))
                .date("rule_until", until);
        }
        session.execute(
            plan.signed_by(challenger).creating(size::<Challenge>()),
            fields,
        )
    }
}

#[derive(Args, Debug)]
pub struct Evidence {
    /// Address of the challenge.
    challenge: Address,
    /// The evidence: 64 hexadecimal digits, or a file to hash.
    #[arg(value_name = "EVIDENCE")]
    evidence: String,
}

impl Evidence {
    /// Adds the piece.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let piece = parse::evidence(&self.evidence)?;
        let mut challenge: Challenge = session.ledger.get(&self.challenge)?;
        let author = session.signer()?;
        let plan = Plan::of(instruction::add_evidence(
            &author.pubkey(),
            &self.challenge,
            piece,
        ));
        challenge.extend(&author.pubkey(), &piece);
        let fields = Fields::new()
            .with("challenge", self.challenge)
            .with("piece", piece)
            .with("pieces", challenge.pieces)
            .with("evidence", challenge.evidence);
        session.execute(plan.signed_by(author), fields)
    }
}
