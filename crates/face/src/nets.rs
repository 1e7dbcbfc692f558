//! A net that looks at square pictures of one size.

use std::sync::Arc;

use bonafide_domain::evidence::ModelIdentity;
use bonafide_models::{Channels, Library, Net, Side};
use image::RgbImage;

use crate::Error;

pub(crate) struct PictureNet {
    role: &'static str,
    net: Arc<Net>,
    channels: Channels,
    /// `(value / 255 - mean) / deviation` of each plane, for every byte.
    curves: Vec<[f32; 256]>,
    /// The side of its pictures, in pixels, or what their sides are multiples of.
    pub(crate) side: u32,
    is_free: bool,
    pub(crate) identity: ModelIdentity,
}

impl PictureNet {
    pub(crate) fn open(library: &Library, role: &'static str) -> Result<Self, Error> {
        let net = library.net(role)?;
        let input = &library.entry(role)?.input;
        let (side, is_free) = match (input.height, input.width) {
            (Side::Exactly(height), Side::Exactly(width)) if height == width => (height, false),
            (Side::MultipleOf(height), Side::MultipleOf(width)) if height == width => {
                (height, true)
            }
            _ => return Err(Error::OtherInput { role }),
        };
        let curve = |(mean, deviation): (&f32, &f32)| {
            std::array::from_fn(|byte| (byte as f32 / 255.0 - mean) / deviation)
        };
        let model = library.model(role)?;
        Ok(Self {
            role,
            net,
            channels: input.channels,
            curves: input.mean.iter().zip(&input.deviation).map(curve).collect(),
            side,
            is_free,
            identity: ModelIdentity { id: model.id, sha256: model.sha256 },
        })
    }

    /// Whether it takes pictures of more than one size.
    pub(crate) fn is_free(&self) -> bool {
        self.is_free
    }

    /// Runs the net on pictures of its size, all of one; `expected` numbers for each, one after the
    /// other.
    pub(crate) fn run(&self, pictures: &[&RgbImage], expected: usize) -> Result<Vec<f32>, Error> {
        let (data, shape) = self.input(pictures);
        let output = self.net.run(&data, shape)?.data;
        self.check(output.len(), expected * pictures.len())?;
        Ok(output)
    }

    /// Runs the net on one picture, for the outputs of these names and lengths.
    pub(crate) fn run_for<const N: usize>(
        &self,
        picture: &RgbImage,
        names: [&str; N],
        lengths: [usize; N],
    ) -> Result<[Vec<f32>; N], Error> {
        let (data, shape) = self.input(&[picture]);
        let outputs = self.net.run_for(&data, shape, names)?.map(|output| output.data);
        for (output, expected) in outputs.iter().zip(lengths) {
            self.check(output.len(), expected)?;
        }
        Ok(outputs)
    }

    fn check(&self, computed: usize, expected: usize) -> Result<(), Error> {
        if computed == expected {
            Ok(())
        } else {
            Err(Error::OtherOutput { role: self.role, computed, expected })
        }
    }

    /// The numbers of all pictures, and their shape.
    fn input(&self, pictures: &[&RgbImage]) -> (Vec<f32>, [usize; 4]) {
        let (width, height) = pictures.first().map_or((0, 0), |picture| picture.dimensions());
        let (width, height) = (width as usize, height as usize);
        let mut data = Vec::with_capacity(pictures.len() * self.curves.len() * width * height);
        for picture in pictures {
            debug_assert!(self.takes(picture), "{:?}", picture.dimensions());
            self.planes(picture, &mut data);
        }
        (data, [pictures.len(), self.curves.len(), height, width])
    }

    fn takes(&self, picture: &RgbImage) -> bool {
        let fits = |side: u32| {
            if self.is_free { side.is_multiple_of(self.side) } else { side == self.side }
        };
        fits(picture.width()) && fits(picture.height())
    }

    fn planes(&self, picture: &RgbImage, data: &mut Vec<f32>) {
        for (plane, curve) in self.curves.iter().enumerate() {
            match self.channels {
                Channels::Gray => {
                    let gray = bonafide_imaging::gray(picture);
                    data.extend(gray.as_raw().iter().map(|byte| curve[usize::from(*byte)]));
                }
                Channels::Rgb | Channels::Bgr => {
                    let channel = if self.channels == Channels::Rgb { plane } else { 2 - plane };
                    let bytes = picture.as_raw().iter().skip(channel).step_by(3);
                    data.extend(bytes.map(|byte| curve[usize::from(*byte)]));
                }
            }
        }
    }
}
