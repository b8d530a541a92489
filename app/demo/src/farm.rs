//! The machines: workers that render frames and attesters that render them again, each on a thread of its own.

use {
    crate::{
        plan::{self, ATTESTERS, NODE_LABELS, NODES, Options},
        progress::{Bar, Screen},
        render::{self, Image},
    },
    anyhow::{Result, anyhow},
    sha2::{Digest, Sha256},
    sluice_client::{
        Job,
        statement::{Countersignature, Journal, NotJournalled, Path, Statement},
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{
        collections::BTreeMap,
        fmt,
        sync::{Arc, mpsc},
        thread,
    },
};

/// A frame as a worker delivered it.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub frame: u32,
    pub image: Arc<Image>,
}

/// Evidence of a window: sha256 over the number and the pixels' sha256 of each frame, in order.
pub fn digest(frames: impl IntoIterator<Item = (u32, [u8; 32])>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for (frame, pixels) in frames {
        hasher.update(frame.to_le_bytes());
        hasher.update(pixels);
    }
    hasher.finalize().into()
}

/// A member of the attester set: it believes only what it has computed itself.
pub struct Attester {
    key: Keypair,
    /// In memory: the keys and the chain end with the process.
    journal: Journal,
    /// Of each frame: the hash of its own pixels and of those delivered.
    seen: BTreeMap<u32, ([u8; 32], [u8; 32])>,
}

/// Why an attester does not sign.
#[derive(Debug)]
pub enum Refusal {
    /// The frame's pixels are not what the attester computed.
    WrongPixels(u32),
    /// The frame is not due in this window, was not delivered, or is counted twice.
    NotDue(u32),
    /// Units or digest do not follow from the frames.
    WrongStatement,
    /// The signature could not be made.
    Unsigned(NotJournalled),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongPixels(frame) => write!(f, "frame {frame} is not the scene's"),
            Self::NotDue(frame) => write!(f, "frame {frame} is not due here"),
            Self::WrongStatement => write!(f, "units or digest do not follow from the frames"),
            Self::Unsigned(error) => error.fmt(f),
        }
    }
}

impl Attester {
    /// An attester that has seen nothing yet.
    pub fn new(key: Keypair) -> Self {
        Self {
            journal: Journal::in_memory(&key.pubkey()),
            key,
            seen: BTreeMap::new(),
        }
    }

    /// Renders what was delivered again, and remembers both.
    fn recompute(&mut self, delivery: &Delivery) {
        let (width, height) = (delivery.image.width, delivery.image.height);
        let own = render::frame(delivery.frame, width, height).hash();
        self.seen
            .insert(delivery.frame, (own, delivery.image.hash()));
    }

    /// Signs `statement` about `frames` of `node` if it is what this attester found itself, and it signed no other about the window.
    pub fn confirm(
        &mut self,
        job: &Job,
        node: usize,
        statement: &Statement,
        frames: &[u32],
    ) -> Result<Countersignature, Refusal> {
        let due = plan::frames_of(node, statement.window);
        let mut found = Vec::with_capacity(frames.len());
        for frame in frames {
            match self.seen.get(frame) {
                Some((own, delivered)) if own == delivered => found.push((*frame, *own)),
                Some(_) => return Err(Refusal::WrongPixels(*frame)),
                None => return Err(Refusal::NotDue(*frame)),
            }
            if !due.contains(frame) || frames.iter().filter(|other| *other == frame).count() != 1 {
                return Err(Refusal::NotDue(*frame));
            }
        }
        let units = found.len() as u64;
        let mine = Statement::of(job, statement.window, units, digest(found));
        if mine != *statement {
            return Err(Refusal::WrongStatement);
        }
        self.journal
            .sign(&mine, Path::Quorum, &self.key)
            .map_err(Refusal::Unsigned)
    }
}

/// All machines and their bars.
pub struct Farm {
    size: (u32, u32),
    pub attesters: Vec<Attester>,
    workers_bars: Vec<Bar>,
    attesters_bars: Vec<Bar>,
}

impl Farm {
    /// A farm of three workers and as many attesters as there are keys.
    pub fn new(options: &Options, keys: Vec<Keypair>, screen: &Screen) -> Self {
        let per_node = u64::from(plan::FRAMES) / NODES as u64;
        Self {
            size: (options.width, options.height),
            attesters: keys.into_iter().map(Attester::new).collect(),
            workers_bars: NODE_LABELS
                .iter()
                .map(|label| screen.bar(&format!("node {label}"), per_node))
                .collect(),
            attesters_bars: (1..=ATTESTERS)
                .map(|number| screen.bar(&format!("attester {number}"), plan::FRAMES.into()))
                .collect(),
        }
    }

    /// Renders the frames of `window` on every node while the attesters render them again; returns them by node.
    pub fn work(&mut self, window: u32) -> Result<Vec<Vec<Delivery>>> {
        let size = self.size;
        thread::scope(|scope| {
            let mut inboxes = Vec::with_capacity(self.attesters.len());
            for (attester, bar) in self.attesters.iter_mut().zip(&self.attesters_bars) {
                let (inbox, deliveries) = mpsc::channel::<Delivery>();
                inboxes.push(inbox);
                scope.spawn(move || {
                    for delivery in deliveries {
                        attester.recompute(&delivery);
                        bar.step(format!("frame {:02} recomputed", delivery.frame));
                    }
                });
            }
            let workers: Vec<_> = (0..NODES)
                .zip(&self.workers_bars)
                .map(|(node, bar)| {
                    let inboxes = inboxes.clone();
                    scope.spawn(move || render_all(node, window, size, &inboxes, bar))
                })
                .collect();
            drop(inboxes);
            workers
                .into_iter()
                .map(|worker| worker.join().map_err(|_| anyhow!("a worker's thread died")))
                .collect()
        })
    }

    /// Leaves the bars as they are.
    pub fn rest(&self) {
        for bar in self.workers_bars.iter().chain(&self.attesters_bars) {
            bar.finish();
        }
    }
}

/// One worker's window: renders each frame, or botches it, and delivers it to everybody.
fn render_all(
    node: usize,
    window: u32,
    (width, height): (u32, u32),
    inboxes: &[mpsc::Sender<Delivery>],
    bar: &Bar,
) -> Vec<Delivery> {
    plan::frames_of(node, window)
        .into_iter()
        .map(|frame| {
            let image = if frame == plan::BOTCHED {
                render::botched_frame(frame, width, height)
            } else {
                render::frame(frame, width, height)
            };
            let delivery = Delivery {
                frame,
                image: Arc::new(image),
            };
            for inbox in inboxes {
                // An attester that hung up simply will not sign.
                let _ = inbox.send(delivery.clone());
            }
            bar.step(format!("frame {frame:02} rendered"));
            delivery
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two frames of node 0, the second's first byte changed by `flip`.
    fn deliveries(flip: u8) -> Vec<Delivery> {
        let mut images: Vec<_> = plan::frames_of(0, 0)
            .into_iter()
            .map(|frame| (frame, render::frame(frame, 16, 9)))
            .collect();
        images[1].1.pixels[0] ^= flip;
        images
            .into_iter()
            .map(|(frame, image)| Delivery {
                frame,
                image: Arc::new(image),
            })
            .collect()
    }

    fn digest_of(deliveries: &[Delivery]) -> [u8; 32] {
        digest(deliveries.iter().map(|one| (one.frame, one.image.hash())))
    }

    #[test]
    fn one_flipped_pixel_changes_the_digest() {
        assert_eq!(digest_of(&deliveries(0)), digest_of(&deliveries(0)));
        assert_ne!(digest_of(&deliveries(0)), digest_of(&deliveries(1)));
    }

    #[test]
    fn an_attester_signs_what_it_computed_and_nothing_else() {
        let job = job();
        let good = deliveries(0);
        let mut attester = Attester::new(Keypair::new_from_array([1; 32]));
        good.iter().for_each(|one| attester.recompute(one));
        let frames = plan::frames_of(0, 0);
        let claim = Statement::of(&job, 0, 2, digest_of(&good));
        assert!(attester.confirm(&job, 0, &claim, &frames).is_ok());

        let mut refused = |claim: &Statement, node, frames: &[u32]| {
            attester.confirm(&job, node, claim, frames).unwrap_err()
        };
        let more = Statement { units: 3, ..claim };
        assert!(matches!(
            refused(&more, 0, &frames),
            Refusal::WrongStatement
        ));
        let twice = [frames[0], frames[0]];
        assert!(matches!(refused(&claim, 0, &twice), Refusal::NotDue(0)));
        assert!(matches!(refused(&claim, 1, &frames), Refusal::NotDue(0)));
        assert!(matches!(refused(&claim, 0, &[9]), Refusal::NotDue(9)));
        // Less of the window, which was done as well, would be a second statement.
        let less = Statement::of(&job, 0, 1, digest_of(&good[..1]));
        assert!(matches!(
            refused(&less, 0, &frames[..1]),
            Refusal::Unsigned(_)
        ));
    }

    #[test]
    fn an_attester_refuses_one_flipped_pixel() {
        let job = job();
        let bad = deliveries(1);
        let mut attester = Attester::new(Keypair::new_from_array([1; 32]));
        bad.iter().for_each(|one| attester.recompute(one));
        let claim = Statement::of(&job, 0, 2, digest_of(&bad));
        let refusal = attester.confirm(&job, 0, &claim, &plan::frames_of(0, 0));
        assert!(matches!(refusal, Err(Refusal::WrongPixels(3))));
    }

    fn job() -> Job {
        bytemuck::Zeroable::zeroed()
    }
}
