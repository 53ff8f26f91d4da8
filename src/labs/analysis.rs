//! What a lab makes of a report.

use crate::chart::Chart;
use crate::report::{Report, Verdict};

/// A lab's charts, and whether its claim holds.
///
/// That is most of a lab's weight, and no run needs it. So a build without the feature `analysis` drops it here, at
/// compile time: the site's module that measures.
#[cfg(feature = "analysis")]
pub struct Analysis {
    charts: fn(&Report) -> Vec<Chart>,
    judge: fn(&Report) -> Option<Verdict>,
}

#[cfg(feature = "analysis")]
impl Analysis {
    pub const fn new(charts: fn(&Report) -> Vec<Chart>, judge: fn(&Report) -> Option<Verdict>) -> Self {
        Self { charts, judge }
    }

    pub fn charts(&self, report: &Report) -> Vec<Chart> {
        (self.charts)(report)
    }

    /// Whether the claim holds by this report; `None` when the report lacks what the rule needs.
    pub fn judge(&self, report: &Report) -> Option<Verdict> {
        (self.judge)(report)
    }

    pub(super) fn add_to(&self, report: &mut Report) {
        report.verdict = self.judge(report);
        report.charts = self.charts(report);
    }
}

#[cfg(not(feature = "analysis"))]
pub struct Analysis;

#[cfg(not(feature = "analysis"))]
impl Analysis {
    pub const fn new(_: fn(&Report) -> Vec<Chart>, _: fn(&Report) -> Option<Verdict>) -> Self {
        Self
    }

    pub(super) fn add_to(&self, _: &mut Report) {}
}
