//! Why a letter cannot be written.

use std::path::PathBuf;

use super::font::SETTING;

/// No letter came of it; says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// Nobody named a font, and none lies where systems keep theirs.
    #[error(
        "没有找到中文字体，不能生成 PDF；请安装软件包 fonts-noto-cjk（scripts/install-fonts 可代劳），或用设置 {SETTING} 指明一个 .ttf、.otf 或 .ttc 字体文件"
    )]
    NoFont,
    /// The font's file cannot be read.
    #[error("无法读取字体文件 {path}：{source}；请检查设置 {SETTING}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("{path} 不是 .ttf、.otf 或 .ttc 字体文件；请检查设置 {SETTING}", path = .path.display())]
    NotAFont {
        /// The file.
        path: PathBuf,
    },
    /// A font, but of another script.
    #[error("字体 {path} 不含中文；请用设置 {SETTING} 指明一个中文字体", path = .path.display())]
    NotChinese {
        /// The file.
        path: PathBuf,
    },
    /// The writer of Word files failed.
    #[error("不能写出 Word 文件：{0}")]
    Word(String),
    /// The writer of PDF files failed.
    #[error("不能写出 PDF 文件：{0}")]
    Pdf(String),
}
