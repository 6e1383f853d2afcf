//! Attachments' bytes: kept under the name of their content, their kind told by their content.
//!
//! Knows no case, no database and no HTTP. A file is written once, never changed and never deleted: the ledger
//! names it by its digest for ever.
//!
//! In reading order: `digest` → this file → `s3` → `kind`, with `archive`, `unpacked`, `compound`, `picture` and `plain` → `name`.

mod archive;
mod compound;
mod digest;
mod kind;
mod name;
mod picture;
mod plain;
mod s3;
mod unpacked;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use std::{
    fs::{DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use object_store::{
    Error as StoreError, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, local::LocalFileSystem,
    path::Path as Place, prefix::PrefixStore,
};

pub use digest::{Digest, NotADigest};
pub use kind::{KINDS, Kind, NotAccepted};
pub use name::{MAX_NAME, NameRefused, content_disposition, safe_name};
pub use s3::S3;

/// Where the bytes are. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Files(Arc<dyn ObjectStore>);

/// Why bytes could not be kept or given back.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder cannot be made or opened.
    #[error("the files' folder {path:?}: {source}")]
    Folder { path: PathBuf, source: io::Error },
    /// Reading or writing failed.
    #[error("the files' store: {0}")]
    Store(#[from] StoreError),
    /// What lies there is not what the name says: a damaged disk, or somebody's hand.
    #[error("the file {0} is damaged: its bytes do not match its name; restore it from a backup")]
    Damaged(Digest),
    /// Nothing lies there, though it was kept once.
    #[error("the file {0} is missing; restore it from a backup")]
    Missing(Digest),
    /// This program was started without the files' folder.
    #[error("the files' folder is not opened here")]
    NotOpen,
    /// The program is ending.
    #[error("the program is ending; nothing is read or written any more")]
    Ending,
}

impl Files {
    /// Opens the store in a folder, which is made if it is not there.
    ///
    /// The files lie in `sha256/ab/abcd…`. That inner folder is the program's own and closed to others (0700),
    /// because deputies and departments wrote what lies in it; so it is even if the outer one, a mounted volume
    /// perhaps, is somebody else's.
    ///
    /// # Errors
    /// [`FilesError`] if the folder cannot be made or opened.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, FilesError> {
        let dir = dir.as_ref();
        let inner = dir.join("sha256");
        let made = || {
            DirBuilder::new().recursive(true).mode(0o700).create(&inner)?;
            // So that the folder's own entry outlives a loss of power, as the files in it do.
            File::open(dir)?.sync_all()
        };
        made().map_err(|source| FilesError::Folder { path: dir.to_owned(), source })?;
        let store = LocalFileSystem::new_with_prefix(&inner)?.with_fsync(true);
        Ok(Files(Arc::new(store)))
    }

    /// Opens the store in a bucket, where the files lie under `prefix/sha256/ab/abcd…`. Whether the server answers shows
    /// at the first file only.
    ///
    /// # Errors
    /// [`FilesError`] if the settings make no store.
    pub fn open_s3(s3: &S3) -> Result<Self, FilesError> {
        let inner = match s3.prefix.as_str() {
            "" => "sha256".to_owned(),
            prefix => format!("{prefix}/sha256"),
        };
        Ok(Files(Arc::new(PrefixStore::new(s3::open(s3)?, inner))))
    }

    /// Keeps these bytes and returns their name; once it has returned, they are on the disk, or the store has said that it
    /// has them. The same bytes again are kept once.
    ///
    /// # Errors
    /// [`FilesError::Damaged`] if something else lies under their name, which stays as it is; others if
    /// writing failed.
    pub async fn put(&self, bytes: Bytes) -> Result<Digest, FilesError> {
        let digest = name_of(bytes.clone()).await?;
        let payload = PutPayload::from(bytes);
        let kept = self.0.put_opts(&place(&digest), payload.clone(), PutMode::Create.into()).await;
        match kept {
            Ok(_) => return Ok(digest),
            // Read before it is relied on: only what can be given back counts as kept.
            Err(StoreError::AlreadyExists { .. }) => {
                if self.get(&digest).await?.is_some() {
                    return Ok(digest);
                }
                // Another upload of the same bytes was under way, and came to nothing. Under this name nobody writes
                // other bytes.
            }
            Err(error) => return Err(error.into()),
        }
        self.0.put_opts(&place(&digest), payload, PutMode::Overwrite.into()).await?;
        Ok(digest)
    }

    /// The bytes of that name, or nothing if none were kept.
    ///
    /// # Errors
    /// [`FilesError::Damaged`] if they do not match their name; others if reading failed.
    pub async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, FilesError> {
        let bytes = match self.0.get(&place(digest)).await {
            Ok(found) => found.bytes().await?,
            Err(error @ StoreError::NotFound { .. }) if s3::has_no_bucket(&error) => return Err(error.into()),
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if name_of(bytes.clone()).await? == *digest {
            Ok(Some(bytes))
        } else {
            Err(FilesError::Damaged(digest.clone()))
        }
    }
}

/// One folder for each first byte: few file managers and backups like a hundred thousand files in one.
fn place(digest: &Digest) -> Place {
    let name = digest.as_str();
    Place::from_iter([&name[..2], name])
}

/// Hashing some megabytes takes long enough to keep a thread's other requests waiting.
async fn name_of(bytes: Bytes) -> Result<Digest, FilesError> {
    tokio::task::spawn_blocking(move || Digest::of(&bytes)).await.map_err(|_| FilesError::Ending)
}
