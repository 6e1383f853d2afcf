//! What the search for personal data promises, tried. No number here was given to anybody: those with a check
//! digit are worked out, of a place or a bank that does not exist.

use proptest::prelude::*;

use super::PersonalKind::{BankCard, CarPlate, Email, Landline, MobileNumber, ResidentId};
use super::*;

/// The number of 18 with these 17 digits.
fn resident(first: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.chars().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("{first}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11])
}

/// The card's number with these digits and one more.
fn card(first: &str) -> String {
    let of = |c: char| c.to_digit(10).unwrap();
    let twice = |n: u32| n * 2 / 10 + n * 2 % 10;
    let sum: u32 =
        first.chars().rev().enumerate().map(|(n, c)| if n % 2 == 0 { twice(of(c)) } else { of(c) }).sum();
    format!("{first}{}", (10 - sum % 10) % 10)
}

fn told(text: &str) -> Vec<(PersonalKind, &str)> {
    find(text).into_iter().map(|found| (found.kind, &text[found.at])).collect()
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
        .collect()
}

#[test]
fn each_kind_is_found_as_people_write_it() {
    let resident = |first: &str| resident(first);
    let written = [
        (MobileNumber, vec!["13812345678", "19912345678", "138 1234 5678", "138-1234-5678", "8613812345678"]),
        (MobileNumber, vec!["１３８１２３４５６７８", "138－1234－5678", "1381234 5678"]),
        (Landline, vec!["0572-2021234", "010-12345678", "057212345678", "0102021234", "0572 2021234"]),
        (Landline, vec!["(0572)2021234", "（0572）2021234", "０５７２—２０２１２３４", "0572-202-1234"]),
        (Email, vec!["zhang.hua+1@mail.example.com", "z_h@example.cn", "ｚｈ＠ｅｘａｍｐｌｅ．ｃｎ"]),
        (CarPlate, vec!["浙E12345", "浙E·1A2B3", "浙ED12345", "浙e 12345", "京A1234学", "浙Ｅ１２３４５"]),
    ];
    for (kind, numbers) in written {
        for number in numbers {
            assert_eq!(told(&format!("联系{number}，谢谢")), [(kind, number)]);
            assert_eq!(masked(&format!("联系{number}，谢谢")), "联系＊＊＊，谢谢");
            assert_eq!(told(number), [(kind, number)]);
        }
    }
    for first in ["33050219850230123", "33050219850228123", "11010119491231002", "94460119900307001"] {
        let number = resident(first);
        let found = told(&number).iter().any(|(kind, _)| *kind == ResidentId);
        assert_eq!(found, !first.contains("0230"), "{number}");
    }
    for (at, grouped) in [(6, 14), (6, 10), (3, 6)].into_iter().enumerate() {
        let number = resident("33050219850228123");
        let written = [&number[..grouped.0], &number[grouped.0..grouped.1], &number[grouped.1..]].join(" ");
        assert_eq!(told(&format!("证号：{written}。")), [(ResidentId, written.as_str())], "{at}");
    }
    let old = "330502850228123";
    assert_eq!(told(&format!("证号{old}")), [(ResidentId, old)]);
    let x = (100..999).map(|n| resident(&format!("33050219850228{n}"))).find(|it| it.ends_with('X')).unwrap();
    for written in [x.clone(), x.to_lowercase(), wide(&x)] {
        assert_eq!(told(&format!("（{written}）")), [(ResidentId, written.as_str())]);
    }
}

#[test]
fn a_number_is_found_however_it_is_parted_or_spelled() {
    let mobiles = [
        "138.1234.5678",
        "138·1234·5678",
        "138•1234•5678",
        "138/1234/5678",
        "138—1234—5678",
        "138．1234／5678",
        "138\u{200b}12345678",
        "1\u{200c}3\u{200d}8\u{2060}1\u{feff}2\u{ad}345678",
        "1\u{fe0f}\u{20e3}3812345678",
        "一三八一二三四五六七八",
        "幺三八〇零〇〇五六七八",
        "一三八 一二三四 五六七八",
        "138一二三四5678",
    ];
    for number in mobiles {
        assert_eq!(told(&format!("联系{number}，谢谢")), [(MobileNumber, number)]);
        assert_eq!(masked(&format!("联系{number}，谢谢")), "联系＊＊＊，谢谢");
    }
    for text in ["拨打一三八一二三四五六七八一直不通", "拨打13812345678一直不通"] {
        assert_eq!(masked(text), "拨打＊＊＊一直不通");
    }
    assert_eq!(masked("13812345678\u{200b}。"), "＊＊＊\u{200b}。");
    let id = resident("33050219850228123");
    let numerals = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let spelled: String =
        id.chars().map(|c| c.to_digit(10).map_or(c, |digit| numerals[digit as usize])).collect();
    let parted = [&id[..6], &id[6..14], &id[14..]];
    for number in [spelled, parted.join("."), parted.join("/"), parted.join("·"), parted.join("\u{200b}")] {
        assert_eq!(told(&format!("证号{number}。")), [(ResidentId, number.as_str())]);
    }
    let card = card("622848123456789");
    let parted = [&card[..4], &card[4..8], &card[8..12], &card[12..]];
    for number in [parted.join("."), parted.join("/"), parted.join("\u{2060}")] {
        assert_eq!(told(&format!("账号{number}，")), [(BankCard, number.as_str())]);
    }
    for number in ["0572.2021234", "0572/2021234", "0572·202·1234", "0572\u{200b}2021234"] {
        assert_eq!(told(&format!("电话{number}，")), [(Landline, number)]);
    }
}

#[test]
fn cards_are_found_in_one_and_in_groups() {
    for length in 16..=19 {
        let card = card(&"6299990123456789012"[..length - 1]);
        assert_eq!(told(&format!("账号{card}，")), [(BankCard, card.as_str())]);
        let grouped: Vec<_> = (0..length).step_by(4).map(|at| &card[at..length.min(at + 4)]).collect();
        for written in [grouped.join(" "), grouped.join("-"), wide(&card)] {
            assert_eq!(told(&format!("账号{written}，")), [(BankCard, written.as_str())]);
        }
    }
}

#[test]
fn what_is_not_a_persons_is_left_alone() {
    let organisation = (0..31)
        .flat_map(|n| {
            ["", "MA"].map(|letters| format!("9133050{n:02}{letters}{:0>1$}", 27, 8 - letters.len()))
        })
        .flat_map(|first| "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(move |c| format!("{first}{c}")))
        .filter(|code| checks::is_credit_code(code));
    let organisation: Vec<_> = organisation.collect();
    assert!(organisation.len() >= 20, "{organisation:?}");
    let mut texts: Vec<String> =
        organisation.iter().map(|code| format!("统一社会信用代码：{code}")).collect();
    texts.extend(
        [
            "浙政办发〔2024〕12号",
            "建议第20240512号，2024年5月20日，2024-05-20，20240520",
            "投资13800000000元，其中¥13900000000.00，另15000000000.5元、13.8亿元、1,380,000,000元",
            "编号23812345678",
            "编号12012345678",
            "13812345678901",
            "9138123456780",
            "110101199003070012",
            "330502851328123",
            "4111111111111112",
            "2020 2021 2022 2023",
            "2020-2021-2022-2023",
            "电话12345、110、96345",
            "邮编313000",
            "0572",
            "a@b",
            "@example.com",
            "价格@每平方米",
            "浙E",
            "浙江E12345678号",
            "浙ABCDEF",
            "S12345省道",
            "京A123",
            "138****5678",
            "第1381、2345、678号",
            "2024.05.10，2024/05/10，2024·05·10，2024.05.10-2024.05.20，2024/05/10—2024/05/20",
            "12.50元，138.5，1380.1234，1381234.5678万元，2024.0512",
            "3.2.1，13.8.1.2，第1.3.8条，1.3.8.1.2.3.4",
            "192.168.100.200，10.138.123.45，139.155.166.177:8080",
            "二〇二四年，二〇二四年一二月，二零二四至二〇二五年，一九九八年，第一三八号",
            "一二三四五六七八九十，一、二、三，一一二三四五六七八九〇",
            "",
        ]
        .map(str::to_owned),
    );
    for text in texts {
        assert_eq!(told(&text), [], "{text}");
        assert!(matches!(masked(&text), Cow::Borrowed(same) if same == text));
    }
}

#[test]
fn several_in_one_text_come_in_its_order_and_the_longest_reading_holds() {
    let card = card("622848123456789012");
    let text = format!("张三，手机13812345678，车浙E12345；卡{card}；13812345678@example.com");
    let expected = [
        (MobileNumber, "13812345678"),
        (CarPlate, "浙E12345"),
        (BankCard, card.as_str()),
        (Email, "13812345678@example.com"),
    ];
    assert_eq!(told(&text), expected);
    assert_eq!(masked(&text), "张三，手机＊＊＊，车＊＊＊；卡＊＊＊；＊＊＊");
    assert_eq!(masked("a@example.com13812345678"), "＊＊＊＊＊＊");
}

#[test]
fn every_kind_has_its_words() {
    for kind in PersonalKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
        assert!(!kind.zh().is_ascii() && kind.en().is_ascii());
    }
}

/// Pieces of which scanners are confused, in any order.
fn mixture() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,20}",
        "1[3-9][0-9]{9}",
        "0[0-9]{2,3}[-(（) ]?[0-9]{7,8}",
        "[浙京][A-Fe][·. -]?[A-F0-9]{4,7}[学挂]?",
        "[a-c.@%_-]{1,9}@[a-c1.-]{1,9}",
        "[0-9０-９xX×@.\\-  ＊*元¥（）()a-c万亿浙]{1,12}",
        "(33|11)0502(19)?[89][0-9](0[1-9]|1[0-2])[0-2][0-9]{4}[0-9X]?",
        "91330502[0-9A-HJ]{9}[0-9X]",
        "[〇零一二三四五六七八九./·—\u{200b}\u{ad}]{1,14}",
        "[一1][三3八8][0-9.·/\u{200b}\u{fe0f}零一]{9,13}",
        Just("6228".to_owned()),
        Just("元".to_owned()),
        Just("＊＊＊".to_owned()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![mixture(), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn a_masked_text_holds_nothing_more_and_is_masked_once(text in any_text()) {
        let once = masked(&text).into_owned();
        prop_assert_eq!(find(&once), []);
        prop_assert_eq!(masked(&once), once.as_str());
    }

    #[test]
    fn what_is_found_is_in_order_apart_and_within_the_text(text in any_text()) {
        let mut from = 0;
        for Found { at, .. } in find(&text) {
            prop_assert!(from <= at.start && at.start < at.end && at.end <= text.len());
            prop_assert!(text.is_char_boundary(at.start) && text.is_char_boundary(at.end));
            from = at.end;
        }
    }

    #[test]
    fn a_number_of_each_kind_is_found_wherever_it_stands(
        before in "[一-龟，。：]{0,5}",
        after in "[，。；、）]{1}[一-龟]{0,5}",
        mobile in "1[3-9][0-9]{9}",
        landline in "0[1-9][0-9]{1,2}-[0-9]{7,8}",
        first in "(11|33|65)[0-9]{4}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}",
        digits in "[3-6][0-9]{14}([0-9]{3})?",
    ) {
        let expected = [
            (MobileNumber, mobile),
            (Landline, landline),
            (ResidentId, resident(&first)),
            (BankCard, card(&digits)),
        ];
        for (kind, number) in expected {
            let text = format!("{before}{number}{after}");
            prop_assert_eq!(told(&text), [(kind, number.as_str())]);
        }
    }
}
