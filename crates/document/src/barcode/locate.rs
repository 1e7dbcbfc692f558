//! Places that look like bars: many steep edges that all run the same way.

use bonafide_imaging::{Point, Quad, warp};
use image::GrayImage;

/// Blocks across the longer side of the picture.
const BLOCKS: u32 = 96;

/// A block has at least this many pixels a side, so that it sees several bars.
const SMALLEST_BLOCK: u32 = 8;

/// Mean squared gradient (of levels between neighbours) that bars have even where they are pale.
const FAINTEST_EDGES: f32 = 60.0;

/// Share of the gradient's energy that runs one way: 0 for all ways alike, 1 for parallel lines. Bars come to about
/// a half where rows are three modules high, since the ends of the rows are edges too.
const LEAST_COHERENCE: f32 = 0.2;

/// Neighbouring blocks belong together while their bars turn by no more than this, in radians.
const LARGEST_TURN: f32 = 0.3;

/// The smallest symbol worth an attempt, in blocks.
const FEWEST_BLOCKS: usize = 6;

/// The direction across the bars of one block: twice its angle, so that opposite ones agree.
#[derive(Clone, Copy)]
struct Block {
    x: u32,
    y: u32,
    double_angle: f32,
}

/// Sums of squared differences between neighbours, to the right and down, and of their product.
#[derive(Clone, Copy, Default)]
struct Gradient {
    across: f32,
    down: f32,
    mixed: f32,
}

/// Quads around what may be a symbol, largest first, upright up to half a turn.
pub(super) fn candidates(picture: &GrayImage, at_most: usize) -> Vec<Quad> {
    let longer = picture.width().max(picture.height());
    let side = longer.div_ceil(BLOCKS).max(SMALLEST_BLOCK);
    let (columns, rows) = (picture.width() / side, picture.height() / side);
    let places = || (0..rows).flat_map(move |y| (0..columns).map(move |x| (x, y)));
    let gradients: Vec<Gradient> =
        places().map(|(x, y)| gradient(picture, (x * side, y * side), (side, side))).collect();
    let mut grid: Vec<Option<Block>> =
        places().map(|(x, y)| block(&gradients, (columns, rows), x, y)).collect();
    let mut groups = groups(&mut grid, columns, rows);
    groups.retain(|group| group.len() >= FEWEST_BLOCKS);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let quads = groups.iter().take(at_most).map(|group| quad(group, side as f32));
    quads.map(|place| straightened(picture, place)).collect()
}

/// The mean over a part of the picture, of at least two pixels a side.
fn gradient(picture: &GrayImage, (left, top): (u32, u32), (width, height): (u32, u32)) -> Gradient {
    let (mut across, mut down, mut mixed) = (0_i64, 0_i64, 0_i64);
    let stride = picture.width() as usize;
    let pixels = picture.as_raw();
    let (left, top) = (left as usize, top as usize);
    let (width, height) = (width as usize, height as usize);
    for y in top..top + height - 1 {
        let line = &pixels[y * stride + left..][..width];
        let below = &pixels[(y + 1) * stride + left..][..width];
        for x in 0..line.len() - 1 {
            // Both differences at the same place, between four pixels: taken at two places, those of narrow bars no
            // longer go together, and the direction leans towards the picture's axes.
            let [here, right, under, aslant] =
                [line[x], line[x + 1], below[x], below[x + 1]].map(i64::from);
            let (dx, dy) = (right - here + aslant - under, under - here + aslant - right);
            across += dx * dx;
            down += dy * dy;
            mixed += dx * dy;
        }
    }
    // Each difference was taken twice, each product is of two.
    let mean = |sum: i64| sum as f32 / (4 * (width - 1) * (height - 1)) as f32;
    Gradient { across: mean(across), down: mean(down), mixed: mean(mixed) }
}

/// The structure tensor around a block, if it has energy of its own and its surroundings agree on a direction.
fn block(gradients: &[Gradient], (columns, rows): (u32, u32), x: u32, y: u32) -> Option<Block> {
    let own = gradients[(y * columns + x) as usize];
    (own.across + own.down > FAINTEST_EDGES).then_some(())?;
    let mut sum = Gradient::default();
    for y in y.saturating_sub(1)..=(y + 1).min(rows - 1) {
        for x in x.saturating_sub(1)..=(x + 1).min(columns - 1) {
            let near = gradients[(y * columns + x) as usize];
            sum.across += near.across;
            sum.down += near.down;
            sum.mixed += near.mixed;
        }
    }
    let (difference, mixed) = (sum.across - sum.down, 2.0 * sum.mixed);
    let is_bars = difference.hypot(mixed) > LEAST_COHERENCE * (sum.across + sum.down);
    is_bars.then(|| Block { x, y, double_angle: mixed.atan2(difference) })
}

/// Blocks that touch and whose bars run alike; empties the grid.
fn groups(grid: &mut [Option<Block>], columns: u32, rows: u32) -> Vec<Vec<Block>> {
    let mut groups = Vec::new();
    for start in 0..grid.len() {
        let Some(seed) = grid[start].take() else { continue };
        let mut group = vec![seed];
        let mut next = 0;
        while next < group.len() {
            let from = group[next];
            next += 1;
            for y in from.y.saturating_sub(1)..=(from.y + 1).min(rows - 1) {
                for x in from.x.saturating_sub(1)..=(from.x + 1).min(columns - 1) {
                    let place = &mut grid[(y * columns + x) as usize];
                    if let Some(block) = place.take_if(|block| runs_like(block, &from)) {
                        group.push(block);
                    }
                }
            }
        }
        groups.push(group);
    }
    groups
}

fn runs_like(a: &Block, b: &Block) -> bool {
    let turn = (a.double_angle - b.double_angle).abs();
    turn.min(std::f32::consts::TAU - turn) <= 2.0 * LARGEST_TURN
}

/// The rectangle around a group in the direction of its bars, with room for what its rim has lost.
fn quad(group: &[Block], side: f32) -> Quad {
    let (sine, cosine) = group.iter().fold((0.0_f32, 0.0_f32), |(sine, cosine), block| {
        (sine + block.double_angle.sin(), cosine + block.double_angle.cos())
    });
    let angle = sine.atan2(cosine) / 2.0;
    let (along, down) = ((angle.cos(), angle.sin()), (-angle.sin(), angle.cos()));
    let mut bounds = [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY];
    for block in group {
        let (x, y) = ((block.x as f32 + 0.5) * side, (block.y as f32 + 0.5) * side);
        let (u, v) = (x * along.0 + y * along.1, x * down.0 + y * down.1);
        bounds = [bounds[0].min(u), bounds[1].max(u), bounds[2].min(v), bounds[3].max(v)];
    }
    let room = 2.0 * side;
    let [first, last, top, bottom] =
        [bounds[0] - room, bounds[1] + room, bounds[2] - room, bounds[3] + room];
    let corner = |u: f32, v: f32| Point::new(u * along.0 + v * down.0, u * along.1 + v * down.1);
    Quad([corner(first, top), corner(last, top), corner(last, bottom), corner(first, bottom)])
}

/// The place turned until its bars stand upright. Between pixels the direction of narrow bars can only be guessed, and
/// the guess errs by some degrees, the less the straighter they stand.
fn straightened(picture: &GrayImage, place: Quad) -> Quad {
    const ROUNDS: usize = 2;
    (0..ROUNDS).fold(place, |place, _| {
        let core = place.grown(-0.5);
        let (width, height) = (core.width() as u32, core.height() as u32);
        let bars = warp(picture, &core, width.max(2), height.max(2));
        let Gradient { across, down, mixed } = gradient(&bars, (0, 0), bars.dimensions());
        turned(&place, (2.0 * mixed).atan2(across - down) / 2.0)
    })
}

/// Turned clockwise around its centre, by an angle in radians.
fn turned(quad: &Quad, angle: f32) -> Quad {
    let (sine, cosine) = angle.sin_cos();
    let centre = quad.centre();
    Quad(quad.0.map(|at| {
        let (x, y) = (at.x - centre.x, at.y - centre.y);
        Point::new(centre.x + x * cosine - y * sine, centre.y + x * sine + y * cosine)
    }))
}
