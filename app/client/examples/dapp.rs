//! A dApp: looks for the best offer in a network's market, takes it, and shows what the job comes to.
//!
//! ```console
//! cargo run -p sluice-client --example dapp -- URL NETWORK ID BUYER.json
//! ```
//!
//! `ID` numbers the buyer's jobs: run again with the same number, it takes nothing and shows the job.

use {
    sluice_client::{
        Address, AttesterSet, CommitmentConfig, Job, Keypair, Ledger, Network, Signer, address,
        amount, instruction,
        ledger::{Rpc, ws_url},
        market::{Filter, Listing, look},
        read_keypair_file,
        view::{
            job::{JobView, minimum_deposit, state_name},
            offer,
        },
    },
    std::{env, error::Error},
};

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The offer that ranks first in the network's market, if one can be taken.
pub fn best(ledger: &impl Ledger, network: &Address) -> Result<Option<Listing>> {
    let now = ledger.clock()?.unix_timestamp;
    // A filter narrows it down: to a mint, a set, a region, a price.
    let ranked = look(ledger, network, &Filter::default(), now, 1)?.ranked;
    let first = ranked.first().filter(|one| one.untakeable.is_none());
    Ok(first.map(|one| one.listing))
}

/// Takes an offer as it is, for its least deposit; returns the job's address.
pub fn take(
    ledger: &mut impl Ledger,
    buyer: &Keypair,
    listing: &Listing,
    id: u64,
) -> Result<Address> {
    let taken = &listing.offer;
    let network: Network = ledger.get(&taken.network)?;
    let provider = listing.provider.ok_or("the offer's provider is gone")?;
    let set: Option<&AttesterSet> = listing.set.as_ref();
    let funds = minimum_deposit(&taken.terms).ok_or("the offer's notice is too dear")?;
    let args = offer::order(taken, &network, set, id, funds);
    let mint = ledger.mint(&taken.terms.mint)?;
    let key = buyer.pubkey();
    let take = instruction::take_offer_with_credential(
        &key,
        &key,
        &listing.address,
        taken,
        &provider.owner,
        &mint.token_program,
        args,
        address::credential(&network, &provider.owner),
    );
    ledger.send(&[take], buyer, &[])?;
    Ok(address::job(&taken.network, &key, id))
}

/// What a job comes to now, in a sentence.
pub fn describe(ledger: &impl Ledger, job_key: &Address) -> Result<String> {
    let job: Job = ledger.get(job_key)?;
    let now = ledger.clock()?.unix_timestamp;
    let view = JobView::of(&job, now).ok_or("the job's numbers contradict each other")?;
    let tokens = |base| amount::format(base, job.decimals);
    Ok(format!(
        "job {job_key}: {}, funded {}, earned {}, pending {}, refundable {}",
        state_name(&job),
        tokens(job.funded),
        tokens(view.earned),
        tokens(view.pending),
        tokens(view.refundable),
    ))
}

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [url, network, id, buyer] = args.as_slice() else {
        return Err("usage: dapp URL NETWORK ID BUYER.json".into());
    };
    let (network, id): (Address, u64) = (network.parse()?, id.parse()?);
    let buyer = read_keypair_file(buyer)?;
    let confirmed = CommitmentConfig::confirmed();
    let mut ledger = Rpc::new(url.clone(), ws_url(url), confirmed);
    let mut job = address::job(&network, &buyer.pubkey(), id);
    if ledger.account(&job)?.is_none() {
        let listing = best(&ledger, &network)?.ok_or("no offer can be taken now")?;
        println!("takes the offer {}", listing.address);
        job = take(&mut ledger, &buyer, &listing, id)?;
    }
    println!("{}", describe(&ledger, &job)?);
    Ok(())
}
