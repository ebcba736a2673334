//! The server's side: starts a reader, feeds it, takes its items, and ends it in time.

use super::{
    lockdown::Bounds,
    protocol::{self, BLOCK, End, HEADER, Kind, Progress, Ready, Start, Want},
};
use keepwell_parsers::{
    error::ParseError,
    sink::{Item, Options, Summary},
    sniff::Format,
    source::ReadAt,
};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::{
    io::{self, BufReader, Read, Write},
    os::{
        fd::OwnedFd,
        unix::process::{CommandExt, ExitStatusExt},
    },
    path::PathBuf,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc as std_mpsc,
    },
    time::Duration,
};
use tokio::sync::mpsc;

/// Starts readers.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// The program; its `parse-worker` command is run.
    pub program: PathBuf,
    /// What a reader may use.
    pub bounds: Bounds,
    /// Wall time after which a reader is killed.
    pub deadline: Duration,
    /// Bytes that a reader may hand back.
    pub output: u64,
}

/// Where a reader's words go.
pub struct Out {
    /// Batches of items, in order; a full channel slows the reader down.
    pub items: mpsc::Sender<Vec<Item>>,
    /// Told (bytes read, bytes in all) now and then.
    pub progress: Box<dyn Fn(u64, u64) + Send + Sync>,
}

/// Why there is no whole result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Why it cannot be read, for the owner of the file.
    Reason(ParseError),
    /// A file that is sound and kept, but not read: why, and what it is.
    Kept(ParseError, Format),
    /// It took too long.
    Timeout,
    /// It needed too much memory, or gave back too much.
    Memory,
    /// The reader died, or tried something forbidden.
    Crashed,
    /// No reader could be started, or the file could not be read from storage.
    Unavailable,
}

/// Ends a reader, from wherever; also when the future that waits for it is dropped.
#[derive(Default)]
struct Killer {
    stop: AtomicBool,
    process: Mutex<Option<OwnedFd>>,
}

impl Killer {
    fn kill(&self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(process) = self.process.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            // It may be gone already, which is what is wanted.
            let _ = pidfd_send_signal(process, Signal::KILL);
        }
    }
    fn holds(&self, child: &Child) -> io::Result<()> {
        let process = pidfd_open(Pid::from_child(child), PidfdFlags::empty())?;
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        // Stopped between the start of the process and this line.
        if self.stop.load(Ordering::SeqCst) {
            self.kill();
        }
        Ok(())
    }
}

struct KillOnDrop(Arc<Killer>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill();
    }
}

impl Sandbox {
    /// Reads `input` in a new process; items come out of `out` in order, in batches.
    ///
    /// # Errors
    /// [`Failure`]; the items that came before it are sound.
    pub async fn parse(
        &self,
        input: Box<dyn ReadAt + Send>,
        name: Option<String>,
        options: Options,
        out: Out,
    ) -> Result<Summary, Failure> {
        let killer = Arc::new(Killer::default());
        let guard = KillOnDrop(Arc::clone(&killer));
        let (sandbox, inner) = (self.clone(), Arc::clone(&killer));
        let start = Start { len: input.len(), name, options };
        let mut work = tokio::task::spawn_blocking(move || {
            sandbox.run(input, &start, &out, &inner).map_err(|f| (f, inner.stop.load(Ordering::SeqCst)))
        });
        let result = match tokio::time::timeout(self.deadline, &mut work).await {
            Ok(result) => result,
            Err(_) => {
                killer.kill();
                work.await
            }
        };
        drop(guard);
        match result {
            Ok(Ok(summary)) => Ok(summary),
            // Whatever the reader's end looked like, it was we who ended it.
            Ok(Err((_, true))) => Err(Failure::Timeout),
            Ok(Err((failure, false))) => Err(failure),
            Err(_) => Err(Failure::Crashed),
        }
    }

    /// The command that starts a reader: no environment, no folder, no descriptors but its pipes.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("parse-worker")
            .arg("--memory")
            .arg(self.bounds.memory.to_string())
            .arg("--cpu")
            .arg(self.bounds.cpu.as_secs().to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }

    /// Runs in a thread of its own until the reader has ended: the kernel kills a reader when the
    /// thread that started it ends.
    fn run(
        &self,
        input: Box<dyn ReadAt + Send>,
        start: &Start,
        out: &Out,
        killer: &Killer,
    ) -> Result<Summary, Failure> {
        let mut child = self.command().spawn().map_err(|e| unavailable("start", &e))?;
        if let Err(e) = killer.holds(&child) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(unavailable("watch", &e));
        }
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::Unavailable);
        };
        let _ = rustix::pipe::fcntl_setpipe_size(&stdin, BLOCK);
        let _ = rustix::pipe::fcntl_setpipe_size(&stdout, BLOCK / 4);
        let told = std::thread::scope(|scope| {
            let (wants, orders) = std_mpsc::channel();
            let feeder = scope.spawn(move || feed(stdin, input, start, &orders));
            let told = self.listen(&mut BufReader::with_capacity(128 << 10, stdout), out, wants);
            // Whatever was told, nothing of the reader is wanted any more; a blocked feeder ends with it.
            if !matches!(told, Ok(Some(_))) {
                let _ = child.kill();
            }
            let fed = feeder.join().unwrap_or(Err(Failure::Crashed));
            match (told, fed) {
                (Ok(None) | Err(_), Err(fault @ Failure::Unavailable)) => Err(fault),
                (told, _) => told,
            }
        });
        let status = child.wait().map_err(|e| unavailable("await", &e))?;
        match told {
            Ok(Some(end)) => end.map_err(|r| match r.kept_as {
                Some(format) => Failure::Kept(r.error, format),
                None => Failure::Reason(r.error),
            }),
            Ok(None) => Err(why(status, &mut child)),
            Err(failure) => Err(failure),
        }
    }

    /// Takes what the reader says, to its end. `None` when the reader fell silent without one.
    fn listen(
        &self,
        from: &mut impl Read,
        out: &Out,
        wants: std_mpsc::Sender<Want>,
    ) -> Result<Option<End>, Failure> {
        let mut total = 0u64;
        let mut payload = Vec::new();
        loop {
            let (kind, len) = match protocol::read_header(from) {
                Ok(Some(header)) => header,
                Ok(None) => return Ok(None),
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                Err(_) => return Err(Failure::Crashed),
            };
            total += len as u64;
            if total > self.output {
                return Err(Failure::Memory);
            }
            payload.resize(len, 0);
            if from.read_exact(&mut payload).is_err() {
                return Ok(None);
            }
            match kind {
                Kind::Read => {
                    let want = protocol::decode(&payload).map_err(|_| Failure::Crashed)?;
                    // The feeder has gone when the file broke; the reader was told.
                    let _ = wants.send(want);
                }
                Kind::Items => {
                    let items = protocol::decode_items(&payload).map_err(|_| Failure::Crashed)?;
                    out.items.blocking_send(items).map_err(|_| Failure::Unavailable)?;
                }
                Kind::Ready => {
                    protocol::decode::<Ready>(&payload).map_err(|_| Failure::Crashed)?;
                }
                Kind::Progress => {
                    let Progress { done, total } =
                        protocol::decode(&payload).map_err(|_| Failure::Crashed)?;
                    (out.progress)(done.min(total), total);
                }
                Kind::Done => {
                    return protocol::decode(&payload).map(|s| Some(Ok(s))).map_err(|_| Failure::Crashed);
                }
                Kind::Refused => {
                    return protocol::decode(&payload).map(|e| Some(Err(e))).map_err(|_| Failure::Crashed);
                }
                Kind::Start | Kind::Bytes | Kind::Broken => return Err(Failure::Crashed),
            }
        }
    }
}

/// Sends what the reader wants, until it wants nothing more.
fn feed(
    mut to: ChildStdin,
    mut input: Box<dyn ReadAt + Send>,
    start: &Start,
    orders: &std_mpsc::Receiver<Want>,
) -> Result<(), Failure> {
    let first = protocol::frame(Kind::Start, start).map_err(|e| unavailable("address", &e))?;
    if to.write_all(&first).is_err() {
        return Ok(());
    }
    let mut buffer = vec![0; HEADER + 8 + BLOCK];
    while let Ok(Want { offset, len }) = orders.recv() {
        let len = (len as usize).min(BLOCK);
        let body = HEADER + 8;
        let have = match fill(&mut *input, offset, &mut buffer[body..body + len]) {
            Ok(have) => have,
            Err(e) => {
                let _ = to.write_all(&protocol::header(Kind::Broken, 0));
                return Err(unavailable("read the file for", &e));
            }
        };
        buffer[..HEADER].copy_from_slice(&protocol::header(Kind::Bytes, 8 + have));
        buffer[HEADER..body].copy_from_slice(&offset.to_le_bytes());
        if to.write_all(&buffer[..body + have]).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn fill(input: &mut dyn ReadAt, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut have = 0;
    while have < buffer.len() {
        match input.read_at(offset.saturating_add(have as u64), &mut buffer[have..])? {
            0 => break,
            n => have += n,
        }
    }
    Ok(have)
}

fn unavailable(what: &str, error: &io::Error) -> Failure {
    tracing::error!(kind = %error.kind(), "could not {what} a reader");
    Failure::Unavailable
}

/// What a death without a last word means.
fn why(status: ExitStatus, child: &mut Child) -> Failure {
    let mut said = String::new();
    if let Some(stderr) = child.stderr.take() {
        let _ = stderr.take(4096).read_to_string(&mut said);
    }
    let signal = status.signal();
    // Its words may quote the file: only the signal is logged.
    tracing::warn!(signal, code = status.code(), "a reader died");
    match signal {
        Some(libc::SIGXCPU) => Failure::Timeout,
        Some(libc::SIGABRT) if said.contains("memory allocation of") => Failure::Memory,
        // Not by us: that is the kernel, short of memory.
        Some(libc::SIGKILL) => Failure::Memory,
        _ => Failure::Crashed,
    }
}
