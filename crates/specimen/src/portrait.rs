//! A drawn head that is nobody's: shapes, not a likeness.

use rand::RngExt;

use crate::seed::{pick, random};

/// The holder's picture, `width` millimetres wide and 1.28 times as high; its ground has the id `portrait`.
pub(crate) fn portrait((left, top): (f32, f32), width: f32, seed: u64) -> String {
    let random = &mut random(seed, "portrait");
    let skin = pick(random, &["#f1cfb4", "#e3b18c", "#c98f66", "#9a6440", "#6f452b"]);
    let hair = pick(random, &["#2b211c", "#4c3524", "#7d5a35", "#b08a52", "#8c8c90"]);
    let clothes = pick(random, &["#2f3f5c", "#54364a", "#37504a", "#4a4a52"]);
    let long_hair = random.random_ratio(1, 2);
    let face = random.random_range(20.5..24.0_f32);
    let smile = random.random_range(0.5..3.0_f32);
    let behind = if long_hair {
        format!("<path d=\"M22 58C18 20 82 20 78 58L80 98H20Z\" fill=\"{hair}\"/>")
    } else {
        String::new()
    };
    format!(
        "<clipPath id=\"portrait-edge\"><rect width=\"100\" height=\"128\"/></clipPath>\
         <g transform=\"translate({left} {top}) scale({})\" clip-path=\"url(#portrait-edge)\">\
         <rect id=\"portrait\" width=\"100\" height=\"128\" fill=\"#dfe4e8\"/>\
         <g transform=\"translate(-10 -22) scale(1.2)\">{behind}\
         <path d=\"M8 128C10 100 30 96 42 92H58C70 96 90 100 92 128Z\" fill=\"{clothes}\"/>\
         <path d=\"M41 78V94C45 101 55 101 59 94V78Z\" fill=\"{skin}\"/><path d=\"M41 84C46 91 54 91 59 84V80H41Z\" fill=\"#000\" fill-opacity=\"0.14\"/>\
         <ellipse cx=\"27.5\" cy=\"60\" rx=\"3.4\" ry=\"6\" fill=\"{skin}\"/><ellipse cx=\"72.5\" cy=\"60\" rx=\"3.4\" ry=\"6\" fill=\"{skin}\"/>\
         <ellipse cx=\"50\" cy=\"58\" rx=\"{face}\" ry=\"29\" fill=\"{skin}\"/>\
         <path d=\"M25 56C19 18 81 18 75 56C70 42 62 37 50 38C38 37 30 42 26 54Z\" fill=\"{hair}\"/>\
         <g fill=\"none\" stroke=\"{hair}\" stroke-width=\"1.7\" stroke-linecap=\"round\"><path d=\"M35 50.5Q40 47.5 45 50.5\"/><path d=\"M55 50.5Q60 47.5 65 50.5\"/></g>\
         <g fill=\"#fdfdfd\"><ellipse cx=\"40.5\" cy=\"56.5\" rx=\"4.2\" ry=\"2.3\"/><ellipse cx=\"59.5\" cy=\"56.5\" rx=\"4.2\" ry=\"2.3\"/></g>\
         <g fill=\"#3a2f2a\"><circle cx=\"40.5\" cy=\"56.5\" r=\"2\"/><circle cx=\"59.5\" cy=\"56.5\" r=\"2\"/></g>\
         <g fill=\"none\" stroke=\"#5b3a2c\" stroke-opacity=\"0.6\" stroke-linecap=\"round\"><path stroke-width=\"1.3\" d=\"M49.5 57L47 67.5Q50 69.5 53 67.5\"/><path stroke-width=\"1.8\" d=\"M42.5 75Q50 {} 57.5 75\"/></g></g></g>",
        width / 100.0,
        75.0 + smile
    )
}
