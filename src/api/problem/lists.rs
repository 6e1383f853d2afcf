//! Which errors an operation of a kind can give, for the contract: one list for reading, one for writing, and so on.

use super::Problem;

/// The errors that any reading operation can give.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator, never built")]
pub enum ReadProblems {
    /// The path, query or headers cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Not signed in, or no longer.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Problem),
    /// May be known, but not seen in this way.
    #[response(status = 403, content_type = "application/problem+json")]
    NotYours(Problem),
    /// Does not exist, or not for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// A parameter is wrong; `errors` says which.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Asked too often; `Retry-After` says in how many seconds to come back.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
    /// Busy or not ready; `Retry-After` says when to come back.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// The one error of reading what is everybody's and always there.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator, never built")]
pub enum OpenProblems {
    /// Asked too often; `Retry-After` says in how many seconds to come back.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
}

/// The errors of reading what needs no sign-in.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator, never built")]
pub enum PublicProblems {
    /// Does not exist, or is not public.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// A parameter is wrong; `errors` says which.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// Asked too often; `Retry-After` says in how many seconds to come back.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
    /// Busy or not ready; `Retry-After` says when to come back.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// The errors that any writing operation can give.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator, never built")]
pub enum WriteProblems {
    /// The body is not JSON, or a header cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Not signed in, or no longer.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Problem),
    /// The case may be seen, but the step is not the caller's.
    #[response(status = 403, content_type = "application/problem+json")]
    NotYours(Problem),
    /// Does not exist, or not for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The state does not allow it; `missing` says what is missing and who can supply it.
    #[response(status = 409, content_type = "application/problem+json")]
    NotNow(Problem),
    /// `If-Match` names a version that has passed.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// The body is over the limit.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not `application/json`.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
    /// A field is wrong; `errors` says which, or the `Idempotency-Key` was used for another request.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `If-Match` is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    VersionRequired(Problem),
    /// Asked too often; `Retry-After` says in how many seconds to come back.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
    /// Busy or not ready; nothing was changed.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// The errors of sending a file.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator, never built")]
pub enum UploadProblems {
    /// A header cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// Not signed in, or no longer.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Problem),
    /// The case may be seen, but the step is not the caller's.
    #[response(status = 403, content_type = "application/problem+json")]
    NotYours(Problem),
    /// Does not exist, or not for the caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The file took too long to arrive.
    #[response(status = 408, content_type = "application/problem+json")]
    TooSlow(Problem),
    /// The state does not allow it; `missing` says what is missing and who can supply it.
    #[response(status = 409, content_type = "application/problem+json")]
    NotNow(Problem),
    /// `If-Match` names a version that has passed.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// The file is over the limit, which is said.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// A kind of file that is not accepted (`errors` points at "", and says what is), a wrong parameter, a file that
    /// is attached already, or the `Idempotency-Key` was used for another request.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `If-Match` is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    VersionRequired(Problem),
    /// Asked too often; `Retry-After` says in how many seconds to come back.
    #[response(status = 429, content_type = "application/problem+json")]
    TooOften(Problem),
    /// Other bytes lie where these belong; nothing was changed, and the administrator has to restore them.
    #[response(status = 500, content_type = "application/problem+json")]
    NotKept(Problem),
    /// Busy or not ready; nothing was changed.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// A paper that cannot be given, for a reason of the service's own.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "read by the document's generator, never built")]
pub enum PaperProblems {
    /// A file's bytes are missing or damaged, or a letter cannot be written; the log says why.
    #[response(status = 500, content_type = "application/problem+json")]
    Lost(Problem),
}
