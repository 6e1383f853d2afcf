use serde::*;
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)] #[serde(rename_all="snake_case")] pub enum Rounding { HalfUp, Truncate, LargestRemainder }
pub fn percents(_p: &[u64], _w: u64, _d: u8, _r: Rounding, _t: bool) -> Vec<String> { vec![] }
