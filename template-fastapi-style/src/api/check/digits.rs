//! How many digits a decimal may have, in total and after the point.
//!
//! JSON schema has no word for it, so a type says `#[schemars(extend("x-max-digits" = 8, "x-decimal-places" = 2))]`.

use super::text::plural;
use crate::api::problem::Fault;

/// pydantic's `max_digits` and `decimal_places`.
#[derive(Debug, Default)]
pub(super) struct Digits {
    pub(super) max: Option<usize>,
    pub(super) places: Option<usize>,
}

impl Digits {
    /// Judges digits with a point and without an exponent. Zeros at either end do not count.
    pub(super) fn check(&self, plain: &str) -> Result<(), Fault> {
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let whole = whole.trim_start_matches(['-', '0']).len();
        let places = fraction.trim_end_matches('0').len();
        if let Some(most) = self.max.filter(|&most| whole + places > most) {
            let what = format!("digit{} in total", plural(most));
            return Err(told("decimal_max_digits", "max_digits", most, &what));
        }
        if let Some(most) = self.places.filter(|&most| places > most) {
            let what = format!("decimal place{}", plural(most));
            return Err(told("decimal_max_places", "decimal_places", most, &what));
        }
        let before = self.max.zip(self.places);
        let before = before.map(|(max, places)| max.saturating_sub(places));
        if let Some(most) = before.filter(|&most| whole > most) {
            let what = format!("digit{} before the decimal point", plural(most));
            return Err(told("decimal_whole_digits", "whole_digits", most, &what));
        }
        Ok(())
    }
}

fn told(r#type: &'static str, name: &'static str, most: usize, what: &str) -> Fault {
    let msg = format!("Decimal input should have no more than {most} {what}");
    Fault::with(r#type, msg, vec![(name, most.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::problem::Loc;

    fn told(plain: &str) -> String {
        let digits = Digits {
            max: Some(5),
            places: Some(2),
        };
        let fault = digits.check(plain).err();
        fault.map_or(String::new(), |fault| {
            fault.at(&Loc::BODY, plain.into()).msg.into_owned()
        })
    }

    #[test]
    fn zeros_at_either_end_do_not_count() {
        for plain in ["123.45", "-00123.4500", "0.05", "123", "0"] {
            assert_eq!(told(plain), "", "{plain}");
        }
    }

    #[test]
    fn the_first_rule_that_is_broken_is_told() {
        let lead = "Decimal input should have no more than ";
        for (plain, rule) in [
            ("123456.789", "5 digits in total"),
            ("1.234", "2 decimal places"),
            ("1234.5", "3 digits before the decimal point"),
        ] {
            assert_eq!(told(plain), format!("{lead}{rule}"));
        }
    }
}
