//! The paths that a source names, however they are written: grouped imports and `super::super` are spelt out;
//! comments, strings and characters are skipped.

/// Each as `crate::store::cases`. `depth` is how many modules the file lies below the crate's root.
pub fn named(source: &str, depth: usize) -> Vec<String> {
    let tokens = tokens(source);
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        at = path(&tokens, at, &[], &mut paths).max(at + 1);
    }
    paths.iter().map(|path| from_root(path, depth).join("::")).collect()
}

/// A `super` too many in a module of tests within the file is read as one too few: it names a ring or nothing.
fn from_root<'a>(path: &[&'a str], depth: usize) -> Vec<&'a str> {
    let up = path.iter().take_while(|segment| **segment == "super").count();
    if up == 0 || up < depth {
        return path.to_vec();
    }
    [&["crate"], &path[up..]].concat()
}

/// Reads a path, with the groups it may end in, and returns where it ended.
fn path<'a>(tokens: &[&'a str], mut at: usize, before: &[&'a str], paths: &mut Vec<Vec<&'a str>>) -> usize {
    let token = |at: usize| tokens.get(at).copied().unwrap_or_default();
    let mut path = before.to_vec();
    while token(at).starts_with(in_name) {
        path.push(token(at));
        at += 1;
        if token(at) != "::" {
            break;
        }
        at += 1;
        if token(at) == "{" {
            at += 1;
            while at < tokens.len() && token(at) != "}" {
                at = self::path(tokens, at, &path, paths).max(at + 1);
            }
            return at + 1;
        }
    }
    if path.len() > before.len() {
        paths.push(path);
    }
    at
}

fn in_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Names, `::`, and every other character alone.
fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest);
        if length > 0 {
            rest = &rest[length..];
            continue;
        }
        let name = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
        let length = match name {
            0 if rest.starts_with("::") => 2,
            0 => first.len_utf8(),
            _ => name,
        };
        if !first.is_whitespace() {
            tokens.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    tokens
}

/// How much of the head of `rest` is a comment, a string or a character; none: 0.
fn skipped(rest: &str) -> usize {
    let to = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return to("\n", 0);
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    let prefix = ["br", "cr", "r", "b", "c"].into_iter().find(|p| rest.starts_with(p)).unwrap_or("");
    let opening = &rest[prefix.len()..];
    let hashes = opening.find(|c| c != '#').unwrap_or(0);
    if prefix.ends_with('r') && opening[hashes..].starts_with('"') {
        return to(&format!("\"{}", "#".repeat(hashes)), prefix.len() + hashes + 1);
    }
    if opening.starts_with('"') {
        return prefix.len() + quoted(opening, '"');
    }
    let mut characters = rest.chars().skip(1);
    match (rest.starts_with('\''), characters.next(), characters.next()) {
        (true, Some('\\'), _) => quoted(rest, '\''),
        (true, Some(one), Some('\'')) => one.len_utf8() + 2,
        // A lifetime, or nothing of the kind.
        _ => 0,
    }
}

fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = true;
    for (at, c) in rest.char_indices() {
        if c == mark && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped && at > 0;
    }
    rest.len()
}

fn block_comment(rest: &str) -> usize {
    let (mut at, mut open) = (2, 1);
    while open > 0 && at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (open, at) = (open + 1, at + 2),
            [b'*', b'/', ..] => (open, at) = (open - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

#[test]
fn a_name_is_found_however_it_is_written() {
    let named = |source| named(source, 2);
    assert_eq!(
        named("use crate::{a::b, c::{self, d}};"),
        ["use", "crate::a::b", "crate::c::self", "crate::c::d"]
    );
    assert_eq!(named("super::super::store::x()"), ["crate::store::x"]);
    assert_eq!(named("super::store::x()"), ["super::store::x"]);
    assert_eq!(named("Vec::<u8>::new()"), ["Vec", "u8", "new"]);
    assert_eq!(named("// a\nb /* c /* d */ e */ f"), ["b", "f"]);
    assert_eq!(named(r##"a("b\"", r#"c"d"#, br"e\", '"', '\'', 'f') g::<'h>"##), ["a", "g", "h"]);
}
