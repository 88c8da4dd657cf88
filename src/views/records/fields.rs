//! Which fields an audit record may have, in the order and words they are read in. A table alone: walking a
//! record along it is `outline`, what the fields mean is `oversight::record`.

/// How a value is read.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Outside text in one line.
    Text,
    /// A name or code, set in monospace.
    Code,
    /// Somebody's own words, of several lines.
    Quote,
    /// A word of one of the closed lists.
    Word,
    Count,
    Time,
    Change,
    Agent,
    Digest,
    Link,
    /// A step of a plan.
    Step,
    Object(&'static [Known]),
    List(&'static Shape),
    /// Any JSON: one line a value, by its path.
    Any,
}

/// A field by its name in the JSON, with the reader's word for it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub name: &'static str,
    pub label: &'static str,
    pub shape: Shape,
}

const fn known(name: &'static str, label: &'static str, shape: Shape) -> Known {
    Known { name, label, shape }
}

/// Fields read together, under one heading.
pub struct Section {
    pub title: &'static str,
    pub fields: &'static [Known],
    /// What the endpoint adds to the records of some kinds; not called absent where it is not.
    pub added: &'static [Known],
}

const MODEL: &[Known] = &[
    known("provider", "model by", Shape::Text),
    known("name", "model", Shape::Text),
    known("version", "model version", Shape::Text),
];

const PLAN: &[Known] =
    &[known("steps", "step", Shape::List(&Shape::Step)), known("rollback", "rollback", Shape::List(&Shape::Step))];

/// Every field of a record, in the order read.
pub const SECTIONS: &[Section] = &[
    Section {
        title: "Record",
        fields: &[
            known("time", "time", Shape::Time),
            known("end_time", "end time", Shape::Time),
            known("sequence", "position", Shape::Count),
            known("kind", "kind", Shape::Word),
            known("uid", "uid", Shape::Code),
            known("change_id", "change", Shape::Change),
            known("version", "version", Shape::Count),
            known("step", "step", Shape::Count),
            known("digest", "digest", Shape::Digest),
        ],
        added: &[known("state", "state after", Shape::Word), known("action_digest", "action digest", Shape::Digest)],
    },
    Section {
        title: "Agent",
        fields: &[known(
            "agent",
            "agent",
            Shape::Object(&[
                known("name", "name", Shape::Text),
                known("uid", "uid", Shape::Agent),
                known("version", "version", Shape::Text),
                known("owner", "owner", Shape::Text),
                known("model", "model", Shape::Object(MODEL)),
            ]),
        )],
        added: &[known("owner", "owner", Shape::Text)],
    },
    Section {
        title: "Behind it",
        fields: &[
            known(
                "actor",
                "actor",
                Shape::Object(&[known("uid", "actor", Shape::Text), known("role", "role", Shape::Word)]),
            ),
            known(
                "on_behalf_of",
                "on behalf of",
                Shape::Object(&[known("uid", "on behalf of", Shape::Text), known("name", "name", Shape::Text)]),
            ),
            known(
                "session",
                "session",
                Shape::Object(&[known("uid", "session", Shape::Code), known("started_by", "started by", Shape::Text)]),
            ),
        ],
        added: &[known("groups", "groups", Shape::List(&Shape::Text))],
    },
    Section {
        title: "Action",
        fields: &[
            known(
                "action",
                "action",
                Shape::Object(&[
                    known("service", "service", Shape::Code),
                    known("operation", "operation", Shape::Code),
                    known("access_level", "access", Shape::Word),
                    known("arguments", "arguments", Shape::Any),
                ]),
            ),
            known(
                "resources",
                "target",
                Shape::List(&Shape::Object(&[
                    known("uid", "target", Shape::Code),
                    known("type", "type", Shape::Text),
                    known("account", "account", Shape::Code),
                    known("region", "region", Shape::Code),
                    known("environment", "environment", Shape::Word),
                ])),
            ),
        ],
        added: &[],
    },
    Section {
        title: "Classification",
        fields: &[
            known(
                "risk",
                "risk",
                Shape::Object(&[
                    known("tier", "risk", Shape::Word),
                    known("reasons", "because", Shape::List(&Shape::Text)),
                ]),
            ),
            known("critical_paths", "critical paths", Shape::List(&Shape::Word)),
            known(
                "reversibility",
                "reversibility",
                Shape::Object(&[
                    known("class", "reversibility", Shape::Word),
                    known("assessed_by", "assessed by", Shape::Word),
                ]),
            ),
            known(
                "blast_radius",
                "blast radius",
                Shape::Object(&[
                    known("resources", "resources", Shape::Count),
                    known("accounts", "accounts", Shape::Count),
                    known("regions", "regions", Shape::Count),
                    known("customers", "customers", Shape::Count),
                ]),
            ),
        ],
        added: &[],
    },
    Section {
        title: "Why",
        fields: &[
            known("rationale", "rationale", Shape::Quote),
            known(
                "evidence",
                "evidence",
                Shape::List(&Shape::Object(&[
                    known("title", "evidence", Shape::Text),
                    known("uri", "at", Shape::Link),
                ])),
            ),
            known("reason", "reason", Shape::Quote),
            known("comment", "comment", Shape::Object(&[known("text", "comment", Shape::Quote)])),
        ],
        added: &[known("title", "title", Shape::Quote)],
    },
    Section { title: "Plan", fields: &[known("plan", "plan", Shape::Object(PLAN))], added: &[] },
    Section {
        title: "Policy",
        fields: &[known(
            "policy",
            "policy",
            Shape::Object(&[
                known("decision", "decision", Shape::Word),
                known("uid", "policy", Shape::Code),
                known("version", "version", Shape::Text),
                known(
                    "determining",
                    "determined by",
                    Shape::List(&Shape::Object(&[
                        known("title", "determined by", Shape::Text),
                        known("id", "policy id", Shape::Code),
                    ])),
                ),
            ]),
        )],
        added: &[
            known("policy_uid", "policy", Shape::Code),
            known("policy_version", "version", Shape::Text),
            known("policy_digest", "policy digest", Shape::Digest),
            known("requirement", "requires", Shape::Any),
        ],
    },
    Section {
        title: "Review",
        fields: &[known(
            "review",
            "review",
            Shape::Object(&[
                known("decision", "decision", Shape::Word),
                known("reviewer", "reviewer", Shape::Text),
                known("slot", "for", Shape::List(&Shape::Text)),
                known("reason", "reason", Shape::Quote),
                known("digest", "digest signed", Shape::Digest),
                known("channel", "by way of", Shape::Word),
                known("opened_at", "opened", Shape::Time),
                known("visible_ms", "visible, in ms", Shape::Count),
                known("decided_at", "decided", Shape::Time),
                known("sections_revealed", "revealed", Shape::List(&Shape::Text)),
                known("acknowledged", "acknowledged", Shape::List(&Shape::Text)),
            ]),
        )],
        added: &[],
    },
    Section {
        title: "Outcome",
        fields: &[known(
            "outcome",
            "outcome",
            Shape::Object(&[known("status", "status", Shape::Word), known("error", "error", Shape::Code)]),
        )],
        added: &[],
    },
    Section {
        title: "Source",
        fields: &[],
        added: &[
            known("source", "source", Shape::Any),
            known("source_sequence", "position there", Shape::Count),
            known("source_change_id", "change there", Shape::Code),
        ],
    },
];

/// The field that says who vouches for the others; read last.
pub const VOUCHERS: &str = "asserted_by";
