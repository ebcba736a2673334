//! The real program in a process of its own, which can be killed.

use super::http::Client;
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_keepwell");

pub const PASSWORD: &str = "quiet-otter-reads-the-tide-tables-7";

/// How to start it.
#[derive(Clone)]
pub struct Setup {
    /// Data, logs and the empty folder of the site lie here.
    pub home: PathBuf,
    /// Settings from the environment.
    pub settings: Vec<(String, String)>,
    /// Put before the command, to run it somewhere else.
    pub wrap: Vec<String>,
}

impl Setup {
    pub fn new(home: &Path) -> Self {
        let site = home.join("site").to_string_lossy().into_owned();
        // Many calls from one address are what these tests make; the limits have tests of their own.
        let settings = [
            ("KEEPWELL_LIMITS_LOGIN", "1000000"),
            ("KEEPWELL_LIMITS_SIGNUP", "1000000"),
            ("KEEPWELL_LIMITS_UPLOAD", "1000000"),
            ("KEEPWELL_LIMITS_API", "1000000"),
            ("KEEPWELL_PASSWORDS_MEMORY_KIB", "19456"),
            ("KEEPWELL_PASSWORDS_PASSES", "2"),
            ("KEEPWELL_SITE_DIR", &site),
        ];
        Self {
            home: home.to_owned(),
            settings: settings.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec(),
            wrap: Vec::new(),
        }
    }
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }
    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }
    pub fn command(&self, args: &[&str]) -> Command {
        let mut words = self.wrap.iter().map(String::as_str).chain([PROGRAM]).chain(args.iter().copied());
        let mut command = Command::new(words.next().unwrap());
        command.args(words).arg("--data-dir").arg(self.data());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TMPDIR", std::env::temp_dir());
        command.envs(self.settings.iter().map(|(n, v)| (n, v))).stdin(Stdio::null());
        command
    }
}

/// A running server; killed when dropped.
pub struct Server {
    pub child: Child,
    pub client: Client,
    /// From the start of the process until `/readyz` answered 200.
    pub ready_in: Duration,
}

impl Server {
    pub fn start(setup: &Setup) -> Self {
        Self::try_start(setup).unwrap_or_else(|said| panic!("the server did not start: {said}"))
    }

    /// Its last words when it does not come up.
    pub fn try_start(setup: &Setup) -> Result<Self, String> {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let (out, err) = (setup.home.join(format!("{n}.out.log")), setup.home.join(format!("{n}.err.log")));
        let began = Instant::now();
        let child = setup
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&err).unwrap())
            .spawn()
            .unwrap();
        let mut server =
            Self { child, client: Client::new(([127, 0, 0, 1], 0).into()), ready_in: Duration::ZERO };
        loop {
            if let Some(address) = address(&out) {
                server.client.address = address;
                if server.client.get("/readyz").is_ok_and(|a| a.status == 200) {
                    server.ready_in = began.elapsed();
                    return Ok(server);
                }
            }
            if server.child.try_wait().unwrap().is_some() || began.elapsed() > Duration::from_secs(120) {
                return Err(std::fs::read_to_string(&err).unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// `kill -9`, and its end awaited.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM; whether it ended well.
    pub fn stop(mut self) -> bool {
        let stopped = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(stopped.is_ok_and(|s| s.success()), "SIGTERM was not sent");
        self.child.wait().unwrap().success()
    }

    /// The most memory that its own process ever held, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

fn address(out: &Path) -> Option<std::net::SocketAddr> {
    let said = std::fs::read_to_string(out).ok()?;
    said.split("http://").nth(1)?.split(' ').next()?.parse().ok()
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { all.push(path) }
        }
    }
    all
}

/// Waits until something holds; whether it did in time.
pub fn wait_for(most: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let until = Instant::now() + most;
    loop {
        if holds() {
            return true;
        }
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
