-- The bare person: whoever a timeline is about, known or still anonymous. What is known of them lives in crm.
create table contact (
  id uuid primary key,
  anonymous boolean not null default true,
  created_at timestamptz not null,
  erased_at timestamptz
);
create index contact_known on contact (id) where not anonymous;

-- origin -> contact, written when an anonymous history joins a person; ingest asks it for stragglers.
create table alias (
  origin_id uuid primary key,
  contact_id uuid not null references contact (id),
  aliased_at timestamptz not null,
  moved_at timestamptz
);
create index alias_of_contact on alias (contact_id);

-- Append-only. happened_at: corrected client time; sent_at and received_at as observed.
-- No foreign key to contact: ingest creates the contact in the same statement, and the check would cost a look-up per row.
create table event (
  contact_id uuid not null,
  happened_at timestamptz not null,
  id uuid not null,
  name text not null,
  origin_id uuid not null,
  source text not null,
  properties jsonb not null,
  sequence bigint,
  sent_at timestamptz,
  received_at timestamptz not null,
  history boolean not null default false,
  primary key (contact_id, happened_at, id)
) partition by range (happened_at);
create index event_by_name on event (contact_id, name, happened_at);

-- Makes the monthly partition (UTC months) that holds an instant; harmless when it is there.
-- Made apart and then attached: "partition of" would lock every reader and writer of all months out.
create function ensure_event_partition(happened timestamptz) returns void language plpgsql as $$
declare
  month timestamp := date_trunc('month', happened at time zone 'UTC');
  name text := 'event_' || to_char(month, 'YYYY_MM');
begin
  if to_regclass(name) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtext('event partition'), hashtext(name));
  -- A query, since to_regclass remembers that there was none and this kind of lock does not make it look again.
  if exists (select from pg_class where relname = name and relnamespace = (select relnamespace from pg_class where oid = 'event'::regclass)) then return; end if;
  execute format('create table %I (like event including defaults including constraints including indexes)', name);
  execute format('alter table event attach partition %I for values from (%L) to (%L)',
    name, month::text || '+00', (month + interval '1 month')::text || '+00');
end $$;

-- What was already accepted: the idempotency key of each event, kept 35 days, not partitioned.
create table event_receipt (
  source text not null,
  message_id text not null,
  received_at timestamptz not null,
  primary key (source, message_id)
);
create index event_receipt_age on event_receipt using brin (received_at);

-- What an event name means and which properties it has (a JSON Schema object). Names without one are kept as sent.
create table event_schema (
  name text primary key,
  label jsonb not null,
  properties jsonb,
  protected boolean not null default false,
  changed_at timestamptz not null
);

-- Names that were sent to us, so that conditions can be built from a list.
create table event_name (
  name text primary key,
  first_seen_at timestamptz not null
);

-- Write keys. Browser keys are public and stored as they are; of server keys only the hash.
create table event_key (
  id uuid primary key,
  kind text not null check (kind in ('server', 'browser')),
  name text not null,
  public_key text unique,
  key_hash bytea unique,
  created_at timestamptz not null,
  revoked_at timestamptz,
  check ((kind = 'browser') = (public_key is not null)),
  check ((kind = 'server') = (key_hash is not null))
);

-- Who did what to what, before and after, why; in the transaction of the act.
create table audit (
  id uuid primary key,
  happened_at timestamptz not null,
  actor jsonb not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  before jsonb,
  after jsonb,
  reason text
);
create index audit_of_subject on audit (subject_kind, subject_id, happened_at);
create index audit_by_time on audit (happened_at);
