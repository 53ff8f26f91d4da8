//! What a run and its nursery say to each other over a socket: a byte that carries a worker's pipes, if there
//! are any to hand over, then a frame.

use std::io::{self, ErrorKind, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use gilscope::message::{decode, encode};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::host::frame::{read_frame, write_frame};

/// What a nursery is asked for. Every request is answered.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub enum Request {
    /// Copy yourself; the copy is a worker at the ends of the pipes that come along. Answered by `Copied`.
    Copy { epoch_ns: u64, shared: Option<PathBuf> },
    /// End this copy at once. Answered by `Killed`.
    Kill { pid: i32 },
    /// Wait until it has ended. Answered by `Ended`.
    Wait { pid: i32 },
}

/// What it answers.
#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub enum Answer {
    /// Not an answer: the first thing it says.
    Ready,
    Copied {
        pid: i32,
    },
    Killed,
    /// How it ended, as the system tells it.
    Ended {
        status: i32,
    },
    Failed {
        cause: String,
    },
}

/// A worker's ends of its pipes: where it reads, and where it writes.
pub type Ends<T> = [T; 2];

/// Say `message`, and hand `ends` over with it.
pub fn say(mut socket: &UnixStream, message: &impl Serialize, ends: Option<Ends<BorrowedFd>>) -> io::Result<()> {
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut control = SendAncillaryBuffer::new(&mut room);
    if let Some(ends) = &ends {
        control.push(SendAncillaryMessage::ScmRights(ends));
    }
    let carrier = [IoSlice::new(&[0])];
    rustix::io::retry_on_intr(|| sendmsg(socket, &carrier, &mut control, SendFlags::empty()))?;
    write_frame(&mut socket, &encode(message))
}

/// Hear a message and what comes with it; `None` at the end.
pub fn hear<T: DeserializeOwned>(mut socket: &UnixStream) -> io::Result<Option<(T, Option<Ends<OwnedFd>>)>> {
    let mut room = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut control = RecvAncillaryBuffer::new(&mut room);
    let mut carrier = [0];
    let receive = || recvmsg(socket.as_fd(), &mut [IoSliceMut::new(&mut carrier)], &mut control, CLOSED_ON_EXEC);
    if rustix::io::retry_on_intr(receive)?.bytes == 0 {
        return Ok(None);
    }
    let handed = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(ends) => Some(ends),
        _ => None,
    });
    let ends = <Ends<OwnedFd>>::try_from(handed.flatten().collect::<Vec<_>>()).ok();
    let frame = read_frame(&mut socket)?.ok_or(ErrorKind::UnexpectedEof)?;
    Ok(Some((decode(&frame).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?, ends)))
}

/// Where the system can, so that no process that is started meanwhile gets them.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOSED_ON_EXEC: RecvFlags = RecvFlags::CMSG_CLOEXEC;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CLOSED_ON_EXEC: RecvFlags = RecvFlags::empty();

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_request_comes_with_the_pipes_that_were_handed_over() {
        let (here, there) = UnixStream::pair().unwrap();
        let (mut from, to) = io::pipe().unwrap();
        let request = Request::Copy { epoch_ns: 7, shared: Some("/a/file".into()) };
        say(&here, &request, Some([from.as_fd(), to.as_fd()])).unwrap();
        say(&here, &Request::Kill { pid: 3 }, None).unwrap();
        let (heard, ends) = hear::<Request>(&there).unwrap().unwrap();
        assert_eq!(heard, request);
        let [_, end] = ends.unwrap();
        drop(to);
        io::PipeWriter::from(end).write_all(b"through").unwrap();
        let mut read = String::new();
        from.read_to_string(&mut read).unwrap();
        assert_eq!(read, "through");
        let (heard, ends) = hear::<Request>(&there).unwrap().unwrap();
        assert!(heard == Request::Kill { pid: 3 } && ends.is_none());
        drop(here);
        assert!(hear::<Request>(&there).unwrap().is_none());
    }
}
