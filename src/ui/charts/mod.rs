//! Figures and their charts: cards, the time brush, bars, columns, lines, spreads, maps and tables of numbers. They draw
//! what they are given and know no record; what is counted is the views' to ask. The arithmetic is pure and tested
//! natively, what touches the page compiles for wasm32 alone. Their classes are described in `style/charts.css`. Only
//! parts that are fetched later draw these: the queue's first paint has no room for them.

pub mod brushing;
pub mod civil;
pub mod datum;
pub mod figures;
pub mod heat_cells;
pub mod outline;
pub mod place;
pub mod presets;
pub mod scale;
pub mod sorting;
pub mod ticks;
pub mod timeline;
pub mod waits;

#[cfg(target_arch = "wasm32")]
mod axis;
#[cfg(target_arch = "wasm32")]
mod bar_table;
#[cfg(target_arch = "wasm32")]
mod bars;
#[cfg(target_arch = "wasm32")]
mod brush_calendar;
#[cfg(target_arch = "wasm32")]
mod brush_plot;
#[cfg(target_arch = "wasm32")]
mod columns;
#[cfg(target_arch = "wasm32")]
mod definition;
#[cfg(target_arch = "wasm32")]
mod figure_card;
#[cfg(target_arch = "wasm32")]
mod float;
#[cfg(target_arch = "wasm32")]
mod frame;
#[cfg(target_arch = "wasm32")]
mod heat;
#[cfg(target_arch = "wasm32")]
mod legend;
#[cfg(target_arch = "wasm32")]
mod line;
#[cfg(target_arch = "wasm32")]
mod mask;
#[cfg(target_arch = "wasm32")]
mod scrub;
#[cfg(target_arch = "wasm32")]
mod spread;
#[cfg(target_arch = "wasm32")]
mod time_brush;
#[cfg(target_arch = "wasm32")]
mod tip;
#[cfg(target_arch = "wasm32")]
mod zone;

#[cfg(target_arch = "wasm32")]
pub use self::{
    axis::TimeAxis,
    bar_table::{BarTable, NumberCell, NumberRow},
    bars::{BarRow, Bars},
    columns::Columns,
    definition::Definition,
    figure_card::FigureCard,
    float::Float,
    frame::{ChartFrame, TableData},
    heat::{Heat, HeatColumn, HeatCounts, HeatNames},
    legend::{Fill, Legend, Series},
    line::ShareLine,
    spread::Spread,
    time_brush::TimeBrush,
    tip::Mark,
    zone::local_east,
};
