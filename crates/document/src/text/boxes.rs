//! From a map of how likely each pixel is text to rectangles around lines: the post-processing of
//! Liao et al. 2020, "Real-time Scene Text Detection with Differentiable Binarization".

use std::collections::BTreeMap;

use bonafide_imaging::Point;

use super::rectangle::Rectangle;

/// Pixels more likely than this are text.
const TEXT: f32 = 0.3;
/// The mean over a rectangle of text is at least this.
const SURE: f32 = 0.6;
/// Narrower regions, in pixels, are specks.
const LEAST_REGION: f32 = 3.0;
/// The net marks the cores of lines: rectangles grow on all sides by their area times this over
/// their perimeter (the paper's unclip ratio).
const GROWTH: f32 = 1.5;

/// How likely each pixel is text, 0 to 1, row by row.
pub(super) struct Map {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Map {
    fn is_text(&self, index: usize) -> bool {
        self.values[index] > TEXT
    }

    /// The pixel and its up to eight neighbours.
    fn around(&self, index: usize) -> impl Iterator<Item = usize> + use<> {
        let (width, x, y) = (self.width, index % self.width, index / self.width);
        let columns = x.saturating_sub(1)..=(x + 1).min(width - 1);
        let mut rows = y.saturating_sub(1)..=(y + 1).min(self.height - 1);
        std::iter::from_fn(move || rows.next())
            .flat_map(move |row| columns.clone().map(move |column| row * width + column))
    }

    /// The mean over the pixels whose centres lie in the rectangle.
    fn mean_within(&self, rectangle: &Rectangle) -> f32 {
        let [left, top, right, bottom] = rectangle.quad().bounds();
        let (columns, rows) = (range(left, right, self.width), range(top, bottom, self.height));
        let (mut sum, mut count) = (0.0, 0);
        for y in rows {
            for x in columns.clone() {
                if rectangle.contains(Point::new(x as f32 + 0.5, y as f32 + 0.5)) {
                    sum += self.values[y * self.width + x];
                    count += 1;
                }
            }
        }
        if count == 0 { 0.0 } else { sum / count as f32 }
    }
}

/// The lines of text of a map, in the map's pixels, the largest first.
pub(super) fn lines(map: &Map) -> Vec<Rectangle> {
    let mut lines: Vec<Rectangle> = (regions(map).iter())
        .filter_map(|outline| Rectangle::around(outline))
        .filter(|core| core.width.min(core.height) >= LEAST_REGION && map.mean_within(core) >= SURE)
        .map(grown)
        .collect();
    lines.sort_by(|a, b| b.area().total_cmp(&a.area()));
    lines
}

fn grown(core: Rectangle) -> Rectangle {
    let by = core.area() * GROWTH / (2.0 * (core.width + core.height));
    Rectangle { width: core.width + 2.0 * by, height: core.height + 2.0 * by, ..core }
}

/// The connected regions of text, each as points whose hull is the region's.
fn regions(map: &Map) -> Vec<Vec<Point>> {
    let mut is_seen = vec![false; map.values.len()];
    let mut regions = Vec::new();
    for start in 0..map.values.len() {
        if map.is_text(start) && !is_seen[start] {
            regions.push(region(map, &mut is_seen, start));
        }
    }
    regions
}

fn region(map: &Map, is_seen: &mut [bool], start: usize) -> Vec<Point> {
    let mut ends: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut open = vec![start];
    is_seen[start] = true;
    while let Some(index) = open.pop() {
        let (x, y) = (index % map.width, index / map.width);
        let row = ends.entry(y).or_insert((x, x));
        *row = (row.0.min(x), row.1.max(x));
        for neighbour in map.around(index) {
            if map.is_text(neighbour) && !is_seen[neighbour] {
                is_seen[neighbour] = true;
                open.push(neighbour);
            }
        }
    }
    ends.into_iter().flat_map(|(y, (first, last))| pixel_corners(y, first, last)).collect()
}

fn pixel_corners(y: usize, first: usize, last: usize) -> [Point; 4] {
    let (top, left, right) = (y as f32, first as f32, (last + 1) as f32);
    [(left, top), (right, top), (left, top + 1.0), (right, top + 1.0)]
        .map(|(x, y)| Point::new(x, y))
}

/// The pixels from one coordinate to another, within a side of the map.
fn range(from: f32, to: f32, side: usize) -> std::ops::Range<usize> {
    // Casts from floats saturate.
    from.floor() as usize..(to.ceil() as usize).min(side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(width: usize, height: usize, value: impl Fn(usize, usize) -> f32) -> Map {
        let values = (0..width * height).map(|i| value(i % width, i / width)).collect();
        Map { width, height, values }
    }

    #[test]
    fn a_line_grows_from_its_core() {
        let map =
            map(
                100,
                60,
                |x, y| if (20..80).contains(&x) && (20..30).contains(&y) { 0.9 } else { 0.1 },
            );
        let [line] = lines(&map)[..] else { panic!("one line") };
        // 60 by 10: 600 * 1.5 / 140 on each side.
        assert!((line.width - 72.857).abs() < 0.01 && (line.height - 22.857).abs() < 0.01);
        let centre = line.quad().centre();
        assert!(centre.distance(Point::new(50.0, 25.0)) < 0.01);
    }

    #[test]
    fn faint_lines_and_specks_are_left_out() {
        let faint = map(50, 50, |x, y| if x > 10 && (20..30).contains(&y) { 0.5 } else { 0.0 });
        assert!(lines(&faint).is_empty());
        let specks = map(50, 50, |x, y| if x % 4 < 2 && y % 4 < 2 { 1.0 } else { 0.0 });
        assert!(lines(&specks).is_empty());
    }

    #[test]
    fn lines_that_do_not_touch_are_two_the_larger_first() {
        let map = map(80, 60, |x, y| match (x, y) {
            (10..30, 10..18) | (10..70, 30..38) => 1.0,
            _ => 0.0,
        });
        let lines = lines(&map);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].width > lines[1].width);
    }

    proptest! {
        #[test]
        fn no_map_panics(width in 1_usize..24, values in proptest::collection::vec(-1.0_f32..2.0, 0..400)) {
            let height = values.len() / width;
            let map = Map { width, height, values: values[..width * height].to_vec() };
            for line in lines(&map) {
                prop_assert!(line.width >= LEAST_REGION && line.height >= LEAST_REGION);
            }
        }
    }
}
