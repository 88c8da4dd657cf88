//! What this browser remembers: choices and what was seen. Where storage is shut, nothing is remembered
//! and nothing fails. Holds no decision and no content of a change.

use serde::Serialize;
use serde::de::DeserializeOwned;

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What was kept under `countersign.<name>`, if it can be read.
pub fn kept<T: DeserializeOwned>(name: &str) -> Option<T> {
    let text = storage()?.get_item(&format!("countersign.{name}")).ok()??;
    super::client::read(&text).ok()
}

/// Keeps `value` under `countersign.<name>`.
pub fn keep<T: Serialize>(name: &str, value: &T) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        let _ = storage.set_item(&format!("countersign.{name}"), &text);
    }
}

/// 128 random bits in hexadecimal, from the browser's generator: for idempotency keys.
pub fn fresh_key() -> Option<String> {
    let mut bytes = [0u8; 16];
    web_sys::window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
