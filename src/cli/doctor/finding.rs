//! What a check found, and how it is printed: in both languages, with what would mend it.

use crate::{
    config::{Config, Mode},
    domain::say::Say,
};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Fine,
    /// Works, and should be looked after.
    Warning,
    /// Not fit for real work.
    Wrong,
}

/// What a check found.
pub struct Finding {
    pub verdict: Verdict,
    what: Say,
    /// What to do about it.
    mend: Option<Say>,
}

impl Finding {
    pub fn fine(zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding { verdict: Verdict::Fine, what: Say::new(zh, en), mend: None }
    }

    pub fn warning(what: Say, mend: Say) -> Finding {
        Finding { verdict: Verdict::Warning, what, mend: Some(mend) }
    }

    pub fn wrong(what: Say, mend: Say) -> Finding {
        Finding { verdict: Verdict::Wrong, what, mend: Some(mend) }
    }

    pub fn printed(&self, name: &str) -> String {
        let verdict = match self.verdict {
            Verdict::Fine => "正常 ok     ",
            Verdict::Warning => "警告 warning",
            Verdict::Wrong => "错误 wrong  ",
        };
        let mut text = format!("{verdict}  {name}: {}\n              {}", self.what.zh, self.what.en);
        if let Some(mend) = &self.mend {
            text += &format!("\n              处理 {}\n              mend {}", mend.zh, mend.en);
        }
        text
    }
}

/// The settings, when they could be read.
pub fn settings(config: &Config) -> Finding {
    match config.mode {
        Mode::Production => Finding::fine("可以读取；正式方式", "can be read; production mode"),
        Mode::Sample => Finding::warning(
            Say::new("示例方式：只供试看", "sample mode: to look around only"),
            Say::new("正式使用时去掉 JIANYI_MODE=sample", "for real work, unset JIANYI_MODE=sample"),
        ),
    }
}

/// One of the settings' errors, which says what would be right.
pub fn unreadable_setting(line: &str) -> Finding {
    Finding::wrong(
        Say::new(line, "a setting cannot be used"),
        Say::new("按提示改正该设置", "correct it as it says"),
    )
}
