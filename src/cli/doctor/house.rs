//! What the work needs besides: one's own policies, a place for attached files, a font, and the days off.

use super::{Finding, Site};
use crate::{
    cli::open,
    config::{Bucket, Config, FilesPlace},
    domain::{calendar::Calendar, day::Day, say::Say},
    files::Digest,
    letter::{Font, LetterError},
};
use chrono::Datelike;
use rustix::fs::{Access, access};

pub fn policies(site: &mut Site<'_>) -> Vec<Finding> {
    vec![match open::books(site.config) {
        Ok(books) => {
            let known = books.policies.all().count();
            Finding::fine(format!("可用的办理办法 {known} 种"), format!("{known} policies can be used"))
        }
        Err(error) => Finding::wrong(
            Say::new(format!("办理办法无法使用：{error}"), error),
            Say::new("用 jianyi policy check 检查该文件", "look at it with `jianyi policy check`"),
        ),
    }]
}

/// Whether attached files can be kept; nothing is written to find out.
pub fn attachments(site: &mut Site<'_>) -> Vec<Finding> {
    let path = match &site.config.files {
        FilesPlace::Folder(path) => path,
        FilesPlace::S3(bucket) => return vec![store(site.config, bucket)],
    };
    let mend = || {
        Say::new(
            "将 JIANYI_FILES_DIR 设为本服务可写的目录",
            "set JIANYI_FILES_DIR to a folder that the service may write to",
        )
    };
    let shown = path.display();
    vec![match path.metadata() {
        Err(_) => Finding::fine(
            format!("{shown} 尚不存在，首次启动时建立"),
            format!("{shown} is not there yet; the first start makes it"),
        ),
        Ok(found) if !found.is_dir() => {
            Finding::wrong(Say::new(format!("{shown} 不是目录"), format!("{shown} is no folder")), mend())
        }
        Ok(_) if access(path, Access::WRITE_OK | Access::EXEC_OK).is_err() => Finding::wrong(
            Say::new(format!("{shown} 不可写"), format!("{shown} cannot be written to")),
            mend(),
        ),
        Ok(_) => Finding::fine(format!("{shown} 可写"), format!("{shown} can be written to")),
    }]
}

/// Whether the store lets us read; a file that is never kept is asked for.
fn store(config: &Config, bucket: &Bucket) -> Finding {
    let name = &bucket.bucket;
    let nobodys = Digest::of(b"");
    let asked = open::files(config).and_then(|files| {
        let answer = open::wait(async move { files.get(&nobodys).await })?;
        answer.map_err(|error| error.to_string())
    });
    match asked {
        Ok(_) => Finding::fine(format!("附件存储桶 {name} 可读"), format!("the bucket {name} can be read")),
        Err(error) => Finding::wrong(
            Say::new(format!("附件存储桶 {name} 不可用：{error}"), error),
            Say::new(
                "检查 JIANYI_FILES_URL、JIANYI_S3_ENDPOINT 和访问密钥",
                "look at JIANYI_FILES_URL, JIANYI_S3_ENDPOINT and the access key",
            ),
        ),
    }
}

pub fn font(site: &mut Site<'_>) -> Vec<Finding> {
    let what = |error: &LetterError| Say::new(format!("公文 PDF 的字体不可用：{error}"), error.to_string());
    let mend = || {
        Say::new(
            "安装 fonts-noto-cjk，或在 JIANYI_FONT 中指定字体文件",
            "install fonts-noto-cjk, or name a font file in JIANYI_FONT",
        )
    };
    vec![match Font::find(site.config.font.as_deref()) {
        Ok(_) => Finding::fine("有可用的中文字体", "there is a Chinese font"),
        // Without one only PDF is missing; a wrong one that somebody chose stops the start.
        Err(error @ LetterError::NoFont) => Finding::warning(what(&error), mend()),
        Err(error) => Finding::wrong(what(&error), mend()),
    }]
}

/// A year without its notice has only weekends, and due dates counted through it are provisional.
pub fn calendar(site: &mut Site<'_>) -> Vec<Finding> {
    let this = Day::at(site.now).date().year();
    let known: Vec<i32> = Calendar::shipped().years().map(|it| it.year).collect();
    let missing: Vec<String> =
        [this, this + 1].iter().filter(|it| !known.contains(it)).map(ToString::to_string).collect();
    vec![match missing.as_slice() {
        [] => Finding::fine("今明两年的放假安排齐全", "the days off of this and the next year are known"),
        missing => Finding::warning(
            Say::new(
                format!("缺少放假安排：{}；跨该年的期限为暂定", missing.join("、")),
                format!(
                    "days off not known yet: {}; due dates through it are provisional",
                    missing.join(", ")
                ),
            ),
            Say::new(
                "国务院办公厅通知发布后，升级到含该年日历的版本",
                "once the State Council's notice is out, install a version that has it",
            ),
        ),
    }]
}
