//! Each shape, on a record of its own.

mod api_v1;
mod twscrape;
mod x_kit;
