//! Reads one HTTP/1.1 answer from a connection that stays open.

use std::io::{Error, ErrorKind, Result};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpStream,
};

/// Kept between answers, so that the load generator does not pay for new buffers.
#[derive(Default)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// The server ends the connection after this answer.
    pub last: bool,
    line: Vec<u8>,
}

enum Length {
    Known(usize),
    Chunked,
    UntilClosed,
}

impl Answer {
    pub async fn read(&mut self, stream: &mut BufReader<TcpStream>) -> Result<()> {
        self.body.clear();
        let mut length = self.head(stream).await?;
        // "100 Continue" and its like announce the answer.
        while (100..200).contains(&self.status) {
            length = self.head(stream).await?;
        }
        match length {
            _ if matches!(self.status, 204 | 304) => {}
            Length::Known(length) => self.append(stream, length).await?,
            Length::Chunked => self.chunks(stream).await?,
            Length::UntilClosed => {
                self.last = true;
                stream.read_to_end(&mut self.body).await?;
            }
        }
        Ok(())
    }

    async fn head(&mut self, stream: &mut BufReader<TcpStream>) -> Result<Length> {
        self.line(stream).await?;
        let status = self.line.strip_prefix(b"HTTP/1.1 ").and_then(|rest| number(rest.get(..3)?, 10));
        self.status =
            status.and_then(|s| u16::try_from(s).ok()).ok_or_else(|| self.odd("not a status line"))?;
        self.last = false;
        let mut length = Length::UntilClosed;
        loop {
            self.line(stream).await?;
            if self.line.is_empty() {
                return Ok(length);
            }
            if let Some(value) = header(&self.line, b"content-length") {
                length = Length::Known(number(value, 10).ok_or_else(|| self.odd("not a length"))?);
            } else if let Some(value) = header(&self.line, b"transfer-encoding") {
                if value.eq_ignore_ascii_case(b"chunked") {
                    length = Length::Chunked;
                }
            } else if let Some(value) = header(&self.line, b"connection") {
                self.last = value.eq_ignore_ascii_case(b"close");
            }
        }
    }

    async fn chunks(&mut self, stream: &mut BufReader<TcpStream>) -> Result<()> {
        loop {
            self.line(stream).await?;
            let size = self.line.split(|byte| *byte == b';').next().unwrap_or_default();
            match number(size.trim_ascii(), 16).ok_or_else(|| self.odd("not a chunk's size"))? {
                0 => break,
                size => self.append(stream, size).await?,
            }
            self.line(stream).await?;
        }
        // Trailers, and the empty line that ends them.
        while !self.line.is_empty() {
            self.line(stream).await?;
        }
        Ok(())
    }

    async fn append(&mut self, stream: &mut BufReader<TcpStream>, length: usize) -> Result<()> {
        let start = self.body.len();
        self.body.resize(start + length, 0);
        stream.read_exact(&mut self.body[start..]).await?;
        Ok(())
    }

    /// Without its line end.
    async fn line(&mut self, stream: &mut BufReader<TcpStream>) -> Result<()> {
        self.line.clear();
        stream.read_until(b'\n', &mut self.line).await?;
        if self.line.pop() != Some(b'\n') {
            return Err(Error::new(ErrorKind::UnexpectedEof, "the server closed the connection"));
        }
        self.line.pop_if(|byte| *byte == b'\r');
        Ok(())
    }

    fn odd(&self, what: &str) -> Error {
        Error::new(ErrorKind::InvalidData, format!("{what}: {}", String::from_utf8_lossy(&self.line)))
    }
}

fn header<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (head, value) = line.split_at_checked(name.len())?;
    head.eq_ignore_ascii_case(name).then_some(value.strip_prefix(b":")?.trim_ascii())
}

fn number(digits: &[u8], radix: u32) -> Option<usize> {
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}
