create sequence contact_number;

-- What is known of a contact today, as typed. *_key columns are normalised for matching, searching and sorting.
create table profile (
  contact_id uuid primary key references contact (id),
  number bigint not null unique default nextval('contact_number'),  -- shown as M-000123
  family_name text not null default '',
  given_name text not null default '',
  family_kana text not null default '',
  given_kana text not null default '',
  name_kana text not null default U&'\FFFF',  -- for sorting: the reading, else the name; U+FFFF sorts after every letter (UTS 10)
  phone text,                                 -- 090-1234-5678
  phone_key text,                             -- +819012345678
  postal_code text,                           -- 390-0874
  prefecture text,
  city text,
  town text,                                  -- what the postal code gives below the city
  street text,                                -- 番地, as typed; never filled in
  building text,
  company text,
  company_key text,
  department text,
  title text,
  search_key text not null default '',        -- normalised names, kana, mails, phone, company, number; each after a space
  changed_at timestamptz not null
);
create index profile_kana on profile (name_kana collate "ja-x-icu", contact_id);
create index profile_search on profile using gin (search_key gin_trgm_ops);

-- Whoever is known has a profile, however they became known: sign-up, import, or an event of a server key.
create function ensure_profile() returns trigger language plpgsql as $$
declare
  known bigint := nextval('contact_number');
begin
  insert into profile (contact_id, number, search_key, changed_at)
  values (new.id, known, ' m' || lpad(known::text, greatest(6, length(known::text)), '0'), new.created_at)
  on conflict do nothing;
  return null;
end $$;
create trigger profile_of_new_contact after insert on contact
  for each row when (not new.anonymous) execute function ensure_profile();
create trigger profile_of_known_contact after update of anonymous on contact
  for each row when (old.anonymous and not new.anonymous) execute function ensure_profile();

create table contact_email (
  contact_id uuid not null references contact (id),
  address_key text not null,
  address text not null,
  is_primary boolean not null default false,
  verified_at timestamptz,
  bounced_at timestamptz,
  added_at timestamptz not null,
  primary key (contact_id, address_key)
);
create index contact_email_key on contact_email (address_key);
create unique index contact_email_primary on contact_email (contact_id) where is_primary;

-- Every value that a condition may ask for, dated; JSON null: not known from then on. confirmed_at is when the value
-- was last said, so that words which arrive late split the past and leave the present alone.
create table contact_property (
  contact_id uuid not null references contact (id),
  name text not null,
  since timestamptz not null,
  until timestamptz,
  confirmed_at timestamptz not null,
  value jsonb not null,
  source text not null,
  primary key (contact_id, name, since)
);
create unique index contact_property_open on contact_property (contact_id, name) where until is null;
create index contact_property_value on contact_property (name, value) where until is null;

-- What a contact agreed to, with the wording shown, when and where. The newest row of a purpose counts.
create table consent (
  contact_id uuid not null references contact (id),
  purpose text not null,                      -- advertising-mail, terms
  since timestamptz not null,
  until timestamptz,
  granted boolean not null,
  wording text not null,
  place text not null,                        -- sign-up, account, unsubscribe, staff …
  primary key (contact_id, purpose, since)
);

create table note (
  contact_id uuid not null references contact (id),
  id uuid not null,
  body text not null,
  written_by uuid references staff (id),
  written_at timestamptz not null,
  primary key (contact_id, id)
);
