//! tuibao beyond one machine.

fn main() {}
