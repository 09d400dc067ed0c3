create table scenario (
  id uuid primary key,
  name text not null unique,
  state text not null check (state in ('draft', 'live', 'paused', 'archived')),
  version integer not null default 1,
  reentry text not null default 'never' check (reentry in ('never', 'after-exit')),
  created_at timestamptz not null,
  changed_at timestamptz not null
);

-- Editing makes a new version; people inside finish on theirs.
create table scenario_version (
  scenario_id uuid not null references scenario (id) on delete cascade,
  version integer not null,
  definition jsonb not null,                  -- {entry, exit, goal, steps: [{key, kind: wait|mail, …}]}
  exit_id uuid not null,                      -- owner of the exit condition: people leave by the version they are on
  created_at timestamptz not null,
  created_by jsonb not null,
  primary key (scenario_id, version)
);

create table scenario_run (
  contact_id uuid not null references contact (id),
  id uuid not null,
  scenario_id uuid not null references scenario (id),
  version integer not null,
  state text not null check (state in ('running', 'finished', 'exited', 'stopped')),
  step text,                                  -- the wait it is in, or the step it stands before
  wake_at timestamptz,
  entered_at timestamptz not null,
  entry_reason jsonb not null,
  ended_at timestamptz,
  end_reason jsonb,
  primary key (contact_id, id)
);
create unique index scenario_run_running on scenario_run (contact_id, scenario_id) where state = 'running';
create index scenario_run_due on scenario_run (wake_at) where state = 'running' and wake_at is not null;
create index scenario_run_of_scenario on scenario_run (scenario_id, entered_at desc, id desc);

-- Steps taken per person and day: a brake on loops.
create table step_budget (
  contact_id uuid not null references contact (id),
  on_day date not null,
  steps integer not null,
  primary key (contact_id, on_day)
);
