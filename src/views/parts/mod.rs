//! What two pages share: the domain's words and values as marks on the page. Blocks that know no domain are
//! in `ui`.

pub mod reading;

#[cfg(target_arch = "wasm32")]
mod first_run;
#[cfg(target_arch = "wasm32")]
mod gone;
#[cfg(target_arch = "wasm32")]
pub mod measure;
#[cfg(target_arch = "wasm32")]
mod said;
#[cfg(target_arch = "wasm32")]
mod state;
#[cfg(target_arch = "wasm32")]
mod tier;
#[cfg(target_arch = "wasm32")]
mod time;

#[cfg(target_arch = "wasm32")]
pub use self::first_run::ConnectAgent;
#[cfg(target_arch = "wasm32")]
pub use self::gone::Gone;
#[cfg(target_arch = "wasm32")]
pub use self::said::{Said, SaidLines, ui_segments};
#[cfg(target_arch = "wasm32")]
pub use self::state::{StateBadge, state_mark};
#[cfg(target_arch = "wasm32")]
pub use self::tier::{TierMark, TierWord, tier_mark};
#[cfg(target_arch = "wasm32")]
pub use self::time::{At, AtNear, Left};
