//! The check digits of numbers: which string of digits can be which number.

use chrono::NaiveDate;

/// The first two digits of a resident's number: the province of the first registration.
const PROVINCES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82,
];

/// A resident identity number of 18 (GB 11643): place, date of birth, and a check character, which is `X` for 10.
/// Such a number with a 9 at its front is a foreigner's permanent residence.
pub(super) fn is_resident_id(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: &[u8; 11] = b"10X98765432";
    let (Some(first), Some(last), 18) = (number.get(..17), number.as_bytes().last(), number.len()) else {
        return false;
    };
    let Some(digits) = digits(first) else { return false };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    (digits[0] == 9 || is_place(&digits))
        && is_birthday(value(&digits[6..10]), &digits[10..14])
        && CHECK[sum as usize % 11] == last.to_ascii_uppercase()
}

/// The number of 15 that was given out until 1999. It has no check digit, so that place and date must do.
pub(super) fn is_old_resident_id(number: &str) -> bool {
    number.len() == 15
        && digits(number).is_some_and(|d| is_place(&d) && is_birthday(1900 + value(&d[6..8]), &d[8..12]))
}

/// A number of 16 to 19 digits whose last one is right by Luhn's rule.
pub(super) fn is_bank_card(number: &str) -> bool {
    let Some(digits) = digits(number) else { return false };
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, digit)| if n % 2 == 1 { doubled(*digit) } else { *digit })
        .sum();
    (16..=19).contains(&digits.len()) && digits[0] != 0 && sum.is_multiple_of(10)
}

/// A unified social credit code (GB 32100), which names an organisation and may be published: without this,
/// each tenth of those that are all digits would pass for a bank card.
pub(super) fn is_credit_code(code: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let values: Option<Vec<usize>> = code.chars().map(|c| ALPHABET.find(c.to_ascii_uppercase())).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    // The place of registration is six digits.
    values[2..8].iter().all(|value| *value < 10) && (31 - sum % 31) % 31 == values[17]
}

fn is_place(digits: &[u32]) -> bool {
    PROVINCES.contains(&value(&digits[..2]))
}

fn is_birthday(year: u32, month_and_day: &[u32]) -> bool {
    let (month, day) = month_and_day.split_at(2);
    let date = i32::try_from(year).ok().and_then(|y| NaiveDate::from_ymd_opt(y, value(month), value(day)));
    (1850..2100).contains(&year) && date.is_some()
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn value(digits: &[u32]) -> u32 {
    digits.iter().fold(0, |value, digit| value * 10 + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_right_check_digit_pass_and_others_do_not() {
        // The standard's own example.
        assert!(is_resident_id("11010519491231002X") && is_resident_id("11010519491231002x"));
        for wrong in ["110105194912310021", "11010519491331002X", "1101051949123100X2", "11010519491231002"] {
            assert!(!is_resident_id(wrong), "{wrong}");
        }
        assert!(is_old_resident_id("110105491231002"));
        assert!(!is_old_resident_id("110105491331002") && !is_old_resident_id("990105491231002"));
        assert!(is_bank_card("4111111111111111") && !is_bank_card("4111111111111112"));
        assert!(!is_bank_card("0000000000000000") && !is_bank_card("411111111111111"));
        // The standard's own example.
        assert!(is_credit_code("91350100M000100Y43") && !is_credit_code("91350100M000100Y44"));
        assert!(!is_credit_code("91350100M000100Y4") && !is_credit_code("91350100M000100I43"));
    }
}
