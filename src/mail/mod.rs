//! Letters by e-mail: one plain text to one person, handed to an SMTP server. Knows no case, no person and no database.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{authentication::Credentials, client::Tls},
};
use std::{fmt, time::Duration};
use uuid::Uuid;

/// How long the server may take for one step of the conversation.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the server is reached, and whom letters come from.
#[derive(Clone)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub protection: Protection,
    /// Name and password.
    pub sign_in: Option<(String, String)>,
    pub from: String,
}

pub use crate::config::mail::Protection;

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Becomes the `Message-ID`, so that a letter that goes out twice is known as one.
    pub id: Uuid,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// What a failure means for this letter and the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// Another try is of no use: no such address can be, or nobody is there.
    ForGood,
    /// This letter was put off.
    Later,
    /// The server is not there, or does not know us: no letter goes out.
    Unreachable,
}

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub failed: Failed,
    pub said: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

/// The way to the server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Nothing is asked of the server yet.
    ///
    /// # Errors
    /// When the sender's address is none, or TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Mailer, Trouble> {
        let Settings { host, port, protection, sign_in, from } = settings;
        let from = from.parse().map_err(|e| lasting(format!("{from}: {e}")))?;
        let builder = match protection {
            Protection::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&host),
            Protection::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&host),
            Protection::None => {
                Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host).tls(Tls::None))
            }
        };
        let builder = builder.map_err(|e| lasting(e.to_string()))?.port(port).timeout(Some(PATIENCE));
        let builder = match sign_in {
            Some((user, password)) => builder.credentials(Credentials::new(user, password)),
            None => builder,
        };
        Ok(Mailer { transport: builder.build(), from })
    }

    /// Hands a letter to the server.
    ///
    /// # Errors
    /// When the server does not take it; then nobody knows for sure that it was not sent all the same.
    pub async fn send(&self, letter: &Letter) -> Result<(), Trouble> {
        let to = letter.to.parse().map_err(|e| lasting(format!("not an address: {e}")))?;
        let host = self.from.email.domain();
        let message = Message::builder()
            .message_id(Some(format!("<{}@{host}>", letter.id)))
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|e| lasting(e.to_string()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Trouble { failed: failed(&error), said: said(&error) }),
        }
    }
}

/// RFC 5321, 4.2: 4yz may be tried again, 5yz not; RFC 4954, 6: what is said of our own sign-in is about no letter.
fn failed(error: &lettre::transport::smtp::Error) -> Failed {
    match error.status().map(u16::from) {
        Some(421 | 432 | 454 | 530 | 534 | 535 | 538) | None => Failed::Unreachable,
        Some(_) if error.is_permanent() => Failed::ForGood,
        Some(_) => Failed::Later,
    }
}

/// With what lies under it: the server's words, or the system's.
fn said(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn lasting(said: String) -> Trouble {
    Trouble { failed: Failed::ForGood, said }
}
