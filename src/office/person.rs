//! One person in all that is kept: what is stored about him, and its erasure (个人信息保护法 45, 47). The command line
//! asks, never a request: it walks both books from end to end.

use crate::store::acts::Act;

/// The act that an erasure leaves behind.
pub const ERASED: &str = "person_erased";

/// The digests that an act took the texts of away; none for any other act.
pub(super) fn erased_by(act: &Act) -> Vec<String> {
    if act.kind != ERASED {
        return Vec::new();
    }
    let body: serde_json::Value = serde_json::from_str(&act.body).unwrap_or_default();
    let texts = body["texts"].as_array().into_iter().flatten();
    texts.filter_map(|digest| digest.as_str().map(str::to_owned)).collect()
}
