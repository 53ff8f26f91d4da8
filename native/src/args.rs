//! The flags, as text: nothing here looks at the machine or knows what a value means. `plan` does.

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use gilscope::{labs, workload};

const EXAMPLES: &str = "\
Examples:
  gilscope run                                     the race: all four models side by side
  gilscope run --workers 1,2,4 --model processes   how processes scale here
  gilscope run mandelbrot --export-json race.json  another workload, its report saved
  gilscope lab scaling                             another question, with its verdict
  gilscope python race                             the race in a real Python
  gilscope sweep --workers 1..8                    the race at every number of workers
  gilscope compare here.json there.json            saved reports side by side
  gilscope serve                                   the same in the browser, live

`gilscope run --help` has every flag.";

const RUN_EXAMPLES: &str = "\
Examples:
  gilscope run
  gilscope run sum-of-squares --size 1000000 --workers 2,4 --runs 10
  gilscope run --model serial,threads --switch-interval 50
  gilscope run --export-json - | jq .host.ceiling

Exit status: 0 measured, 1 the run failed, 2 wrong usage, 130 cancelled.
A run that fails or is cancelled half-way prints and exports what it has.";

const LAB_EXAMPLES: &str = "\
Examples:
  gilscope lab scaling
  gilscope lab tiny-tasks --quick
  gilscope lab convoy --export-json convoy.json
  gilscope lab io --python

A lab brings its own experiment; every flag changes a field of it.
Exit status: 0 measured, whatever the verdict; 1 the run failed, 2 wrong usage, 130 cancelled.";

const PYTHON_EXAMPLES: &str = "\
Examples:
  gilscope python --list
  gilscope python race --quick
  gilscope python monte-carlo-pi --workers 2 --start-method fork
  gilscope python race --python 3.11 --python 3.13 --export-json race.json

With several Pythons each file gets the version into its name: race-3.11.7.json, race-3.13.0.json.
Sizes are for compiled code; labs and workloads have smaller ones in Python, --size is taken as it is.
Exit status: 0 measured, 1 the run failed, 2 wrong usage, 130 cancelled.";

const SWEEP_EXAMPLES: &str = "\
Examples:
  gilscope sweep --workers 1..16 --model serial,processes
  gilscope sweep --size 1000..1000000x10 --tasks 8
  gilscope sweep --switch-interval 5..50+5 --model serial,threads
  gilscope sweep checksum --channel message,queue,shared-memory --size 1000,1000000

Every flag of an experiment takes several values: a list 1,2,4, a range 1..8, a range with a step 5..50+5
or with a factor 1000..1000000x10. Several such flags give every combination. --model alone never varies:
its models run side by side at each point.
Exit status: 0 measured, 1 the run failed, 2 wrong usage, 130 cancelled.";

const COMPARE_EXAMPLES: &str = "\
Examples:
  gilscope compare native.json browser.json
  gilscope compare cpython.json native.json --json | jq .sentences
  gilscope compare before.html after.html --export-html both.html

The first report is the reference of all others. What the lock does is judged, and agrees
  threads/serial       within 5 points
  forced switches/s    within 10 %
  who is next          within 10 points
  convoy latency       within 25 % at 50 %, within 50 % at 90 % of the requests
Times are shown and not judged: they differ between hosts.
Exit status: 0 compared, whatever agrees; 1 failed, 2 wrong usage or nothing to compare.";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// See on your own machine what Python's Global Interpreter Lock does.
#[derive(Parser)]
#[command(name = "gilscope", bin_name = "gilscope", after_help = EXAMPLES, styles = STYLES, max_term_width = 100)]
pub struct Args {
    /// Print the version
    #[arg(long, short = 'V')]
    version: bool,
    /// With --version: also how this binary was built
    #[arg(long, requires = "version")]
    verbose: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run an experiment here and show what it came to
    Run(Box<RunArgs>),
    /// Run a lab here: an experiment with a claim, a verdict, charts and an explanation
    Lab(Box<LabArgs>),
    /// Run a lab or a workload in a real CPython, with the same report
    Python(Box<PythonArgs>),
    /// Run an experiment at several sizes, numbers of workers, switch intervals …
    Sweep(Box<SweepArgs>),
    /// Compare saved reports: of other hosts, other machines, or before and after
    Compare(CompareArgs),
    /// Serve the site, with this machine as a second host
    Serve(ServeArgs),
    /// List the workloads: what can be computed
    Workloads(ListArgs),
    /// List the labs: named experiments with a claim
    Labs(ListArgs),
    /// Print the JSON Schema of an experiment, a report or a comparison
    Schema(SchemaArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a manual page (read it with `gilscope man run | man -l -`)
    Man(ManArgs),
    /// What `--version` asks for
    #[command(skip)]
    Version { verbose: bool },
}

/// The fields of an experiment are text until `Experiment::set` reads them, as it reads a share link.
#[derive(clap::Args, Default)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunArgs {
    /// What is computed; `gilscope workloads` lists them [default: sum-of-squares]
    pub workload: Option<String>,

    #[command(flatten)]
    pub fields: FieldArgs,
    #[command(flatten)]
    pub exports: ExportArgs,
}

/// A lab, and what to change of its experiment.
#[derive(clap::Args)]
#[command(after_help = LAB_EXAMPLES)]
pub struct LabArgs {
    /// Which lab; `gilscope labs` lists them
    pub lab: String,
    /// What is computed, instead of the lab's own workload
    #[arg(long, value_name = "WORKLOAD")]
    pub workload: Option<String>,
    /// A few seconds rather than a good measurement
    #[arg(long)]
    pub quick: bool,
    /// Print the same thing in Python, and measure nothing
    #[arg(long)]
    pub python: bool,

    #[command(flatten)]
    pub fields: FieldArgs,
    #[command(flatten)]
    pub exports: ExportArgs,
}

/// A lab or a workload, in which Pythons, and what to change of the experiment.
#[derive(clap::Args, Default)]
#[command(after_help = PYTHON_EXAMPLES)]
pub struct PythonArgs {
    /// A lab, or else a workload (the race on it) [default: race]
    #[arg(value_name = "LAB|WORKLOAD")]
    pub what: Option<String>,
    /// A Python: its path, its version (3.13), or its command on the PATH; more than one run one after another
    /// [default: python3]
    #[arg(long, value_name = "PYTHON")]
    pub python: Vec<String>,
    /// List the Pythons on the PATH and under pyenv and what each can do, and measure nothing
    #[arg(long)]
    pub list: bool,
    /// With --list: as JSON, for programs
    #[arg(long, requires = "list")]
    pub json: bool,
    /// What is computed, instead of the lab's own workload
    #[arg(long, value_name = "WORKLOAD")]
    pub workload: Option<String>,
    /// A few seconds rather than a good measurement
    #[arg(long)]
    pub quick: bool,

    #[command(flatten)]
    pub fields: FieldArgs,
    #[command(flatten)]
    pub exports: ExportArgs,
}

/// An experiment, some of whose flags have several values.
#[derive(clap::Args)]
#[command(after_help = SWEEP_EXAMPLES)]
pub struct SweepArgs {
    /// What is computed, or several; `gilscope workloads` lists them [default: sum-of-squares]
    pub workload: Option<String>,

    #[command(flatten)]
    pub fields: FieldArgs,
    #[command(flatten)]
    pub exports: ExportArgs,
}

#[derive(clap::Args)]
#[command(after_help = COMPARE_EXAMPLES)]
pub struct CompareArgs {
    /// Reports that --export-json or --export-html wrote, or the page
    #[arg(value_name = "FILE", required = true)]
    pub reports: Vec<String>,
    /// As JSON, for programs
    #[arg(long)]
    pub json: bool,
    /// Save a page that stands alone, with charts
    #[arg(long, value_name = "FILE")]
    pub export_html: Option<String>,
}

/// The fields of an experiment, all but its lab and its workload.
#[derive(clap::Args, Default)]
pub struct FieldArgs {
    /// Size of a task, in the workload's unit [default: the workload's]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub size: Option<String>,
    /// Number of tasks [default: the workload's]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub tasks: Option<String>,
    /// Tasks sent to a worker in one message (processes) [default: 1]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub chunk: Option<String>,
    /// Worker counts; each parallel model runs once with each [default: 4, or 2 on fewer than 4 cores]
    #[arg(long, value_name = "N[,N…]", allow_hyphen_values = true)]
    pub workers: Vec<String>,
    /// Models, in running order: serial, threads, processes, free-threads, event-loop
    /// [default: all that compute]
    #[arg(long, value_name = "M[,M…]", allow_hyphen_values = true)]
    pub model: Vec<String>,
    /// Measured rounds; every model runs once in each [default: 5]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub runs: Option<String>,
    /// Rounds that are run and thrown away first [default: 1]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub warmup: Option<String>,
    /// How long a thread waits before it asks for the lock, in milliseconds [default: 5]
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    pub switch_interval: Option<String>,
    /// The lock's protocol: switch-interval, or ticks as before Python 3.2 [default: switch-interval]
    #[arg(long, value_name = "POLICY")]
    pub lock_policy: Option<String>,
    /// How tasks come: batch (all at once), warm (one request after another), fresh (each to a new worker)
    /// [default: batch]
    #[arg(long, value_name = "HOW")]
    pub dispatch: Option<String>,
    /// How data goes to processes: pipe (or message), queue or shared-memory [default: pipe]
    #[arg(long, value_name = "CHANNEL")]
    pub channel: Option<String>,
    /// How processes come to be: spawn, fork or forkserver [default: spawn]
    #[arg(long, value_name = "METHOD")]
    pub start_method: Option<String>,
    /// Which of Python's libraries runs the workers: standard (threading, multiprocessing, asyncio), futures
    /// (concurrent.futures) or interpreters (gilscope python) [default: standard]
    #[arg(long, value_name = "LIBRARY")]
    pub library: Option<String>,
    /// What tasks synchronize with (workload primitive): lock, rlock, semaphore, event, condition, barrier or
    /// queue [default: lock]
    #[arg(long, value_name = "PRIMITIVE")]
    pub primitive: Option<String>,
    /// Workers that compute beside those that take tasks (threads, processes) [default: 0]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub background: Option<String>,
    /// Percent of the operations that go to one shared object (shared-counter workloads) [default: 100]
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub shared: Option<String>,
    /// Memory that all workers together may take, in MiB (capacity) [default: 8192]
    #[arg(long, value_name = "MIB", allow_hyphen_values = true)]
    pub memory_budget: Option<String>,
    /// What happens in every round to the process that is given the middle task: none, kill, exit, panic, memory,
    /// overflow, wedge, send or start [default: none]
    #[arg(long, value_name = "FAULT")]
    pub fault: Option<String>,
    /// How often it happens in a round, as the task is tried again [default: 1]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub fault_times: Option<String>,
    /// Points to run one after another, e.g. 'size=1000 tasks=80; size=10000 tasks=8' [default: none]
    #[arg(long, value_name = "POINTS")]
    pub sweep: Option<String>,
    /// Pin the run to this many cores [default: all]
    #[arg(long, value_name = "K", allow_hyphen_values = true)]
    pub cores: Option<String>,
    /// Seed of the workload's random numbers [default: 1]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub seed: Option<String>,
}

/// What is left of a run, and how much of it is shown.
#[derive(clap::Args, Clone, Default)]
pub struct ExportArgs {
    /// Save the report as JSON (`-`: on standard output, and nothing else there)
    #[arg(long, value_name = "FILE", help_heading = "Exports")]
    pub export_json: Option<String>,
    /// Save the table as Markdown
    #[arg(long, value_name = "FILE", help_heading = "Exports")]
    pub export_markdown: Option<String>,
    /// Save the figures of each model as CSV, times in seconds
    #[arg(long, value_name = "FILE", help_heading = "Exports")]
    pub export_csv: Option<String>,
    /// Save what each worker did when, as Trace Event JSON: open it at ui.perfetto.dev
    #[arg(long, value_name = "FILE", help_heading = "Exports")]
    pub export_trace: Option<String>,
    /// Save a page that stands alone, with charts: it opens anywhere, and gilscope compare reads it again
    #[arg(long, value_name = "FILE", help_heading = "Exports")]
    pub export_html: Option<String>,

    /// Compare with a saved report, and print how far this run is from it
    #[arg(long, value_name = "FILE")]
    pub reference: Option<String>,

    /// Print only the table, the warnings and the verdict, and no progress
    #[arg(long, short)]
    pub quiet: bool,

    /// Measure without recording what workers do, to learn what recording costs
    #[arg(long, hide = true)]
    pub no_recording: bool,
}

/// What `gilscope run`, `gilscope lab` and `gilscope python` have in common.
pub struct Asked {
    /// As `Experiment::from_fields` takes them.
    pub fields: Vec<(&'static str, String)>,
    pub quick: bool,
    pub exports: ExportArgs,
}

impl From<RunArgs> for Asked {
    fn from(args: RunArgs) -> Self {
        let workload = args.workload.map(|workload| ("workload", workload));
        Self { fields: workload.into_iter().chain(args.fields.given()).collect(), quick: false, exports: args.exports }
    }
}

impl From<LabArgs> for Asked {
    fn from(args: LabArgs) -> Self {
        let workload = args.workload.map(|workload| ("workload", workload));
        let named = std::iter::once(("lab", args.lab)).chain(workload);
        Self { fields: named.chain(args.fields.given()).collect(), quick: args.quick, exports: args.exports }
    }
}

impl From<PythonArgs> for Asked {
    /// What names a lab and a workload alike means the lab.
    fn from(args: PythonArgs) -> Self {
        let is_workload = |what: &String| labs::find(what).is_none() && workload::find(what).is_some();
        let named = args.what.map(|what| (if is_workload(&what) { "workload" } else { "lab" }, what));
        let workload = args.workload.map(|workload| ("workload", workload));
        let fields = named.into_iter().chain(workload).chain(args.fields.given()).collect();
        Self { fields, quick: args.quick, exports: args.exports }
    }
}

impl ExportArgs {
    /// Whether standard output belongs to an export.
    pub fn takes_stdout(&self) -> bool {
        [&self.export_json, &self.export_markdown, &self.export_csv, &self.export_trace, &self.export_html]
            .into_iter()
            .any(|target| target.as_deref() == Some("-"))
    }
}

impl FieldArgs {
    /// The fields that were given, as `Experiment::set` takes them.
    pub fn given(&self) -> Vec<(&'static str, String)> {
        let lists = [("workers", &self.workers), ("model", &self.model)];
        let lists =
            lists.into_iter().filter(|(_, items)| !items.is_empty()).map(|(name, items)| (name, items.join(",")));
        let singles = [
            ("size", &self.size),
            ("tasks", &self.tasks),
            ("chunk", &self.chunk),
            ("runs", &self.runs),
            ("warmup", &self.warmup),
            ("switch-interval", &self.switch_interval),
            ("lock-policy", &self.lock_policy),
            ("dispatch", &self.dispatch),
            ("channel", &self.channel),
            ("start-method", &self.start_method),
            ("library", &self.library),
            ("primitive", &self.primitive),
            ("background", &self.background),
            ("shared", &self.shared),
            ("memory-budget", &self.memory_budget),
            ("fault", &self.fault),
            ("fault-times", &self.fault_times),
            ("sweep", &self.sweep),
            ("cores", &self.cores),
            ("seed", &self.seed),
        ];
        singles.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))).chain(lists).collect()
    }
}

#[derive(clap::Args)]
pub struct ServeArgs {
    /// Port; 0 takes any free one
    #[arg(long, value_name = "PORT", default_value = "8765", value_parser = port)]
    pub port: u16,
    /// Address of this machine to listen on; 0.0.0.0 is all that it has. Other machines can reach it unless it is a
    /// loopback address, such as 127.0.0.1 or ::1
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,
    /// Let other machines in, if they know the token that is then part of the page's address
    #[arg(long)]
    pub allow_remote: bool,
    /// Open the site in the browser [default: when started in a terminal]
    #[arg(long, overrides_with = "no_open")]
    pub open: bool,
    /// Do not open the browser
    #[arg(long, overrides_with = "open")]
    pub no_open: bool,
    /// Leave out the headers that give pages shared memory, to see the site as hosts without them show it
    #[arg(long)]
    pub no_isolation: bool,
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "use a whole number from 0 to 65535")
}

#[derive(clap::Args)]
pub struct ListArgs {
    /// As JSON, for programs
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub struct SchemaArgs {
    /// Whose schema
    #[arg(default_value = "report")]
    pub of: SchemaOf,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SchemaOf {
    /// What is run: what `POST /api/runs` takes, with a host
    Experiment,
    /// What was measured: what `--export-json` writes
    Report,
    /// Reports side by side: what `gilscope compare --json` prints
    Comparison,
}

#[derive(clap::Args)]
pub struct CompletionsArgs {
    pub shell: Shell,
}

#[derive(clap::Args)]
pub struct ManArgs {
    /// The command whose page is wanted [default: gilscope's own]
    pub command: Option<String>,
}

/// The command line's command, if there is one. Leaves the process on wrong usage.
pub fn parse() -> Option<Command> {
    let Args { version, verbose, command } = Args::parse();
    if version { Some(Command::Version { verbose }) } else { command }
}
