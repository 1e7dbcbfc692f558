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
    /// The side of its pictures, in pixels.
    pub(crate) side: u32,
    pub(crate) identity: ModelIdentity,
}

impl PictureNet {
    pub(crate) fn open(library: &Library, role: &'static str) -> Result<Self, Error> {
        let net = library.net(role)?;
        let input = &library.entry(role)?.input;
        let (Side::Exactly(side), true) = (input.height, input.height == input.width) else {
            return Err(Error::OtherInput { role });
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
            identity: ModelIdentity { id: model.id, sha256: model.sha256 },
        })
    }

    /// Runs the net on pictures of its size; `expected` numbers for each, one after the other.
    pub(crate) fn run(&self, pictures: &[&RgbImage], expected: usize) -> Result<Vec<f32>, Error> {
        let side = self.side as usize;
        let mut data = Vec::with_capacity(pictures.len() * self.curves.len() * side * side);
        for picture in pictures {
            debug_assert_eq!(picture.dimensions(), (self.side, self.side));
            self.planes(picture, &mut data);
        }
        let shape = [pictures.len(), self.curves.len(), side, side];
        let output = self.net.run(&data, shape)?.data;
        let expected = expected * pictures.len();
        if output.len() == expected {
            Ok(output)
        } else {
            Err(Error::OtherOutput { role: self.role, computed: output.len(), expected })
        }
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
