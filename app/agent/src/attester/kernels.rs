//! What runs kernels.

use {
    sluice_work::{
        core::Kind,
        engine::Limits,
        sandbox::{Package, Pool, Vm},
        undone::Undone,
    },
    std::slice,
};

/// Runs kernels where strangers' code can do no harm.
pub trait Kernels: Send + Sync + 'static {
    /// The kernel's output for `input`.
    ///
    /// # Errors
    /// Every [`Undone`].
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone>;
}

impl Kernels for Pool {
    fn run(&self, package: &Package, input: &[u8], limits: &Limits) -> Result<Vec<u8>, Undone> {
        Self::run(self, package, input, limits)
    }
}

/// How long a kernel may run when it is only tried whether it loads, milliseconds.
const TRIAL: u32 = 1_000;

/// A kernel for each engine that runs it here: the one that workers have, and one that checks it.
pub struct Engines {
    first: Package,
    other: Option<Package>,
}

impl Engines {
    /// The engines of a kernel of this kind.
    pub fn new(kind: Kind, code: Vec<u8>) -> Self {
        match kind {
            Kind::Sbpf => Self {
                first: Package::new(Vm::Sbpf, code),
                other: None,
            },
            Kind::Wasm => Self {
                first: Package::new(Vm::Wasm, code.clone()),
                other: Some(Package::new(Vm::Wasmi, code)),
            },
        }
    }

    /// For the engine that workers have.
    pub const fn first(&self) -> &Package {
        &self.first
    }

    /// For the engine that checks it, where there is one.
    pub const fn other(&self) -> Option<&Package> {
        self.other.as_ref()
    }

    /// Sees whether every engine takes the kernel in. What it does with an empty input does not matter.
    ///
    /// # Errors
    /// [`Undone::Code`], [`Undone::Import`]; [`Undone::Died`] where the machine could not try.
    pub fn load(&self, kernels: &dyn Kernels, limits: &Limits) -> Result<(), Undone> {
        let limits = Limits {
            millis: limits.millis.min(TRIAL),
            ..*limits
        };
        let all = slice::from_ref(&self.first).iter().chain(&self.other);
        for package in all {
            let ran = kernels.run(package, &[], &limits);
            if let Err(reason @ (Undone::Code | Undone::Import | Undone::Died)) = ran {
                return Err(reason);
            }
        }
        Ok(())
    }
}
