create table membership (
  contact_id uuid primary key references contact (id),
  joined_at timestamptz not null,             -- the first time; kept on re-joining
  rejoined_at timestamptz,
  withdrawn_at timestamptz,
  withdrawal_reason text
);

create table rank (
  id uuid primary key,
  position integer not null unique,           -- 0 is where everybody starts
  name jsonb not null,                        -- {"ja": "シルバー", "en": "Silver"}
  colour text not null default '#766e62',
  rise jsonb,                                 -- condition; none for position 0
  stay jsonb,                                 -- none: derived from rise (numeric lower bounds × 0.9, rounded up)
  grace_days integer not null default 30,
  may_fall boolean not null default true,
  version integer not null default 1,
  changed_at timestamptz not null
);

-- One open row per member: the rank held. Never overwritten.
create table rank_history (
  contact_id uuid not null references contact (id),
  since timestamptz not null,
  until timestamptz,
  rank_id uuid not null references rank (id),
  cause text not null check (cause in ('joined', 'rose', 'fell', 'held', 'released', 'imported')),
  reason jsonb not null,                      -- 判定理由
  decided_at timestamptz not null,
  decided_by jsonb not null,
  primary key (contact_id, since)
);
create unique index rank_history_open on rank_history (contact_id) where until is null;
create index rank_history_by_rank on rank_history (rank_id) where until is null;

-- Staff holds a rank against the rules.
create table rank_hold (
  contact_id uuid not null references contact (id),
  since timestamptz not null,
  until timestamptz,
  rank_id uuid not null references rank (id),
  reason text not null,
  held_by jsonb not null,
  primary key (contact_id, since)
);

-- A fall that waits for its grace period.
create table rank_grace (
  contact_id uuid primary key references contact (id),
  rank_id uuid not null references rank (id),
  began_at timestamptz not null,
  falls_at timestamptz not null
);
create index rank_grace_due on rank_grace (falls_at);
