//! What must be known to few: keys, passwords, and the folders that hold what people wrote.

use super::{Finding, Site};
use crate::{
    cli::serve::SAMPLE_KEY,
    config::{DatabaseUrl, FilesPlace},
    domain::say::Say,
    identity::token::{TokenKeys, former_key_files},
};
use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// The bits of everybody who is neither the owner nor of the group.
const OTHERS: u32 = 0o007;

/// The mode, where others may read, write or enter; nothing where they may not, or where nothing is.
fn open_to_others(path: &Path) -> Option<u32> {
    let mode = fs::metadata(path).ok()?.mode() & 0o777;
    (mode & OTHERS != 0).then_some(mode)
}

fn exposed(path: &Path, mode: u32, right: &str) -> (Say, Say) {
    let path = path.display();
    (
        Say::new(
            format!("{path} 对其他用户开放（权限 {mode:03o}）"),
            format!("{path} is open to others (mode {mode:03o})"),
        ),
        Say::new(format!("chmod {right} {path}"), format!("chmod {right} {path}")),
    )
}

/// A password that is printed for everybody to read has no place beside real work.
pub fn sample_password(site: &mut Site<'_>) -> Vec<Finding> {
    let set = site.real() && site.config.sample_password.is_some();
    vec![match set {
        false => Finding::fine("没有设置示例密码", "no sample password is set"),
        true => Finding::wrong(
            Say::new(
                "正式方式下设置了示例密码 JIANYI_SAMPLE_PASSWORD",
                "JIANYI_SAMPLE_PASSWORD is set in production mode",
            ),
            Say::new(
                "去掉该设置，并确认没有账户使用该密码",
                "unset it, and make sure that no account has that password",
            ),
        ),
    }]
}

/// The key that signs tokens: one's own, and nobody else's to read. So are former ones, which still verify.
pub fn token_key(site: &mut Site<'_>) -> Vec<Finding> {
    let path = &site.config.token_key_file;
    if site.real() && path.file_name().is_some_and(|name| name == SAMPLE_KEY) {
        return vec![Finding::wrong(
            Say::new(
                format!("{} 是示例的密钥", path.display()),
                format!("{} is the sample's key", path.display()),
            ),
            Say::new(
                "将 JIANYI_TOKEN_KEY_FILE 设为自己的文件（没有则自动生成）",
                "set JIANYI_TOKEN_KEY_FILE to one of your own (it is made if missing)",
            ),
        )];
    }
    if !path.exists() {
        return vec![Finding::fine(
            format!("{} 尚不存在，首次启动时生成", path.display()),
            format!("{} is not there yet; the first start makes it", path.display()),
        )];
    }
    vec![match TokenKeys::load_or_create(path) {
        Ok(_) => Finding::fine(
            format!("{} 可用，他人不可读", path.display()),
            format!("{} can be used, and others cannot read it", path.display()),
        ),
        Err(error) => Finding::wrong(
            Say::new(format!("密钥不可用：{error}"), error.to_string()),
            Say::new(
                format!("chmod 600，或换一个密钥文件（所有人须重新登录）：{}", path.display()),
                "chmod 600 it, or put another key there (everybody signs in again)",
            ),
        ),
    }]
}

/// A former key that lies about longer than any token lives only waits to be stolen.
pub fn former_keys(site: &mut Site<'_>) -> Vec<Finding> {
    let day = Duration::from_secs(24 * 60 * 60);
    let old = |path: &PathBuf| {
        let age = fs::metadata(path).and_then(|it| it.modified()).ok();
        age.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > day)
    };
    let files = former_key_files(&site.config.token_key_file).unwrap_or_default();
    let old: Vec<String> = files.iter().filter(|it| old(it)).map(|it| it.display().to_string()).collect();
    vec![match old.as_slice() {
        [] => Finding::fine("没有过期的旧密钥", "no former key is past its use"),
        old => Finding::warning(
            Say::new(
                format!("旧密钥已超过一天，不再需要：{}", old.join("、")),
                format!("former keys older than a day are of no use any more: {}", old.join(", ")),
            ),
            Say::new("删除这些文件，然后重新启动", "delete these files, and restart"),
        ),
    }]
}

/// A file with a password in it is not for everybody.
pub fn settings_file(site: &mut Site<'_>) -> Vec<Finding> {
    let Some(path) = site.config.file() else {
        return vec![Finding::fine("没有使用配置文件", "no settings file is used")];
    };
    let secrets: Vec<&str> = site.config.secrets_in_file().map(|it| it.name).collect();
    vec![match (open_to_others(path), secrets.as_slice()) {
        (Some(mode), [_, ..]) => {
            let (what, mend) = exposed(path, mode, "640");
            let held = secrets.join("、");
            Finding::wrong(
                Say::new(format!("{}，其中有 {held}", what.zh), format!("{}, and holds {held}", what.en)),
                mend,
            )
        }
        _ => Finding::fine(
            format!("{} 没有向他人泄露密码", path.display()),
            format!("{} gives no password away", path.display()),
        ),
    }]
}

/// The SQLite file, and what lies beside it while it is open.
pub fn database_file(site: &mut Site<'_>) -> Vec<Finding> {
    let DatabaseUrl::Sqlite(file) = &site.config.database else { return Vec::new() };
    let beside = |end: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let files = [file.clone(), beside("-wal"), beside("-shm")];
    let open = files.iter().filter_map(|path| Some((path, open_to_others(path)?)));
    let found: Vec<Finding> = open
        .map(|(path, mode)| {
            let (what, mend) = exposed(path, mode, "600");
            Finding::wrong(what, mend)
        })
        .collect();
    match found.is_empty() {
        false => found,
        true => vec![Finding::fine(
            format!("{} 对其他用户关闭", file.display()),
            format!("{} is closed to others", file.display()),
        )],
    }
}

/// The folder within, which is the program's own: the outer one may be a mounted volume.
pub fn files_dir(site: &mut Site<'_>) -> Vec<Finding> {
    let FilesPlace::Folder(folder) = &site.config.files else { return Vec::new() };
    let inner = folder.join("sha256");
    vec![match open_to_others(&inner) {
        Some(mode) => {
            let (what, mend) = exposed(&inner, mode, "700");
            Finding::wrong(what, mend)
        }
        None => Finding::fine(
            format!("{} 对其他用户关闭", inner.display()),
            format!("{} is closed to others", inner.display()),
        ),
    }]
}

/// What lies in it is closed by itself; others need not even see what there is.
pub fn data_dir(site: &mut Site<'_>) -> Vec<Finding> {
    let path = &site.config.data_dir;
    vec![match open_to_others(path) {
        Some(mode) => {
            let (what, mend) = exposed(path, mode, "700");
            Finding::warning(what, mend)
        }
        None => Finding::fine(
            format!("{} 对其他用户关闭", path.display()),
            format!("{} is closed to others", path.display()),
        ),
    }]
}
