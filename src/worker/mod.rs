//! The reader's side: the hidden command `parse-worker`. Runs locked in, without a runtime, with
//! one thread.

mod link;
mod probe;
mod sink;
mod source;

pub use probe::Probe;

use crate::sandbox::{
    lockdown::{self, Bounds},
    protocol::{self, Kind, Ready, Refusal, Start},
};
use keepwell_parsers::{error::ParseError, sniff::identify};
use link::Link;
use std::{cell::RefCell, io, panic::AssertUnwindSafe, process::ExitCode, rc::Rc};

/// Locks itself in and reads one file from stdin to stdout.
#[must_use]
pub fn run(bounds: Bounds, probe: Option<Probe>) -> ExitCode {
    // A message could quote the file; the server only needs to know that it ended.
    std::panic::set_hook(Box::new(|_| {}));
    // The thread's stack guard and the allocator are set up before the filter takes mprotect's exec away.
    let locked = match lockdown::lock(bounds) {
        Ok(locked) => locked,
        Err(_) => return ExitCode::from(3),
    };
    let link = Rc::new(RefCell::new(Link::new()));
    match serve(&link, locked.landlock, probe) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(4),
    }
}

fn serve(link: &Rc<RefCell<Link>>, landlock: bool, probe: Option<Probe>) -> io::Result<()> {
    link.borrow_mut().say(Kind::Ready, &Ready { landlock })?;
    if let Some(probe) = probe {
        return probe.attempt();
    }
    let start: Start = link.borrow_mut().hear(Kind::Start)?;
    let mut source = source::PipeSource::new(start.len, Rc::clone(link));
    let mut sink = sink::PipeSink::new(Rc::clone(link));
    let read = std::panic::catch_unwind(AssertUnwindSafe(|| {
        keepwell_parsers::read(&mut source, start.name.as_deref(), &start.options, &mut sink)
    }));
    let Ok(end) = read else { return Err(protocol::bad()) };
    match end {
        Ok(summary) => {
            sink.flush().map_err(|_| protocol::bad())?;
            link.borrow_mut().say(Kind::Done, &summary)
        }
        // The pipe is gone, and with it whoever would listen.
        Err(ParseError::Stopped) => Err(protocol::bad()),
        Err(error) => {
            sink.flush().map_err(|_| protocol::bad())?;
            let format = identify(&mut source, &start.options.limits).ok();
            let kept_as = format.filter(|f| f.is_kept_despite(&error));
            link.borrow_mut().say(Kind::Refused, &Refusal { error, kept_as })
        }
    }
}
