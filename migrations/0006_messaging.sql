create table delivery (
  contact_id uuid not null references contact (id),
  id uuid not null,
  run_id uuid not null,                       -- what caused it: a scenario run, or the id of the errand (a sign-up, a reset)
  step text not null,
  class text not null check (class in ('transactional', 'advertising')),
  channel text not null default 'mail',
  state text not null check (state in ('queued', 'sending', 'sent', 'suppressed', 'failed', 'uncertain')),
  reason text,                                -- why suppressed, failed or uncertain
  why jsonb,                                  -- 判定理由: the facts that made it go out
  asked_for boolean not null default false,   -- the person asked for it just now (verify, reset, withdrawal): goes out whatever their standing
  scenario_id uuid,
  subject text not null,                      -- without what is personal in it: 「○○ 様、…」
  message_id text not null,
  queued_at timestamptz not null,
  next_try_at timestamptz,
  attempts integer not null default 0,
  claimed_at timestamptz,
  claimed_by text,
  sent_at timestamptz,
  unsubscribe_hash bytea,                     -- of the word in its unsubscribe link; works as often as it is used
  primary key (contact_id, id),
  unique (contact_id, run_id, step)
);
create index delivery_due on delivery (next_try_at) where state = 'queued';
create index delivery_claimed on delivery (claimed_at) where state = 'sending';
create index delivery_by_id on delivery (id);
create index delivery_by_time on delivery (queued_at desc, id desc);
create index delivery_of_scenario on delivery (scenario_id, queued_at desc) where scenario_id is not null;

-- What it says: erasable, apart from its fate.
create table delivery_body (
  contact_id uuid not null,
  delivery_id uuid not null,
  recipient text not null,
  subject text not null,
  html text not null,
  text text not null,
  headers jsonb not null default '{}',
  secret text,                                -- a word that signs in or changes an account: hidden from staff, cut out once sent
  primary key (contact_id, delivery_id),
  foreign key (contact_id, delivery_id) references delivery (contact_id, id) on delete cascade
);

-- A tracked link of one delivery. A GET records an unconfirmed click; confirmed by the landing page's beacon or a signed-in request.
create table mail_link (
  contact_id uuid not null references contact (id),
  token_hash bytea not null,
  delivery_id uuid not null,
  url text not null,
  first_click_at timestamptz,
  confirmed_at timestamptz,
  clicks integer not null default 0,
  primary key (contact_id, token_hash)
);

-- Mail no longer goes there: hard bounce, complaint, or staff's word.
create table suppression (
  contact_id uuid not null references contact (id),
  address_key text not null,
  reason text not null,
  since timestamptz not null,
  until timestamptz,
  primary key (contact_id, address_key, since)
);
