-- Whether a public key brought a name in: what anybody may make is bounded per day.
alter table event_name add column public boolean not null default false;
create index event_name_public on event_name (first_seen_at) where public;
