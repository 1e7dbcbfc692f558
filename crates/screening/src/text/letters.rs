//! Latin letters for words of other scripts.

use super::script::Script;

/// A word in lower-case ASCII letters and digits; empty where nothing of it can be written so.
pub(crate) fn latin(word: &str, script: Script) -> String {
    let mut latin = String::with_capacity(word.len());
    for letter in word.chars() {
        match script {
            Script::Arabic => match arabic(letter) {
                Some(text) => latin.push_str(text),
                None => push_any(&mut latin, letter),
            },
            Script::Hebrew => match hebrew(letter) {
                Some(text) => latin.push_str(text),
                None => push_any(&mut latin, letter),
            },
            Script::Hangul => match hangul(letter) {
                Some(text) => latin.push_str(&text),
                None => push_any(&mut latin, letter),
            },
            _ => push_any(&mut latin, letter),
        }
    }
    latin
}

fn push_any(latin: &mut String, letter: char) {
    for byte in any_ascii::any_ascii_char(letter).bytes() {
        if byte.is_ascii_alphanumeric() {
            latin.push(char::from(byte.to_ascii_lowercase()));
        }
    }
}

/// Consonants, and the letters that stand for long vowels (a, w, y). Marks of short vowels, the
/// doubling mark and the glottal stop are left out: they are hardly ever written in names.
fn arabic(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ا' | 'آ' | 'أ' | 'إ' | 'ٱ' | 'ع' | 'ى' | 'ة' => "a",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' | 'ٹ' | 'ټ' => "t",
        'ث' => "th",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' | 'ہ' | 'ھ' | 'ۀ' | 'ە' => "h",
        'خ' => "kh",
        'د' | 'ض' | 'ډ' | 'ڈ' => "d",
        'ذ' => "dh",
        'ر' | 'ړ' | 'ڑ' => "r",
        'ز' | 'ظ' => "z",
        'ژ' | 'ږ' => "zh",
        'س' | 'ص' => "s",
        'ش' | 'ښ' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ڤ' => "v",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' | 'ګ' | 'ڭ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' | 'ں' | 'ڼ' => "n",
        'و' | 'ؤ' | 'ۋ' | 'ۇ' => "w",
        'ي' | 'ی' | 'ئ' | 'ې' | 'ے' | 'ۍ' => "y",
        'ء' | 'ـ' | '\u{64b}'..='\u{65f}' | '\u{670}' => "",
        _ => return None,
    })
}

fn hebrew(letter: char) -> Option<&'static str> {
    Some(match letter {
        'א' | 'ע' => "a",
        'ב' => "b",
        'ג' => "g",
        'ד' => "d",
        'ה' => "h",
        'ו' => "w",
        'ז' => "z",
        'ח' => "kh",
        'ט' | 'ת' => "t",
        'י' => "y",
        'כ' | 'ך' | 'ק' => "k",
        'ל' => "l",
        'מ' | 'ם' => "m",
        'נ' | 'ן' => "n",
        'ס' => "s",
        'פ' | 'ף' => "p",
        'צ' | 'ץ' => "ts",
        'ר' => "r",
        'ש' => "sh",
        '\u{591}'..='\u{5c7}' => "",
        _ => return None,
    })
}

/// A syllable of Hangul by the arithmetic of the Unicode Standard, section 3.12, in the spelling
/// that passports and lists prefer: voiceless in front, `u` for eo and `o` for wo.
fn hangul(letter: char) -> Option<String> {
    const FIRST: [&str; 19] = [
        "k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t",
        "p", "h",
    ];
    const VOWEL: [&str; 21] = [
        "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo",
        "we", "wi", "yu", "u", "ui", "i",
    ];
    const LAST: [&str; 28] = [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "l", "l", "m", "p",
        "p", "s", "s", "ng", "t", "t", "k", "t", "p", "t",
    ];
    let at =
        usize::try_from(u32::from(letter).checked_sub(0xac00)?).ok().filter(|at| *at < 11_172)?;
    Some([FIRST[at / 588], VOWEL[at % 588 / 28], LAST[at % 28]].concat())
}

/// Korean family names as they are romanised, which no rule gives.
pub(crate) fn korean_family(letter: char) -> Option<&'static str> {
    Some(match letter {
        '김' => "kim",
        '이' | '리' => "ri",
        '박' => "pak",
        '최' => "choe",
        '정' => "jong",
        '조' => "jo",
        '강' => "kang",
        '장' => "jang",
        '윤' => "yun",
        '임' | '림' => "rim",
        '오' => "o",
        '한' => "han",
        '신' => "sin",
        '서' => "so",
        '권' => "kwon",
        '황' => "hwang",
        '안' => "an",
        '송' => "song",
        '류' | '유' => "ryu",
        '홍' => "hong",
        '전' => "jon",
        '고' => "ko",
        '문' => "mun",
        '양' => "yang",
        '손' => "son",
        '배' => "pae",
        '백' => "paek",
        '허' => "ho",
        '남' => "nam",
        '노' | '로' => "ro",
        '현' => "hyon",
        '변' => "pyon",
        _ => return None,
    })
}
