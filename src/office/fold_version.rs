//! Which program's fold the kept rows and figures come from: those of another one are derived anew before anybody reads
//! them.

use super::{Fault, Office};
use crate::store::settings;

/// Raised whenever the same events give another row or figure than before: a column more, a measure that counts
/// otherwise, a field of the folded case. The first release had no number.
pub const FOLD: u32 = 6;

impl Office {
    /// Rebuilds once after an upgrade, or after a step back; returns how many cases were derived, if it came to that. An
    /// office that is opened for writing asks this first. All in one transaction: a rebuild that is cut off leaves the old
    /// rows and the old number, and the next start begins again.
    ///
    /// # Errors
    /// As `rebuild`.
    pub fn derive_as_this_program(&self) -> Result<Option<usize>, Fault> {
        // Asked without a lock first: nearly every start finds the number as it left it.
        if self.store.read_here(|db| Ok::<_, Fault>(settings::get(db, settings::FOLD)?))? == Some(number()) {
            return Ok(None);
        }
        let office = self.clone();
        self.store.write_here(move |db| {
            settings::alone(db)?;
            if settings::get(db, settings::FOLD)? == Some(number()) {
                return Ok(None);
            }
            let cases = office.rebuild_in(db)?;
            settings::set(db, settings::FOLD, &number())?;
            Ok::<_, Fault>(Some(cases))
        })
    }
}

fn number() -> String {
    FOLD.to_string()
}
