//! Writes letters and reports out beside the threads that serve, a few at a time.

use crate::{
    annual::{self, Annual, Charts},
    letter::{self, Font, Letter, LetterError},
    office::{Fault, StoreError},
};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// Letters written at once; each takes a core, and some megabytes while its font is embedded.
const AT_ONCE: usize = 2;
/// How long a letter waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a letter is wanted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Docx,
    Pdf,
}

/// What an annual report is wanted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportForm {
    Docx,
    Pdf,
    Xlsx,
}

/// The press, its font, and what draws charts with that. Cloning shares all.
#[derive(Clone)]
pub struct Press {
    font: Arc<Mutex<Option<Font>>>,
    charts: Arc<Mutex<Option<Charts>>>,
    turns: Arc<Semaphore>,
}

impl Press {
    /// With the font that is configured, or else the one that is found when the first PDF is wanted: it takes memory,
    /// and many an office wants none.
    ///
    /// # Errors
    /// [`LetterError`] if the configured font will not do.
    pub fn new(configured: Option<&Path>) -> Result<Press, LetterError> {
        let font = configured.map(|path| Font::find(Some(path))).transpose()?;
        Ok(Press {
            font: Arc::new(Mutex::new(font)),
            charts: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    pub async fn write(&self, letter: Letter, form: Form) -> Result<Vec<u8>, Fault> {
        self.in_turn(move |press| match form {
            Form::Docx => Ok(letter::docx(&letter)?),
            Form::Pdf => Ok(letter::pdf(&letter, &press.font()?)?),
        })
        .await
    }

    pub async fn write_report(&self, report: Annual, form: ReportForm) -> Result<Vec<u8>, Fault> {
        self.in_turn(move |press| match form {
            ReportForm::Docx => Ok(annual::docx(&report, &press.charts()?)?),
            ReportForm::Pdf => Ok(annual::pdf(&report, &press.font()?, &press.charts()?)?),
            ReportForm::Xlsx => Ok(annual::xlsx(&report)?),
        })
        .await
    }

    async fn in_turn(
        &self,
        write: impl FnOnce(&Press) -> Result<Vec<u8>, Fault> + Send + 'static,
    ) -> Result<Vec<u8>, Fault> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(StoreError::Busy.into()) };
        let press = self.clone();
        let written = tokio::task::spawn_blocking(move || {
            // Held until the letter is written, also if nobody waits for it any more.
            let _turn = turn;
            write(&press)
        });
        written.await.map_err(|_| StoreError::Busy)?
    }

    /// Made once there is a font.
    fn charts(&self) -> Result<Charts, Fault> {
        let mut held = self.charts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(charts) = &*held {
            return Ok(charts.clone());
        }
        Ok(held.insert(Charts::new(&self.font()?)?).clone())
    }

    /// Looked for again until there is one, so that installing it is enough.
    fn font(&self) -> Result<Font, LetterError> {
        let mut held = self.font.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(font) = &*held {
            return Ok(font.clone());
        }
        Ok(held.insert(Font::find(None)?).clone())
    }
}
