//! Reports as jobs on many machines.
