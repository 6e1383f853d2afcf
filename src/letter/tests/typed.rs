//! The Word file: unpacked, and read as XML by a reader of its own.

use quick_xml::{Reader, events::Event};

use super::super::{
    Letter, docx,
    fixture::{letter, part, short},
};

/// The texts of `document.xml`, one paragraph a line; fails where it is no XML.
fn typed(letter: &Letter) -> String {
    let xml = part(&docx(letter).unwrap(), "word/document.xml");
    let mut reader = Reader::from_str(&xml);
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Text(words) => text.push_str(&words),
            Event::GeneralRef(name) => text.push_str(&meant(&name)),
            Event::End(tag) if tag.name().as_ref() == "w:p" => text.push('\n'),
            Event::Eof => return text,
            _ => {}
        }
    }
}

/// What a reference stands for: only those that XML itself knows can be.
fn meant(name: &quick_xml::events::BytesRef) -> String {
    if let Some(c) = name.resolve_char_ref().unwrap() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(name).unwrap().to_owned()
}

#[test]
fn all_words_stand_in_order() {
    let text = typed(&letter());
    let mut rest = text.as_str();
    for words in [
        "不予公开",
        "A\n",
        "江城区教育局\n",
        "江教函〔2024〕12号签发人：王建国\n",
        "对区第十八届人大三次会议第87号",
        "\n陈芳、朱镕喆代表：\n",
        "现答复如下：\n",
        "\n一、关于在校门口增设信号灯和人行横道的建议（A类）\n您们的建议十分中肯。",
        "\n二、关于错峰放学的建议（B类）\n",
        "\n三、关于建设地下接送中心的建议（C类）\n",
        "\n四、会办单位意见\n",
        "\n五、办理承诺\n1.信号灯及人行横道：2024年6月30日前建成",
        "感谢您们",
        "\n江城区教育局\n2024年5月10日\n联系人及电话：李明　027-85550123\n",
        "\n抄送：区人大常委会代表工作委员会，区人民政府办公室，区公安分局，区住房和城乡建设局。\n",
    ] {
        let at = rest.find(words).unwrap_or_else(|| panic!("{words} does not stand in {rest}"));
        // A line's end may belong to two of them.
        rest = &rest[at + words.trim_end().len()..];
    }
}

#[test]
fn what_is_not_there_leaves_no_label() {
    let text = typed(&short());
    for label in ["签发人", "联系人", "抄送", "公开"] {
        assert!(!text.contains(label), "{text}");
    }
}

#[test]
fn nothing_that_is_written_can_break_the_xml() {
    let nasty = "]]></w:t></w:r><w:br/>&amp;&lt;&#0;&bogus;<!-- \"'<![CDATA[ <?xml?>";
    let mut hurt = letter();
    for text in [
        &mut hurt.issuer,
        &mut hurt.title,
        &mut hurt.addressees[0],
        &mut hurt.paragraphs[0],
        &mut hurt.sections[0].heading,
        &mut hurt.closing[0],
        &mut hurt.copies_to[0],
    ] {
        *text = nasty.to_owned();
    }
    for text in [
        &mut hurt.class_mark,
        &mut hurt.marking,
        &mut hurt.document_number,
        &mut hurt.signer,
        &mut hurt.contact,
    ] {
        *text = Some(nasty.to_owned());
    }
    hurt.sections[0].mark = Some(nasty.to_owned());
    hurt.sections[0].paragraphs[0] = nasty.to_owned();
    // The issuer stands there twice.
    assert_eq!(typed(&hurt).matches(nasty).count(), 7 + 5 + 2 + 1);
}

#[test]
fn characters_that_xml_forbids_are_left_out() {
    let forbidden = Letter {
        paragraphs: vec!["甲\u{0}\u{1}\u{B}\u{1F}\u{7F}\u{FFFE}\u{FFFF}乙".to_owned()],
        ..short()
    };
    assert!(typed(&forbidden).contains("\n甲乙\n"));
}

/// 28 characters of 16 points less a quarter fill 156 mm, and 22 lines of 29 points 225 mm.
#[test]
fn the_page_is_a4_with_28_characters_in_22_lines() {
    let xml = part(&docx(&letter()).unwrap(), "word/document.xml");
    for set in [
        r#"<w:pgSz w:w="11906" w:h="16838" />"#,
        r#"<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587""#,
        r#"<w:spacing w:val="-5" />"#,
        r#"<w:spacing w:line="580" w:lineRule="exact" />"#,
        r#"<w:ind w:left="0" w:right="0" w:firstLine="632" />"#,
    ] {
        assert!(xml.contains(set), "{set} is not in {xml}");
    }
}

#[test]
fn pages_are_numbered_on_both_sides() {
    let docx = docx(&letter()).unwrap();
    for footer in ["word/footer1.xml", "word/footer2.xml"] {
        let xml = part(&docx, footer);
        assert!(xml.contains("— </w:t>") && xml.contains("PAGE") && xml.contains(" —</w:t>"), "{xml}");
    }
    assert!(part(&docx, "word/settings.xml").contains("evenAndOddHeaders"));
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(docx(&letter()).unwrap(), docx(&letter()).unwrap());
}
