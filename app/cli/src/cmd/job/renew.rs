//! `sluice job renew`: out of a job that disappoints and into another under the same terms.

use {
    super::{end, inconsistent, pull, settle},
    crate::{
        cmd::offer::take::Order,
        failure::{Failure, Result},
        output::{Fields, Value},
        parse::{Bps, Hex32, Secs, When, date},
        session::{Session, VAULT_LEN, size},
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        Job, Ledger, Network, Offer, OpenArgs, address, amount, instruction,
        view::{
            job::{JobView, Leave},
            offer::has_terms_of,
        },
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Renew {
    /// Address of the job to leave.
    job: Address,
    /// Number of the job that replaces it.
    #[arg(long)]
    id: u64,
    /// Takes this offer, which must have the same terms; by default a job is opened for anyone to accept.
    #[arg(long, value_name = "ADDRESS")]
    offer: Option<Address>,
    /// Deposit, token units; by default what the old job returned.
    #[arg(long, value_name = "AMOUNT")]
    funds: Option<String>,
    /// How long the new job runs; by default as long as the old one.
    #[arg(long, value_name = "DURATION")]
    length: Option<Secs>,
    /// Until when the new job can be accepted.
    #[arg(long, value_name = "DATE", default_value = "+1d")]
    open_until: When,
    /// Highest fees to agree to, network's and set's together, basis points or `1.5%`; by default the old job's.
    #[arg(long, value_name = "BPS")]
    max_fee_bps: Option<Bps>,
}

impl Renew {
    /// Does every step that can be done now, from the state the chain is in, and says what the rest waits for.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        session.in_steps();
        let mut steps: Vec<Fields> = Vec::new();
        let mut job: Job = session.ledger.get(&self.job)?;
        session.signer_as("buyer", &job.buyer)?;
        let mut now = session.now()?;
        let mut view = JobView::of(&job, now).ok_or_else(|| inconsistent(&self.job)(()))?;
        let new = address::job(&job.network, &job.buyer, self.id);
        if new == self.job {
            return Err(Failure::input("--id must differ from the old job's"));
        }
        let mut ended = false;
        let waits = loop {
            let next = match Leave::next(&job, &view, now) {
                // Signed only, or read from a node that is behind: it was ended here, and is not ended twice.
                Leave::Fault | Leave::Cancel if ended => Leave::Notice(job.end_at),
                next => next,
            };
            ended |= matches!(next, Leave::Fault | Leave::Cancel);
            let (name, result) = match next {
                Leave::Fault => ("fault", end::fault(session, &self.job)?),
                Leave::Cancel => ("cancel", end::cancel(session, &self.job)?),
                Leave::Release => ("release", settle::release(session, &self.job)?),
                Leave::Refund => ("refund", pull::refund(session, &self.job)?),
                Leave::Notice(at) => {
                    let waits = format!("the notice ends at {}; run this again then", date(at));
                    return Ok(self.report(new, steps, &waits));
                }
                Leave::Left(rest) => break rest,
            };
            steps.push(step(name, result));
            if session.is_dry_run() {
                let waits = "nothing was sent, and only the first step is shown";
                return Ok(self.report(new, steps, waits));
            }
            now = session.now()?;
            (job, view) = self.look(session, now)?;
        };
        if session.ledger.account(&new)?.is_none() {
            steps.push(step("open", self.begin(session, &job, now)?));
        }
        let waits = waits.map_or_else(
            || match job.units_frozen {
                0 => "nothing".to_owned(),
                _ => "the ruling on a challenged window of the old job: see `sluice challenge list --job`; run this again then"
                    .to_owned(),
            },
            |at| format!("the old job settles at {}; run this again then", date(at)),
        );
        Ok(self.report(new, steps, &waits))
    }

    fn look(&self, session: &Session<impl Ledger>, now: i64) -> Result<(Job, JobView)> {
        let job: Job = session.ledger.get(&self.job)?;
        let view = JobView::of(&job, now).ok_or_else(|| inconsistent(&self.job)(()))?;
        Ok((job, view))
    }

    fn report(&self, new: Address, steps: Vec<Fields>, waits: &str) -> Fields {
        Fields::new()
            .with("old_job", self.job)
            .with("job", new)
            .with("steps", Value::List(steps))
            .with("waits_for", waits)
    }

    fn begin(&self, session: &mut Session<impl Ledger>, old: &Job, now: i64) -> Result<Fields> {
        let length = self.length.unwrap_or(Secs(old.length_secs));
        let cosigner = (old.cosigner != NOBODY).then_some(old.cosigner);
        let mint = session.deposit_mint(&old.terms.mint)?;
        let most = self
            .max_fee_bps
            .map_or(old.fee_bps.saturating_add(old.attestation_bps), |bps| bps.0);
        if let Some(offer_key) = &self.offer {
            let offer: Offer = session.ledger.get(offer_key)?;
            if !has_terms_of(&offer, old) {
                return Err(Failure::input(format!(
                    "the offer {offer_key} has other terms than the job"
                )));
            }
            let order = Order {
                id: Some(self.id),
                length,
                funds: self.funds.clone(),
                spec_hash: Some(Hex32(old.spec_hash)),
                cosigner,
                refund_to: Some(old.refund_owner),
                max_fee_bps: Some(Bps(most)),
            };
            return order.take(session, offer_key, &offer);
        }
        let funds = match &self.funds {
            Some(text) => amount::parse(text, mint.decimals)?,
            None => old.refunded,
        };
        let buyer = session.signer()?;
        let network: Network = session.ledger.get(&old.network)?;
        let mut terms = old.terms;
        terms.max_length_secs = terms.max_length_secs.max(length.0);
        let mut plan = session.cover(&buyer, &mint, funds)?;
        plan.push(instruction::open_job(
            &session.payer()?.pubkey(),
            &buyer.pubkey(),
            &old.network,
            &mint.token_program,
            OpenArgs {
                id: self.id,
                terms,
                length_secs: length.0,
                open_until: self.open_until.within_a_year(now)?,
                funds,
                spec_hash: old.spec_hash,
                cosigner: old.cosigner,
                provider: NOBODY,
                refund_owner: old.refund_owner,
                resolver: network.roles.resolver,
                max_fee_bps: most,
            },
        ));
        let fields = Fields::new().of_mint("funded", funds, &mint);
        session.execute(
            plan.signed_by(buyer)
                .creating(size::<Job>())
                .creating(VAULT_LEN),
            fields,
        )
    }
}

fn step(name: &'static str, result: Fields) -> Fields {
    Fields::new().with("step", name).with("result", result)
}
