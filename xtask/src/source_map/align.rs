//! Two texts side by side: the lines in pairs, in order, that are as like as can be.

use std::collections::BTreeMap;

use super::likeness::{SAME, Written};

/// Texts with more lines than that are laid side by side as far as they begin the same.
const MOST: usize = 2_000;

/// For each line of `rendered` the line of `written` that it makes a pair with.
pub fn align(written: &[&str], rendered: &[&str]) -> Vec<Option<usize>> {
    let mut lines = vec![None; rendered.len()];
    // What begins the same is a pair in any case, and most of a file.
    let both = written.iter().zip(rendered);
    let head = both.take_while(|(one, other)| one == other).count();
    for (at, line) in lines.iter_mut().take(head).enumerate() {
        *line = Some(at);
    }
    let (written, rendered) = (&written[head..], &rendered[head..]);
    if written.len() > MOST || rendered.len() > MOST {
        return lines;
    }
    let likeness = table(written, rendered);
    let width = written.len() + 1;
    // The best sum of what is left of both texts, by how much of each is taken.
    let mut best = vec![0_u32; width * (rendered.len() + 1)];
    for row in (0..rendered.len()).rev() {
        let (here, below) = best[row * width..].split_at_mut(width);
        let alike = &likeness[row * written.len()..];
        for column in (0..written.len()).rev() {
            let skipped = below[column].max(here[column + 1]);
            here[column] = match alike[column] {
                0 => skipped,
                like => skipped.max(below[column + 1] + u32::from(like)),
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < rendered.len() && column < written.len() {
        let sum = best[row * width + column];
        let like = u32::from(likeness[row * written.len() + column]);
        if like > 0 && sum == best[(row + 1) * width + column + 1] + like {
            lines[head + row] = Some(head + column);
            (row, column) = (row + 1, column + 1);
        } else if sum == best[row * width + column + 1] {
            column += 1;
        } else {
            row += 1;
        }
    }
    lines
}

/// How well each written line can be each rendered one, row by row of the latter.
fn table(written: &[&str], rendered: &[&str]) -> Vec<u8> {
    let mut plain: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut tagged = Vec::new();
    for (column, line) in written.iter().enumerate() {
        plain.entry(line).or_default().push(column);
        tagged.extend(Written::of(line).map(|line| (column, line)));
    }
    let mut all = vec![0; written.len() * rendered.len()];
    for (row, line) in rendered.iter().enumerate() {
        let row = &mut all[row * written.len()..][..written.len()];
        for (column, written) in &tagged {
            row[*column] = written.likeness(line);
        }
        for column in plain.get(line).into_iter().flatten() {
            row[*column] = SAME;
        }
    }
    all
}
