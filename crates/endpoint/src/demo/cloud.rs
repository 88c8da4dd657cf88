//! The demonstration's pretend cloud: settings in memory, changed by the steps and put back by a rollback,
//! with failures now and then. It implements `executor::Cloud`; nothing outside the process is touched.

use super::executor::Cloud;
use oversight::proposal::PlanStep;
use oversight::record::Resource;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::time::Duration;

/// How many checks in a hundred don't hold, and how many operations in a hundred are answered with an error.
const FAILING_CHECKS: u32 = 14;
const FAILING_OPERATIONS: u32 = 5;
/// How long a step takes, in milliseconds.
const STEP_TAKES: std::ops::Range<u64> = 300..1_500;

/// What each operation was last given for each resource, and how steps turn out.
pub struct PretendCloud {
    settings: HashMap<(String, String), Map<String, Value>>,
    chance: StdRng,
    /// Off in tests.
    pub takes_time: bool,
}

impl PretendCloud {
    /// The same seed fails at the same steps.
    pub fn new(seed: u64) -> PretendCloud {
        PretendCloud { settings: HashMap::new(), chance: StdRng::seed_from_u64(seed), takes_time: true }
    }

    /// What `operation` was last given for the resource.
    pub fn setting(&self, resource: &str, operation: &str) -> Option<&Map<String, Value>> {
        self.settings.get(&(resource.to_owned(), operation.to_owned()))
    }

    fn happens(&mut self, percent: u32) -> bool {
        self.chance.random_ratio(percent, 100)
    }
}

impl Cloud for PretendCloud {
    async fn run(&mut self, step: &PlanStep, resources: &[Resource]) -> Result<String, String> {
        if self.takes_time {
            let millis = self.chance.random_range(STEP_TAKES);
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        let fails = match step {
            PlanStep::Action { .. } => FAILING_OPERATIONS,
            PlanStep::Check { .. } => FAILING_CHECKS,
        };
        if self.happens(fails) {
            return Err(failed(step));
        }
        if let PlanStep::Action { service, operation, arguments, .. } = step {
            let operation = format!("{service}:{operation}");
            for resource in resources {
                self.settings.insert((resource.uid.clone(), operation.clone()), arguments.clone());
            }
        }
        Ok(done(step, resources.len()))
    }
}

/// What was seen when a step on so many resources worked.
pub fn done(step: &PlanStep, resources: usize) -> String {
    match (step, resources) {
        (PlanStep::Action { service, operation, .. }, 0) => format!("{service}:{operation} was done."),
        (PlanStep::Action { service, operation, .. }, 1) => format!("{service}:{operation} was done on one resource."),
        (PlanStep::Action { service, operation, .. }, count) => {
            format!("{service}:{operation} was done on {count} resources.")
        }
        (PlanStep::Check { note, .. }, _) => format!("The check held: {note}."),
    }
}

/// What was seen when it did not.
pub fn failed(step: &PlanStep) -> String {
    match step {
        PlanStep::Action { service, operation, .. } => {
            format!("{service}:{operation} was answered with ServiceUnavailable, three times.")
        }
        PlanStep::Check { note, within_seconds } => {
            let within = within_seconds.map_or(String::new(), |seconds| format!(" within {seconds} seconds"));
            format!("The check did not hold{within}: {note}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn steps_change_settings_and_the_same_seed_fails_at_the_same_steps() {
        let step: PlanStep = oversight::json::decode(json!({
            "type": "action", "service": "s3", "operation": "PutBucketTagging", "arguments": {"owner": "data"}
        }))
        .unwrap();
        let resources: Vec<Resource> = oversight::json::decode(json!([{"uid": "arn:aws:s3:::a"}])).unwrap();
        let mut runs = Vec::new();
        for _ in 0..2 {
            let mut cloud = PretendCloud::new(7);
            cloud.takes_time = false;
            let mut results = Vec::new();
            for _ in 0..200 {
                results.push(cloud.run(&step, &resources).await.is_ok());
            }
            assert_eq!(cloud.setting("arn:aws:s3:::a", "s3:PutBucketTagging").unwrap()["owner"], "data");
            runs.push(results);
        }
        assert_eq!(runs[0], runs[1]);
        let failed = runs[0].iter().filter(|done| !**done).count();
        assert!((1..40).contains(&failed), "{failed} of 200");
    }
}
