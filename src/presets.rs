//! Presets: experiments beside the labs that readers want to begin with, as data.

use serde::Serialize;

/// A named experiment.
pub struct Preset {
    pub name: &'static str,
    /// What is to be seen in it, in one sentence.
    pub about: &'static str,
    /// As a link spells them; the rest is the race's on the machine at hand.
    pub fields: &'static [(&'static str, &'static str)],
}

/// What the faces show of a preset.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PresetInfo {
    pub name: String,
    pub about: String,
    pub fields: Vec<(String, String)>,
}

impl Preset {
    pub fn info(&self) -> PresetInfo {
        let fields = self.fields.iter().map(|(name, text)| ((*name).into(), (*text).into()));
        PresetInfo { name: self.name.into(), about: self.about.into(), fields: fields.collect() }
    }
}

/// Every preset, in the order in which lists show them.
pub static ALL: &[Preset] = &[
    Preset {
        name: "Heavy computing",
        about: "long tasks that only compute: what processes cost hardly counts",
        fields: &[("size", "200000000"), ("runs", "3")],
    },
    Preset {
        name: "Many tiny tasks",
        about: "thousands of tasks that each take microseconds: messages count more than the work",
        fields: &[("size", "5000"), ("tasks", "4000"), ("model", "serial,threads,processes")],
    },
    Preset {
        name: "The same, in chunks",
        about: "a hundred of those tasks in one message",
        fields: &[("size", "5000"), ("tasks", "4000"), ("chunk", "100"), ("model", "serial,threads,processes")],
    },
    Preset {
        name: "Only waiting",
        about: "tasks that wait for input or output, and drop the lock while they do",
        fields: &[("workload", "io-wait"), ("workers", "8"), ("model", "serial,threads,processes,event-loop")],
    },
    Preset {
        name: "Half and half",
        about: "tasks that wait for as long as they compute",
        fields: &[("workload", "io-mixed"), ("workers", "4"), ("model", "serial,threads,processes,event-loop")],
    },
    Preset {
        name: "Big data between workers",
        about: "16 MiB go to every task: threads share them, processes get a copy",
        fields: &[("workload", "checksum"), ("size", "16777216"), ("tasks", "8"), ("runs", "3")],
    },
    Preset {
        name: "One request at a time",
        about: "each request goes to a worker that is ready, and one after another is timed",
        fields: &[
            ("size", "2000000"),
            ("tasks", "50"),
            ("workers", "1"),
            ("dispatch", "warm"),
            ("model", "serial,threads,processes"),
        ],
    },
    Preset {
        name: "Tasks of unequal length",
        about: "tiles of a picture, some of which take far longer: whoever is free takes the next",
        fields: &[("workload", "mandelbrot")],
    },
    Preset {
        name: "Code that drops the lock",
        about: "a kernel as in NumPy: its threads compute side by side",
        fields: &[("workload", "matrix-kernel")],
    },
    Preset {
        name: "A hurried lock",
        about: "a switch interval of half a millisecond: threads take turns ten times as often as in Python",
        fields: &[("switch-interval", "0.5"), ("model", "serial,threads")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Experiment;
    use crate::labs::Setting;
    use crate::report::HostKind;

    #[test]
    fn every_preset_can_run_wherever_it_is_and_differs_from_the_race() {
        for preset in ALL {
            for (host, most) in [(HostKind::Browser, 32), (HostKind::Native, 256), (HostKind::Cpython, 256)] {
                for logical_cores in [1, 2, 4, 64] {
                    let setting = Setting { host, logical_cores, quick: false };
                    let experiment = Experiment::from_fields(&setting, preset.fields.iter().copied()).unwrap();
                    assert_eq!(experiment.validate(most), Ok(()), "{}", preset.name);
                    // A field that is no change would be one too many.
                    let beside = experiment.fields_beside(&setting);
                    assert!(!beside.is_empty(), "{}", preset.name);
                }
            }
        }
    }

    #[test]
    fn every_preset_has_a_name_of_its_own_and_one_sentence() {
        for (i, preset) in ALL.iter().enumerate() {
            assert!(ALL[..i].iter().all(|other| other.name != preset.name && other.fields != preset.fields));
            assert!(!preset.about.ends_with('.') && !preset.about.is_empty(), "{}", preset.name);
        }
    }
}
