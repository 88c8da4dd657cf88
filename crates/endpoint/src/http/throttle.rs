//! How often one address may fail to sign in: a token bucket an address. Only failures cost; whoever holds a
//! valid token or code is never turned away. What a failure is, is `sign_in`'s to say.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Failures at once.
const BURST: f64 = 20.0;
/// One more failure is forgiven every so often.
const REFILL: Duration = Duration::from_secs(6);
/// Addresses remembered; beyond it, those that have been forgiven everything are dropped.
const MAX_ADDRESSES: usize = 10_000;

#[derive(Debug, Default)]
pub struct Throttle {
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn refilled(self, now: Instant) -> f64 {
        let forgiven = now.saturating_duration_since(self.at).as_secs_f64() / REFILL.as_secs_f64();
        (self.left + forgiven).min(BURST)
    }
}

impl Throttle {
    /// Counts a failure from `address`. `Err` holds the seconds to wait when there were too many.
    pub fn failed(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if buckets.len() >= MAX_ADDRESSES {
            buckets.retain(|_, bucket| bucket.refilled(now) < BURST);
            if buckets.len() >= MAX_ADDRESSES {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(party(address)).or_insert(Bucket { left: BURST, at: now });
        let left = bucket.refilled(now);
        if left < 1.0 {
            *bucket = Bucket { left, at: now };
            return Err(((1.0 - left) * REFILL.as_secs_f64()).ceil() as u64);
        }
        *bucket = Bucket { left: left - 1.0, at: now };
        Ok(())
    }
}

/// Whoever has one IPv6 address has its whole /64.
fn party(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let s = v6.segments();
            IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_run_out_and_are_forgiven_with_time() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        for attempt in 0..20 {
            assert_eq!(throttle.failed(here, start), Ok(()), "{attempt}");
        }
        assert_eq!(throttle.failed(here, start), Err(6));
        assert_eq!(throttle.failed("192.0.2.2".parse().unwrap(), start), Ok(()), "another address");
        assert_eq!(throttle.failed(here, start + Duration::from_secs(5)), Err(1));
        assert_eq!(throttle.failed(here, start + Duration::from_secs(6)), Ok(()));
        assert_eq!(throttle.failed(here, start + Duration::from_secs(6)), Err(6));
    }

    #[test]
    fn an_ipv6_network_is_one_party() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for last in 0..20u16 {
            let address = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
            assert_eq!(throttle.failed(address, start), Ok(()));
        }
        assert!(throttle.failed("2001:db8:0:1:ffff::1".parse().unwrap(), start).is_err());
        assert!(throttle.failed("2001:db8:0:2::1".parse().unwrap(), start).is_ok());
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for n in 0..25_000u32 {
            let _ = throttle.failed(IpAddr::V4(n.into()), start);
        }
        assert!(throttle.buckets.lock().unwrap().len() <= MAX_ADDRESSES);
    }
}
