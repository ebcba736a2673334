//! Mail for tests: a server that keeps what it is given, or fails as it is told.

use keepwell_services::mail::{Mail, MailFault, MailOut, MailSetup, Mailer, Sending};
use std::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Post {
    pub letters: Mutex<Vec<Mail>>,
    pub fault: Mutex<Option<MailFault>>,
}

impl Mailer for Post {
    fn send(&self, mail: Mail) -> Sending {
        let fault = *self.fault.lock().unwrap();
        if fault.is_none() {
            self.letters.lock().unwrap().push(mail);
        }
        Box::pin(async move { fault.map_or(Ok(()), Err) })
    }
}

pub struct Wire(pub Arc<Post>);
impl Mailer for Wire {
    fn send(&self, mail: Mail) -> Sending {
        self.0.send(mail)
    }
}

impl Post {
    pub fn setup(self: &Arc<Self>) -> MailSetup {
        MailSetup {
            out: Some(MailOut::Server(Arc::new(Wire(Arc::clone(self))))),
            base_url: "https://health.example".to_owned(),
            confirms: true,
        }
    }
    /// Takes all letters.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.letters.lock().unwrap())
    }
    pub fn fail(&self, fault: Option<MailFault>) {
        *self.fault.lock().unwrap() = fault;
    }
}

/// The code in a letter: what stands behind the hash of its link.
pub fn code(mail: &Mail) -> String {
    let link = mail.text.lines().find(|l| l.contains("/#") || l.contains('#')).expect("a link");
    link.split_once('#').unwrap().1.to_owned()
}
