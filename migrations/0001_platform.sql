-- Everything that belongs to no business area.

create extension if not exists pg_trgm;

-- Small settings by name: the operator's own words and switches, the instance's keys, the test clock.
create table setting (
  name text primary key,
  value jsonb not null,
  changed_at timestamptz not null
);

-- A worker process says here that it is alive; jobs of one that stopped saying so are taken over.
create table worker_heartbeat (
  worker_id text primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  jobs_as text[] not null default '{}'         -- the names under which it locks jobs
);

-- Fixed-window counters of rate-limiter-flexible (its own column names).
create table rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
