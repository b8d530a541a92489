//! A job's blobs to its members.

use {
    crate::{
        inputs::Folder,
        members::{Blobs, Circle},
        order::Kernel,
    },
    sluice_client::Address,
    sluice_member::blob::Name,
    sluice_work::{hash, inputs::Inputs, spec::Spec},
    std::{
        collections::HashMap,
        io,
        sync::{Arc, atomic::AtomicBool},
    },
};

/// Everything that a job's members need.
pub struct Bring {
    pub circle: Arc<Circle>,
    pub job: Address,
    pub spec: Spec,
    pub kernel: Arc<Kernel>,
    pub inputs: Arc<Folder>,
    /// Numbers of the job's chunks by position.
    pub chunks: Vec<u32>,
    /// Set when nothing more is to be brought.
    pub stop: Arc<AtomicBool>,
}

/// The blobs of a job; inputs are read when they are brought.
struct JobBlobs {
    small: HashMap<Name, Vec<u8>>,
    kernel: (Name, Arc<Kernel>),
    inputs: Arc<Folder>,
    numbers: HashMap<Name, u32>,
    order: Vec<Name>,
}

impl Blobs for JobBlobs {
    fn names(&self) -> Vec<Name> {
        self.order.clone()
    }

    fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        if let Some(bytes) = self.small.get(name) {
            return Ok(bytes.clone());
        }
        if *name == self.kernel.0 {
            return Ok(self.kernel.1.code.clone());
        }
        let number = self.numbers.get(name).copied();
        let number = number.ok_or(io::ErrorKind::NotFound)?;
        self.inputs.read_chunk(number).map_err(io::Error::other)
    }
}

impl Bring {
    /// Brings everything to every member and asks for admission, each at its own pace: done once enough members admit the job, while those
    /// that are slower go on; a sentence where too few do.
    pub fn run(self) -> Result<(), String> {
        let names: Option<Vec<_>> = self
            .chunks
            .iter()
            .map(|number| Some((self.inputs.file(*number)?.hash, *number)))
            .collect();
        let names = names.ok_or("the folder of inputs has fewer files than the run")?;
        let list = Inputs::of(names.iter().map(|(name, _)| *name).collect());
        let list = list.map_err(|error| error.to_string())?.to_bytes();
        let spec = self.spec.to_bytes();
        let (list_name, spec_name) = (hash::blob(&list), hash::blob(&spec));
        let kernel = self.spec.core.kernel;
        let mut order = vec![spec_name, list_name, kernel];
        order.extend(names.iter().map(|(name, _)| *name));
        let blobs = Arc::new(JobBlobs {
            small: HashMap::from([(list_name, list), (spec_name, spec)]),
            kernel: (kernel, self.kernel),
            inputs: self.inputs,
            numbers: names.into_iter().collect(),
            order,
        });
        let what = (spec_name, list_name);
        self.circle.brought(&self.job, &blobs, what, &self.stop)
    }
}
