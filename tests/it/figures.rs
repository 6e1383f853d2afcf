//! Figures as governments printed them: loaded as cases, read back as shares; the misprint is told to be one.

use crate::support::{
    World,
    program::{jianyi, succeeds},
};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, path::Path, process::Output};

#[derive(Deserialize)]
struct Published {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    place: String,
    total: u64,
    #[serde(default)]
    classes: BTreeMap<String, u64>,
    #[serde(default)]
    groups: BTreeMap<String, u64>,
    printed: BTreeMap<String, String>,
    decimals: u8,
    rounding: Option<String>,
    #[serde(default)]
    trim_zeros: bool,
    satisfaction: Option<Satisfaction>,
}

#[derive(Deserialize)]
struct Satisfaction {
    satisfied: String,
    basically_satisfied: String,
    counts: [u64; 2],
}

fn published() -> Published {
    serde_json::from_str(include_str!("../data/published-figures.json")).expect("the oracle reads")
}

/// The counts as the lines of a handling ledger.
fn ledger(row: &Row, folder: &Path) -> std::path::PathBuf {
    let mut lines = vec!["编号,标题,领衔代表,类别,主办单位,交办日期,答复日期,办理结果,满意度".to_owned()];
    let spread = |counts: &BTreeMap<String, u64>| {
        counts.iter().flat_map(|(name, n)| std::iter::repeat_n(name.clone(), *n as usize)).collect::<Vec<_>>()
    };
    let (classes, groups) = (spread(&row.classes), spread(&row.groups));
    for index in 0..row.total as usize {
        let class = classes.get(index).map_or("", String::as_str);
        let group = groups.get(index).map_or("", String::as_str);
        // "resolved" rows tell only how many were; a case that is not among them stays open.
        let class = match (class, group) {
            ("resolved", _) | (_, "resolved_or_planned") => "A",
            (class, _) => class,
        };
        let replied = if class.is_empty() { "" } else { "2024-04-10" };
        let judged = match &row.satisfaction {
            Some(it) if (index as u64) < it.counts[0] => "满意",
            Some(it) if (index as u64) < it.counts[0] + it.counts[1] => "基本满意",
            _ => "",
        };
        lines.push(format!(
            "{},关于第{index}件事的建议,代表甲,{group},甲局,2024-02-22,{replied},{class},{judged}",
            index + 1
        ));
    }
    let file = folder.join("ledger.csv");
    std::fs::write(&file, lines.join("\n")).expect("the ledger is written");
    file
}

fn shares(
    folder: &Path,
    database: Option<&str>,
    row: &Row,
    metric: &str,
    group_by: &str,
) -> BTreeMap<String, (u64, String)> {
    let mut command = jianyi(folder, database);
    command.args([
        "figures",
        "--congress",
        "330502",
        "--metric",
        metric,
        "--decimals",
        &row.decimals.to_string(),
    ]);
    if !group_by.is_empty() {
        command.args(["--group-by", group_by]);
    }
    command.args(["--rounding", row.rounding.as_deref().unwrap_or("half_up")]);
    command.args(["--trim-zeros", &row.trim_zeros.to_string()]);
    let figures: Value = serde_json::from_str(&succeeds(&mut command)).expect("figures are JSON");
    let figures = figures["figures"].as_array().cloned().expect("a list of figures");
    figures
        .into_iter()
        .map(|figure| {
            let group = figure["group"][group_by].as_str().unwrap_or("").to_owned();
            (
                group,
                (figure["numerator"].as_u64().unwrap(), figure["percent"].as_str().unwrap_or("").to_owned()),
            )
        })
        .collect()
}

/// `check-printed`, as an auditor would ask it.
fn checked(row: &Row, counts: &BTreeMap<String, u64>) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let shares = row.printed.iter().map(|(name, printed)| format!("{name}={}={printed}", counts[name]));
    let mut command = jianyi(folder.path(), None);
    command.args([
        "check-printed",
        "--whole",
        &row.total.to_string(),
        "--decimals",
        &row.decimals.to_string(),
    ]);
    command.args(shares).output().expect("the program starts")
}

fn same_number(ours: &str, printed: &str) -> bool {
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    trimmed(ours) == trimmed(printed)
}

#[test]
fn what_governments_printed_is_read_back_from_their_counts() {
    let mut reproduced = 0;
    for row in published().rows.iter().filter(|row| row.rounding.is_some()) {
        let folder = tempfile::tempdir().unwrap();
        let run = |args: &[&str]| succeeds(jianyi(folder.path(), None).args(args));
        run(&["congress", "add", "330502", "--name", &row.place, "--policy", "law-2025"]);
        let file = ledger(row, folder.path());
        run(&["import", file.to_str().unwrap(), "--congress", "330502", "--session", "2024"]);
        let metric = |group: &str| {
            shares(
                folder.path(),
                None,
                row,
                if group.is_empty() { "resolution_rate" } else { "class_share" },
                group,
            )
        };
        let whole = ["resolved", "resolved_or_planned"];
        let (by_class, by_category, rate) = (metric("class"), metric("category"), metric(""));
        for (name, printed) in &row.printed {
            let count = row.classes.get(name).or(row.groups.get(name)).copied().unwrap();
            let found = if whole.contains(&name.as_str()) {
                rate.get("")
            } else if row.groups.contains_key(name) {
                by_category.get(name)
            } else {
                by_class.get(name)
            };
            match found {
                // A group of no case has no line, and its share is nought.
                None => assert_eq!((count, printed.as_str()), (0, "0"), "{} {name}", row.place),
                Some((numerator, percent)) => {
                    assert_eq!(*numerator, count, "{} {name}", row.place);
                    assert!(
                        same_number(percent, printed),
                        "{} {name}: {percent}, printed {printed}",
                        row.place
                    );
                }
            }
        }
        if let Some(judged) = &row.satisfaction {
            let shares = shares(folder.path(), None, row, "evaluation_share", "evaluation");
            assert_eq!(shares["satisfied"], (judged.counts[0], judged.satisfied.clone()));
            assert_eq!(shares["basically_satisfied"], (judged.counts[1], judged.basically_satisfied.clone()));
        }
        reproduced += 1;
    }
    assert_eq!(reproduced, 6);
}

#[test]
fn a_misprint_is_reported_as_one_and_nothing_else_is() {
    for row in &published().rows {
        let counts = if row.classes.is_empty() { &row.groups } else { &row.classes };
        let output = checked(row, counts);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        match &row.rounding {
            Some(rule) => assert!(output.status.success() && told.contains(rule), "{}: {told}", row.place),
            None => {
                assert!(!output.status.success() && told.contains("a misprint"), "{}: {told}", row.place);
                assert!(told.contains("A is printed 63.4, comes to 63.5"), "{told}");
            }
        }
    }
}

crate::on_both! {
    fn sums_are_the_same_before_and_after_they_are_summed_up(world) {
        for (title, class) in [("一", "A"), ("二", "A"), ("三", "B"), ("四", "C")] {
            world.answered(&format!("关于{title}的建议"), class);
        }
        let committee = world.committee();
        let pages = ["metric=resolution_rate", "metric=class_share&group_by=class", "metric=on_time_rate&group_by=department"];
        let read = |world: &World| {
            let _ = world;
            pages.map(|page| committee.get(&format!("/v1/figures?congress=330502&{page}")).expect(200).text)
        };
        let before = read(world);
        assert!(world.compact() > 0);
        assert_eq!(read(world), before);
        assert_eq!(world.compact(), 0);
        insta::assert_snapshot!("shares_of_classes", before[1].replace("},{\"metric\"", "},\n{\"metric\""));
        world.assert_no_drift();
    }
}
