use super::measures::Measures;
use super::thresholds as limits;
use super::verdict::Verdict;
use super::words;
use crate::side::{FEWEST_LINES, Side};

/// What is wrong with one side's picture, the most basic thing first.
pub(super) fn defect(
    side: &Side,
    measures: &Measures,
    document_is_readable: bool,
) -> Option<Verdict> {
    let illegible = !side.is_legible();
    let is_nothing = !document_is_readable && is_nothing(side);
    let defects = [
        (illegible && is_badly_lit(measures), Verdict::BadQualityImage),
        (illegible && is_too_coarse(measures), Verdict::BadQuality),
        (illegible && is_blurred(measures), Verdict::Blurred),
        (hides_print(measures, illegible), Verdict::Glare),
        (is_nothing, Verdict::NotADocument),
        (is_cut_off(side, measures), Verdict::PartOfDocumentMissing),
        (is_without_colour(measures), Verdict::BlackWhite),
    ];
    defects.into_iter().find(|(holds, _)| *holds).map(|(_, verdict)| verdict)
}

/// What is wrong with the document as a whole, its pictures being good.
pub(super) fn completeness(
    front: &Side,
    back: Option<&Side>,
    document_is_readable: bool,
) -> Verdict {
    if document_is_readable {
        return Verdict::Usable;
    }
    match (words::name_a_licence_with_barcode(front), back) {
        (true, None) => Verdict::MissingPage,
        (true, Some(_)) => Verdict::MissingMandatoryDatapoints,
        (false, _) => Verdict::UnsupportedDocumentType,
    }
}

fn is_badly_lit(measures: &Measures) -> bool {
    measures.exposure.bright < limits::LEAST_BRIGHT
        || measures.exposure.contrast() < limits::LEAST_CONTRAST
}

fn is_too_coarse(measures: &Measures) -> bool {
    measures.pixels_per_millimetre < limits::LEAST_PIXELS_PER_MILLIMETRE
}

fn is_blurred(measures: &Measures) -> bool {
    measures.sharpness.value < limits::LEAST_SHARPNESS
        || measures.sharpness.anisotropy > limits::MOST_ANISOTROPY
}

fn hides_print(measures: &Measures, illegible: bool) -> bool {
    let most = if illegible {
        limits::MOST_GLARING_LINES_ILLEGIBLE
    } else {
        limits::MOST_GLARING_LINES_LEGIBLE
    };
    measures.glaring_lines > most
}

fn is_nothing(side: &Side) -> bool {
    !side.is_machine_readable() && side.lines_of_text() < FEWEST_LINES
}

/// Only a zone that was surely read gives an outline to rely on.
fn is_cut_off(side: &Side, measures: &Measures) -> bool {
    side.mrz.is_some_and(crate::mrz::Reading::is_valid)
        && measures.share_outside > limits::MOST_OUTSIDE
}

fn is_without_colour(measures: &Measures) -> bool {
    measures.chroma.spread < limits::LEAST_COLOUR_SPREAD
}
