//! The words that the comparison's records are made of, and how often each comes. The closed lists are those of
//! `oversight::vocabulary`; that none has a word which is not is seen by the test in `records`.

/// Who acts: `agent.uid` and `agent.name`.
pub const AGENTS: [(&str, &str); 20] = [
    ("deployer", "Deployer"),
    ("cost-saver", "Cost saver"),
    ("patcher", "Patcher"),
    ("log-keeper", "Log keeper"),
    ("scaler", "Scaler"),
    ("archivist", "Archivist"),
    ("gatekeeper", "Gatekeeper"),
    ("tagger", "Tagger"),
    ("responder", "Responder"),
    ("mover", "Mover"),
    ("key-rotator", "Key rotator"),
    ("planner", "Planner"),
    ("builder", "Builder"),
    ("dispatcher", "Dispatcher"),
    ("migrator", "Migrator"),
    ("reporter", "Reporter"),
    ("drift-finder", "Drift finder"),
    ("cache-keeper", "Cache keeper"),
    ("registrar", "Registrar"),
    ("quota-keeper", "Quota keeper"),
];

/// `action.service`, and what its operations are about.
pub const SERVICES: [(&str, &str); 25] = [
    ("ec2", "Instance"),
    ("s3", "Bucket"),
    ("iam", "Role"),
    ("rds", "DBInstance"),
    ("lambda", "Function"),
    ("ecs", "Service"),
    ("eks", "Cluster"),
    ("logs", "LogGroup"),
    ("cloudwatch", "Alarm"),
    ("dynamodb", "Table"),
    ("route53", "HostedZone"),
    ("sqs", "Queue"),
    ("sns", "Topic"),
    ("kms", "Key"),
    ("secretsmanager", "Secret"),
    ("elasticache", "Cache"),
    ("autoscaling", "Group"),
    ("cloudfront", "Distribution"),
    ("ecr", "Repository"),
    ("backup", "Vault"),
    ("budgets", "Budget"),
    ("glue", "Job"),
    ("athena", "WorkGroup"),
    ("organizations", "Account"),
    ("states", "StateMachine"),
];

/// `action.access_level` of 100, and how its operations begin.
pub const LEVELS: [(&str, &str, u32); 5] = [
    ("read", "Get", 44),
    ("list", "List", 21),
    ("write", "Put", 24),
    ("tagging", "Tag", 7),
    ("permissions_management", "Grant", 4),
];

/// `risk.tier` of 100.
pub const TIERS: [(&str, u32); 5] = [("low", 62), ("moderate", 22), ("high", 11), ("critical", 3), ("unknown", 2)];

/// `kind`: the first half of all, the others 2 in 100 each.
pub const KINDS: [&str; 26] = [
    "execution",
    "recommendation",
    "proposal",
    "amendment",
    "policy_decision",
    "review",
    "comment",
    "expiry",
    "supersession",
    "cancellation",
    "redemption",
    "lapse",
    "revocation",
    "verification",
    "rollback",
    "pause",
    "resume",
    "break_glass",
    "ratification",
    "policy_load",
    "anomaly",
    "acknowledgement",
    "suppression",
    "incident_update",
    "claim",
    "enrolment",
];

/// `resources[].environment` of 100.
pub const ENVIRONMENTS: [(&str, u32); 4] = [("production", 46), ("staging", 27), ("development", 19), ("sandbox", 8)];

/// `resources[].region`.
pub const REGIONS: [&str; 5] = ["eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-south-1"];

/// `outcome.status` of 100.
pub const OUTCOMES: [(&str, u32); 3] = [("success", 93), ("failure", 6), ("unknown", 1)];
