//! An office suite of others: what LibreOffice makes of a document.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{LazyLock, Mutex, PoisonError},
};

/// The files that come of converting one, by name.
pub fn converted(file: &[u8], extension: &str, to: &str) -> BTreeMap<String, Vec<u8>> {
    // One at a time: it takes a core, and its profile for itself.
    static PROFILE: LazyLock<Mutex<tempfile::TempDir>> =
        LazyLock::new(|| Mutex::new(tempfile::tempdir().expect("a temporary folder")));
    let profile = PROFILE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join(format!("document.{extension}"));
    std::fs::write(&source, file).expect("a file");
    let made = folder.path().join("made");
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .args([&made, &source])
        .output()
        .expect("soffice; scripts/install-libreoffice installs it");
    assert!(output.status.success() && made.exists(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = std::fs::read_dir(&made).expect("what was made").flatten();
    let named = |file: std::fs::DirEntry| {
        (file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path()).expect("a file"))
    };
    files.map(named).collect()
}

/// A Word file's words.
pub fn words(docx: &[u8]) -> String {
    let made = converted(docx, "docx", "txt:Text (encoded):UTF8");
    String::from_utf8(made.into_values().next().expect("a text")).expect("UTF-8")
}

/// A workbook's sheets by name, their cells as they are shown.
pub fn sheets(xlsx: &[u8]) -> BTreeMap<String, Vec<Vec<String>>> {
    // Commas, quotes, UTF-8, from the first row, as shown, no formulas, every sheet.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1";
    let rows = |csv: &[u8]| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    };
    let name = |file: &str| file.trim_start_matches("document-").trim_end_matches(".csv").to_owned();
    converted(xlsx, "xlsx", filter).iter().map(|(file, csv)| (name(file), rows(csv))).collect()
}
