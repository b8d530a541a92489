//! What a process gives up before it touches strangers' code.

use {
    crate::undone::Undone,
    borsh::{BorshDeserialize, BorshSerialize},
    rustix::process::{Resource, Rlimit, setrlimit},
};

/// How far a process is shut in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Confinement {
    /// By limits on what it can use up.
    Limits,
    /// It can also call the kernel for nothing but memory, time and its parent's socket.
    Calls,
}

/// Seconds of processor time after which a process ends, whatever its parent does.
pub const CPU_SECS: u64 = 2 * 3_600;

/// Bytes of address space over the writable memory: what a WebAssembly memory reserves and leaves, the program, and stacks.
#[cfg(target_os = "linux")]
const RESERVED: u64 = 6 << 30;

/// Bounds what this process can use up: `data` bytes of writable memory, no file of its own, none written, no dump, and processor time.
/// On Linux address space is bounded, too: what was written and then made read-only, or is shared, does not count as data there.
///
/// # Errors
/// [`Undone::Died`] where the machine refuses.
pub fn limit(data: u64) -> Result<(), Undone> {
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)
        .map_err(|_| Undone::Died)?;
    let most = |most| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    let limits = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 3),
        (Resource::Cpu, CPU_SECS),
        (Resource::Data, data),
        #[cfg(target_os = "linux")]
        (Resource::As, data.saturating_add(RESERVED)),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, most(limit)).map_err(|_| Undone::Died)?;
    }
    Ok(())
}

/// Gives up every call of the kernel that computing does not need, for all threads of this process, which makes no more threads.
pub fn shut() -> Confinement {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Root is not bound by this; the filter binds it.
    let _ = setrlimit(Resource::Nproc, nothing);
    if calls::filter().is_some() {
        Confinement::Calls
    } else {
        Confinement::Limits
    }
}

#[cfg(target_os = "linux")]
mod calls {
    use {
        libc::{
            SYS_brk, SYS_clock_gettime, SYS_clock_nanosleep, SYS_exit, SYS_exit_group, SYS_futex,
            SYS_getpid, SYS_getrandom, SYS_gettid, SYS_madvise, SYS_membarrier, SYS_mmap,
            SYS_mprotect, SYS_mremap, SYS_munmap, SYS_nanosleep, SYS_ppoll, SYS_read,
            SYS_restart_syscall, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
            SYS_sched_getaffinity, SYS_sched_yield, SYS_sigaltstack, SYS_tgkill, SYS_write, c_long,
        },
        seccompiler::{
            BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
            SeccompFilter, SeccompRule, apply_filter_all_threads,
        },
        std::{collections::BTreeMap, env::consts::ARCH},
    };

    /// Memory, making code that was written run, time, waiting, signals of the process to itself, its end.
    const PLAIN: [c_long; 23] = [
        SYS_brk,
        SYS_clock_gettime,
        SYS_clock_nanosleep,
        SYS_exit,
        SYS_exit_group,
        SYS_futex,
        SYS_getpid,
        SYS_getrandom,
        SYS_gettid,
        SYS_madvise,
        SYS_membarrier,
        SYS_mprotect,
        SYS_mremap,
        SYS_munmap,
        SYS_nanosleep,
        SYS_ppoll,
        SYS_restart_syscall,
        SYS_rt_sigaction,
        SYS_rt_sigprocmask,
        SYS_rt_sigreturn,
        SYS_sched_getaffinity,
        SYS_sched_yield,
        SYS_sigaltstack,
    ];

    /// Whatever else is called fails with `EPERM`.
    pub fn filter() -> Option<()> {
        // The socket to the parent is file 0; memory is never a file's.
        let mut rules = BTreeMap::from([
            (SYS_read, vec![only(0, 0)?]),
            (SYS_write, vec![only(0, 0)?]),
            (SYS_mmap, vec![only(4, u32::MAX.into())?]),
            // How a process aborts.
            (SYS_tgkill, vec![only(0, std::process::id().into())?]),
        ]);
        #[cfg(target_arch = "x86_64")]
        rules.insert(libc::SYS_poll, Vec::new());
        // `riscv_flush_icache`, which the library does not name: as `SYS_membarrier` elsewhere.
        #[cfg(target_arch = "riscv64")]
        rules.insert(259, Vec::new());
        rules.extend(PLAIN.map(|call| (call, Vec::new())));
        let refused = u32::try_from(libc::EPERM).ok()?;
        let filter = SeccompFilter::new(
            rules,
            SeccompAction::Errno(refused),
            SeccompAction::Allow,
            ARCH.try_into().ok()?,
        );
        let program: BpfProgram = filter.ok()?.try_into().ok()?;
        apply_filter_all_threads(&program).ok()
    }

    /// The argument at `index` is this 32-bit number.
    fn only(index: u8, number: u64) -> Option<SeccompRule> {
        let (width, is) = (SeccompCmpArgLen::Dword, SeccompCmpOp::Eq);
        let condition = SeccompCondition::new(index, width, is, number).ok()?;
        SeccompRule::new(vec![condition]).ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod calls {
    pub fn filter() -> Option<()> {
        None
    }
}
