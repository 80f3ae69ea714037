//! Reads protobuf without a schema, as far as telemetry needs it: fields by their numbers.

/// The bytes of every field at the end of `path`, such as `[1, 2, 2]` for the spans of an export. What cannot be read ends
/// the message.
pub fn at<'a>(message: &'a [u8], path: &[u64]) -> Vec<&'a [u8]> {
    let Some((number, rest)) = path.split_first() else {
        return vec![message];
    };
    let found = fields(message)
        .into_iter()
        .filter(|(field, _)| field == number);
    found.flat_map(|(_, inner)| at(inner, rest)).collect()
}

/// The first field at the end of `path` as text.
pub fn text(message: &[u8], path: &[u64]) -> String {
    let found = at(message, path);
    let first = found.first().copied().unwrap_or_default();
    String::from_utf8_lossy(first).into_owned()
}

/// Every number of eight bytes at the end of `path`, such as the values of a gauge.
pub fn doubles(message: &[u8], path: &[u64]) -> Vec<f64> {
    let found = at(message, path).into_iter();
    found
        .filter_map(|bytes| Some(f64::from_le_bytes(bytes.try_into().ok()?)))
        .collect()
}

/// The fields that are bytes: messages, text, and numbers of eight bytes. Other numbers are passed over.
fn fields(mut rest: &[u8]) -> Vec<(u64, &[u8])> {
    let mut found = Vec::new();
    while let Some(tag) = varint(&mut rest) {
        let length = match tag & 7 {
            0 => varint(&mut rest).map(|_| 0),
            1 => Some(8),
            2 => varint(&mut rest).and_then(|length| usize::try_from(length).ok()),
            5 => Some(4),
            _ => None,
        };
        let Some((field, after)) = length.and_then(|length| rest.split_at_checked(length)) else {
            break;
        };
        if matches!(tag & 7, 1 | 2) {
            found.push((tag >> 3, field));
        }
        rest = after;
    }
    found
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_numbers() {
        // 1: { 2: "a", 3: 300, 4: eight bytes, 2: "b" }, 5: four bytes, 1: { 2: "c" }
        let inner = b"\x12\x01a\x18\xac\x02\x21\0\0\0\0\0\0\0\0\x12\x01b";
        let mut message = vec![0x0a, u8::try_from(inner.len()).unwrap()];
        message.extend(inner);
        message.extend(b"\x2d\0\0\0\0\x0a\x03\x12\x01c");
        assert_eq!(at(&message, &[1, 2]), [b"a", b"b", b"c"]);
        assert_eq!(at(&message, &[7]), Vec::<&[u8]>::new());
        assert_eq!(text(&message, &[1, 2]), "a");
        assert_eq!(doubles(b"\x0a\x09\x21\0\0\0\0\0\0\xf8\x3f", &[1, 4]), [1.5]);
        assert_eq!(doubles(&message, &[1, 2]), Vec::<f64>::new());
    }

    #[test]
    fn what_cannot_be_read_ends_the_message() {
        for torn in [
            &b"\x0a\x01x\x0a\x7fshort"[..],
            b"\x0a\x01x\x0b",
            b"\x0a\x01x\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            assert_eq!(at(torn, &[1]), [b"x"]);
        }
    }
}
