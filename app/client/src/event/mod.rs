//! The program's events, read back from the logs of transactions.

mod batch;
mod field;
mod log;
mod mints;
mod proven;

use {anchor_lang::Discriminator, field::Amount, sluice::events};
pub use {
    batch::{Batch, Batches},
    field::Field,
    log::{Logged, decode},
    mints::{AmountMint, Mints},
    proven::BatchWindow,
};

/// Declares [`Event`] with a variant for every event. The fields of each are all there, or this does not compile; one that
/// counts base units says so.
macro_rules! events {
    ($($name:ident { $($field:ident $(: $kind:ident)?),* })*) => {
        /// What became true, as the program logged it.
        #[derive(Clone, Copy)]
        pub enum Event {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name(events::$name),)*
            /// A window of a `BatchProven`.
            BatchProven(BatchWindow),
        }

        impl Event {
            /// The names of all events.
            pub const NAMES: &[&str] = &[$(stringify!($name),)* "BatchProven"];

            /// The events in the bytes of one log line: one, or as many as windows were proven from a batch. Nothing where there is none
            /// of that discriminator and length.
            pub fn read(bytes: &[u8]) -> Vec<Self> {
                let one = || {
                    let (discriminator, rest) = bytes.split_first_chunk::<8>()?;
                    $(
                        if discriminator == events::$name::DISCRIMINATOR {
                            return bytemuck::try_pod_read_unaligned(rest).ok().map(Self::$name);
                        }
                    )*
                    None
                };
                match one() {
                    Some(event) => vec![event],
                    None => proven::read(bytes).unwrap_or_default(),
                }
            }

            /// Its name, as in the IDL.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::BatchProven(_) => "BatchProven",
                }
            }

            /// Its fields, named and ordered as in the IDL.
            pub fn fields(&self) -> Vec<(&'static str, Field)> {
                match *self {
                    $(Self::$name(events::$name { $($field),* }) => {
                        vec![$((stringify!($field), Field::from($($kind)?($field)))),*]
                    })*
                    Self::BatchProven(BatchWindow { batch, signers, job, entry, window, accepted }) => vec![
                        ("batch", Field::from(batch)),
                        ("signers", Field::from(signers)),
                        ("job", Field::from(job)),
                        ("entry", Field::from(u32::from(entry))),
                        ("window", Field::from(window)),
                        ("accepted", Field::from(accepted)),
                    ],
                }
            }
        }
    };
}

events! {
    NetworkCreated { network, creator, stake_mint, dividend_mint }
    AttesterRegistered { network, attester, owner, key }
    AttesterUpdated { attester, uri }
    AttesterSetCreated { network, set, digest }
    BatchSigned { batch, set, root, payer, expires_at, signers }
    BatchClosed { batch, set, root }
    SetMembershipChanged { set, attester, live, entered }
    ProviderRegistered { network, provider, owner, operator }
    NodeRegistered { network, provider, node, worker, set }
    StakePoolCreated { subject, pool, owner }
    StakeChanged { pool, staker, tokens: Amount, active_shares, thawing_shares, position_shares, position_thawing }
    JobOpened { job, incarnation, buyer, funded: Amount, mint, units_funded, set }
    JobAccepted { job, node, incarnation, start_at, end_at, bond: Amount }
    JobToppedUp { job, funded: Amount, units_funded }
    WindowProven { job, incarnation, digest, accepted, units_matured, units_pending, window, signers }
    JobMatured { job, units_matured, units_pending }
    EscrowMoved { job, amount: Amount, paid: Amount, swept_treasury: Amount, swept_attesters: Amount, refunded: Amount }
    JobEndMoved { job, end_at, cause }
    OfferPosted { offer, node, incarnation, price: Amount, per, expires_at }
    OfferTaken { offer, job, incarnation, slots_left }
    OfferClosed { offer, incarnation, slots_left }
    OperatorChanged { provider, operator }
    ProviderClosed { provider }
    NodeUpdated { node, slots_total, class, region }
    NodeClosed { node, units }
    JobReleased { job, node, node_units, windows_proven, windows_missed, cause }
    JobClosed { job, incarnation, funded: Amount }
    NodeCredited { node, job, units, node_units }
    RewardPoolCreated { pool, network, creator, set, mint, refund_owner, id, incarnation, terms }
    RewardPoolFunded { pool, funded: Amount, unallocated: Amount }
    ShareJoined { pool, share, node, provider, payee, registration }
    ShareClosed { pool, share }
    WorkReported { share, epoch, units, total_units, seen, delegators_bps }
    RewardClaimed { share, amount: Amount, claimed: Amount }
    RewardFolded { share, epoch, amount: Amount, earned: Amount, delegators_earned: Amount }
    DelegatorsPaid { share, provider, amount: Amount, claimed: Amount, to_payee }
    LeftoversReturned { pool, amount: Amount, returned: Amount }
    RewardPoolClosed { pool, incarnation, amount: Amount }
    EpochClosed { pool, epoch, allocated: Amount, unallocated: Amount }
    DividendsClaimed { pool, staker, claimed: Amount }
    DividendsAdded {
        pool, index, total_in: Amount, active_shares, period, streaming: Amount, released: Amount, next: Amount
    }
    SlashBurned { pool, amount: Amount, slashed: Amount }
    CommissionChanged { provider, at, in_force_bps, pending_bps }
    ChallengeOpened { job, challenge, challenger, evidence, units, rule_from, rule_until, window, reason }
    EvidenceAdded { challenge, author, piece, evidence }
    ChallengeRuled { challenge, job, evidence, units, slashed: Amount, verdict, window, signers, reason }
    ChallengeSettled { challenge, winner, bond: Amount }
    AttesterSlashed { attester, pool, taken: Amount, standing }
    ChangeProposed { network, change_at, change }
    ChangeApplied { network }
    AdminNamed { network, candidate }
    AdminChanged { network, admin }
    PauseChanged { network, paused_at, paused_until }
}

#[cfg(test)]
mod tests {
    use {super::*, serde_json::Value, std::fs};

    /// The events and their fields in the IDL.
    fn idl() -> Vec<(String, Vec<(String, Value)>)> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../idl/sluice.json");
        let idl: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let types = idl["types"].as_array().unwrap();
        let fields = |name: &str| {
            let found = types.iter().find(|one| one["name"] == name).unwrap();
            let fields = found["type"]["fields"].as_array().unwrap();
            let fields = fields.iter().flat_map(|field| {
                // Each item of a list is an event here, with the fields of all of them.
                let items = field["type"]["vec"]["defined"]["name"].as_str();
                let item = items.and_then(|name| types.iter().find(|one| one["name"] == name));
                match item {
                    Some(item) => item["type"]["fields"].as_array().unwrap().clone(),
                    None => vec![field.clone()],
                }
            });
            fields
                .map(|field| (text(&field["name"]), field["type"].clone()))
                .collect()
        };
        let events = idl["events"].as_array().unwrap().iter();
        events
            .map(|event| text(&event["name"]))
            .map(|name| (name.clone(), fields(&name)))
            .collect()
    }

    fn discriminator(name: &str) -> [u8; 8] {
        let hash = sluice::hash::sha256(&[format!("event:{name}").as_bytes()]);
        *hash.first_chunk().unwrap()
    }

    fn kind(field: &Field) -> &'static str {
        match field {
            Field::Address(_) => "pubkey",
            Field::Number(_) | Field::Count(_) | Field::Amount(_) => "number",
            Field::Date(_) => "i64",
            Field::Hash(_) => "hash",
            Field::Text(_) => "text",
            Field::Index(_) => "index",
            Field::Group(_) => "group",
        }
    }

    fn kind_in_idl(idl: &Value) -> &'static str {
        match idl.as_str() {
            Some("pubkey") => "pubkey",
            Some("i64") => "i64",
            Some("u64" | "u32" | "u16" | "u8") => "number",
            _ if idl["array"] == serde_json::json!(["u8", 64]) => "text",
            _ if idl["array"][0] == "u8" => "hash",
            _ if idl["array"][0] == "u64" => "index",
            _ => "group",
        }
    }

    #[test]
    fn every_event_of_the_idl_is_read_with_its_fields() {
        let idl = idl();
        assert_eq!(idl.len(), Event::NAMES.len());
        for (name, fields) in idl {
            let mut bytes = discriminator(&name).to_vec();
            bytes.resize(8 + 400, 0);
            if name == "BatchProven" {
                // One window.
                bytes[8 + 32 + 2] = 1;
            }
            // The length is the event's own: one byte more or less is another thing.
            let fitting: Vec<_> = (8..bytes.len())
                .flat_map(|len| Event::read(&bytes[..len]))
                .collect();
            let [event] = fitting.as_slice() else {
                panic!("{name} is read from {} lengths", fitting.len());
            };
            assert_eq!(event.name(), name);
            let read = event.fields();
            let read: Vec<_> = read
                .iter()
                .map(|(name, value)| (*name, kind(value)))
                .collect();
            let told: Vec<_> = fields
                .iter()
                .map(|(name, kind)| (name.as_str(), kind_in_idl(kind)))
                .collect();
            assert_eq!(read, told, "{name}");
        }
    }

    #[test]
    fn what_is_no_event_is_none() {
        assert!(Event::read(&[]).is_empty());
        assert!(Event::read(&[1; 40]).is_empty());
    }
}
