create table file (
  id uuid primary key,
  kind text not null check (kind in ('video', 'captions', 'poster')),
  storage_key text not null unique,
  original_name text not null,
  content_type text not null,
  bytes bigint not null,
  sha256 bytea,
  probe jsonb,                                -- of a video: {duration, width, height, codec, contentType}
  uploaded_by uuid references staff (id),
  uploaded_at timestamptz not null,
  dropped_at timestamptz                      -- since when no video names it
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

-- How many people of each rank completed a video; counted anew by a job, read with the catalogue.
create table video_popularity (
  rank_id uuid not null references rank (id) on delete cascade,
  video_id uuid not null references video (id) on delete cascade,
  completed integer not null,
  primary key (rank_id, video_id)
);

-- Raised by every change that a page must notice: processes keep the catalogue in memory under this number.
create table catalogue_version (
  single boolean primary key default true check (single),
  version bigint not null
);
insert into catalogue_version (version) values (1);

-- By trigger, so that no change can forget it; ranks are in the catalogue too, because rules compare with their order.
create function raise_catalogue_version() returns trigger language plpgsql as $$
begin
  update catalogue_version set version = version + 1;
  return null;
end $$;
create trigger catalogue_video after insert or update or delete on video execute function raise_catalogue_version();
create trigger catalogue_course after insert or update or delete on course execute function raise_catalogue_version();
create trigger catalogue_rule after insert or update or delete on access_rule execute function raise_catalogue_version();
create trigger catalogue_rank after insert or update or delete on rank execute function raise_catalogue_version();
create trigger catalogue_popularity after insert or update or delete on video_popularity execute function raise_catalogue_version();

-- How many seconds a set of watched ranges covers.
create function watched_seconds(ranges int4multirange) returns integer language sql immutable parallel safe as $$
  select coalesce(sum(upper(r) - lower(r)), 0)::integer from unnest(ranges) r
$$;

-- One row per accepted report: the seconds it added, dated, so that the past can be asked. id: the sender's, a repeated report changes nothing.
create table watch_report (
  contact_id uuid not null references contact (id),
  video_id uuid not null,
  id uuid not null,
  origin_id uuid not null,
  happened_at timestamptz not null,
  ranges int4multirange not null,             -- as reported (plausible part), whole seconds, half-open
  position integer not null,
  gained_seconds integer not null,            -- new seconds in order of happening
  primary key (contact_id, video_id, id)
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
  player_open tstzmultirange not null default '{}',  -- when a player of ours was open: bounds what can have been played
  claimed_seconds integer not null default 0,        -- seconds accepted from players against that time
  primary key (contact_id, video_id)
);
create index watch_completed on watch (video_id, completed_at) where completed_at is not null;
create index watch_of_video on watch (video_id, contact_id);
