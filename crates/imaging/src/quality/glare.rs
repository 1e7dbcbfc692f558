use image::{GrayImage, Luma, RgbImage};

use super::measured;
use crate::Quad;

/// The reflections in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Glare {
    /// Share of the picture under highlights, 0 to 1.
    pub share: f32,
    /// The highlights, largest first.
    pub highlights: Vec<Highlight>,
}

/// A spot in which a reflection has wiped out everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Highlight {
    /// Upright box around it, in pixels of the picture that was given.
    pub quad: Quad,
    /// Its share of the picture, 0 to 1.
    pub share: f32,
}

/// Value and saturation (of HSV, 0 to 255) from and below which a pixel shows nothing but light.
const VALUE_FROM: u8 = 250;
const SATURATION_BELOW: u8 = 25;

/// The side of a cell, in pixels of the measured picture: about half the height of small print, so that a cell
/// wholly blown is more than the paper between two strokes.
const CELL: u32 = 8;

/// Smaller spots, as a share of the picture, hide nothing.
const SMALLEST_SHARE: f32 = 0.002;

/// A spot is a compact thing; what fills less of its own box is a border or the paper around print.
const LEAST_FILL: f32 = 0.3;

/// Where this share of a picture is blown, white paper is the plainer explanation.
const MOST_BLOWN: f32 = 0.4;

/// Finds the spots where a reflection has wiped out the print.
///
/// White paper in a scan is as bright as a reflection. Three things tell them apart: a reflection is compact, it lies
/// within the picture instead of along its frame, and most of the picture is not blown.
pub fn glare(picture: &RgbImage) -> Glare {
    let cells = blown_cells(picture);
    let spots = spots(&cells);
    let count = (cells.width() * cells.height()).max(1) as f32;
    let blown = spots.iter().map(|spot| spot.cells).sum::<u32>() as f32 / count;
    if blown > MOST_BLOWN {
        return Glare { share: 0.0, highlights: Vec::new() };
    }
    let mut highlights: Vec<Highlight> = spots
        .into_iter()
        .filter(|spot| spot.is_compact() && spot.is_within(&cells))
        .map(|spot| spot.highlight(picture, &cells))
        .filter(|highlight| highlight.share >= SMALLEST_SHARE)
        .collect();
    highlights.sort_by(|a, b| b.share.total_cmp(&a.share));
    let share = highlights.iter().fold(0.0, |sum, highlight| sum + highlight.share);
    Glare { share, highlights }
}

/// One pixel for each cell: 255 where all of it is blown.
fn blown_cells(picture: &RgbImage) -> GrayImage {
    let picture = measured(picture);
    let (columns, rows) = (picture.width() / CELL, picture.height() / CELL);
    GrayImage::from_fn(columns, rows, |column, row| {
        let pixels = (0..CELL * CELL)
            .map(|i| picture.get_pixel(column * CELL + i % CELL, row * CELL + i / CELL).0);
        let lit = pixels.filter(|pixel| is_blown(*pixel)).count() as u32;
        // A few pixels of sensor noise and compression do not make print.
        Luma([if lit * 100 >= 97 * CELL * CELL { 255 } else { 0 }])
    })
}

fn is_blown(pixel: [u8; 3]) -> bool {
    let value = pixel.into_iter().max().unwrap_or(0);
    let least = pixel.into_iter().min().unwrap_or(0);
    let saturation = u16::from(value - least) * 255 / u16::from(value.max(1));
    value >= VALUE_FROM && saturation < u16::from(SATURATION_BELOW)
}

/// Connected blown cells.
#[derive(Debug, Clone, Copy)]
struct Spot {
    cells: u32,
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

impl Spot {
    fn at(column: u32, row: u32) -> Self {
        Self { cells: 0, left: column, top: row, right: column, bottom: row }
    }

    fn take(&mut self, column: u32, row: u32) {
        self.cells += 1;
        self.left = self.left.min(column);
        self.right = self.right.max(column);
        self.top = self.top.min(row);
        self.bottom = self.bottom.max(row);
    }

    fn columns(&self) -> u32 {
        self.right - self.left + 1
    }

    fn rows(&self) -> u32 {
        self.bottom - self.top + 1
    }

    fn is_compact(&self) -> bool {
        self.cells as f32 >= LEAST_FILL * (self.columns() * self.rows()) as f32
    }

    /// Whether it keeps off the frame on at least three sides.
    fn is_within(&self, cells: &GrayImage) -> bool {
        let touches = [
            self.left == 0,
            self.top == 0,
            self.right + 1 >= cells.width(),
            self.bottom + 1 >= cells.height(),
        ];
        touches.into_iter().filter(|touches| *touches).count() <= 1
    }

    fn highlight(&self, picture: &RgbImage, cells: &GrayImage) -> Highlight {
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let (by_x, by_y) = (width / cells.width() as f32, height / cells.height() as f32);
        let cell_quad = Quad::rectangle(
            self.left as f32,
            self.top as f32,
            self.columns() as f32,
            self.rows() as f32,
        );
        let share = self.cells as f32 / (cells.width() * cells.height()) as f32;
        Highlight { quad: cell_quad.scaled(by_x, by_y), share }
    }
}

/// The connected groups of blown cells, neighbours at the side or corner counting.
fn spots(cells: &GrayImage) -> Vec<Spot> {
    let mut left_to_visit = cells.clone();
    let mut spots = Vec::new();
    for (column, row) in
        (0..cells.height()).flat_map(|row| (0..cells.width()).map(move |column| (column, row)))
    {
        if left_to_visit.get_pixel(column, row)[0] > 0 {
            spots.push(collect(&mut left_to_visit, column, row));
        }
    }
    spots
}

/// Takes the group around a cell off the map.
fn collect(cells: &mut GrayImage, column: u32, row: u32) -> Spot {
    let mut spot = Spot::at(column, row);
    let mut waiting = vec![(column, row)];
    cells.put_pixel(column, row, Luma([0]));
    while let Some((column, row)) = waiting.pop() {
        spot.take(column, row);
        for y in row.saturating_sub(1)..=(row + 1).min(cells.height() - 1) {
            for x in column.saturating_sub(1)..=(column + 1).min(cells.width() - 1) {
                if cells.get_pixel(x, y)[0] > 0 {
                    cells.put_pixel(x, y, Luma([0]));
                    waiting.push((x, y));
                }
            }
        }
    }
    spot
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn paper() -> RgbImage {
        RgbImage::from_fn(800, 500, |x, y| {
            Rgb(if (x / 4 + y / 7) % 5 == 0 { [60, 50, 70] } else { [190, 200, 210] })
        })
    }

    fn lit(mut picture: RgbImage, centre: (f32, f32), radius: f32) -> RgbImage {
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let distance = (x as f32 - centre.0).hypot(y as f32 - centre.1) / radius;
            let light = (400.0 * (-distance.powi(4)).exp()) as u16;
            pixel.0 = pixel.0.map(|channel| (u16::from(channel) + light).min(255) as u8);
        }
        picture
    }

    #[test]
    fn a_reflection_is_found_where_it_is() {
        let glare = glare(&lit(paper(), (500.0, 200.0), 60.0));
        assert_eq!(glare.highlights.len(), 1, "{glare:?}");
        let spot = glare.highlights[0];
        let centre = spot.quad.centre();
        assert!((centre.x - 500.0).abs() < 10.0 && (centre.y - 200.0).abs() < 10.0, "{spot:?}");
        assert!(spot.quad.width() > 70.0 && spot.quad.width() < 140.0, "{spot:?}");
        assert!((glare.share - spot.share).abs() < 1e-6);
    }

    #[test]
    fn places_are_in_pixels_of_the_given_picture() {
        let large = crate::resize(&lit(paper(), (500.0, 200.0), 60.0), 2400, 1500);
        let centre = glare(&large).highlights[0].quad.centre();
        assert!((centre.x - 1500.0).abs() < 30.0 && (centre.y - 600.0).abs() < 30.0, "{centre:?}");
    }

    #[test]
    fn paper_white_margins_and_small_sparkles_are_no_reflections() {
        let white = RgbImage::from_fn(800, 500, |x, y| {
            Rgb([if x % 9 == 0 && y % 30 < 12 { 20 } else { 255 }; 3])
        });
        let mut with_margin = paper();
        with_margin
            .enumerate_pixels_mut()
            .filter(|(x, y, _)| *x < 60 || *y > 440)
            .for_each(|(_, _, p)| p.0 = [255; 3]);
        let sparkle = lit(paper(), (300.0, 300.0), 10.0);
        for picture in
            [paper(), white, with_margin, sparkle, RgbImage::new(0, 0), RgbImage::new(5, 5)]
        {
            assert_eq!(glare(&picture).highlights, []);
        }
    }
}
