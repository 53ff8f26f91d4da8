//! A chart of the core as inline SVG, drawn by plotters, with its legend and the numbers behind it.

use anyhow::anyhow;
use gilscope::chart::{Across, Chart, Form, Mark, Series, Source};
use maud::{Markup, PreEscaped, html};
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::IntoDrawingArea;
use plotters::element::{Circle, ErrorBar, PathElement, Rectangle, Text};
use plotters::prelude::SVGBackend;
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle};

use super::look::{SOFT, colours, hex};
use super::scale::Scale;
use super::table::table;
use crate::print::{columns, sourced};

/// In pixels; the page scales it.
const SIZE: (u32, u32) = (800, 380);
/// Of the room for an x that its bars take.
const BARS: f64 = 0.8;

type Canvas<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<Scale, Scale>>;

/// The chart, its legend, and its numbers.
pub fn figure(chart: &Chart) -> anyhow::Result<Markup> {
    let legend = chart.series.iter().zip(colours(&chart.series));
    Ok(html! {
        figure {
            figcaption { (chart.title) @if !chart.y.label.is_empty() { span { " (" (chart.y.label) ")" } } }
            @if chart.series.len() > 1 {
                ul class="legend" {
                    @for (series, colour) in legend {
                        li {
                            svg width="12" height="12" aria-hidden="true" { rect width="12" height="12" rx="2" fill=(hex(colour)) {} }
                            (sourced(series))
                        }
                    }
                }
            }
            (PreEscaped(svg(chart)?))
            details { summary { "The numbers" } (table(columns(chart))) }
        }
    })
}

/// The drawing itself: what it says stands in the table, so it is hidden from those who cannot see it.
fn svg(chart: &Chart) -> anyhow::Result<String> {
    let mut text = String::new();
    draw(chart, SVGBackend::with_string(&mut text, SIZE))
        .map_err(|error| anyhow!("cannot draw '{}': {error}", chart.title))?;
    Ok(text.replacen("<svg ", r#"<svg class="drawing" aria-hidden="true" "#, 1))
}

fn draw(chart: &Chart, backend: SVGBackend) -> Result<(), Box<dyn std::error::Error>> {
    let area = backend.into_drawing_area();
    let mut canvas = ChartBuilder::on(&area)
        .margin(10)
        .x_label_area_size(44)
        .y_label_area_size(86)
        .build_cartesian_2d(Scale::x(chart), Scale::y(chart))
        .map_err(|error| error.to_string())?;
    axes(chart, &mut canvas)?;
    let colours = colours(&chart.series);
    for (i, (series, colour)) in chart.series.iter().zip(&colours).enumerate() {
        match chart.form {
            Form::Lines => line(chart, &mut canvas, series, *colour)?,
            Form::Bars | Form::Stack => bars(chart, &mut canvas, i, *colour)?,
        }
    }
    references(chart, &mut canvas)?;
    drop(canvas);
    area.present().map_err(|error| error.to_string())?;
    Ok(())
}

fn axes(chart: &Chart, canvas: &mut Canvas) -> Result<(), String> {
    let (x, y) = (Scale::x(chart), Scale::y(chart));
    let font = ("sans-serif", 13).into_font().color(&SOFT);
    let mut mesh = canvas.configure_mesh();
    mesh.axis_style(SOFT).light_line_style(SOFT.mix(0.0)).bold_line_style(SOFT.mix(0.25)).label_style(font);
    mesh.x_desc(&chart.x.label).y_desc(&chart.y.label).x_labels(12).y_labels(7);
    if matches!(x, Scale::Names(..)) {
        mesh.disable_x_mesh();
    }
    let (of_x, of_y) = (|value: &f64| x.label(*value, &chart.x), |value: &f64| y.label(*value, &chart.y));
    mesh.x_label_formatter(&of_x).y_label_formatter(&of_y);
    mesh.draw().map_err(|error| error.to_string())
}

fn line(chart: &Chart, canvas: &mut Canvas, series: &Series, colour: RGBColor) -> Result<(), String> {
    let x = Scale::x(chart);
    let marks: Vec<(f64, &Mark)> =
        series.marks.iter().filter_map(|mark| Some((x.place(&mark.x, chart)?, mark))).collect();
    let points: Vec<(f64, f64)> = marks.iter().map(|(x, mark)| (*x, mark.y)).collect();
    let style = colour.stroke_width(2);
    if series.source == Source::Measured {
        canvas.draw_series(LineSeries::new(points.clone(), style)).map_err(|error| error.to_string())?;
        let dots = points.into_iter().map(|point| Circle::new(point, 3, colour.filled()));
        canvas.draw_series(dots).map_err(|error| error.to_string())?;
    } else {
        canvas.draw_series(DashedLineSeries::new(points, 6, 4, style)).map_err(|error| error.to_string())?;
    }
    intervals(canvas, marks.into_iter(), colour.stroke_width(1))
}

/// The bars of one series, beside those of the others or on top of those before it.
fn bars(chart: &Chart, canvas: &mut Canvas, index: usize, colour: RGBColor) -> Result<(), String> {
    let x = Scale::x(chart);
    let count = if chart.form == Form::Stack { 1 } else { chart.series.len() };
    let width = BARS / count as f64;
    let shift = if chart.form == Form::Stack { 0.0 } else { (index as f64 - (count as f64 - 1.0) / 2.0) * width };
    let series = &chart.series[index];
    let opacity = if series.source == Source::Measured { 1.0 } else { 0.45 };
    let marks: Vec<(f64, &Mark)> =
        series.marks.iter().filter_map(|mark| Some((x.place(&mark.x, chart)? + shift, mark))).collect();
    let bar = |(middle, mark): &(f64, &Mark)| {
        let from = if chart.form == Form::Stack { below(chart, index, mark) } else { 0.0 };
        let reach = width * 0.46;
        Rectangle::new([(middle - reach, from), (middle + reach, from + mark.y)], colour.mix(opacity).filled())
    };
    canvas.draw_series(marks.iter().map(bar)).map_err(|error| error.to_string())?;
    if chart.form == Form::Stack {
        return Ok(());
    }
    intervals(canvas, marks.into_iter(), SOFT.stroke_width(2))
}

/// The height of the stack under a mark.
fn below(chart: &Chart, index: usize, mark: &Mark) -> f64 {
    let before = chart.series[..index].iter().flat_map(|series| &series.marks);
    before.filter(|other| other.x == mark.x).map(|other| other.y).sum()
}

fn intervals<'a>(
    canvas: &mut Canvas,
    marks: impl Iterator<Item = (f64, &'a Mark)>,
    style: ShapeStyle,
) -> Result<(), String> {
    let bar = |(x, mark): (f64, &Mark)| {
        mark.interval.map(|[low, high]| ErrorBar::new_vertical(x, low, mark.y, high, style, 6))
    };
    canvas.draw_series(marks.filter_map(bar)).map_err(|error| error.to_string())?;
    Ok(())
}

/// Lines across the whole chart, each with its name.
fn references(chart: &Chart, canvas: &mut Canvas) -> Result<(), String> {
    use plotters::coord::ranged1d::Ranged;
    let (x, y) = (Scale::x(chart).range(), Scale::y(chart).range());
    for reference in &chart.references {
        let ends = match reference.across {
            Across::Y => [(x.start, reference.at), (x.end, reference.at)],
            Across::X => [(reference.at, y.start), (reference.at, y.end)],
        };
        let name = match reference.across {
            Across::Y => (x.start, reference.at),
            Across::X => (reference.at, y.end),
        };
        let font = ("sans-serif", 12).into_font().color(&SOFT);
        canvas.draw_series([PathElement::new(ends, SOFT.stroke_width(1))]).map_err(|error| error.to_string())?;
        canvas
            .draw_series([Text::new(format!(" {}", reference.label), name, font)])
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}
