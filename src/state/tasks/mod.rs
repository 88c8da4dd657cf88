//! Every mutation of the app's state, and everything asked of the endpoint. All return at once; what comes
//! of them lands in the stores, or is handed to `done`. What the stores hold is in their own rooms.

mod agents;
mod changes;
mod decide;
mod live;
mod records;
mod rows;
mod session;
mod trail;

pub use self::agents::{load_agents, pause, resume};
pub use self::changes::{comment, load_canonical, load_change, load_changes, load_version, revoke};
pub use self::decide::{decide, forget_refusal, withdraw_queued};
pub use self::live::{connect, retry_now};
pub use self::records::{load_records, load_rejects, more_records, more_rejects, open_record};
pub use self::rows::{ask_rows, forget_rows, look_at_rows};
pub use self::session::{begin, load_session, sign_out};
pub use self::trail::{
    append_live, ask, cancel_reading, export, missed_live, open_trail, reopen_trail, show_address, show_endpoint,
    show_files, silence, whole_record,
};

use super::status::{Status, Trouble};
use crate::data::client::ClientError;
use leptos::prelude::*;

/// What a task hands back to the view that asked.
pub type Done<T> = Callback<(Result<T, Trouble>,)>;

/// After how long a load counts as slow, in milliseconds.
const SLOW_MS: u64 = 300;

fn trouble(error: ClientError, kept: &str) -> Trouble {
    match error {
        ClientError::Unreachable(_) => Trouble::unreachable(kept),
        ClientError::Refused(problem) => Trouble::refused(*problem, kept),
        ClientError::Unreadable(detail) => Trouble::unreadable(&detail, kept),
    }
}

/// Marks a load as slow if it still stands after a while.
fn mark_slow<T: Send + Sync + 'static>(status: RwSignal<Status<T>>) {
    set_timeout(
        move || {
            if status.try_with_untracked(|status| matches!(status, Status::Loading)) == Some(true) {
                status.set(Status::Slow);
            }
        },
        std::time::Duration::from_millis(SLOW_MS),
    );
}
