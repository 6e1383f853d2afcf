//! Why a file as a whole cannot be read.

use super::{HeadingProblem, MAX_BYTES, MAX_COLUMNS, MAX_ROWS};

/// No table could be read; says what was expected instead.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened.
    #[error("无法打开文件：{0}")]
    Io(#[from] std::io::Error),
    /// Neither the extension nor the content is one that is known.
    #[error("不支持的文件类型“{found}”；请提供 .xlsx、.xls、.ods 或 .csv 文件")]
    Unsupported {
        /// The extension.
        found: String,
    },
    /// A web page under a spreadsheet's extension, as some government systems export it.
    #[error("该文件其实是网页（HTML）；请在 Excel 或 WPS 中打开后另存为 .xlsx")]
    WebPage,
    /// Nothing in it.
    #[error("文件是空的；应有一行表头（至少含编号、标题、领衔代表、主办单位）和其下的数据")]
    Empty,
    /// More than [`MAX_BYTES`].
    #[error("文件超过 {} MB；请只保留台账工作表，或分年度导入", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// More than [`MAX_ROWS`].
    #[error("超过 {MAX_ROWS} 行；请分年度导入")]
    TooManyRows,
    /// A cell right of [`MAX_COLUMNS`].
    #[error("第 {row} 行在第 {MAX_COLUMNS} 列以右还有内容；请删除表格右侧的零散单元格")]
    TooWide {
        /// The row of that cell.
        row: u32,
    },
    /// Protected by a password.
    #[error("文件已加密；请去掉打开密码后另存再导入")]
    Encrypted,
    /// Not what its kind promises.
    #[error("文件已损坏，或不是真正的 {expected} 文件（{detail}）；请用 Excel 或 WPS 打开后另存为 .xlsx")]
    Damaged {
        /// The kind that was expected.
        expected: &'static str,
        /// The parser's words.
        detail: String,
    },
    /// Text in an unknown encoding.
    #[error("无法识别文本编码；CSV 应为 UTF-8、带 BOM 的 UTF-16 或 GB18030（GBK）")]
    Encoding,
    /// A quotation mark without its partner swallows the rest of the file.
    #[error("从第 {row} 行开始有一个没有配对的双引号；请补上或删除它")]
    OpenQuote {
        /// The row in which it opens.
        row: u32,
    },
    /// No row looks like headings.
    #[error(
        "没有找到表头；前 20 行内应有一行含编号、标题、领衔代表、主办单位等列名（名称不同的可用对应关系指明，如“案号=编号”）"
    )]
    NoHeadingRow,
    /// The headings were found and do not suffice, or contradict each other.
    #[error("工作表“{sheet}”第 {row} 行的表头有 {} 处问题：{}", .problems.len(), list(.problems))]
    Headings {
        /// The sheet.
        sheet: String,
        /// The row of the headings.
        row: u32,
        /// All that is wrong with them.
        problems: Vec<HeadingProblem>,
    },
}

fn list(problems: &[HeadingProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")
}
