//! `sluice challenge rule`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse,
        session::{Plan, Session},
    },
    clap::{ArgGroup, Args},
    sluice_client::{
        Challenge, Job, Ledger, Ruling, StakePool,
        amount::{self, counted},
        instruction,
        view::challenge::Step,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("verdict").required(true).args(["uphold", "void"]))]
pub struct Rule {
    /// Address of the challenge.
    challenge: Address,
    /// The work counts: its units are earned.
    #[arg(long)]
    uphold: bool,
    /// The work does not count: its units are as if never proven.
    #[arg(long, requires_all = ["reason", "evidence"])]
    void: bool,
    /// Token units of the stake mint to take from the job's bond.
    #[arg(long, value_name = "AMOUNT", requires = "void")]
    slash: Option<String>,
    /// The attesters that signed it signed falsely: anyone may slash them for a week.
    #[arg(long, requires = "void")]
    signers_lied: bool,
    /// Why, as a code of the set's meter; 0 when silence upholds it.
    #[arg(long, value_name = "CODE")]
    reason: Option<u16>,
    /// The reasons: 64 hexadecimal digits, or a file to hash; zero when silence upholds it.
    #[arg(long, value_name = "EVIDENCE")]
    evidence: Option<String>,
}

impl Rule {
    /// Rules.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let evidence = self.evidence.as_deref().map(parse::evidence).transpose()?;
        let challenge: Challenge = session.ledger.get(&self.challenge)?;
        let job: Job = session.ledger.get(&challenge.job)?;
        let lapsed = Step::of(&challenge, session.now()?) == Step::Uphold;
        let ruler = if lapsed {
            session.signer()?
        } else {
            if self.uphold && (self.reason.is_none() || evidence.is_none()) {
                return Err(Failure::input(
                    "a ruling of the resolver needs --reason and --evidence",
                ));
            }
            session.signer_as("job's resolver", &job.resolver)?
        };
        let pool: StakePool = session.ledger.get(&challenge.pool)?;
        let slash = match &self.slash {
            Some(text) => amount::parse(text, pool.decimals)?,
            None => 0,
        };
        let ruling = Ruling {
            void: self.void.into(),
            signers_lied: self.signers_lied.into(),
            reason: self.reason.unwrap_or(0),
            slash,
            evidence: evidence.unwrap_or_default(),
        };
        let verdict = match (self.void, lapsed) {
            (true, _) => "void",
            (false, true) => "lapsed",
            (false, false) => "upheld",
        };
        let fields = Fields::new()
            .with("challenge", self.challenge)
            .with("verdict", verdict)
            .with("units", challenge.units)
            .tokens("slashed", slash, pool.decimals)
            .with("signers_to_slash", self.signers_lied);
        let plan = Plan::of(instruction::rule_challenge(
            &ruler.pubkey(),
            &challenge,
            ruling,
        ));
        let mut plan = plan.signed_by(ruler);
        if self.void {
            plan = plan.irreversible(format!(
                "voids {} of the job {} and burns {} behind its provider",
                counted(challenge.units, "unit"),
                challenge.job,
                amount::format(slash, pool.decimals),
            ));
        }
        session.execute(plan, fields)
    }
}
