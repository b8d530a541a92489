//! A job's work, out of the store.

use {
    super::{kernels::Engines, store::Admitted},
    crate::{
        blobs::{Blobs, Here, JobId, Name, NotKept},
        http::{
            answer::Refusal,
            denied::{Denied, Why},
        },
        recompute::Source,
        request,
    },
    sluice_work::{engine::Limits, inputs::Inputs, spec::Spec},
    std::io::Read,
};

/// The blobs of one job.
pub struct Stored<'a> {
    /// All blobs.
    pub blobs: &'a Blobs,
    /// The job.
    pub job: JobId,
}

impl Stored<'_> {
    /// The bytes of a blob, which hash to its name: a worker may lose its bond by them.
    ///
    /// # Errors
    /// [`Why::Missing`]; the store's.
    pub fn read(&self, name: &Name) -> Result<Vec<u8>, Refusal> {
        let file = self.blobs.get(&self.job, name)?;
        let mut file = file.ok_or_else(|| Denied::missing(*name))?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).map_err(NotKept::from)?;
        if request::body(&bytes) == *name {
            return Ok(bytes);
        }
        // Nobody answers for what this disk did: whoever has the bytes brings them again.
        tracing::error!(
            blob = hex::encode(name),
            "the disk gives other bytes than were written"
        );
        self.blobs.discard(name)?;
        Err(Denied::missing(*name).into())
    }

    /// Refuses where the blob is not here.
    ///
    /// # Errors
    /// [`Why::Missing`]; the store's.
    pub fn require(&self, name: &Name) -> Result<(), Refusal> {
        match self.blobs.here(&self.job, name)? {
            Here::Whole(_) => Ok(()),
            Here::Part(_) => Err(Denied::missing(*name).into()),
        }
    }

    /// The specification that the blob is.
    ///
    /// # Errors
    /// [`Why::Missing`], [`Why::Spec`]; the store's.
    pub fn spec(&self, name: &Name) -> Result<Spec, Refusal> {
        let spec = Spec::from_bytes(&self.read(name)?);
        spec.map_err(|_| Why::Spec.into())
    }

    /// The list of inputs that the blob is.
    ///
    /// # Errors
    /// [`Why::Missing`], [`Why::Inputs`]; the store's.
    pub fn inputs(&self, name: &Name) -> Result<Inputs, Refusal> {
        let inputs = Inputs::from_bytes(&self.read(name)?);
        inputs.ok_or_else(|| Why::Inputs.into())
    }
}

impl Source for Stored<'_> {
    fn blob(&self, name: &[u8; 32]) -> Option<Vec<u8>> {
        self.read(name).ok()
    }

    fn has(&self, name: &[u8; 32]) -> bool {
        self.require(name).is_ok()
    }
}

/// What a window of the job is held against.
pub struct Work {
    /// The specification, whose hash is the job's.
    pub spec: Spec,
    /// Its list of inputs.
    pub inputs: Inputs,
    /// Its kernel.
    pub engines: Engines,
}

impl Work {
    /// That of an admitted job, all of it.
    ///
    /// # Errors
    /// [`Why::Missing`]; the store's.
    pub fn of(stored: &Stored, admitted: &Admitted) -> Result<Self, Refusal> {
        let spec = stored.spec(&admitted.spec)?;
        let inputs = stored.inputs(&admitted.inputs)?;
        let engines = Engines::new(spec.core.kind, stored.read(&admitted.kernel)?);
        Ok(Self {
            spec,
            inputs,
            engines,
        })
    }

    /// What a chunk is given.
    pub fn limits(&self) -> Limits {
        Limits::from(&self.spec.rest)
    }

    /// True where signers answer for a lie: such work is always computed in full.
    pub const fn do_signers_answer(&self) -> bool {
        self.spec.core.is_judged() && self.spec.core.signers_answer == 1
    }
}
