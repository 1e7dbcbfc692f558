use jiff::{ToSpan, civil::Date};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::seed::{Random, pick, random};

/// Sex as documents give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// `F`; AAMVA code 2.
    Female,
    /// `M`; AAMVA code 1.
    Male,
    /// `X` in the visual zone, `<` in the MRZ; AAMVA code 9.
    Unspecified,
}

impl Sex {
    /// The letter of the visual inspection zone.
    pub fn letter(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
            Self::Unspecified => 'X',
        }
    }
}

/// Somebody who does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Primary identifier, as spelled in the visual zone.
    pub surname: String,
    /// Secondary identifiers, separated by spaces.
    pub given_names: String,
    /// Sex.
    pub sex: Sex,
    /// Date of birth.
    pub born_on: Date,
    /// Place of birth.
    pub birth_place: String,
    /// Nationality, ISO 3166-1 alpha-3 or an ICAO 9303-3 §5 code; generated persons are from `UTO`.
    pub nationality: String,
    /// Body height.
    pub height_centimetres: u16,
    /// Eye colour, an AAMVA D-20 code such as `BRO`.
    pub eyes: String,
    /// Home address, in one line.
    pub address: String,
}

impl Person {
    /// A plausible adult of 18 to 80 years on the day `today`; every third name has letters that the MRZ spells differently.
    pub fn generate(today: Date, seed: u64) -> Self {
        let random = &mut random(seed, "person");
        let sex = match random.random_range(0..40) {
            0 => Sex::Unspecified,
            1..=20 => Sex::Female,
            _ => Sex::Male,
        };
        Self {
            surname: surname(random),
            given_names: given_names(random, sex),
            sex,
            born_on: today - random.random_range(18 * 366..80 * 365).days(),
            birth_place: pick(random, TOWNS).to_owned(),
            nationality: "UTO".to_owned(),
            height_centimetres: random.random_range(152..=196),
            eyes: pick(random, &["BRO", "BLU", "GRN", "GRY", "HAZ"]).to_owned(),
            address: format!(
                "{} {}, {}",
                random.random_range(1..240),
                pick(random, STREETS),
                pick(random, TOWNS)
            ),
        }
    }
}

fn surname(random: &mut Random) -> String {
    let one = |random: &mut Random| {
        let accented = random.random_ratio(1, 3);
        pick(random, if accented { ACCENTED_SURNAMES } else { SURNAMES })
    };
    let first = one(random);
    if random.random_ratio(1, 8) { format!("{first}-{}", one(random)) } else { first.to_owned() }
}

fn given_names(random: &mut Random, sex: Sex) -> String {
    let pool = match sex {
        Sex::Female => FEMALE_NAMES,
        Sex::Male => MALE_NAMES,
        Sex::Unspecified => NEUTRAL_NAMES,
    };
    let first = random.random_range(0..pool.len());
    let step = random.random_range(1..pool.len());
    if random.random_ratio(2, 5) {
        pool[first].to_owned()
    } else {
        format!("{} {}", pool[first], pool[(first + step) % pool.len()])
    }
}

const SURNAMES: &[&str] = &[
    "Ashgrove",
    "Bellwick",
    "Corvane",
    "Dunmarrow",
    "Eastholm",
    "Fennimore",
    "Garrowby",
    "Hollisk",
    "Ivensen",
    "Jorrick",
    "Kestrelli",
    "Lowenhart",
    "Marchetto",
    "Norquist",
    "Ostrava",
    "Penhallow",
    "Quillan",
    "Rosdahl",
    "Sorrento",
    "Tavernier",
    "Umbridge",
    "Vandermeer",
    "Wexcombe",
    "Xanthos",
    "Yarrow",
    "Zeller",
    "O'Dorran",
    "Wu",
    "Brzezin",
    "Montescudo della Rocca",
];

const ACCENTED_SURNAMES: &[&str] = &[
    "Müllbacher",
    "Grünfels",
    "Weißbrunn",
    "Øksenvåg",
    "Åkerlindh",
    "Čermánek",
    "Šaljić",
    "Żurawiec",
    "Łąkowski",
    "Núñovar",
    "Þórsvik",
    "Lefèvreau",
    "Őrhegyi",
    "Yıldızoğlu",
    "Șerbeanu",
    "Gonçalim",
];

const FEMALE_NAMES: &[&str] = &[
    "Anna",
    "Maria",
    "Johanna",
    "Zoë",
    "Iris",
    "Helena",
    "Chloé",
    "Signe",
    "Olivia",
    "Qiana",
    "Beatrix",
    "Wilhelmina",
    "Žofia",
    "Noor",
    "Isolde",
    "Vera",
];

const MALE_NAMES: &[&str] = &[
    "Erik",
    "Jonas",
    "Xaver",
    "José",
    "Lukas",
    "Øyvind",
    "Quentin",
    "David",
    "Walter",
    "Søren",
    "Benedikt",
    "François",
    "Otto",
    "Kazimir",
    "Yannick",
    "Viktor",
];

const NEUTRAL_NAMES: &[&str] = &["Robin", "Kim", "Sascha", "Noa", "Alex", "Jude"];

const TOWNS: &[&str] =
    &["Zenith", "Amaurot", "Port Meridian", "Hythlow", "New Anyder", "Lindmoor", "Vale Harbour"];

const STREETS: &[&str] =
    &["Harbour Lane", "Mill Street", "Orchard Way", "Lantern Square", "North Quay"];
