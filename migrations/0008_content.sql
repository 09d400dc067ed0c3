create table file (
  id uuid primary key,
  storage_key text not null unique,
  original_name text not null,
  content_type text not null,
  bytes bigint not null,
  sha256 bytea,
  uploaded_by uuid references staff (id),
  uploaded_at timestamptz not null
);

create table course (
  id uuid primary key,
  slug text not null unique,
  title text not null,
  description text not null default '',
  position integer not null default 0,
  changed_at timestamptz not null
);

create table video (
  id uuid primary key,
  slug text not null unique,
  title text not null,
  description text not null default '',
  state text not null check (state in ('draft', 'published', 'archived')),
  file_id uuid references file (id),
  captions_file_id uuid references file (id),
  poster_file_id uuid references file (id),
  duration_seconds integer check (duration_seconds > 0),
  width integer,
  height integer,
  codec text,
  course_id uuid references course (id),
  course_position integer,
  tags text[] not null default '{}',
  published_at timestamptz,                   -- from when it is offered; may lie ahead
  unpublished_at timestamptz,
  artwork jsonb not null default '{}',        -- colours of the drawn poster when there is no picture
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index video_of_course on video (course_id, course_position);

-- Who may watch. No rule: nobody. Several rules: any of them opens.
create table access_rule (
  id uuid primary key,
  video_id uuid not null references video (id) on delete cascade,
  position integer not null default 0,
  everyone boolean not null default false,    -- anonymous visitors too
  minimum_rank_id uuid references rank (id),
  plans text[],                               -- any of these; null: any
  segment_id uuid references segment (id),
  "window" jsonb                              -- {"kind": "rolling" | "from-join" | "for-join", "months": 1}
);
create index access_rule_of_video on access_rule (video_id);

-- Raised by every change that a page must notice: processes keep the catalogue in memory under this number.
create table catalogue_version (
  single boolean primary key default true check (single),
  version bigint not null
);
insert into catalogue_version (version) values (1);

-- One row per accepted report: the seconds it added, dated, so that the past can be asked.
create table watch_report (
  contact_id uuid not null references contact (id),
  video_id uuid not null,
  happened_at timestamptz not null,
  id uuid not null,
  origin_id uuid not null,
  ranges int4multirange not null,             -- as reported (plausible part), whole seconds, half-open
  gained_seconds integer not null,            -- new seconds in order of happening
  primary key (contact_id, video_id, happened_at, id)
);
create index watch_report_by_time on watch_report (contact_id, happened_at);

-- The projection: what a contact has watched of a video.
create table watch (
  contact_id uuid not null references contact (id),
  video_id uuid not null references video (id),
  ranges int4multirange not null,
  seconds integer not null,
  position integer not null default 0,
  first_at timestamptz not null,
  last_at timestamptz not null,
  completed_at timestamptz,
  primary key (contact_id, video_id)
);
create index watch_completed on watch (video_id, completed_at) where completed_at is not null;
