//! Keeps a second writer out of a SQLite file: a lock file beside it, held as long as the process lives.

use super::{connection::Address, error::OpenError};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
};

pub(super) struct Lock(#[expect(dead_code, reason = "the lock ends when the file closes")] File);

impl Lock {
    pub fn take(database: &Path, address: &Address) -> Result<Lock, OpenError> {
        let unreachable = |e: std::io::Error| OpenError::Unreachable {
            address: address.to_string(),
            reason: e.to_string(),
        };
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&name)
            .map_err(unreachable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // The name of the holder is a courtesy; the lock itself decides.
                let _ = file.read_to_string(&mut holder);
                return Err(OpenError::Locked {
                    address: address.to_string(),
                    holder: holder.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(e)) => return Err(unreachable(e)),
        }
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "process {}", std::process::id()));
        noted.map_err(unreachable)?;
        Ok(Lock(file))
    }
}
