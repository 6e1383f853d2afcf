//! Withdrawal 撤回: ends the handling; a number once given stays listed.

use crate::domain::text::Note;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalRequest {
    pub reason: Note,
}
