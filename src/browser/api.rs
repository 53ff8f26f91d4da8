//! What the page calls to measure. Its types are generated from the Rust ones.

use js_sys::{Error, Function, Reflect};
use tsify::Ts;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::convert::{conversion_error, to_ts};
use super::environment;
use super::host::{BrowserHost, MAX_WORKERS, Site};
use crate::experiment::{Experiment, FieldError, FieldFacts};
use crate::host::{self, Patience};
use crate::labs::{self, LabInfo, Setting};
use crate::presets::{self, PresetInfo};
use crate::report::{HostKind, Report, WarningCode};
use crate::session::{self, RunError};
use crate::workload::{self, Picture, WorkloadInfo};

/// What can be done to one run at any time.
#[wasm_bindgen]
#[derive(Default)]
pub struct Controls(host::Controls);

#[wasm_bindgen]
impl Controls {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn cancel(&self) {
        self.0.cancel.cancel();
    }

    /// Terminate this worker, if `processes` run now.
    pub fn kill(&self, worker: u32) {
        self.0.kills.add(worker);
    }
}

/// How a run is made.
#[wasm_bindgen]
pub struct RunSetup {
    site: Site,
    recording: bool,
    patience: Patience,
}

#[wasm_bindgen]
impl RunSetup {
    /// `module` is the compiled module that the page runs itself, `worker_url` the worker script on the
    /// page's own origin. Without `recording` there is no trace: for the benchmark of recording. A silent worker is
    /// given up after `patience_s` seconds.
    #[wasm_bindgen(constructor)]
    pub fn new(module: JsValue, worker_url: JsValue, recording: bool, patience_s: f64) -> Self {
        // The page has refused what is none.
        let patience = Patience::from_s(patience_s).unwrap_or_default();
        Self { site: Site { module, worker_url }, recording, patience }
    }
}

/// Run an experiment in this browser; `on_event` hears what happens.
///
/// # Errors
/// A `FieldError` for an experiment that cannot be run, an `AbortError` for a cancelled run, which
/// carries the `report` of what was measured before, if anything was.
#[wasm_bindgen(js_name = runInBrowser)]
pub async fn run_in_browser(
    experiment: Ts<Experiment>,
    setup: RunSetup,
    controls: &Controls,
    on_event: Function,
) -> Result<Ts<Report>, JsValue> {
    let experiment = experiment.to_rust().map_err(conversion_error)?;
    let mut host = BrowserHost::new(setup.site, controls.0.clone(), setup.recording, setup.patience);
    let mut watch = |event: session::Event| {
        let told = to_ts(event);
        // A watcher that throws must not spoil the measuring; the page wraps it and reports its errors.
        let _ = told.and_then(|event| on_event.call1(&JsValue::UNDEFINED, &event.into()));
    };
    match session::run(&mut host, &experiment, &mut watch).await {
        Ok(report) if report.warnings.iter().any(|warning| warning.code == WarningCode::Cancelled) => {
            let error = abort_error();
            set(&error, "report", &to_ts(report)?.into());
            Err(error.into())
        }
        Ok(report) => to_ts(report),
        Err(RunError::Cancelled) => Err(abort_error().into()),
        Err(RunError::Field(error)) => Err(field_error(&error)),
        Err(error @ RunError::Host(_)) => Err(Error::new(&error.to_string()).into()),
    }
}

/// Every workload.
///
/// # Errors
/// Never: both lists are plain data.
#[wasm_bindgen]
pub fn workloads() -> Result<Vec<Ts<WorkloadInfo>>, JsValue> {
    workload::ALL.iter().map(|workload| to_ts(workload.info())).collect()
}

/// Every lab.
///
/// # Errors
/// Never: both lists are plain data.
#[wasm_bindgen]
pub fn labs() -> Result<Vec<Ts<LabInfo>>, JsValue> {
    labs::ALL.iter().map(|lab| to_ts(lab.info())).collect()
}

/// Experiments beside the labs to begin with.
///
/// # Errors
/// Never: the list is plain data.
#[wasm_bindgen]
pub fn presets() -> Result<Vec<Ts<PresetInfo>>, JsValue> {
    presets::ALL.iter().map(|preset| to_ts(preset.info())).collect()
}

/// Read an experiment from named fields, as a link or an embed's attributes spell them: names and values
/// in turn. What is not named is their lab's, for this machine; a `quick` lab takes a few seconds.
///
/// # Errors
/// A `FieldError` for the first field that is unknown, malformed or out of bounds.
#[wasm_bindgen(js_name = experimentFromFields)]
pub fn experiment_from_fields(names_and_values: Vec<String>, quick: bool) -> Result<Ts<Experiment>, JsValue> {
    let fields = names_and_values.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str()));
    let experiment = Experiment::from_fields(&setting(quick), fields).map_err(|error| field_error(&error))?;
    experiment.validate(MAX_WORKERS).map_err(|error| field_error(&error))?;
    to_ts(experiment)
}

/// The fields that [`experiment_from_fields`] needs to give this experiment on this machine: names and
/// values in turn.
///
/// # Errors
/// When `experiment` is none.
#[wasm_bindgen(js_name = experimentToFields)]
pub fn experiment_to_fields(experiment: Ts<Experiment>) -> Result<Vec<String>, JsValue> {
    let experiment = experiment.to_rust().map_err(conversion_error)?;
    let fields = experiment.fields_beside(&setting(false));
    Ok(fields.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect())
}

/// What there is to know of each field of this experiment in a browser: what it accepts and why, and whether it acts.
///
/// # Errors
/// When `experiment` is none.
#[wasm_bindgen(js_name = fieldFacts)]
pub fn field_facts(experiment: Ts<Experiment>) -> Result<Vec<Ts<FieldFacts>>, JsValue> {
    let experiment = experiment.to_rust().map_err(conversion_error)?;
    experiment.facts(HostKind::Browser, MAX_WORKERS).into_iter().map(to_ts).collect()
}

fn setting(quick: bool) -> Setting {
    Setting { host: HostKind::Browser, logical_cores: environment::logical_cores(), quick }
}

/// Pixels of a picture that is shown: few, because the page itself makes it, within some milliseconds.
const MOST_SHOWN: u32 = 256;

/// What a task starts from and what it makes of it, for a workload that changes pictures; else nothing. A large
/// picture is made smaller.
///
/// # Errors
/// When `experiment` is none.
#[wasm_bindgen(js_name = beforeAndAfter)]
pub fn before_and_after(experiment: Ts<Experiment>, task: u32) -> Result<Vec<Ts<Picture>>, JsValue> {
    let experiment = experiment.to_rust().map_err(conversion_error)?;
    let pictures = workload::before_and_after(&experiment, task, MOST_SHOWN);
    pictures.into_iter().flatten().map(to_ts).collect()
}

/// Why memory cannot be shared here, if it cannot.
#[wasm_bindgen(js_name = unsharedReason)]
pub fn unshared_reason() -> Option<String> {
    environment::unshared_reason()
}

/// Most workers that an experiment may ask for in a browser.
#[wasm_bindgen(js_name = maxWorkers)]
pub fn max_workers() -> u32 {
    MAX_WORKERS
}

fn abort_error() -> Error {
    let error = Error::new("the run was cancelled");
    error.set_name("AbortError");
    error
}

fn field_error(field_error: &FieldError) -> JsValue {
    let error = Error::new(&field_error.to_string());
    error.set_name("FieldError");
    set(&error, "field", &field_error.field.as_str().into());
    set(&error, "value", &field_error.value.as_str().into());
    set(&error, "remedy", &field_error.remedy.as_str().into());
    error.into()
}

fn set(error: &Error, key: &str, value: &JsValue) {
    Reflect::set(error, &key.into(), value).expect("a fresh error takes any key");
}
