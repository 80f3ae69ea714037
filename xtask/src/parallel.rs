//! The same for many things, on all cores.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// What `act` makes of each item, in their order.
pub fn map<T: Sync, R: Send>(items: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut all = Vec::with_capacity(items.len());
    each(
        items,
        || (),
        |(), item| act(item),
        |index, result| {
            all.push((index, result));
            ControlFlow::Continue(())
        },
    );
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Has as many workers as there are cores take one item after the other: who is done takes the next, since items may differ in
/// what they cost. A worker begins with what `begin` gives, and `act` may change it. `tell` hears, here, what became of each
/// item as soon as it is there, by the item's place, and may stop it all: then what is under way is still done, and lost.
///
/// # Panics
/// When `begin` or `act` does.
pub fn each<T: Sync, S, R: Send>(
    items: &[T],
    begin: impl Fn() -> S + Sync,
    act: impl Fn(&mut S, &T) -> R + Sync,
    mut tell: impl FnMut(usize, R) -> ControlFlow<()>,
) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = cores.min(items.len());
    if workers < 2 {
        let mut state = None;
        for (index, item) in items.iter().enumerate() {
            let state = state.get_or_insert_with(&begin);
            if tell(index, act(state, item)).is_break() {
                break;
            }
        }
        return;
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let work = |sender: mpsc::Sender<(usize, R)>| {
        let mut state = None;
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else {
                return;
            };
            let result = act(state.get_or_insert_with(&begin), item);
            // Nobody listens any more when it was stopped.
            if sender.send((index, result)).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..workers)
            .map(|_| {
                let sender = sender.clone();
                scope.spawn(move || work(sender))
            })
            .collect();
        drop(sender);
        for (index, result) in &receiver {
            if tell(index, result).is_break() {
                break;
            }
        }
        drop(receiver);
        for thread in running {
            if let Err(payload) = thread.join() {
                panic::resume_unwind(payload);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_items() {
        let items: Vec<usize> = (0..1_000).collect();
        let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
        assert_eq!(map(&items, |item| item * 2), doubled);
        assert_eq!(map(&[] as &[usize], |item| item * 2), [0_usize; 0]);
        assert_eq!(map(&[4], |item| item * 2), [8]);
    }

    #[test]
    fn a_worker_keeps_what_it_began_with_and_stops_when_told() {
        let items: Vec<usize> = (0..1_000).collect();
        let started = AtomicUsize::new(0);
        let begin = || started.fetch_add(1, Ordering::Relaxed);
        let mut told = 0;
        let act = |state: &mut usize, _: &usize| {
            *state += 1;
            thread::sleep(std::time::Duration::from_micros(100));
        };
        each(&items, begin, act, |_, ()| {
            told += 1;
            match told {
                3 => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        });
        assert_eq!(told, 3);
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        assert!(started.load(Ordering::Relaxed) <= cores);
    }

    #[test]
    #[should_panic(expected = "seven")]
    fn a_panic_is_passed_on_with_its_words() {
        map(&[1, 7, 3], |item| assert!(*item != 7, "seven"));
    }
}
