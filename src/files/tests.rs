//! What the store of files promises, tried.

use std::{fs, os::unix::fs::MetadataExt as _};

use super::*;

fn files() -> (tempfile::TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path().join("deep/files")).unwrap();
    (folder, files)
}

fn path(folder: &tempfile::TempDir, digest: &Digest) -> PathBuf {
    folder.path().join("deep/files/sha256").join(&digest.as_str()[..2]).join(digest.as_str())
}

#[tokio::test]
async fn what_was_kept_comes_back_also_after_a_restart() {
    let (folder, files) = files();
    let bytes = Bytes::from_static("关于修建滨湖大道的议案".as_bytes());
    let digest = files.put(bytes.clone()).await.unwrap();
    assert_eq!(digest, Digest::of(&bytes));
    assert_eq!(files.get(&digest).await.unwrap(), Some(bytes.clone()));
    let again = Files::open(folder.path().join("deep/files")).unwrap();
    assert_eq!(again.get(&digest).await.unwrap(), Some(bytes));
    assert_eq!(again.get(&Digest::of(b"never kept")).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_bytes_are_kept_once_even_when_they_come_together() {
    let (folder, files) = files();
    let bytes = Bytes::from(vec![7; 100_000]);
    let (a, b, c) =
        tokio::join!(files.put(bytes.clone()), files.put(bytes.clone()), files.put(bytes.clone()));
    let digest = a.unwrap();
    assert_eq!((&digest, &digest), (&b.unwrap(), &c.unwrap()));
    let lying = path(&folder, &digest);
    let before = fs::metadata(&lying).unwrap().ino();
    files.put(bytes).await.unwrap();
    assert_eq!(fs::metadata(&lying).unwrap().ino(), before, "written anew");
    assert_eq!(fs::read_dir(lying.parent().unwrap()).unwrap().count(), 1, "drafts were left");
}

#[tokio::test]
async fn bytes_that_do_not_match_their_name_are_refused_and_left_as_they_are() {
    let (folder, files) = files();
    let bytes = Bytes::from_static(b"the letter as it was sent");
    let digest = files.put(bytes.clone()).await.unwrap();
    for wrong in [&b"another letter"[..], b"", &bytes[..5]] {
        fs::write(path(&folder, &digest), wrong).unwrap();
        assert!(matches!(files.get(&digest).await, Err(FilesError::Damaged(named)) if named == digest));
        assert!(matches!(files.put(bytes.clone()).await, Err(FilesError::Damaged(_))));
        assert_eq!(fs::read(path(&folder, &digest)).unwrap(), wrong);
    }
}

#[tokio::test]
async fn a_draft_left_by_a_crash_disturbs_nobody() {
    let (folder, files) = files();
    let bytes = Bytes::from_static(b"whole");
    let place = path(&folder, &Digest::of(&bytes));
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(format!("{}#1", place.display()), b"who").unwrap();
    assert_eq!(files.get(&Digest::of(&bytes)).await.unwrap(), None);
    let digest = files.put(bytes.clone()).await.unwrap();
    assert_eq!(files.get(&digest).await.unwrap(), Some(bytes));
}

#[test]
fn nobody_else_may_look_inside() {
    let (folder, _files) = files();
    let mode = fs::metadata(folder.path().join("deep/files/sha256")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_folder_that_cannot_be_made_is_told_by_its_path() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Files::open(file.path()).unwrap_err();
    assert!(error.to_string().contains(&format!("{:?}", file.path())), "{error}");
}
