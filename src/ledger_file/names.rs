//! Lists of names in one cell.

use super::text::{is_blank, is_placeholder, narrow, trim, without_notes};

/// The people in a cell: "张三、李　四（鸿山代表团）等5人" → 张三, 李四.
pub(super) fn people(text: &str) -> Vec<String> {
    list(&without_notes(text))
        .iter()
        .map(|name| trim(without_count(name)).to_owned())
        .filter(|n| !n.is_empty())
        .collect()
}

/// The departments in a cell. Brackets belong to a department's name, except where they only say its part.
pub(super) fn departments(text: &str) -> Vec<String> {
    let mut text: String = text.to_owned();
    for part in ["主办", "会办", "协办", "牵头", "分办"] {
        text = text.replace(&format!("（{part}）"), "").replace(&format!("({part})"), "");
    }
    list(&text)
}

fn list(text: &str) -> Vec<String> {
    text.split(['、', ',', '，', ';', '；', '\n', '\r'])
        .map(without_spaced_count)
        .flat_map(|piece| at_spaces(&piece))
        .filter(|name| !is_placeholder(name))
        .collect()
}

/// Parts a piece at its blanks, except within a name: Latin words stay together, and single characters join
/// ("张　三"), because two-character names are padded to the width of three.
fn at_spaces(piece: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut open = false;
    for word in piece.split(is_blank).filter(|word| !word.is_empty()) {
        let single = word.chars().count() == 1;
        match names.last_mut() {
            Some(name) if open && single && !is_latin(word) => {
                name.push_str(word);
                open = false;
            }
            Some(name) if is_latin(name) && is_latin(word) => {
                name.push(' ');
                name.push_str(word);
            }
            _ => {
                names.push(word.to_owned());
                open = single;
            }
        }
    }
    names
}

fn is_latin(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() && (c as u32) < 0x250 || matches!(c, '.' | '-' | '\'' | ' '))
}

/// "张三 等 5 人" → "张三等5人", so that the count is not taken for names.
fn without_spaced_count(piece: &str) -> String {
    let joined: String = piece.chars().filter(|&c| !is_blank(c)).collect();
    let bare = without_count(&joined);
    if bare.len() == joined.len() {
        return piece.to_owned();
    }
    let keep = bare.chars().count();
    let mut seen = 0;
    piece
        .chars()
        .take_while(|&c| {
            seen += usize::from(!is_blank(c));
            seen <= keep
        })
        .collect()
}

/// Cuts "等5人", "等五名代表", "等" from the end.
fn without_count(name: &str) -> &str {
    let Some(start) = name.rfind('等') else { return name };
    let tail = &name[start + '等'.len_utf8()..];
    let unit = tail.trim_start_matches(|c| {
        narrow(c).is_ascii_digit() || is_blank(c) || "一二三四五六七八九十百两余多".contains(c)
    });
    match unit {
        "" | "人" | "名" | "位" | "代表" | "人大代表" | "名代表" | "位代表" | "人联名" | "名人大代表"
        | "位人大代表" => &name[..start],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_in_every_list() {
        for (text, expected) in [
            (
                "张三、李四,王五，赵六;孙七；周八 吴九\n郑十",
                &["张三", "李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十"][..],
            ),
            ("张　三、李 四", &["张三", "李四"]),
            ("张 三 李 四 欧阳修", &["张三", "李四", "欧阳修"]),
            ("张三等5人", &["张三"]),
            ("张三 等 ５ 名代表", &["张三"]),
            ("张三、李四等十二人", &["张三", "李四"]),
            ("张三（鸿山代表团）、李四(等3人)", &["张三", "李四"]),
            ("阿不都热依木·买买提", &["阿不都热依木·买买提"]),
            ("John Smith、张三", &["John Smith", "张三"]),
            ("无", &[]),
            (" / ", &[]),
            ("", &[]),
        ] {
            assert_eq!(people(text), expected, "{text}");
        }
    }

    #[test]
    fn departments_keep_their_brackets() {
        assert_eq!(departments("区住建局（人防办）、区教育局（会办）"), ["区住建局（人防办）", "区教育局"]);
        assert_eq!(departments("区水利局　区城管局\n区财政局"), ["区水利局", "区城管局", "区财政局"]);
    }
}
