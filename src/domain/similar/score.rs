//! How alike two signatures are, and what follows from the cases that are.

use super::terms::Term;
use crate::domain::ids::CaseId;
use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

/// How many cases are read for one term, the newest ones.
pub const NEWEST_PER_TERM: i64 = 200;

/// How many cases are worth a comparison of the whole signatures.
pub const SHORTLIST: usize = 24;

/// From here on two cases are called similar.
pub const SIMILAR: f64 = 0.2;

/// A term of the asking text and the newest cases (or other matters) that have it.
pub type Posting<K = CaseId> = (Term, Vec<K>);

/// How common the terms of a question are among the congress's cases, as far as the capped lists tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Commonness {
    weights: BTreeMap<String, f64>,
    /// For a term that was not asked for.
    usual: f64,
}

impl Commonness {
    /// A term's weight is `longest / (longest + n)`, where `n` cases have it and `longest` is the longest list of the
    /// question: 1 if no case has it, a half for the commonest. So the same word is judged alike in a congress of
    /// fifty cases and in one of fifty thousand. `longest` is at least 4: a handful of cases proves nothing.
    ///
    /// It falls more slowly than the textbook's logarithm on purpose: with that, the name of a place, which few cases
    /// share, outweighs the matter, which many do, and the same matter elsewhere would not be found.
    pub fn of<K>(postings: &[Posting<K>]) -> Commonness {
        let longest = postings.iter().map(|(_, cases)| cases.len()).max().unwrap_or_default();
        let longest = longest.max(4) as f64;
        let weights: BTreeMap<String, f64> = postings
            .iter()
            .map(|(term, cases)| (term.text.clone(), longest / (longest + cases.len() as f64)))
            .collect();
        let usual = match weights.len() {
            0 => 1.0,
            n => weights.values().sum::<f64>() / n as f64,
        };
        Commonness { weights, usual }
    }

    fn weight(&self, term: &str) -> f64 {
        self.weights.get(term).copied().unwrap_or(self.usual)
    }
}

/// The cases that share most with the question, at most `most`, the likeliest first and of equal ones the newest.
///
/// Judged by the question's side alone; what the cases say beside is weighed by [`similarity`]. An old case whose
/// common terms have fallen off the capped lists is still found by its rare ones.
pub fn shortlist<K: Copy + Ord + Hash>(postings: &[Posting<K>], except: Option<K>, most: usize) -> Vec<K> {
    let common = Commonness::of(postings);
    let mut postings: Vec<&Posting<K>> = postings.iter().collect();
    // Sums of fractions depend on their order in the last digit.
    postings.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut shared: HashMap<K, f64> = HashMap::new();
    for (term, cases) in postings {
        let weight = common.weight(&term.text);
        for case in cases.iter().filter(|case| Some(**case) != except) {
            *shared.entry(*case).or_default() += said(term) * weight * weight;
        }
    }
    let mut shared: Vec<(K, f64)> = shared.into_iter().collect();
    shared.sort_unstable_by(|(a, x), (b, y)| y.total_cmp(x).then(b.cmp(a)));
    shared.truncate(most);
    shared.into_iter().map(|(case, _)| case).collect()
}

/// Beyond this a repeated word makes a text longer, not more about its matter: once in the title and eight times after.
const SAID_MOST: u32 = 12;

fn said(term: &Term) -> f64 {
    f64::from(term.count.min(SAID_MOST))
}

/// How alike two texts are: 0 with no term in common, 1 for the same signature; a text without any term is like none.
///
/// It is the cosine of the two signatures, each term weighed by how often it is said and by how common it is. On the
/// examples in `tests.rs` the same matter elsewhere, in other words, lies at 0.24 and above, another matter at 0.13 and
/// below; [`SIMILAR`] stands between, nearer to the lower: a warning too many costs a glance, one too few a second
/// answer to the same matter. Only sums in a fixed order, divisions and roots,
/// which every processor computes alike, rounded to three digits: what is shown is what was compared.
pub fn similarity(ours: &[Term], theirs: &[Term], common: &Commonness) -> f64 {
    let (ours, theirs) = (weighed(ours, common), weighed(theirs, common));
    let product: f64 = ours.iter().filter_map(|(term, x)| Some(x * theirs.get(term)?)).sum();
    let length = |terms: &BTreeMap<&str, f64>| terms.values().map(|x| x * x).sum::<f64>().sqrt();
    let lengths = length(&ours) * length(&theirs);
    // Nothing divided by nothing is no likeness.
    let cosine = if lengths > 0.0 { product / lengths } else { 0.0 };
    // The sum of nothing is minus zero; adding zero makes it plain.
    (cosine.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 + 0.0
}

fn weighed<'a>(terms: &'a [Term], common: &Commonness) -> BTreeMap<&'a str, f64> {
    let mut weighed = BTreeMap::new();
    for term in terms {
        let weight: &mut f64 = weighed.entry(term.text.as_str()).or_default();
        *weight = weight.max(said(term) * common.weight(&term.text));
    }
    weighed
}

/// What the similar cases speak for, such as the department that answered them: each value with its share of all
/// votes, the likeliest first. A case votes with the square of its similarity: one twin says more than three cousins.
pub fn likely<K: Ord>(similar: impl IntoIterator<Item = (K, f64)>) -> Vec<(K, f64)> {
    let mut votes: BTreeMap<K, Vec<f64>> = BTreeMap::new();
    for (value, similarity) in similar.into_iter().filter(|(_, similarity)| *similarity > 0.0) {
        votes.entry(value).or_default().push(similarity * similarity);
    }
    let mut sums: Vec<(K, f64)> = votes
        .into_iter()
        .map(|(value, mut votes)| {
            votes.sort_unstable_by(f64::total_cmp);
            (value, votes.into_iter().sum())
        })
        .collect();
    let mut all: Vec<f64> = sums.iter().map(|(_, sum)| *sum).collect();
    all.sort_unstable_by(f64::total_cmp);
    let all: f64 = all.into_iter().sum();
    for (_, sum) in &mut sums {
        *sum = (*sum / all * 1000.0).round() / 1000.0;
    }
    // Stable: equal shares stay in the order of the values.
    sums.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    sums
}
