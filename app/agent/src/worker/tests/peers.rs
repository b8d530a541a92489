//! Members that behave as a test says.

use {
    super::work::{JOB, KERNEL},
    crate::{
        blobs::Name,
        member::{Member, Unasked},
        wire::{Admission, Admitted, Countersigned, Submission, Told},
        worker::Members,
    },
    sluice_client::{
        Address, Keypair, Signer,
        statement::{Path, Statement},
    },
    sluice_work::{evidence::Evidence, hash, sluice_math::schedule::Schedule},
    std::{
        collections::HashMap,
        sync::{
            Mutex,
            atomic::{AtomicI64, AtomicUsize, Ordering},
        },
    },
};

/// How a member behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Honest,
    Silent,
    /// It signs something else.
    Liar,
    /// It refuses with this code.
    Refuses(&'static str),
}

pub struct Peer {
    pub key: Keypair,
    pub mood: Mood,
    /// Why it does not admit jobs.
    pub denies: Option<&'static str>,
    pub blobs: HashMap<Name, Vec<u8>>,
    pub asked: usize,
    /// It has not admitted the job, and does when it is asked by who knows the work.
    pub is_stranger: bool,
    pub claims: Vec<Submission>,
}

/// The members, which the test and the worker's threads share.
pub struct Peers {
    pub all: Mutex<Vec<Peer>>,
    pub now: AtomicI64,
    pub schedule: Mutex<Schedule>,
    pub names: Mutex<Admitted>,
    pub admissions: AtomicUsize,
}

fn told(code: &str, blob: Option<Name>) -> Unasked {
    Unasked::Refused(Box::new(Told {
        code: code.to_owned(),
        message: "a sentence\u{202e}".to_owned(),
        blob: blob.map(hex::encode),
        ..Told::default()
    }))
}

impl Peers {
    fn with<T>(&self, member: &Member, f: impl FnOnce(&mut Peer) -> T) -> T {
        let mut all = self.all.lock().unwrap();
        f(all
            .iter_mut()
            .find(|peer| peer.key.pubkey() == member.key)
            .unwrap())
    }

    pub fn set(&self, at: usize, mood: Mood) {
        self.all.lock().unwrap()[at].mood = mood;
    }

    pub fn asked(&self, at: usize) -> usize {
        self.all.lock().unwrap()[at].asked
    }
}

impl Members for Peers {
    fn admit(&self, member: &Member, asked: &Admission) -> std::result::Result<Admitted, Unasked> {
        assert_eq!(asked.job, JOB);
        self.admissions.fetch_add(1, Ordering::SeqCst);
        let kernel = hash::blob(KERNEL);
        self.with(member, |peer| match (peer.mood, peer.denies) {
            (Mood::Silent, _) => Err(Unasked::Silent("nobody answered".to_owned())),
            (_, Some(code)) => Err(told(code, None)),
            _ if asked.spec.is_some() && !peer.blobs.contains_key(&kernel) => {
                Err(told("blob_missing", Some(kernel)))
            }
            _ => {
                peer.is_stranger &= asked.spec.is_none();
                Ok(self.names.lock().unwrap().clone())
            }
        })
    }

    fn put(
        &self,
        member: &Member,
        _: &Address,
        name: &Name,
        bytes: &[u8],
    ) -> std::result::Result<(), Unasked> {
        assert_eq!(hash::blob(bytes), *name);
        self.with(member, |peer| {
            if peer.mood == Mood::Silent {
                return Err(Unasked::Silent("nobody answered".to_owned()));
            }
            peer.blobs.insert(*name, bytes.to_vec());
            Ok(())
        })
    }

    fn get(
        &self,
        member: &Member,
        _: &Address,
        _: Option<&Address>,
        name: &Name,
    ) -> std::result::Result<Vec<u8>, Unasked> {
        self.with(member, |peer| {
            let found = peer.blobs.get(name).cloned();
            found.ok_or_else(|| told("blob_missing", Some(*name)))
        })
    }

    fn submit(
        &self,
        member: &Member,
        claim: &Submission,
    ) -> std::result::Result<Countersigned, Unasked> {
        let end = self
            .schedule
            .lock()
            .unwrap()
            .window_end(claim.window)
            .unwrap();
        let is_early = self.now.load(Ordering::SeqCst) < end;
        self.with(member, |peer| {
            peer.asked += 1;
            peer.claims.push(claim.clone());
            let statement = Statement {
                context: [5; 32],
                window: claim.window,
                units: claim.units,
                digest: claim.digest,
            };
            let signed = |statement: &Statement| {
                let by = statement.sign(Path::Quorum, &peer.key).unwrap();
                Ok(Countersigned {
                    key: by.key,
                    signature: by.signature,
                })
            };
            match peer.mood {
                Mood::Silent => return Err(Unasked::Silent("nobody answered".to_owned())),
                Mood::Refuses(code) => return Err(told(code, None)),
                Mood::Liar => {
                    return signed(&Statement {
                        units: claim.units + 1,
                        ..statement
                    });
                }
                Mood::Honest => {}
            }
            if peer.is_stranger {
                return Err(told("not_admitted", None));
            }
            let bytes = peer.blobs.get(&claim.evidence);
            let evidence = bytes.ok_or_else(|| told("blob_missing", Some(claim.evidence)))?;
            let evidence = Evidence::from_bytes(evidence).unwrap();
            for output in evidence.outputs.iter().flatten() {
                if !peer.blobs.contains_key(output) {
                    return Err(told("blob_missing", Some(*output)));
                }
            }
            if is_early {
                return Err(told("early", None));
            }
            signed(&statement)
        })
    }
}
