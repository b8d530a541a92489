//! A job's blobs to its members.

use {
    crate::{
        inputs::Folder,
        members::{Blobs, Brought, Circle},
        order::Kernel,
    },
    sluice_client::Address,
    sluice_member::blob::Name,
    sluice_work::{hash, inputs::Inputs, spec::Spec},
    std::{collections::HashMap, io, sync::Arc},
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
}

/// The blobs of a job; inputs are read when they are brought.
struct JobBlobs<'a> {
    small: HashMap<Name, Vec<u8>>,
    kernel: (Name, &'a Kernel),
    inputs: &'a Folder,
    numbers: HashMap<Name, u32>,
    order: Vec<Name>,
}

impl Blobs for JobBlobs<'_> {
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
    /// Brings everything to every member and asks for admission: a sentence where too few admit the job.
    pub fn run(&self) -> Result<(), String> {
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
        let blobs = JobBlobs {
            small: HashMap::from([(list_name, list), (spec_name, spec)]),
            kernel: (kernel, &self.kernel),
            inputs: &self.inputs,
            numbers: names.into_iter().collect(),
            order,
        };
        let brought = self.circle.bring(&self.job, &blobs);
        let admitted = self.circle.admit(&self.job, spec_name, list_name);
        let count = admitted.iter().filter(|(_, answer)| answer.is_ok()).count();
        if self.circle.is_enough(count) {
            return Ok(());
        }
        let mut why = format!("only {count} members admit it");
        for Brought { member, outcome } in brought {
            if let Err(error) = outcome {
                why.push_str(&format!("; {}: {error}", member.key));
            }
        }
        for (member, answer) in admitted {
            if let Err(error) = answer {
                why.push_str(&format!("; {member}: {error}"));
            }
        }
        Err(why)
    }
}
