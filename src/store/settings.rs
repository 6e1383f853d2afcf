//! Facts about the installation itself.

use super::{Db, StoreError, schema::settings};
use diesel::prelude::*;

/// Set where the database holds the sample district, whose sign-ins are known to everybody.
pub const SAMPLE: &str = "sample";

pub fn get(db: &mut Db, name: &str) -> Result<Option<String>, StoreError> {
    Ok(settings::table.find(name).select(settings::value).first(db).optional()?)
}

pub fn set(db: &mut Db, name: &str, value: &str) -> Result<(), StoreError> {
    let changed = diesel::update(settings::table.find(name)).set(settings::value.eq(value)).execute(db)?;
    if changed == 0 {
        diesel::insert_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(db)?;
    }
    Ok(())
}
