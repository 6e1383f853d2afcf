//! Lists page by page, in the order of their ids.

use crate::office::Fault;
use actix_web::HttpRequest;

const PAGE: u32 = 50;
const LONGEST: u32 = 100;

/// How many lines a page has.
///
/// # Errors
/// When more or fewer are asked for than a page can have.
pub fn page_size(asked: Option<u32>) -> Result<usize, Fault> {
    match asked.unwrap_or(PAGE) {
        size @ 1..=LONGEST => Ok(size as usize),
        _ => Err(Fault::invalid("?limit", "须在 1 至 100 之间", "must lie between 1 and 100")),
    }
}

/// The same question, from the last line on.
pub fn next_page(request: &HttpRequest, cursor: &str, last: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if name != cursor {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair(cursor, last);
    format!("{}?{}", request.path(), query.finish())
}
