//! What two pages share: the domain's words and values as marks on the page. Blocks that know no domain are
//! in `ui`.

mod first_run;
mod gone;
mod said;
mod state;
mod tier;
mod time;

pub use self::first_run::ConnectAgent;
pub use self::gone::Gone;
pub use self::said::{Said, SaidLines, ui_segments};
pub use self::state::{StateBadge, state_mark};
pub use self::tier::{TierMark, TierWord, tier_mark};
pub use self::time::{At, AtNear, Left};
