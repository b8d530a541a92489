//! Members that lie, lag, refuse, and lose what they are given.

mod asking;
mod bringing;
mod fetching;

use {
    super::*,
    sluice_member::wire::{Received, Told},
    std::{
        collections::{HashMap, VecDeque},
        io,
        sync::{
            Arc, Mutex, MutexGuard,
            atomic::{AtomicBool, AtomicUsize, Ordering},
        },
        thread::sleep,
        time::Instant,
    },
};

const JOB: Address = Address::new_from_array([9; 32]);
const LATE: Duration = Duration::from_millis(300);

/// What a member does.
#[derive(Default)]
struct Manners {
    /// What it has.
    blobs: HashMap<Name, Vec<u8>>,
    /// What it refuses with, one request after the other.
    refusals: VecDeque<&'static str>,
    /// What it refuses with for ever; an empty word is silence.
    refuses: Option<&'static str>,
    /// How long each answer takes.
    lag: Duration,
    /// It gives other bytes, and admits another work.
    is_liar: bool,
    /// What it says was claimed.
    claims: Vec<Claimed>,
    /// What it was asked: a letter for each request, and whole uploads' names.
    asked: String,
    put: Vec<Name>,
}

impl Manners {
    fn refusal(&mut self) -> Result<(), Unasked> {
        match self.refusals.pop_front().or(self.refuses) {
            None | Some("ok") => Ok(()),
            Some("") => Err(Unasked::Silent("nobody is there".to_owned())),
            Some(code) => Err(refused(code)),
        }
    }
}

fn refused(code: &str) -> Unasked {
    Unasked::Refused(Box::new(Told {
        code: code.to_owned(),
        message: "no".to_owned(),
        ..Told::default()
    }))
}

/// Members by the number that their key begins with.
#[derive(Default)]
struct Town {
    members: Vec<Mutex<Manners>>,
    /// Requests that are being answered, and the most of them there were.
    running: AtomicUsize,
    most_running: AtomicUsize,
}

impl Town {
    fn of(&self, member: &Member) -> MutexGuard<'_, Manners> {
        self.at(usize::from(member.key.as_array()[0]))
    }

    fn at(&self, place: usize) -> MutexGuard<'_, Manners> {
        self.members[place].lock().unwrap()
    }

    fn asked<T>(
        &self,
        member: &Member,
        letter: char,
        answer: impl FnOnce(&mut Manners) -> Result<T, Unasked>,
    ) -> Result<T, Unasked> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
        let lag = self.of(member).lag;
        sleep(lag);
        self.running.fetch_sub(1, Ordering::SeqCst);
        let mut manners = self.of(member);
        manners.asked.push(letter);
        manners.refusal()?;
        answer(&mut manners)
    }
}

impl Ask for Town {
    fn terms(&self, member: &Member) -> Result<Terms, Unasked> {
        self.asked(member, 't', |_| {
            Ok(Terms {
                key: member.key,
                network: Address::default(),
                free_bytes: 1,
                bytes_per_fee_unit: 2,
                sample: None,
            })
        })
    }

    fn admit(&self, member: &Member, asked: &Admission) -> Result<Admitted, Unasked> {
        self.asked(member, 'a', |manners| {
            let spec = asked.spec.unwrap();
            Ok(Admitted {
                spec: if manners.is_liar { [0; 32] } else { spec },
                inputs: asked.inputs.unwrap(),
                kernel: [3; 32],
            })
        })
    }

    fn here(&self, member: &Member, _: &Address, name: &Name) -> Result<Received, Unasked> {
        self.asked(member, 'h', |manners| {
            let found = manners.blobs.get(name);
            Ok(Received {
                received: found.map_or(0, |bytes| u64::try_from(bytes.len()).unwrap()),
                whole: found.is_some(),
            })
        })
    }

    fn put(&self, member: &Member, _: &Address, name: &Name, bytes: &[u8]) -> Result<(), Unasked> {
        self.asked(member, 'p', |manners| {
            manners.blobs.insert(*name, bytes.to_vec());
            manners.put.push(*name);
            Ok(())
        })
    }

    fn get(&self, member: &Member, _: &Address, name: &Name) -> Result<Vec<u8>, Unasked> {
        self.asked(member, 'g', |manners| {
            if manners.is_liar {
                return Ok(b"something else".to_vec());
            }
            let found = manners.blobs.get(name).cloned();
            found.ok_or_else(|| refused("blob_missing"))
        })
    }

    fn claims(&self, member: &Member, _: &OfWindow) -> Result<Vec<Claimed>, Unasked> {
        self.asked(member, 'c', |manners| Ok(manners.claims.clone()))
    }
}

impl Circle<Town> {
    fn at(&self, place: usize) -> MutexGuard<'_, Manners> {
        self.ask.at(place)
    }

    /// Brings everything to each member, to all at the same time, and gives the outcomes in their order.
    fn bring(&self, folder: &Folder) -> Vec<Result<(), NotBrought>> {
        let told = self.side_by_side(&self.members, |member| {
            self.bring_to(member, &JOB, folder, &AtomicBool::new(false))
        });
        told.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// What each member was asked since, by its place.
    fn take_asked(&self) -> Vec<String> {
        let members = 0..self.members.len();
        members
            .map(|place| std::mem::take(&mut self.at(place).asked))
            .collect()
    }
}

fn circle(count: u8) -> Circle<Town> {
    let member = |place| Member {
        key: Address::new_from_array([place; 32]),
        url: format!("http://{place}.example"),
    };
    let town = Town {
        members: (0..count).map(|_| Mutex::default()).collect(),
        ..Town::default()
    };
    let waits = Waits {
        patience: Duration::from_millis(320),
        late: LATE,
    };
    Circle::new(town, (0..count).map(member).collect(), 2, waits)
}

/// The blobs of a folder; some cannot be read.
#[derive(Default)]
struct Folder {
    names: Vec<Name>,
    blobs: HashMap<Name, Vec<u8>>,
    reads: AtomicUsize,
}

impl Folder {
    fn new(count: u8) -> Self {
        let mut folder = Self::default();
        for number in 0..count {
            let bytes = vec![number; 10];
            let name = hash::blob(&bytes);
            folder.names.push(name);
            folder.blobs.insert(name, bytes);
        }
        folder
    }
}

impl Blobs for Folder {
    fn names(&self) -> Vec<Name> {
        self.names.clone()
    }

    fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        let found = self.blobs.get(name).cloned();
        found.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
