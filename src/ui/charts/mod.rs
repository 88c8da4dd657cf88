//! Figures and their charts: cards, the time brush, bars, columns, lines, spreads, maps and tables of numbers. They draw
//! what they are given and know no record; what is counted is the views' to ask. The arithmetic is pure and tested
//! natively, what touches the page compiles for wasm32 alone. Their classes are described in `style/charts.css`. Only
//! parts that are fetched later draw these: the queue's first paint has no room for them.

pub mod brushing;
pub mod civil;
pub mod datum;
pub mod figures;
pub mod outline;
pub mod place;
pub mod scale;
pub mod sorting;
pub mod ticks;
