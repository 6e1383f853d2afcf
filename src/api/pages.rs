//! Lists page by page. Each is asked for one line more than a page has, which tells whether there is a next one.

use crate::office::Fault;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header};

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

/// A page's lines, and where the next page is.
pub struct Page<T> {
    pub lines: Vec<T>,
    pub next: Option<String>,
}

/// Cuts what was found to a page of `limit` lines; `cursor` is the parameter that says where the next one begins, and
/// `place` what it says after a line.
pub fn page<T>(
    request: &HttpRequest,
    mut found: Vec<T>,
    limit: usize,
    cursor: &str,
    place: impl Fn(&T) -> String,
) -> Page<T> {
    let full = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| full).map(|last| next_page(request, cursor, &place(last)));
    Page { lines: found, next }
}

/// The same question, from the last line on.
fn next_page(request: &HttpRequest, cursor: &str, last: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if name != cursor {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair(cursor, last);
    format!("{}?{}", request.path(), query.finish())
}

/// The answer that leads on to the next page (RFC 8288).
pub fn leading_on(next: Option<&String>) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    if let Some(next) = next {
        response.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
    }
    response
}
