//! How long a client may keep a connection waiting. actix itself waits for a body, and for a reader, without end.

use std::{net::TcpListener, time::Duration};

/// How long each part of a conversation may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A request's head.
    pub head: Duration,
    /// A request's body.
    pub body: Duration,
    /// An attached file.
    pub file: Duration,
    /// The next request on a connection that stays open.
    pub idle: Duration,
    /// Reading the next piece of an answer; a multiple of milliseconds.
    pub reading: Duration,
    /// Closing a connection that is done with.
    pub parting: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            head: Duration::from_secs(5),
            body: Duration::from_secs(20),
            // At the usual limit of a file, over a line of 1.5 Mbit/s.
            file: Duration::from_secs(120),
            // An idle connection also keeps an orderly end waiting.
            idle: Duration::from_secs(5),
            reading: Duration::from_secs(30),
            parting: Duration::from_secs(1),
        }
    }
}

impl Patience {
    /// Lets the system end connections whose other side takes no more bytes. Connections inherit it from the listener.
    ///
    /// # Errors
    /// When the socket does not take the option.
    #[cfg(target_os = "linux")]
    pub fn with_readers(&self, listener: &TcpListener) -> std::io::Result<()> {
        socket2::SockRef::from(listener).set_tcp_user_timeout(Some(self.reading))
    }

    /// Other systems have no such option: a reader who stops keeps his connection until he leaves.
    ///
    /// # Errors
    /// None.
    #[cfg(not(target_os = "linux"))]
    pub fn with_readers(&self, _: &TcpListener) -> std::io::Result<()> {
        Ok(())
    }
}
