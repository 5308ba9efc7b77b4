/// A text without some stretches, in code points and in order, and where a place in it has moved to; none where it is gone.
pub fn without(text: &str, hidden: &[(usize, usize)]) -> (String, impl Fn(usize) -> Option<usize> + use<>) {
    let mut kept = String::with_capacity(text.len());
    let mut places = Vec::new();
    let mut length = 0;
    for (at, letter) in text.chars().enumerate() {
        match hidden.iter().find(|&&(start, end)| start <= at && at < end) {
            Some(&(start, _)) => {
                places.push(None);
                if start == at {
                    kept.push('…');
                    length += 1;
                }
            }
            None => {
                places.push(Some(length));
                kept.push(letter);
                length += 1;
            }
        }
    }
    places.push(Some(length));
    (kept, move |place| places.get(place).copied().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_left_out_and_places_move_with_the_text() {
        let (text, moved) = without("é Jon Sample was hit", &[(2, 12)]);
        assert_eq!(text, "é … was hit");
        assert_eq!((moved(0), moved(3), moved(17), moved(20)), (Some(0), None, Some(8), Some(11)));
        assert_eq!(without("", &[]).0, "");
    }
}
