//! What tells a head from a picture of one: when a flat picture is turned, all of it moves as one
//! plane does. A head's nose moves against its eyes.
//!
//! Only places in the two frames are used. The depths of the mesh are the net's imagination, for a
//! flat picture as for a head.

use bonafide_imaging::Point;

/// Points that are well defined and spread over the face and its depth: corners of the eyes, nose,
/// mouth, cheeks, brows, chin, sides and forehead.
const POINTS: [usize; 36] = [
    33, 133, 159, 145, 362, 263, 386, 374, 1, 2, 4, 5, 6, 168, 197, 98, 327, 61, 291, 0, 17, 13,
    152, 199, 10, 151, 50, 280, 205, 425, 70, 105, 300, 334, 234, 454,
];

/// How badly one plane explains how the face changed: the root mean square distance, in heights of
/// the face, between the points of `to` and those of `from` under the best homography. None where
/// none can be fitted.
pub(super) fn residual(from: &[Point], to: &[Point]) -> Option<f32> {
    let (from, to) = (centred(&chosen(from)?), centred(&chosen(to)?));
    let map = homography(&from, &to)?;
    let squares: f64 = from
        .iter()
        .zip(&to)
        .map(|([x, y], [u, v])| {
            let depth = map[6] * x + map[7] * y + 1.0;
            let (mapped_x, mapped_y) = (
                (map[0] * x + map[1] * y + map[2]) / depth,
                (map[3] * x + map[4] * y + map[5]) / depth,
            );
            (mapped_x - u).powi(2) + (mapped_y - v).powi(2)
        })
        .sum();
    let residual = (squares / from.len() as f64).sqrt() as f32;
    residual.is_finite().then_some(residual)
}

fn pair(point: Point) -> [f64; 2] {
    [f64::from(point.x), f64::from(point.y)]
}

fn chosen(points: &[Point]) -> Option<Vec<[f64; 2]>> {
    POINTS.iter().map(|at| points.get(*at).copied().map(pair)).collect()
}

/// The points moved so that their mean is 0: the equations are better conditioned then.
fn centred(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let count = points.len() as f64;
    let mean = [0, 1].map(|axis| points.iter().map(|point| point[axis]).sum::<f64>() / count);
    points.iter().map(|[x, y]| [x - mean[0], y - mean[1]]).collect()
}

/// The homography of least algebraic error whose last number is 1 (Hartley and Zisserman,
/// "Multiple View Geometry", §4.1), by its normal equations.
fn homography(from: &[[f64; 2]], to: &[[f64; 2]]) -> Option<[f64; 8]> {
    let mut normal = [[0.0; 9]; 8];
    for ([x, y], [u, v]) in from.iter().zip(to) {
        for (row, right) in [
            ([*x, *y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u),
            ([0.0, 0.0, 0.0, *x, *y, 1.0, -v * x, -v * y], v),
        ] {
            for (equation, factor) in normal.iter_mut().zip(row) {
                equation.iter_mut().zip(row).for_each(|(sum, other)| *sum += factor * other);
                equation[8] += factor * right;
            }
        }
    }
    solve(normal)
}

/// Gauss's elimination with pivots.
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot =
            (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        if rows[column][column].abs() < 1e-12 {
            return None;
        }
        let pivot = rows[column];
        for (_, row) in rows.iter_mut().enumerate().filter(|(index, _)| *index != column) {
            let share = row[column] / pivot[column];
            row.iter_mut().zip(pivot).for_each(|(number, own)| *number -= share * own);
        }
    }
    Some(std::array::from_fn(|row| rows[row][8] / rows[row][row]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::POINTS as MESH_POINTS;

    /// Points on a plane, or on a bowl that is bent by so much, turned and seen from a distance.
    fn seen(bend: f32, yaw: f32) -> Vec<Point> {
        let (sin, cos) = yaw.to_radians().sin_cos();
        (0..MESH_POINTS)
            .map(|index| {
                let angle = index as f32 * 2.4;
                let radius = 0.5 * (index as f32 / MESH_POINTS as f32).sqrt();
                let (x, y) = (radius * angle.cos(), radius * angle.sin());
                let z = bend * (x * x + y * y);
                let (x, z) = (cos * x - sin * z, cos * z + sin * x);
                let depth = 4.0 + z;
                Point::new(4.0 * x / depth, 4.0 * y / depth)
            })
            .collect()
    }

    #[test]
    fn a_plane_is_explained_and_a_bowl_is_not() {
        let flat = residual(&seen(0.0, 0.0), &seen(0.0, 30.0)).unwrap();
        let bent = residual(&seen(1.2, 0.0), &seen(1.2, 30.0)).unwrap();
        assert!(flat < 1e-4, "{flat}");
        assert!(bent > 0.02, "{bent}");
    }

    #[test]
    fn points_that_are_all_one_have_no_residual() {
        let one = vec![Point::new(0.3, 0.3); MESH_POINTS];
        assert_eq!(residual(&one, &one), None);
        assert_eq!(residual(&[], &one), None);
    }
}
