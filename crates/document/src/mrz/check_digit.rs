//! Check digits: modulo 10 with the weights 7, 3, 1 (ICAO 9303-3 §4.9).

const WEIGHTS: [u32; 3] = [7, 3, 1];

/// The number that a character stands for: digits themselves, letters from 10 on, the filler 0.
pub(super) fn value(character: u8) -> Option<u32> {
    match character {
        b'0'..=b'9' => Some(u32::from(character - b'0')),
        b'A'..=b'Z' => Some(u32::from(character - b'A') + 10),
        b'<' => Some(0),
        _ => None,
    }
}

/// The weight of the character at `index` of the checked text.
pub(super) fn weight(index: usize) -> u32 {
    WEIGHTS[index % WEIGHTS.len()]
}

/// The check digit of a text, or `None` where it holds a character that no MRZ has.
pub fn check_digit(text: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (index, &character) in text.iter().enumerate() {
        sum = (sum + value(character)? * weight(index)) % 10;
    }
    Some(b'0' + sum as u8)
}

#[cfg(test)]
mod tests {
    use super::check_digit;

    #[test]
    fn examples_of_the_standard() {
        // 9303-3 §4.9, examples 1 and 2; 9303-4 appendix B.
        assert_eq!(check_digit(b"520727"), Some(b'3'));
        assert_eq!(check_digit(b"AB2134<<<"), Some(b'5'));
        assert_eq!(check_digit(b"L898902C3"), Some(b'6'));
    }

    #[test]
    fn other_characters_have_none() {
        assert_eq!(check_digit(b"12a"), None);
        assert_eq!(check_digit("Ä".as_bytes()), None);
    }
}
