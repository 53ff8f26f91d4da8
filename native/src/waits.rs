//! How long a run waits for its workers. Environment variables change it, for tests that are to be quick.

use std::env;

use gilscope::host::Patience;

use crate::exit::UsageError;

const PATIENCE: &str = "GILSCOPE_PATIENCE";
const WARM_UP: &str = "GILSCOPE_WARM_UP";

/// The waits of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waits {
    /// For a worker process that is silent.
    pub patience: Patience,
    /// Whether workers are warmed up until their speed is stable.
    pub warm_up: bool,
}

impl Default for Waits {
    fn default() -> Self {
        Self { patience: Patience::default(), warm_up: true }
    }
}

impl Waits {
    /// As the environment asks for them.
    ///
    /// # Errors
    /// When a variable has a value that it cannot have.
    pub fn from_environment() -> Result<Self, UsageError> {
        let text = |name| env::var_os(name).unwrap_or_default().to_string_lossy().into_owned();
        Self::parse(&text(PATIENCE), &text(WARM_UP))
    }

    /// From the variables' texts; one that is empty asks for nothing.
    fn parse(patience: &str, warm_up: &str) -> Result<Self, UsageError> {
        let wrong = |name: &str, value: &str, remedy: &str| UsageError {
            flag: name.into(),
            value: value.into(),
            remedy: remedy.into(),
        };
        let patience = match patience {
            "" => Patience::default(),
            text => {
                Patience::from_s(text.parse().unwrap_or(f64::NAN)).map_err(|remedy| wrong(PATIENCE, text, remedy))?
            }
        };
        let warm_up = match warm_up {
            "" | "on" => true,
            "off" => false,
            text => return Err(wrong(WARM_UP, text, "use on or off")),
        };
        Ok(Self { patience, warm_up })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_as_ever() {
        assert_eq!(Waits::parse("", ""), Ok(Waits::default()));
        let asked = Waits { patience: Patience::from_s(1.5).unwrap(), warm_up: false };
        assert_eq!(Waits::parse("1.5", "off"), Ok(asked));
        assert_eq!(Waits::parse("10", "on"), Ok(Waits::default()));
    }

    #[test]
    fn a_wrong_value_is_named_with_its_variable_and_the_remedy() {
        for wrong in ["soon", "0", "-1", "NaN", "1e9", "1 s"] {
            let told = "use 1 to 3600 seconds, because a worker that computes reports twice a second";
            let error = Waits::parse(wrong, "").unwrap_err().to_string();
            assert_eq!(error, format!("GILSCOPE_PATIENCE cannot be '{wrong}': {told}"));
        }
        let error = Waits::parse("", "never").unwrap_err().to_string();
        assert_eq!(error, "GILSCOPE_WARM_UP cannot be 'never': use on or off");
    }
}
