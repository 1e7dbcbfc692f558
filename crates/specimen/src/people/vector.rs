//! Vectors of three, and noise.

pub(super) type Vector = [f32; 3];

pub(super) fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(super) fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(super) fn scale(a: Vector, by: f32) -> Vector {
    a.map(|side| side * by)
}

pub(super) fn dot(a: Vector, b: Vector) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn length(a: Vector) -> f32 {
    dot(a, a).sqrt()
}

pub(super) fn unit(a: Vector) -> Vector {
    scale(a, 1.0 / length(a).max(1e-9))
}

pub(super) fn mix(a: Vector, b: Vector, share: f32) -> Vector {
    add(scale(a, 1.0 - share), scale(b, share))
}

/// A bump of height 1 at 0.
pub(super) fn bump(x: f32, width: f32) -> f32 {
    (-(x / width) * (x / width)).exp()
}

/// A step from 0 to 1 with soft ends.
pub(super) fn step(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Value noise between -1 and 1, the same on every machine.
pub(super) fn noise(p: Vector, seed: u32) -> f32 {
    let cell = p.map(f32::floor);
    let f: Vector = std::array::from_fn(|axis| step(0.0, 1.0, p[axis] - cell[axis]));
    let at = |dx: i32, dy: i32, dz: i32| {
        let hash = (cell[0] as i32 + dx).wrapping_mul(374_761_393)
            ^ (cell[1] as i32 + dy).wrapping_mul(668_265_263)
            ^ (cell[2] as i32 + dz).wrapping_mul(1_274_126_177)
            ^ (seed as i32).wrapping_mul(974_634_777);
        let hash = ((hash ^ (hash >> 13)) as u32).wrapping_mul(1_274_126_177);
        ((hash ^ (hash >> 16)) & 0xffff) as f32 / 32_767.5 - 1.0
    };
    let between = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let plane = |dz| {
        between(
            between(at(0, 0, dz), at(1, 0, dz), f[0]),
            between(at(0, 1, dz), at(1, 1, dz), f[0]),
            f[1],
        )
    };
    between(plane(0), plane(1), f[2])
}
