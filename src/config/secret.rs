//! Text that must not be seen: passwords, and URLs that hold one.

use std::fmt;

/// A text that prints as `***`, so that no log line or error can give it away.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret that stands alone in a file.
    ///
    /// # Errors
    /// When the file cannot be read, is empty, or can be read or changed by others.
    pub(super) fn read(file: &str) -> Result<Self, String> {
        use std::os::unix::fs::MetadataExt as _;
        let mode = std::fs::metadata(file).map_err(|error| error.to_string())?.mode() & 0o777;
        // The group may read: that is how a container gets a secret that belongs to root.
        if mode & 0o027 != 0 {
            return Err(format!("others may read or change it (mode {mode:03o}); chmod 600 it"));
        }
        let secret = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        match secret.trim_end_matches(['\r', '\n']) {
            "" => Err("it is empty".to_owned()),
            secret => Ok(Self::new(secret)),
        }
    }

    /// The text itself; call it only where it is used, never to show it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_stars_however_it_is_printed() {
        let secret = Secret::new("river-wall");
        assert_eq!(format!("{secret} {secret:?} {secret:#?}"), "*** *** ***");
        assert_eq!(secret.expose(), "river-wall");
    }
}
