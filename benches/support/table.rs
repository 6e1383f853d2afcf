//! One line a bar: what was reached, against what, and whether it is enough.

pub fn line(name: &str, ours: String, reference: String, ratio: f64, bar: &str, reached: bool) {
    let verdict = if reached { "PASS" } else { "BELOW" };
    println!("{name:<44} {ours:>16} {reference:>16}   {ratio:>7.2}   {bar:<22} {verdict}");
}

pub fn head() {
    println!("{:<44} {:>16} {:>16}   {:>7}   bar", "measured", "ours", "reference", "ratio");
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
