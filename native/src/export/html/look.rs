//! Colours that are told from the paper of a light and of a dark page.

use gilscope::chart::{Series, Source};
use plotters::style::RGBColor;

const MODELS: [(&str, RGBColor); 5] = [
    ("free-threads", RGBColor(0x1f, 0x9c, 0x74)),
    ("serial", RGBColor(0x7d, 0x88, 0x94)),
    ("threads", RGBColor(0xe0, 0x66, 0x1a)),
    ("processes", RGBColor(0x2f, 0x88, 0xcf)),
    ("event-loop", RGBColor(0xcf, 0x5a, 0x8f)),
];
const OTHERS: [RGBColor; 6] = [
    RGBColor(0x2f, 0x88, 0xcf),
    RGBColor(0xe0, 0x66, 0x1a),
    RGBColor(0x1f, 0x9c, 0x74),
    RGBColor(0xcf, 0x5a, 0x8f),
    RGBColor(0xa3, 0x7a, 0x1e),
    RGBColor(0x8d, 0x62, 0xc4),
];
/// Of axes and lines across.
pub const SOFT: RGBColor = RGBColor(0x80, 0x88, 0x90);

/// The colour of each series: a model's own, as long as no two series are of one model.
pub fn colours(series: &[Series]) -> Vec<RGBColor> {
    let model = |name: &str| MODELS.into_iter().find(|(model, _)| name.starts_with(model)).map(|(_, colour)| colour);
    let measured = || series.iter().filter(|series| series.source == Source::Measured);
    let own: Vec<_> = measured().map(|series| model(&series.name)).collect();
    let apart = own.iter().enumerate().all(|(i, colour)| colour.is_some() && !own[..i].contains(colour));
    let colour = |(i, series): (usize, &Series)| match model(&series.name) {
        Some(colour) if apart => colour,
        _ => OTHERS[i % OTHERS.len()],
    };
    series.iter().enumerate().map(colour).collect()
}

/// `#2f88cf`
pub fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
