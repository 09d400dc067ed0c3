-- Unique across people by nature: the named exception to "contact_id first".
create table sign_in_address (
  address_key text primary key,      -- normalised mail address
  contact_id uuid not null references contact (id),
  claimed_at timestamptz not null,
  verified_at timestamptz            -- until then a later sign-up may take the address over
);
create index sign_in_address_of_contact on sign_in_address (contact_id);

create table account (
  contact_id uuid primary key references contact (id),
  address text not null,             -- as typed
  password_hash text,
  opened_at timestamptz not null,
  verified_at timestamptz,
  suspended_at timestamptz,
  withdrawn_at timestamptz,
  locale text not null default 'ja'
);

-- Tokens are random; only their SHA-256 is kept. The cookie carries contact id and token.
create table session (
  contact_id uuid not null references account (contact_id) on delete cascade,
  token_hash bytea not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text,
  primary key (contact_id, token_hash)
);
create index session_by_expiry on session (expires_at);

-- Links in mails: bound to purpose, contact and object; expire; work once.
create table mail_token (
  contact_id uuid not null references contact (id) on delete cascade,
  token_hash bytea not null,
  purpose text not null,             -- verify, reset, change-address, withdraw …
  object jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (contact_id, token_hash)
);
create index mail_token_by_expiry on mail_token (expires_at);

create table staff (
  id uuid primary key,
  address text not null,
  address_key text not null unique,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'marketer', 'editor', 'support', 'analyst')),
  password_hash text not null,
  created_at timestamptz not null,
  disabled_at timestamptz,
  locale text not null default 'ja'
);

create table staff_session (
  staff_id uuid not null references staff (id) on delete cascade,
  token_hash bytea not null,
  opened_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text,
  primary key (staff_id, token_hash)
);

create table api_token (
  id uuid primary key,
  name text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_by uuid references staff (id),
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);

-- A new mail address that a member asked for; it counts only when the link sent there was used.
create table address_change (
  contact_id uuid primary key references account (contact_id) on delete cascade,
  address text not null,
  address_key text not null,
  requested_at timestamptz not null
);
