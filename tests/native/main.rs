//! All that needs the binary and no browser: the command line, the hosts, real Pythons, what fuzzing has found.

#[cfg(target_os = "linux")]
mod alone;
mod cli;
mod corpus;
mod hosts;
mod listings;
mod python;
#[cfg(all(target_os = "linux", target_pointer_width = "64", target_endian = "little"))]
mod shim;
