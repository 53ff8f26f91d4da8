//! Frames on a pipe: a 32-bit little-endian length, then that many bytes.

use std::io::{self, ErrorKind, Read, Write};

/// A longer frame is no frame: the largest data a task can come with is 256 MiB, and its message is before it.
const MOST_BYTES: u32 = (256 << 20) + (64 << 10);

const AT_FIRST: u32 = 1 << 20;

/// Write one frame.
pub fn write_frame(to: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).ok().filter(|length| *length <= MOST_BYTES);
    let length = length.ok_or_else(|| {
        let text =
            format!("a message has {} bytes, and at most {MOST_BYTES} fit into one; use smaller tasks", frame.len());
        io::Error::new(ErrorKind::InvalidInput, text)
    })?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(frame)
}

/// Write half a frame, as one does who ends while it sends.
pub fn write_half(to: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&frame[..frame.len() / 2])
}

/// Read one frame; `None` at the end, which is between frames.
pub fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if first_byte(from, &mut length[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut length[1..])?;
    let length = u32::from_le_bytes(length);
    if length > MOST_BYTES {
        return Err(io::Error::new(ErrorKind::InvalidData, "the frame is too long"));
    }
    // Room for what comes: a length alone, which may be wrong, takes no memory.
    let mut frame = Vec::with_capacity(length.min(AT_FIRST) as usize);
    from.take(u64::from(length)).read_to_end(&mut frame)?;
    if frame.len() < length as usize {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(frame))
}

/// Read one byte, or none at the end.
fn first_byte(from: &mut impl Read, byte: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(byte) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

#[cfg(test)]
mod tests;
