//! Services over a real store, with files in a temporary folder and readers in this process.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod authenticator;
pub mod person;
pub mod post;
pub mod staff;
pub mod totp;

use keepwell_crypto::{Key32, password::Cost};
use keepwell_domain::time::Ts;
use keepwell_parsers::{
    error::ParseError,
    sink::{Item, Sink},
};
use keepwell_services::{
    Actor, Device, Lang, PasskeySetup, Services, ServicesConfig,
    blobs::{BlobRead, BlobWrite, Blobs},
    clock::Clock,
    host::{ParserFailure, ParserHost, ParserInput, Parsing},
    mail::MailSetup,
    model::AiSetup,
    settings::SettingsBase,
};
use keepwell_store::Store;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use uuid::Uuid;

pub struct TestClock(pub AtomicI64);
impl Clock for TestClock {
    fn now(&self) -> Ts {
        Ts(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

pub struct Folder(pub PathBuf);
struct W(File);
impl Write for W {
    fn write(&mut self, b: &[u8]) -> io::Result<usize> {
        self.0.write(b)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
impl BlobWrite for W {
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}
struct R(File, u64);
impl BlobRead for R {
    fn len(&self) -> u64 {
        self.1
    }
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        FileExt::read_exact_at(&self.0, buf, offset)
    }
}
impl Blobs for Folder {
    fn create(&self, id: Uuid) -> io::Result<Box<dyn BlobWrite>> {
        Ok(Box::new(W(OpenOptions::new().write(true).create_new(true).open(self.0.join(id.to_string()))?)))
    }
    fn append(&self, id: Uuid, len: u64) -> io::Result<Box<dyn BlobWrite>> {
        let f = OpenOptions::new().append(true).open(self.0.join(id.to_string()))?;
        f.set_len(len)?;
        Ok(Box::new(W(f)))
    }
    fn open(&self, id: Uuid) -> io::Result<Box<dyn BlobRead>> {
        let f = File::open(self.0.join(id.to_string()))?;
        let len = f.metadata()?.len();
        Ok(Box::new(R(f, len)))
    }
    fn delete(&self, id: Uuid) -> io::Result<()> {
        match std::fs::remove_file(self.0.join(id.to_string())) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

/// Runs readers in this process.
pub struct InProcess;
struct Batches(tokio::sync::mpsc::Sender<Vec<Item>>);
impl Sink for Batches {
    fn item(&mut self, item: Item) -> Result<(), ParseError> {
        self.0.blocking_send(vec![item]).map_err(|_| ParseError::Stopped)
    }
}
impl ParserHost for InProcess {
    fn parse(&self, mut input: ParserInput) -> Parsing {
        Box::pin(async move {
            let run = move || {
                let format = keepwell_parsers::sniff::identify(&mut *input.source, &input.options.limits);
                let mut sink = Batches(input.items);
                keepwell_parsers::read(&mut *input.source, input.name.as_deref(), &input.options, &mut sink)
                    .map_err(|e| match format {
                        Ok(f) if f.is_kept_despite(&e) => ParserFailure::Kept {
                            reason: e,
                            media_type: f.media_type().to_owned(),
                            format: keepwell_services::documents::meta::format_words(f).to_owned(),
                        },
                        _ => ParserFailure::Reason(e),
                    })
            };
            tokio::task::spawn_blocking(run).await.unwrap_or(Err(ParserFailure::Crashed))
        })
    }
}

pub struct Test {
    pub services: Services,
    pub clock: Arc<TestClock>,
    pub files: PathBuf,
    _dir: tempfile::TempDir,
}

/// Where passkeys work in these tests.
pub const ORIGIN: &str = "https://health.example";
pub const PASSWORD: &str = "mild otters climb quiet ladders";

impl Test {
    pub async fn new(store: Store) -> Self {
        Self::with_mail(store, MailSetup::default()).await
    }
    pub async fn with_mail(store: Store, mail: MailSetup) -> Self {
        Self::with(store, mail, SettingsBase::default(), None).await
    }
    pub async fn with_rules(store: Store, settings: SettingsBase) -> Self {
        Self::with(store, MailSetup::default(), settings, None).await
    }
    /// Where an account may ask only so many questions a day.
    pub async fn with_daily(store: Store, ask_daily: Option<u32>) -> Self {
        Self::with(store, MailSetup::default(), SettingsBase::default(), ask_daily).await
    }
    async fn with(store: Store, mail: MailSetup, settings: SettingsBase, ask_daily: Option<u32>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_763_700_000_000_000)));
        let services = Services::open(ServicesConfig {
            store,
            root: Key32::from_bytes([7; 32]),
            blobs: Arc::new(Folder(dir.path().to_owned())),
            clock: clock.clone(),
            cost: Cost::FLOOR,
            hash_cores: 2,
            settings,
            max_upload: 64 << 20,
            vault_records: 100_000,
            mail,
            passkeys: PasskeySetup::new(ORIGIN),
            ask_daily,
            ai: AiSetup::default(),
        })
        .await
        .unwrap();
        Self { services, clock, files: dir.path().to_owned(), _dir: dir }
    }
    pub async fn person(&self, email: &str) -> Actor {
        let token = self.services.sign_up(email, PASSWORD, Lang::En, &Device::default()).await.unwrap();
        let token = token.session().unwrap();
        self.services.authenticate(token.reveal()).await.unwrap().unwrap()
    }
    /// Uploads a file and reads everything that is queued.
    pub async fn bring(&self, actor: &Actor, name: &str, bytes: &[u8]) -> keepwell_services::Uploaded {
        let up = self.services.upload_bytes(actor, name, bytes).await.unwrap();
        self.work().await;
        up
    }
    /// Sends everything that is due.
    pub async fn deliver(&self) {
        while self.services.mail_once(Uuid::now_v7()).await.unwrap() {}
    }
    pub fn wait(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
    pub async fn work(&self) {
        while self.services.work_once(&InProcess, Uuid::now_v7()).await.unwrap() {}
    }
}

pub fn bundle(entries: &[String]) -> Vec<u8> {
    let list: Vec<String> = entries.iter().map(|e| format!("{{\"resource\":{e}}}")).collect();
    let patient = r#"{"resource":{"resourceType":"Patient","id":"p","name":[{"text":"Eva Kanari"}],"birthDate":"1980-01-02"}}"#;
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{patient},{}]}}",
        list.join(",")
    )
    .into_bytes()
}

pub fn lab(id: &str, loinc: &str, name: &str, date: &str, value: &str, unit: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{loinc}"}}],"text":"{name}"}},"subject":{{"reference":"Patient/p"}},"effectiveDateTime":"{date}","valueQuantity":{{"value":{value},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}},"referenceRange":[{{"low":{{"value":30}},"high":{{"value":400}}}}]}}"#
    )
}
