//! What is wrong with a value that was sent: serde's words and the domain's, in both languages.

use crate::domain::say::Say;

/// Says it in Chinese too; where in the text it stood is said by the pointer.
pub fn told(error: &impl ToString) -> Say {
    let en = error.to_string();
    let en = en.split(" at line ").next().unwrap_or(&en);
    Say::new(chinese(en).unwrap_or_else(|| format!("不符合要求（{en}）")), english(en))
}

fn chinese(en: &str) -> Option<String> {
    let ticked: Vec<&str> = en.split('`').skip(1).step_by(2).collect();
    let first = ticked.first().copied().unwrap_or_default();
    let others = ticked.get(1..).unwrap_or_default().join("、");
    let starts = |start: &str| en.starts_with(start);
    let said = if starts("unknown field") {
        match others.is_empty() {
            true => format!("没有“{first}”这个字段"),
            false => format!("没有“{first}”这个字段；可用的字段：{others}"),
        }
    } else if starts("missing field") {
        format!("缺少“{first}”")
    } else if starts("duplicate field") {
        format!("“{first}”出现了两次")
    } else if starts("unknown variant") {
        format!("“{first}”不在可选范围内；可选：{others}")
    } else if let Some(known) = en.strip_prefix("must be one of ") {
        format!("不在可选范围内；可选：{}", known.replace(", ", "、"))
    } else if let Some(types) = en.strip_prefix("invalid type: ") {
        let (found, expected) = types.rsplit_once(", expected ")?;
        format!("类型不对：须为{}，现为{}", kind(expected), kind(found))
    } else if let Some(values) = en.strip_prefix("invalid value: ") {
        let (found, expected) = values.rsplit_once(", expected ")?;
        format!("数值不对：须为{}，现为{}", kind(expected), kind(found))
    } else if starts("UUID parsing failed") {
        "不是有效的编号（UUID）".to_owned()
    } else if starts("invalid digit found") || starts("cannot parse integer") {
        "须为整数".to_owned()
    } else if starts("provided string was not `true`") {
        "须为 true 或 false".to_owned()
    } else {
        of_texts_and_days(en)?
    };
    Some(said)
}

/// The words of `Text::parse` and of a day's.
fn of_texts_and_days(en: &str) -> Option<String> {
    if en == "must not be empty" {
        return Some("不能为空".to_owned());
    }
    let numbers: Vec<&str> = en.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    if let ([has, most], true) =
        (&numbers[..], en.starts_with("has ") && en.contains(" characters; at most "))
    {
        return Some(format!("有 {has} 个字，最多 {most} 个字"));
    }
    if let Some(rest) = en.strip_prefix("holds the character ") {
        return Some(format!("含有表格中不会有的字符 {}，请删去", rest.split(',').next()?));
    }
    if let Some((day, _)) = en.split_once(" is not a day that exists") {
        return Some(format!("“{}”不是存在的日期；请写作 2024-03-08", day.trim_matches('`')));
    }
    let (day, _) = en.split_once(" is past the calendar")?;
    Some(format!("{day} 超出日历的范围（2000-01-01 至 2099-12-31）"))
}

/// A type or value as serde calls it.
fn kind(words: &str) -> String {
    let named = match words {
        "a string" | "a borrowed string" | "string" => "文字",
        "a boolean" => "真假值（true 或 false）",
        "a sequence" | "sequence" => "列表",
        "a map" | "map" => "对象",
        "null" | "unit value" | "unit" | "Option value" => "空值",
        "u8" | "u16" | "u32" | "u64" | "usize" => "非负整数",
        "i8" | "i16" | "i32" | "i64" | "isize" => "整数",
        "f32" | "f64" => "数",
        words if words.starts_with("struct ") => "对象",
        words if words.starts_with("enum ") || words.ends_with(" identifier") => "可选的词",
        words if words.starts_with("a formatted UUID") || words.contains("UUID") => "编号（UUID）",
        words => return value(words).unwrap_or_else(|| words.to_owned()),
    };
    named.to_owned()
}

/// A value that was sent: integer `7`, string "a".
fn value(words: &str) -> Option<String> {
    let names = [
        ("integer ", "整数 "),
        ("floating point ", "小数 "),
        ("boolean ", ""),
        ("string ", "文字 "),
        ("character ", "文字 "),
    ];
    names.iter().find_map(|(en, zh)| Some(format!("{zh}{}", words.strip_prefix(en)?.replace('`', ""))))
}

/// The names of the program's own types tell nobody anything.
fn english(en: &str) -> String {
    match en.rsplit_once(", expected ") {
        Some((before, expected)) if expected.starts_with("struct ") => {
            format!("{before}, expected an object")
        }
        _ => en.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{case::Amendment, day::Day, ids::CaseId, text::Title, words::Part};
    use serde::de::DeserializeOwned;

    #[track_caller]
    fn says<T: DeserializeOwned>(json: &str, zh: &str, en: &str) {
        let error = serde_json::from_str::<T>(json).err().expect("is wrong");
        let say = told(&error);
        assert_eq!((say.zh.as_ref(), say.en.as_ref()), (zh, en));
    }

    #[test]
    fn a_text_that_will_not_do_is_told_in_both_languages() {
        says::<Title>(r#"" ""#, "不能为空", "must not be empty");
        let long = format!("\"{}\"", "路".repeat(201));
        says::<Title>(&long, "有 201 个字，最多 200 个字", "has 201 characters; at most 200 are allowed");
        says::<Title>(
            "\"a\u{202e}b\"",
            "含有表格中不会有的字符 U+202E，请删去",
            "holds the character U+202E, which no form carries; remove it",
        );
        says::<Day>(
            r#""2024-02-30""#,
            "“2024-02-30”不是存在的日期；请写作 2024-03-08",
            "`2024-02-30` is not a day that exists; write it as 2024-03-08",
        );
    }

    #[test]
    fn a_wrong_type_is_told_without_the_programs_names() {
        says::<Title>("7", "类型不对：须为文字，现为整数 7", "invalid type: integer `7`, expected a string");
        says::<Amendment>(
            r#""a""#,
            "类型不对：须为对象，现为文字 \"a\"",
            "invalid type: string \"a\", expected an object",
        );
        says::<Vec<u32>>("{}", "类型不对：须为列表，现为对象", "invalid type: map, expected a sequence");
        says::<bool>(
            "null",
            "类型不对：须为真假值（true 或 false），现为空值",
            "invalid type: null, expected a boolean",
        );
        says::<u32>("-1", "数值不对：须为非负整数，现为整数 -1", "invalid value: integer `-1`, expected u32");
        assert_eq!(told(&serde_json::from_str::<CaseId>(r#""a""#).unwrap_err()).zh, "不是有效的编号（UUID）");
        assert_eq!(told(&"x".parse::<u32>().unwrap_err()).zh, "须为整数");
        assert_eq!(told(&"x".parse::<bool>().unwrap_err()).zh, "须为 true 或 false");
        let wrong = told(&serde_json::from_str::<Part>(r#""boss""#).unwrap_err());
        assert!(wrong.zh.starts_with("“boss”不在可选范围内；可选：sole、"), "{}", wrong.zh);
        let wrong = told(&serde_json::from_str::<Amendment>(r#"{"colour": 1}"#).unwrap_err());
        assert!(wrong.zh.starts_with("没有“colour”这个字段；可用的字段：title、"), "{}", wrong.zh);
    }
}
