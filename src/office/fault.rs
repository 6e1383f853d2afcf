//! Why the office did not do what it was asked.

use crate::{
    annual::AnnualError,
    domain::{
        case::{Refusal, Rejection},
        gate::Denied,
        say::Say,
    },
    files::FilesError,
    letter::LetterError,
    sheet::SheetError,
    store::{StoreError, connection::IsConflict},
};

#[derive(Debug)]
pub enum Fault {
    /// Nobody known, or an account that was disabled.
    Unauthenticated,
    /// Does not exist, or not for this caller.
    NotFound,
    Forbidden(Say),
    /// The command needs an `If-Match`; this is the current version.
    NeedsPrecondition {
        current: i64,
    },
    Stale {
        current: i64,
    },
    Refused(Refusal),
    /// The request is wrong; `pointer` is a JSON pointer into its body, or `?name` for a query parameter.
    Invalid {
        pointer: String,
        detail: Say,
    },
    /// The body is not JSON at all.
    Malformed {
        pointer: String,
        detail: Say,
    },
    /// The idempotency key was used for another request.
    KeyReused,
    /// Something of that name exists already.
    Exists(Say),
    /// The body is over the limit, in bytes.
    TooLarge {
        limit: usize,
    },
    /// Asked too often; another try is worth it after so many seconds.
    TooOften {
        seconds: u64,
    },
    /// The password is right; a code of the second factor is wanted beside it.
    SecondFactorRequired,
    /// Came over the network in plain text, where that is not allowed.
    PlainHttp,
    /// An attached file cannot be kept or given back.
    Files(FilesError),
    /// A letter cannot be written.
    Letter(LetterError),
    /// A report cannot be written.
    Report(AnnualError),
    /// The provider of single sign-on gives no answer; the log says why.
    SignOnDown,
    /// A list cannot be written as a spreadsheet.
    Sheet(SheetError),
    Store(StoreError),
}

impl Fault {
    pub fn invalid(pointer: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::Invalid { pointer: pointer.into(), detail: Say::new(zh, en) }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        Fault::Store(error)
    }
}

impl From<FilesError> for Fault {
    fn from(error: FilesError) -> Fault {
        Fault::Files(error)
    }
}

impl From<LetterError> for Fault {
    fn from(error: LetterError) -> Fault {
        Fault::Letter(error)
    }
}

impl From<AnnualError> for Fault {
    fn from(error: AnnualError) -> Fault {
        match error {
            AnnualError::Font(error) => Fault::Letter(error),
            error => Fault::Report(error),
        }
    }
}

impl From<SheetError> for Fault {
    fn from(error: SheetError) -> Fault {
        Fault::Sheet(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refused(refusal)
    }
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Fault {
        match rejection {
            Rejection::Refused(refusal) => Fault::Refused(refusal),
            Rejection::Invalid { pointer, detail } => Fault::Invalid { pointer, detail },
        }
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Fault {
        match denied {
            Denied::Hidden => Fault::NotFound,
            Denied::Unnamed => Fault::Forbidden(Say::new(
                "本件为保密件，只有指定的知悉人员可以查阅和办理；请与代表工委负责人联系",
                "the case is confidential: only those named to read it may; ask the committee's leader",
            )),
            Denied::OutOfScope(scope) => Fault::Forbidden(Say::new(
                format!("本服务账户没有 {} 权限", scope.id()),
                format!("this service account lacks the scope {}", scope.id()),
            )),
            Denied::NotYours => {
                Fault::Forbidden(Say::new("您的身份不办理这一事项", "this is not yours to do"))
            }
        }
    }
}

impl IsConflict for Fault {
    fn is_conflict(&self) -> bool {
        matches!(self, Fault::Store(StoreError::Conflict))
    }
}
