//! What feeds the processor, how it is governed, and whether its clock is held down: as Linux tells it.

use std::fs;
use std::path::{Path, PathBuf};

use gilscope::report::{Warning, WarningCode};

/// A clock that may not reach this share of the processor's best is held down.
const HELD_DOWN: f64 = 0.95;

/// What the system tells of power and heat below a folder: `/sys`, or what stands for it in a test.
pub struct Power {
    root: PathBuf,
    /// How often the processor had become too hot, at the last look.
    throttled: Option<u64>,
}

impl Power {
    pub fn look(root: &Path) -> Self {
        Self { throttled: throttled(root), root: root.into() }
    }

    /// "on battery", "governor powersave"; `None` where neither is known.
    pub fn words(&self) -> Option<String> {
        let governor = line(&self.root.join("devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        let governor = governor.map(|governor| format!("governor {governor}"));
        let words: Vec<_> = [governor, supply(&self.root)].into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// Before the run: a clock that is held down, by settings or by heat.
    pub fn held_down(&self) -> Option<Warning> {
        let clock = |name| number(&self.root.join("devices/system/cpu/cpu0/cpufreq").join(name));
        let (allowed, best) = (clock("scaling_max_freq")?, clock("cpuinfo_max_freq")?);
        (allowed < best * HELD_DOWN).then(|| {
            let text = format!(
                "the system holds the processor's clock at {:.1} of {:.1} GHz; choose another power profile, or plug it in",
                allowed / 1e6,
                best / 1e6
            );
            Warning { code: WarningCode::Throttled, text }
        })
    }

    /// Whether the processor has become too hot since the last look.
    pub fn became_too_hot(&mut self) -> Option<Warning> {
        let now = throttled(&self.root)?;
        let before = self.throttled.replace(now)?;
        (now > before).then(|| {
            let text = "the processor became too hot while measuring and slowed down; let it cool and run again";
            Warning { code: WarningCode::Throttled, text: text.into() }
        })
    }
}

/// How often any core has become too hot since the system started.
fn throttled(root: &Path) -> Option<u64> {
    let cores = fs::read_dir(root.join("devices/system/cpu")).ok()?.filter_map(Result::ok);
    let counts = cores.filter_map(|core| line(&core.path().join("thermal_throttle/core_throttle_count"))?.parse().ok());
    let counts: Vec<u64> = counts.collect();
    (!counts.is_empty()).then(|| counts.iter().sum())
}

/// What feeds the machine, where it has a battery.
fn supply(root: &Path) -> Option<String> {
    let supplies = fs::read_dir(root.join("class/power_supply")).ok()?.filter_map(Result::ok);
    let batteries = supplies.filter(|supply| {
        let is = |name, value| line(&supply.path().join(name)).as_deref() == Some(value);
        // A mouse has one, too.
        is("type", "Battery") && !is("scope", "Device")
    });
    let states: Vec<_> = batteries.filter_map(|battery| line(&battery.path().join("status"))).collect();
    let discharging = states.iter().any(|state| state == "Discharging");
    (!states.is_empty()).then(|| if discharging { "on battery".into() } else { "plugged in".into() })
}

fn line(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn number(path: &Path) -> Option<f64> {
    line(path)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A system with these files.
    fn system(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        files.iter().for_each(|(path, text)| write(root.path(), path, text));
        root
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{text}\n")).unwrap();
    }

    #[test]
    fn a_laptop_tells_its_governor_and_that_it_runs_on_battery() {
        let battery = [("class/power_supply/BAT0/type", "Battery"), ("class/power_supply/BAT0/status", "Discharging")];
        let root = system(&battery);
        assert_eq!(Power::look(root.path()).words().as_deref(), Some("on battery"));
        write(root.path(), "devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave");
        write(root.path(), "class/power_supply/BAT0/status", "Charging");
        assert_eq!(Power::look(root.path()).words().as_deref(), Some("governor powersave, plugged in"));
    }

    #[test]
    fn a_mouse_s_battery_and_a_system_that_tells_nothing_say_nothing() {
        let mouse = [
            ("class/power_supply/hid/type", "Battery"),
            ("class/power_supply/hid/scope", "Device"),
            ("class/power_supply/hid/status", "Discharging"),
        ];
        let root = system(&mouse);
        let mut power = Power::look(root.path());
        assert_eq!((power.words(), power.held_down(), power.became_too_hot()), (None, None, None));
    }

    #[test]
    fn a_clock_that_is_held_down_is_warned_of_with_both_figures() {
        let clock = |allowed| {
            let [allowed, best] = [("scaling_max_freq", allowed), ("cpuinfo_max_freq", "3400000")];
            let path = |name| format!("devices/system/cpu/cpu0/cpufreq/{name}");
            let root = system(&[(&path(allowed.0), allowed.1), (&path(best.0), best.1)]);
            Power::look(root.path()).held_down()
        };
        assert!(clock("1200000").unwrap().text.contains("at 1.2 of 3.4 GHz"));
        assert_eq!(clock("3400000"), None);
    }

    #[test]
    fn heat_is_told_once_each_time_that_the_count_has_grown() {
        let count = "devices/system/cpu/cpu1/thermal_throttle/core_throttle_count";
        let root = system(&[(count, "7")]);
        let mut power = Power::look(root.path());
        assert_eq!(power.became_too_hot(), None);
        write(root.path(), count, "9");
        assert_eq!(power.became_too_hot().unwrap().code, WarningCode::Throttled);
        assert_eq!(power.became_too_hot(), None);
    }
}
