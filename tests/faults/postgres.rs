//! A PostgreSQL of the test's own, which can be stopped and started under a running server.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

pub struct Postgres {
    home: tempfile::TempDir,
    programs: PathBuf,
}

/// The newest PostgreSQL: from PATH, else where Debian keeps it.
fn programs() -> Option<PathBuf> {
    let has_all =
        |dir: &PathBuf| ["initdb", "pg_ctl", "pg_dump", "psql"].iter().all(|p| dir.join(p).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).find(has_all).or_else(|| {
        let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .flatten()
            .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
            .filter(|(_, dir)| has_all(dir))
            .collect();
        versions.sort();
        versions.pop().map(|(_, dir)| dir)
    })
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
}

impl Postgres {
    /// A new cluster with an empty database; `None` when the tests are to go without.
    pub fn new() -> Option<Self> {
        if std::env::var("KEEPWELL_TEST_SKIP_POSTGRES").is_ok_and(|v| v == "1") {
            eprintln!("skipped: PostgreSQL, by KEEPWELL_TEST_SKIP_POSTGRES=1");
            return None;
        }
        let programs = programs().expect(
            "this test needs PostgreSQL 14 or newer (Debian and Ubuntu: `apt-get install postgresql`), or \
             KEEPWELL_TEST_SKIP_POSTGRES=1",
        );
        let home = tempfile::tempdir().unwrap();
        if is_root() {
            // initdb refuses to work for root.
            let owned = Command::new("chown").arg("postgres").arg(home.path()).status().unwrap();
            assert!(owned.success());
        }
        let new = Self { home, programs };
        let data = new.data();
        new.run(
            "initdb",
            &["-D", &data, "-U", "keepwell", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"],
        );
        new.start();
        new.run("createdb", &["-h", &new.socket(), "-U", "keepwell", "vault"]);
        Some(new)
    }

    fn data(&self) -> String {
        self.home.path().join("cluster").to_string_lossy().into_owned()
    }
    fn socket(&self) -> String {
        self.home.path().to_string_lossy().into_owned()
    }

    fn run(&self, program: &str, args: &[&str]) -> Vec<u8> {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut c = Command::new("runuser");
            c.args(["-u", "postgres", "--"]).arg(path);
            c
        } else {
            Command::new(path)
        };
        let log =
            std::fs::File::options().create(true).append(true).open(self.home.path().join("log")).unwrap();
        let out = if program == "pg_dump" { Stdio::piped() } else { log.try_clone().unwrap().into() };
        let child =
            command.args(args).current_dir("/").stdin(Stdio::null()).stdout(out).stderr(log).spawn().unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{program} failed: {}", self.log());
        done.stdout
    }
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    pub fn url(&self) -> String {
        format!("postgres://keepwell@localhost/vault?host={}&sslmode=disable", self.socket())
    }
    pub fn start(&self) {
        let (data, server_log) = (self.data(), self.home.path().join("server.log"));
        let options = format!(
            "-k {} -c listen_addresses= -c fsync=off -c log_statement=all -c max_connections=100",
            self.socket()
        );
        self.run(
            "pg_ctl",
            &["-D", &data, "-w", "-l", &server_log.to_string_lossy(), "-o", &options, "start"],
        );
    }
    pub fn stop(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", "immediate", "stop"]);
    }
    /// All that the database holds, as SQL.
    pub fn dump(&self) -> Vec<u8> {
        self.run("pg_dump", &["-h", &self.socket(), "-U", "keepwell", "vault"])
    }
    /// The cluster's own folder, write-ahead log included.
    pub fn folder(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data();
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
        let program = self.programs.join("pg_ctl");
        let mut command = if is_root() { Command::new("runuser") } else { Command::new(&program) };
        if is_root() {
            command.args(["-u", "postgres", "--"]).arg(&program);
        }
        let stop = command.args(["-D", &data, "-m", "immediate", "stop"]).current_dir("/");
        let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
