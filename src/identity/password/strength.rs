//! Whether a chosen password can be guessed: by its length, its words, and whether it was stolen elsewhere. No rule of
//! kinds of letters.

use super::{MIN_CHARS, PasswordError, breached, check_new};
use std::path::Path;
use zxcvbn::{Score, feedback::Warning, zxcvbn};

/// Why a chosen password will not do, in Chinese and English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weak {
    pub zh: &'static str,
    pub en: &'static str,
}

const fn weak(zh: &'static str, en: &'static str) -> Weak {
    Weak { zh, en }
}

/// Holds a chosen password to all that is asked of one. `about` are words that a guesser would try first: user name,
/// name. `list` is the file of stolen passwords.
///
/// # Errors
/// [`PasswordError::Weak`], or [`PasswordError::Unlisted`] when the list cannot be read.
pub fn check_chosen(password: &str, about: &[&str], list: Option<&Path>) -> Result<(), PasswordError> {
    const { assert!(MIN_CHARS == 12) }
    check_new(password).map_err(|error| match error {
        PasswordError::TooShort => PasswordError::Weak(weak(
            "密码至少 12 个字符；几个不相干的词连在一起最好",
            "a password has at least 12 characters; a few unrelated words are best",
        )),
        PasswordError::TooLong => {
            PasswordError::Weak(weak("密码最多 1024 字节", "a password has at most 1024 bytes"))
        }
        other => other,
    })?;
    let found = zxcvbn(password, about);
    if found.score() < Score::Three {
        return Err(PasswordError::Weak(reason(found.feedback().and_then(|it| it.warning()))));
    }
    match list.map(|list| breached::is_breached(list, password)) {
        Some(Ok(true)) => Err(PasswordError::Weak(weak(
            "该密码出现在已泄露密码库中，请另选一个",
            "this password is on a list of stolen ones; choose another",
        ))),
        Some(Err(error)) => Err(PasswordError::Unlisted(error.to_string())),
        Some(Ok(false)) | None => Ok(()),
    }
}

fn reason(warning: Option<Warning>) -> Weak {
    use Warning as W;
    match warning {
        Some(W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess) => weak(
            "键盘上相邻的按键容易被猜到；请用几个不相干的词",
            "rows and patterns of keys are easy to guess; use a few unrelated words",
        ),
        Some(W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => weak(
            "重复的字符容易被猜到；请用几个不相干的词",
            "repetitions are easy to guess; use a few unrelated words",
        ),
        Some(W::SequencesLikeAbcAreEasyToGuess) => weak(
            "连续的字母或数字容易被猜到；请用几个不相干的词",
            "sequences are easy to guess; use a few unrelated words",
        ),
        Some(W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess) => weak(
            "年份和日期容易被猜到；请用几个不相干的词",
            "years and dates are easy to guess; use a few unrelated words",
        ),
        Some(
            W::ThisIsATop10Password
            | W::ThisIsATop100Password
            | W::ThisIsACommonPassword
            | W::ThisIsSimilarToACommonlyUsedPassword,
        ) => weak(
            "与常用密码相同或相近；请用几个不相干的词",
            "it is, or resembles, a common password; use a few unrelated words",
        ),
        Some(W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess) => {
            weak("姓名容易被猜到；请用几个不相干的词", "names are easy to guess; use a few unrelated words")
        }
        Some(W::AWordByItselfIsEasyToGuess) | None => weak(
            "该密码容易被猜到（如含用户名、姓名或常用词）；请用几个不相干的词",
            "it is easy to guess (it may hold your user name, your name or a common word); use a few unrelated words",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weakness(password: &str) -> Option<&'static str> {
        match check_chosen(password, &["chenfang", "陈芳"], None) {
            Ok(()) => None,
            Err(PasswordError::Weak(weak)) => Some(weak.en),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_can_be_guessed_is_refused_with_its_reason_and_the_rest_is_taken() {
        for (password, word) in [
            ("short", "12 characters"),
            ("aaaaaaaaaaaaaaa", "repetitions"),
            ("abcabcabcabcabc", "repetitions"),
            ("qwertyuiopasdf", "easy to guess"),
            ("password123456", "easy to guess"),
            ("chenfangchenfang", "easy to guess"),
            ("chenfang2024", "easy to guess"),
        ] {
            assert!(
                weakness(password).is_some_and(|why| why.contains(word) || why.contains("common")),
                "{password}: {:?}",
                weakness(password)
            );
        }
        for password in ["河堤修好了再走三里路看桥", "correct horse battery staple", "k7mw-3fqa-x9dh-tn2e"]
        {
            assert_eq!(weakness(password), None, "{password}");
        }
    }

    #[test]
    fn a_stolen_password_is_refused_however_strong_it_looks() {
        use sha1::Digest as _;
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list");
        let hex: String =
            sha1::Sha1::digest(b"k7mw-3fqa-x9dh-tn2e").iter().map(|byte| format!("{byte:02X}")).collect();
        std::fs::write(&list, format!("{hex}:3\n")).unwrap();
        assert!(matches!(check_chosen("k7mw-3fqa-x9dh-tn2e", &[], Some(&list)), Err(PasswordError::Weak(_))));
        assert_eq!(check_chosen("k7mw-3fqa-x9dh-tn2f", &[], Some(&list)), Ok(()));
        let gone = folder.path().join("gone");
        assert!(matches!(
            check_chosen("k7mw-3fqa-x9dh-tn2e", &[], Some(&gone)),
            Err(PasswordError::Unlisted(_))
        ));
    }
}
