//! What a job's work is, and its inputs: from any member that has them, held to their hashes and to the chain.

use {
    super::{folder::Cache, members::Members, store::Names},
    crate::{
        blobs::{JobId, MOST, Name},
        late::Late,
        member::Member,
    },
    sluice_client::Job,
    sluice_work::{
        core::{Core, Kind},
        engine::Limits,
        hash,
        inputs::Inputs,
        sandbox::{Package, Vm},
        sluice_math::work::Shape,
        spec::Spec,
    },
    solana_address::Address,
    std::sync::Arc,
    thiserror::Error,
};

/// Where the blobs of one job are asked for.
#[derive(Clone)]
pub struct Source {
    /// The job.
    pub job: Address,
    /// The node as whose worker this process asks.
    pub node: Address,
    /// Asks in the name of that worker.
    pub ask: Arc<dyn Members>,
    /// The set's live members that can be asked.
    pub members: Vec<Member>,
    /// What was had before.
    pub cache: Arc<Cache>,
    /// Who is asked last.
    pub late: Arc<Late>,
}

/// A job's work, as the chain names it.
#[derive(Clone)]
pub struct Work {
    /// The job.
    pub id: JobId,
    /// The node that works on it.
    pub node: Address,
    /// Its specification.
    pub spec: Spec,
    /// How the work is divided.
    pub shape: Shape,
    /// Its list of inputs.
    pub inputs: Inputs,
    /// Its kernel.
    pub package: Package,
    /// What a chunk is given.
    pub limits: Limits,
    /// The blobs that all of it is.
    pub names: Names,
}

/// Why a job's work is not here, or is not done here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotFetched {
    /// No member gives it; one may later.
    #[error("no member gives {0}")]
    Missing(&'static str),
    /// Too few members admit the job; they may later. It may hold a stranger's text.
    #[error("{0}")]
    NotAdmitted(String),
    /// It is not what the chain names, or not what is done here, whoever gives it.
    #[error("{0}")]
    Unfit(String),
}

impl Source {
    /// The bytes of a blob, which hash to its name; `None` if no member gives them.
    pub fn blob(&self, name: &Name) -> Option<Vec<u8>> {
        if let Some(bytes) = self.cache.get(name) {
            return Some(bytes);
        }
        // Different blobs begin with different members, so that no one of them bears all of it.
        let start = usize::from(*name.first()?);
        let count = self.members.len();
        let order = (0..count).filter_map(|step| {
            let place = start.saturating_add(step).checked_rem(count)?;
            self.members.get(place)
        });
        let (late, ready): (Vec<_>, Vec<_>) =
            order.partition(|member| self.late.is_late(&member.key));
        for member in ready.into_iter().chain(late) {
            let ask = || self.ask.get(member, &self.job, Some(&self.node), name);
            match self.late.watched(&member.key, ask) {
                Ok(bytes) if hash::blob(&bytes) == *name => {
                    if let Err(error) = self.cache.put(&bytes) {
                        tracing::warn!(%error, "a blob cannot be kept on this disk");
                    }
                    return Some(bytes);
                }
                Ok(_) => {
                    tracing::warn!(member = %member.key, "bytes came that are not those of the name")
                }
                Err(error) => {
                    tracing::debug!(job = %self.job, member = %member.key, %error, "a blob did not come");
                }
            }
        }
        None
    }

    /// The work of `job`, which these blobs are.
    ///
    /// # Errors
    /// See [`NotFetched`].
    pub fn work(&self, job: &Job, names: &Names) -> Result<Work, NotFetched> {
        let spec = self.spec(job, &names.spec)?;
        let shape = shape(job, &spec.core)?;
        let unfit = |why: &str| NotFetched::Unfit(why.to_owned());
        // Of names that members gave: others may give the right ones.
        let misnamed = |why: &str| NotFetched::NotAdmitted(why.to_owned());
        if names.kernel != spec.core.kernel {
            return Err(misnamed(
                "the kernel is not the one that the specification names",
            ));
        }
        let list = self.blob(&names.list);
        let list = list.ok_or(NotFetched::Missing("the list of inputs"))?;
        let inputs = Inputs::from_bytes(&list).filter(|inputs| {
            u32::try_from(inputs.names().len()) == Ok(shape.count())
                && inputs.root() == Ok(spec.core.inputs)
        });
        let inputs = inputs.ok_or_else(|| {
            misnamed("the list of inputs is not the one that the specification names")
        })?;
        let kernel = self.blob(&names.kernel);
        let kernel = kernel.ok_or(NotFetched::Missing("the kernel"))?;
        if u32::try_from(kernel.len()) != Ok(spec.core.kernel_len) {
            return Err(unfit(
                "the kernel is of another length than the specification says",
            ));
        }
        let vm = match spec.core.kind {
            Kind::Sbpf => Vm::Sbpf,
            Kind::Wasm => Vm::Wasm,
        };
        Ok(Work {
            id: JobId {
                job: self.job,
                incarnation: job.incarnation,
            },
            node: self.node,
            shape,
            inputs,
            package: Package::new(vm, kernel),
            limits: Limits::from(&spec.rest),
            names: *names,
            spec,
        })
    }

    /// The specification of this name, whose hash is the job's.
    fn spec(&self, job: &Job, name: &Name) -> Result<Spec, NotFetched> {
        let bytes = self.blob(name);
        let bytes = bytes.ok_or(NotFetched::Missing("the specification"))?;
        let spec = Spec::from_bytes(&bytes);
        let spec = spec.map_err(|error| NotFetched::NotAdmitted(error.to_string()))?;
        if spec.hash() == job.spec_hash {
            Ok(spec)
        } else {
            let why = "the specification is not the one that the job names";
            Err(NotFetched::NotAdmitted(why.to_owned()))
        }
    }
}

/// How the work is divided, if the job's cap is one window of it.
fn shape(job: &Job, core: &Core) -> Result<Shape, NotFetched> {
    let shape = core.shape();
    let shape = shape.map_err(|error| NotFetched::Unfit(error.to_string()))?;
    if shape.cap() == Some(job.terms.cap) {
        Ok(shape)
    } else {
        let why = "the job's cap is another than a window of its specification";
        Err(NotFetched::Unfit(why.to_owned()))
    }
}

/// Most bytes of what was had, that are kept.
pub const CACHE: u64 = 64 * MOST;
