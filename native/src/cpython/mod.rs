//! The cpython host: the same experiment in a real Python.

pub mod find;
