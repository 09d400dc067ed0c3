-- Every condition whose answer is kept: of segments, rank rules, scenario entries and exits, access rules.
create table condition (
  id uuid primary key,
  owner_kind text not null,                   -- segment, rank.rise, rank.stay, scenario.entry, scenario.exit, access
  owner_id uuid not null,
  definition jsonb not null,
  version integer not null default 1,
  state text not null check (state in ('building', 'live', 'retired')),
  changed_at timestamptz not null,
  built_at timestamptz,
  unique (owner_kind, owner_id)
);

-- One row while the condition is true of the contact.
create table holding (
  contact_id uuid not null references contact (id),
  condition_id uuid not null references condition (id),
  since timestamptz not null,
  primary key (contact_id, condition_id)
);
create index holding_by_condition on holding (condition_id, contact_id);

-- When it became true and false: happened_at by the events, decided_at when we noticed. reason: each leaf's value.
create table holding_history (
  contact_id uuid not null references contact (id),
  condition_id uuid not null references condition (id),
  id uuid not null,
  entered_at timestamptz not null,
  entered_decided_at timestamptz not null,
  entered_reason jsonb not null,
  left_at timestamptz,
  left_decided_at timestamptz,
  left_reason jsonb,
  version integer not null,
  primary key (contact_id, condition_id, id)
);
create index holding_history_by_condition on holding_history (condition_id, entered_at);

create table segment (
  id uuid primary key,
  name text not null unique,
  description text not null default '',
  definition jsonb not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  archived_at timestamptz
);

-- Contacts to look at again, and what changed of them. Insert-only, so that writers never wait for workers.
create table dirty (
  contact_id uuid not null,
  sequence bigint generated always as identity,
  changes text[] not null,
  happened_at timestamptz not null,
  history boolean not null default false,
  primary key (contact_id, sequence)
);
create index dirty_order on dirty (sequence);

-- When time alone can next change an answer for the contact. Only ever moved earlier, recomputed on waking.
create table wake (
  contact_id uuid primary key references contact (id),
  wake_at timestamptz not null
);
create index wake_order on wake (wake_at);

-- Raised in the transaction of every change to a condition: processes keep the dependencies in memory under this number.
create table condition_version (
  single boolean primary key default true check (single),
  version bigint not null
);
insert into condition_version (version) values (1);
