//! Settings of the log that is evidence: its key, where its signed heads are kept outside the database, who co-signs.

use super::{
    Setting,
    reader::{Reader, Source},
    table::Default,
};
use crate::evidence::{
    Algorithm,
    note::{PublicKey, Purpose},
};
use std::path::{Path, PathBuf};

pub static KEY_FILE: Setting = Setting {
    name: "JIANYI_EVIDENCE_KEY_FILE",
    key: Some("evidence_key_file"),
    default: Default::Derived("<data dir>/evidence.key"),
    secret: false,
    right: "a path",
    zh: "签署存证检查点的私钥文件；没有则生成",
    en: "private key that signs the checkpoints of the evidence log; made when missing",
};

pub static CHECKPOINTS: Setting = Setting {
    name: "JIANYI_CHECKPOINTS",
    key: Some("checkpoints"),
    default: Default::Derived("<data dir>/checkpoints"),
    secret: false,
    right: "a directory, best on another disk or machine than the database's",
    zh: "数据库之外保存存证检查点的目录，宜放在另一磁盘或另一机器上",
    en: "directory of the checkpoints outside the database; best on another disk or machine",
};

pub static NAME: Setting = Setting {
    name: "JIANYI_EVIDENCE_NAME",
    key: Some("evidence_name"),
    default: Default::Text("jianyi"),
    secret: false,
    right: "a name without spaces and plus, such as jianyi.example.cn",
    zh: "存证日志名称的前缀；日志开始后不再改变",
    en: "what the names of new evidence logs begin with; a log keeps the name it began with",
};

pub static HASH: Setting = Setting {
    name: "JIANYI_EVIDENCE_HASH",
    key: Some("evidence_hash"),
    default: Default::Text("sha256"),
    secret: false,
    right: "sha256 or sm3",
    zh: "新的存证日志所用的杂凑算法：sha256 或 sm3；日志开始后不再改变",
    en: "hash of new evidence logs: sha256 or sm3; a log keeps the hash it began with",
};

pub static WITNESSES: Setting = Setting {
    name: "JIANYI_WITNESSES",
    key: Some("witnesses"),
    default: Default::Unset,
    secret: false,
    right: "public keys NAME+ID+BASE64 with commas between them, as `jianyi cosign --show-key` prints them",
    zh: "会签检查点的见证公钥（逗号分隔）",
    en: "public keys of the witnesses that co-sign checkpoints, with commas between them",
};

/// How the log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub key_file: PathBuf,
    pub checkpoints: PathBuf,
    /// What the origins of new logs begin with.
    pub name: String,
    /// Of new logs.
    pub algorithm: Algorithm,
    pub witnesses: Vec<PublicKey>,
}

impl Evidence {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: Option<&Path>) -> Option<Evidence> {
        let mut place = |setting: &'static Setting, name: &str| {
            reader.read(setting, super::path).or_else(|| {
                let derived = data_dir?.join(name);
                reader.note(setting, Some(derived.display().to_string()), Source::Default);
                Some(derived)
            })
        };
        let key_file = place(&KEY_FILE, "evidence.key");
        let checkpoints = place(&CHECKPOINTS, "checkpoints");
        let name = reader.read(&NAME, name);
        let algorithm = reader.read(&HASH, str::parse);
        let witnesses = reader.read(&WITNESSES, witnesses).unwrap_or_default();
        Some(Evidence {
            key_file: key_file?,
            checkpoints: checkpoints?,
            name: name?,
            algorithm: algorithm?,
            witnesses,
        })
    }
}

fn name(text: &str) -> Result<String, &'static str> {
    match text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        true => Err("a name has no spaces and no plus"),
        false => Ok(text.trim_end_matches('/').to_owned()),
    }
}

fn witnesses(text: &str) -> Result<Vec<PublicKey>, String> {
    let witness = |text: &str| match text.parse::<PublicKey>() {
        Err(wrong) => Err(format!("{text:?}: {wrong}")),
        Ok(key) if key.purpose != Purpose::Witness => {
            Err(format!("{text:?} is a log's key, not a witness's"))
        }
        Ok(key) => Ok(key),
    };
    text.split([',', ' ', '\n']).filter(|piece| !piece.is_empty()).map(witness).collect()
}
