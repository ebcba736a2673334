//! How a reader gives up everything it does not need, before it sees the first byte.
//!
//! Order matters: limits and landlock still need system calls that seccomp then takes away.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use std::{collections::BTreeMap, time::Duration};

/// What a reader may use.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of address space.
    pub memory: u64,
    /// CPU time.
    pub cpu: Duration,
}

/// How it went.
#[derive(Debug, Clone, Copy)]
pub struct Locked {
    /// Whether the kernel also enforces landlock.
    pub landlock: bool,
}

/// Gives up everything; only reading fd 0, writing fd 1 and 2, and memory remain.
///
/// # Errors
/// When the kernel refuses a limit or the filter: the caller must then not read anything.
pub fn lock(bounds: Bounds) -> anyhow::Result<Locked> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    no_core_dumps()?;
    rustix::thread::set_no_new_privs(true)?;
    let landlock = landlock()?;
    let cpu = bounds.cpu.as_secs().max(1);
    limit(Resource::As, bounds.memory, bounds.memory)?;
    // The soft limit ends it with SIGXCPU, which tells the server why; the hard one is the net below.
    limit(Resource::Cpu, cpu, cpu + 2)?;
    limit(Resource::Fsize, 0, 0)?;
    limit(Resource::Nproc, 0, 0)?;
    limit(Resource::Nofile, 0, 0)?;
    seccompiler::apply_filter(&filter()?)?;
    Ok(Locked { landlock })
}

/// No core dump of this process, whose memory holds keys or health data.
///
/// # Errors
/// When the kernel refuses.
pub fn no_core_dumps() -> rustix::io::Result<()> {
    limit(Resource::Core, 0, 0)?;
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

fn limit(resource: Resource, soft: u64, hard: u64) -> rustix::io::Result<()> {
    let now = rustix::process::getrlimit(resource).maximum;
    // A lower hard limit that is already there stays.
    let cap = |n: u64| Some(now.map_or(n, |m| m.min(n)));
    rustix::process::setrlimit(resource, Rlimit { current: cap(soft), maximum: cap(hard) })
}

/// No file, no TCP port, no abstract socket, no signal to others. Older kernels enforce less of it.
fn landlock() -> anyhow::Result<bool> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?
        .restrict_self()?;
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}

/// The allowed system calls; any other kills the process.
fn filter() -> anyhow::Result<BpfProgram> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in [
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_rt_sigreturn,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_clock_gettime,
        libc::SYS_getrandom,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_close,
    ] {
        rules.insert(call, Vec::new());
    }
    // Only its own pipe: descriptors that leaked in from whoever started the server stay useless.
    rules.insert(libc::SYS_read, vec![when(0, Op::Eq, 0)?]);
    rules.insert(libc::SYS_write, vec![when(0, Op::Eq, 1)?, when(0, Op::Eq, 2)?]);
    let not_executable = Op::MaskedEq(u64::from(libc::PROT_EXEC.unsigned_abs()));
    rules.insert(libc::SYS_mmap, vec![when(2, not_executable.clone(), 0)?]);
    rules.insert(libc::SYS_mprotect, vec![when(2, not_executable, 0)?]);
    // abort() signals its own process and nobody else.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![when(0, Op::Eq, own)?]);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::KillProcess,
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?;
    Ok(filter.try_into()?)
}

fn when(argument: u8, op: Op, value: u64) -> anyhow::Result<SeccompRule> {
    Ok(SeccompRule::new(vec![SeccompCondition::new(argument, Len::Dword, op, value)?])?)
}
