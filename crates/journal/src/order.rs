//! Sorting in little room. The standard library's sort is compiled anew for every type and every order, four
//! kilobytes each time, and a program for browsers carries them all; here places are sorted, once, and what
//! stands at them is moved afterwards.

use std::cmp::Ordering;

/// Sorts by an order; what is equal stays as it was.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut places: Vec<usize> = (0..items.len()).collect();
    sort_places(&mut places, &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    // `places` says where each one comes from; turned round it says where each one goes.
    let mut goes = vec![0; places.len()];
    for (to, from) in places.into_iter().enumerate() {
        if let Some(place) = goes.get_mut(from) {
            *place = to;
        }
    }
    for at in 0..items.len() {
        while let Some(to) = goes.get(at).copied().filter(|to| *to != at) {
            items.swap(at, to);
            goes.swap(at, to);
        }
    }
}

/// Sorts by a key, which is worked out for every comparison.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

#[inline(never)]
fn sort_places(places: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|a, b| compare(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items: Vec<(u8, u16)>) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |x| x.0);
            theirs.sort_by_key(|x| x.0);
            prop_assert_eq!(&ours, &theirs);
            sort_by(&mut ours, |a, b| b.1.cmp(&a.1));
            theirs.sort_by_key(|x| std::cmp::Reverse(x.1));
            prop_assert_eq!(ours, theirs);
        }
    }
}
