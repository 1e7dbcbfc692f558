use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{GrayImage, ImageBuffer, Luma, Pixel, Rgb, RgbImage, imageops};

/// The pixels that pictures are made of here: `Rgb<u8>` and `Luma<u8>`.
pub trait Samples: Pixel<Subpixel = u8> + private::Sealed {
    #[doc(hidden)]
    const PIXEL_TYPE: PixelType;
}

impl Samples for Rgb<u8> {
    const PIXEL_TYPE: PixelType = PixelType::U8x3;
}

impl Samples for Luma<u8> {
    const PIXEL_TYPE: PixelType = PixelType::U8;
}

mod private {
    pub trait Sealed {}
    impl Sealed for image::Rgb<u8> {}
    impl Sealed for image::Luma<u8> {}
}

/// The picture turned clockwise by quarter turns; 4 is 0.
pub fn turn<P: Samples + 'static>(
    picture: &ImageBuffer<P, Vec<u8>>,
    quarter_turns: u8,
) -> ImageBuffer<P, Vec<u8>> {
    match quarter_turns % 4 {
        0 => picture.clone(),
        1 => imageops::rotate90(picture),
        2 => imageops::rotate180(picture),
        _ => imageops::rotate270(picture),
    }
}

/// Luma, weighted by BT.709.
pub fn gray(picture: &RgbImage) -> GrayImage {
    imageops::grayscale(picture)
}

/// The picture in another size; sides of 0 become 1. Cubic (Catmull-Rom), averaged over the source where it shrinks.
pub fn resize<P: Samples>(
    picture: &ImageBuffer<P, Vec<u8>>,
    width: u32,
    height: u32,
) -> ImageBuffer<P, Vec<u8>> {
    if picture.dimensions() == (width.max(1), height.max(1)) {
        return picture.clone();
    }
    resize_part(picture, [0, 0, picture.width(), picture.height()], width, height)
}

/// A part of the picture in another size, without a copy of the part. `part` is left, top, right and
/// bottom in pixels; what reaches out of the picture is left away, and at an edge within it the pixels
/// beyond count too. Sides of 0 become 1.
pub fn resize_part<P: Samples>(
    picture: &ImageBuffer<P, Vec<u8>>,
    part: [u32; 4],
    width: u32,
    height: u32,
) -> ImageBuffer<P, Vec<u8>> {
    const AGREES: &str = "a picture's buffer agrees with its size and pixel type";
    let (width, height) = (width.max(1), height.max(1));
    let [left, top] = [part[0].min(picture.width()), part[1].min(picture.height())];
    let across = part[2].min(picture.width()).saturating_sub(left);
    let down = part[3].min(picture.height()).saturating_sub(top);
    if across == 0 || down == 0 {
        return ImageBuffer::new(width, height);
    }
    let source = ImageRef::new(picture.width(), picture.height(), picture.as_raw(), P::PIXEL_TYPE)
        .expect(AGREES);
    let mut target = Image::new(width, height, P::PIXEL_TYPE);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom))
        .crop(f64::from(left), f64::from(top), f64::from(across), f64::from(down));
    Resizer::new().resize(&source, &mut target, &options).expect(AGREES);
    ImageBuffer::from_raw(width, height, target.into_vec()).expect(AGREES)
}

/// The picture shrunk or enlarged to this width, its proportions kept.
pub fn fit_width<P: Samples>(
    picture: &ImageBuffer<P, Vec<u8>>,
    width: u32,
) -> ImageBuffer<P, Vec<u8>> {
    let height = f64::from(picture.height()) * f64::from(width) / f64::from(picture.width().max(1));
    resize(picture, width, height.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_files::{black_corner, textured};

    #[test]
    fn turning_is_clockwise() {
        let picture = black_corner(40, 20).into_rgb8();
        let turned = turn(&picture, 1);
        assert_eq!(turned.dimensions(), (20, 40));
        assert_eq!(turned.get_pixel(19, 0).0, [0; 3]);
        assert_eq!(turn(&turned, 3), picture);
        assert_eq!(turn(&turn(&picture, 2), 6), picture);
    }

    #[test]
    fn resizing_keeps_what_is_where() {
        let picture = black_corner(160, 80).into_rgb8();
        let half = resize(&picture, 80, 40);
        assert_eq!(half.dimensions(), (80, 40));
        assert!(half.get_pixel(1, 1)[0] < 16 && half.get_pixel(40, 20)[0] > 239);
        assert_eq!(fit_width(&gray(&picture), 320).dimensions(), (320, 160));
        assert_eq!(resize(&picture, 160, 80), picture);
    }

    /// What reaches over the part's edge is seen; a copy of the part has nothing there.
    #[test]
    fn a_part_is_resized_as_its_copy_is_but_for_its_edge() {
        const EDGE: u32 = 2;
        let picture = textured(90, 70);
        for ([left, top, right, bottom], width, height) in
            [([20, 10, 70, 50], 25, 20), ([60, 50, 900, 800], 15, 10)]
        {
            let [across, down] = [right.min(90) - left, bottom.min(70) - top];
            let copy = imageops::crop_imm(&picture, left, top, across, down).to_image();
            let part = resize_part(&picture, [left, top, right, bottom], width, height);
            let copy = resize(&copy, width, height);
            assert_eq!(part.dimensions(), (width, height));
            for (x, y, pixel) in part.enumerate_pixels() {
                let inner = (EDGE..width - EDGE).contains(&x) && (EDGE..height - EDGE).contains(&y);
                assert!(!inner || pixel == copy.get_pixel(x, y), "at {x}, {y}");
            }
        }
        assert_eq!(resize_part(&picture, [90, 0, 95, 5], 3, 3), RgbImage::new(3, 3));
    }

    #[test]
    fn no_size_is_too_odd() {
        let picture = textured(3, 7);
        assert_eq!(resize(&picture, 0, 0).dimensions(), (1, 1));
        assert_eq!(fit_width(&textured(900, 1), 3).dimensions(), (3, 1));
        assert_eq!(resize(&RgbImage::new(0, 0), 4, 4).dimensions(), (4, 4));
    }
}
