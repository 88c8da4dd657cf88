-- Times are microseconds since 1970-01-01T00:00:00Z. JSON is text in canonical form (RFC 8785). Digests are 64
-- hexadecimal digits. A row refers to a change by its number: 41 for CH-41.

-- The audit trail. The sequence has no gaps and starts at 1; the columns beside body are copies to select by.
create table record (
    sequence integer primary key,
    uid text not null unique,
    kind text not null,
    time bigint not null,
    change bigint,
    agent text,
    service text,
    operation text,
    access_level text,
    outcome text,
    -- Who appended it: endpoint, agent, executor, importer.
    origin text not null,
    -- Digest of the record as handed in; null for the endpoint's own. The same uid with another is refused.
    handed_in text,
    body text not null
);
create index record_by_time on record (time);
create index record_by_agent on record (agent, kind, time);
create index record_by_service on record (service);
create index record_by_kind on record (kind);
create index record_by_change on record (change, kind) where change is not null;
create index record_by_outcome on record (outcome) where outcome is not null;
-- What agents did, for their inventory: answered from the index alone.
create index record_used on record (agent, service, operation, access_level, outcome, time, change)
    where kind in ('execution', 'verification', 'rollback') and agent is not null;

-- The words of a record in lower case, for search.
create table record_text (
    sequence integer primary key references record (sequence),
    folded text not null
);

-- What the log keeps of a record for ever, and the salted fields that can be erased.
create table log_entry (
    sequence integer primary key references record (sequence),
    entry text not null
);
create table disclosure (
    sequence integer not null references record (sequence),
    name text not null,
    disclosure text not null,
    primary key (sequence, name)
);

-- A change stands where its current version stands.
create table change (
    number integer primary key,
    agent text not null,
    version integer not null,
    state text not null,
    expires bigint not null,
    -- Position of the last record that changed anything about it.
    sequence bigint not null,
    settled_at bigint,
    settled_by text,
    settled_reason text
);
create index change_by_state on change (state, expires);
create index change_by_agent on change (agent, state);

create table version (
    change bigint not null references change (number),
    version integer not null,
    digest text not null,
    action_digest text not null,
    -- Digest of {action, plan, resources} as proposed: what a repeated proposal is recognised by.
    content text not null,
    body text not null,
    primary key (change, version)
);
create index version_by_content on version (content);

create table review (
    change bigint not null,
    version integer not null,
    reviewer text not null,
    sequence bigint not null references record (sequence),
    body text not null,
    primary key (change, version, reviewer),
    foreign key (change, version) references version (change, version)
);

create table pause (
    agent text primary key,
    paused_by text not null,
    at bigint not null,
    reason text not null
);

create table principal (
    uid text primary key,
    role text not null,
    -- JSON array of group names.
    groups text not null,
    owner text,
    -- JSON of the agent's registration; null for all others.
    profile text,
    -- Digest of the bearer token; null where there is none.
    token text unique
);
create table sign_in (
    code text primary key,
    principal text not null references principal (uid),
    issued bigint not null
);
create table session (
    token text primary key,
    principal text not null references principal (uid),
    expires bigint not null
);

-- Answers saved for 24 hours under an Idempotency-Key.
create table answer (
    principal text not null,
    route text not null,
    key text not null,
    payload text not null,
    body text not null,
    saved bigint not null,
    primary key (principal, route, key)
);
create index answer_by_age on answer (saved);

-- What could not be decoded, with its bytes.
create table quarantine (
    id integer primary key,
    source text not null,
    position bigint not null,
    field text not null,
    reason text not null,
    bytes blob not null,
    imported bigint not null
);
create unique index quarantine_once on quarantine (source, position, field, reason);
