//! Dates and times: RFC 3339 and its relatives, and seconds since 1970. Read by speedate, which pydantic reads them with.
//!
//! A moment without an offset is taken for UTC where the type has one: `DateTime<Utc>` cannot be without.

use serde_json::Value;
use speedate::{
    Date, DateConfig, DateTime, DateTimeConfig, MicrosecondsPrecisionOverflowBehavior, ParseError,
    Time, TimeConfig, TimestampUnit,
};
use strum::EnumMessage;

use super::leaf::Reading;
use crate::api::problem::Fault;

#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// A date and time with an offset.
    DateTime,
    /// A date and time without.
    Naive,
    Date,
    Time,
}

impl Moment {
    pub(super) fn read(self, value: &Value) -> Reading {
        let written = match self {
            Self::DateTime => {
                let mut moment = date_time(value)?;
                moment.time.tz_offset = moment.time.tz_offset.or(Some(0));
                moment.to_string()
            }
            Self::Naive => {
                let moment = date_time(value)?;
                if moment.time.tz_offset.is_some() {
                    let msg = "Input should not have timezone info";
                    return Err(Fault::new("timezone_naive", msg));
                }
                moment.to_string()
            }
            Self::Date => date(value)?.to_string(),
            Self::Time => {
                let mut time = time(value)?;
                time.tz_offset = None;
                time.to_string()
            }
        };
        Ok((value.as_str() != Some(&written)).then_some(Value::String(written)))
    }
}

fn date_time(value: &Value) -> Result<DateTime, Fault> {
    let parsed = match value {
        Value::String(text) => parse(text).or_else(|_| {
            let date = Date::parse_bytes_with_config(text.as_bytes(), &date_config());
            let date = date.map_err(|error| {
                let lead = "Input should be a valid datetime or date";
                fault("datetime_from_date_parsing", lead, words(&error))
            })?;
            let time = midnight(None);
            Ok(DateTime { date, time })
        })?,
        _ => timestamp(
            value,
            "datetime_parsing",
            "Input should be a valid datetime",
        )?
        .ok_or(Fault::new(
            "datetime_type",
            "Input should be a valid datetime",
        ))?,
    };
    if parsed.date.year == 0 {
        let lead = "Input should be a valid datetime";
        return Err(fault("datetime_parsing", lead, YEAR_0));
    }
    Ok(parsed)
}

/// A date, or a date and time at midnight.
fn date(value: &Value) -> Result<Date, Fault> {
    const TYPE: &str = "date_from_datetime_parsing";
    const LEAD: &str = "Input should be a valid date or datetime";
    let text = value.as_str();
    let plain =
        text.and_then(|text| Date::parse_bytes_with_config(text.as_bytes(), &date_config()).ok());
    let date = match (plain, text) {
        (Some(date), _) => date,
        (None, text) => {
            let moment = match text {
                Some(text) => Some(parse(text).map_err(|error| fault(TYPE, LEAD, words(&error)))?),
                None => timestamp(value, TYPE, LEAD)?,
            };
            let moment = moment.ok_or(Fault::new("date_type", "Input should be a valid date"))?;
            if moment.time != midnight(moment.time.tz_offset) {
                let msg = "Datetimes provided to dates should have zero time - e.g. be exact dates";
                return Err(Fault::new("date_from_datetime_inexact", msg));
            }
            moment.date
        }
    };
    if date.year == 0 {
        let lead = "Input should be a valid date in the format YYYY-MM-DD";
        return Err(fault("date_parsing", lead, YEAR_0));
    }
    Ok(date)
}

fn time(value: &Value) -> Result<Time, Fault> {
    const TYPE: &str = "time_parsing";
    const LEAD: &str = "Input should be in a valid time format";
    let parsed = match value {
        Value::String(text) => Time::parse_bytes_with_config(text.as_bytes(), &time_config()),
        Value::Number(number) => {
            let seconds = number.as_f64().unwrap_or(f64::MAX);
            if seconds < 0.0 {
                return Err(fault(TYPE, LEAD, "time in seconds should be positive"));
            }
            // speedate refuses whatever is not of one day; what is, fits.
            let micros = format!("{:.0}", seconds.fract() * 1e6).parse().unwrap_or(0);
            let whole = format!("{:.0}", seconds.floor())
                .parse()
                .unwrap_or(u32::MAX);
            Time::from_timestamp_with_config(whole, micros, &time_config())
        }
        _ => return Err(Fault::new("time_type", "Input should be a valid time")),
    };
    parsed.map_err(|error| fault(TYPE, LEAD, words(&error)))
}

/// Seconds since 1970, or milliseconds if there are very many. None for what is no number.
fn timestamp(value: &Value, r#type: &'static str, lead: &str) -> Result<Option<DateTime>, Fault> {
    let Value::Number(number) = value else {
        return Ok(None);
    };
    let parsed = match number.as_i64() {
        Some(seconds) => DateTime::from_timestamp_with_config(seconds, 0, &config()),
        None => DateTime::from_float_with_config(number.as_f64().unwrap_or(f64::MAX), &config()),
    };
    parsed
        .map(Some)
        .map_err(|error| fault(r#type, lead, words(&error)))
}

fn parse(text: &str) -> Result<DateTime, ParseError> {
    DateTime::parse_bytes_with_config(text.as_bytes(), &config())
}

const YEAR_0: &str = "year 0 is out of range";

fn midnight(tz_offset: Option<i32>) -> Time {
    Time {
        hour: 0,
        minute: 0,
        second: 0,
        microsecond: 0,
        tz_offset,
    }
}

fn fault(r#type: &'static str, lead: &str, error: &str) -> Fault {
    Fault::with(
        r#type,
        format!("{lead}, {error}"),
        vec![("error", error.into())],
    )
}

fn words(error: &ParseError) -> &'static str {
    error.get_documentation().unwrap_or_default()
}

fn config() -> DateTimeConfig {
    DateTimeConfig {
        timestamp_unit: TimestampUnit::Infer,
        time_config: time_config(),
    }
}

fn date_config() -> DateConfig {
    let timestamp_unit = TimestampUnit::Infer;
    DateConfig { timestamp_unit }
}

fn time_config() -> TimeConfig {
    TimeConfig {
        microseconds_precision_overflow_behavior: MicrosecondsPrecisionOverflowBehavior::Truncate,
        unix_timestamp_offset: Some(0),
    }
}
