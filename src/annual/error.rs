//! Why an annual report cannot be written.

use crate::letter::LetterError;

/// No document came of it.
#[derive(Debug, thiserror::Error)]
pub enum AnnualError {
    /// No Chinese font: the charts need one in Word files too.
    #[error(transparent)]
    Font(#[from] LetterError),
    #[error("不能绘制图表：{0}")]
    Chart(String),
    #[error("不能写出 Word 文件：{0}")]
    Word(String),
    #[error("不能写出 PDF 文件：{0}")]
    Pdf(String),
    #[error("不能写出 Excel 文件：{0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
