//! A sentence for people, in both languages that the office answers in.

use serde::{Deserialize, Serialize};

/// The same sentence in Chinese (the default) and English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Say {
    pub zh: String,
    pub en: String,
}

/// Which of the two a reader asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Chinese,
    English,
}

impl Say {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Say { zh: zh.into(), en: en.into() }
    }

    pub fn to(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}
