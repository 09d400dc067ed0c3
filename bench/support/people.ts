import type pg from "pg"
import { now } from "../../src/platform/clock.ts"
import { hashToken, packToken } from "../../src/platform/tokens.ts"

/** Members with accounts, profiles, consent and a rank, made by SQL: `count` people who joined over the last year. */
export async function makeMembers(pool: pg.Pool, count: number): Promise<string[]> {
  const at = now()
  await pool.query(
    `create temp table made as
     select gen_random_uuid() id, n, $1::timestamptz - (n % 365) * interval '1 day' joined_at from generate_series(1, $2) n`,
    [at, count],
  )
  await pool.query("insert into contact (id, anonymous, created_at) select id, false, joined_at from made")
  await pool.query(
    `insert into profile (contact_id, number, family_name, given_name, family_kana, given_kana, name_kana, search_key, changed_at)
     select id, n, '佐藤', '花子' || n, 'サトウ', 'ハナコ', 'サトウ ハナコ', '佐藤花子' || n, joined_at from made`,
  )
  await pool.query(
    `insert into contact_email (contact_id, address_key, address, is_primary, verified_at, added_at)
     select id, 'm' || n || '@example.jp', 'm' || n || '@example.jp', true, joined_at, joined_at from made`,
  )
  await pool.query(
    `insert into account (contact_id, address, opened_at, verified_at) select id, 'm' || n || '@example.jp', joined_at, joined_at from made`,
  )
  await pool.query("insert into membership (contact_id, joined_at) select id, joined_at from made")
  await pool.query(
    `insert into consent (contact_id, purpose, since, granted, wording, place)
     select id, 'advertising-mail', joined_at, true, '広告メールを受け取ります', 'sign-up' from made`,
  )
  await pool.query(
    `insert into contact_property (contact_id, name, since, confirmed_at, value, source)
     select id, 'plan', joined_at, joined_at, to_jsonb(case when n % 3 = 0 then 'standard' else 'free' end), 'bench' from made`,
  )
  const { rows } = await pool.query("select id from made order by n")
  await pool.query("drop table made")
  return rows.map((row) => row.id as string)
}

/** Five ranks without rules of their own, and everybody spread over them. */
export async function makeRanks(pool: pg.Pool): Promise<string[]> {
  const at = now()
  const { rows } = await pool.query(
    `insert into rank (id, position, name, changed_at)
     select gen_random_uuid(), n, jsonb_build_object('ja', (array['一般','ブロンズ','シルバー','ゴールド','プラチナ'])[n + 1], 'en', 'Rank ' || n), $1
     from generate_series(0, 4) n returning id, position`,
    [at],
  )
  const ids = rows.sort((a, b) => a.position - b.position).map((row) => row.id as string)
  await pool.query(
    `insert into rank_history (contact_id, since, rank_id, cause, reason, decided_at, decided_by)
     select contact_id, joined_at, ($1::uuid[])[1 + (row_number() over ())::int % 5], 'imported', '{}', joined_at, '{"kind":"system","name":"bench"}'
     from membership`,
    [ids],
  )
  return ids
}

/** Published videos in courses of ten, each open to a rank (or to everybody who joined). */
export async function makeVideos(pool: pg.Pool, count: number, rankIds: string[]): Promise<string[]> {
  const at = now()
  await pool.query(
    `insert into course (id, slug, title, position, changed_at)
     select gen_random_uuid(), 'course-' || n, '講座 ' || n, n, $1 from generate_series(1, $2) n`,
    [at, Math.ceil(count / 10)],
  )
  const file = await pool.query(
    `insert into file (id, kind, storage_key, original_name, content_type, bytes, uploaded_at)
     values (gen_random_uuid(), 'video', 'bench', 'bench.mp4', 'video/mp4', 1, $1) returning id`,
    [at],
  )
  const { rows } = await pool.query(
    `insert into video (id, slug, title, state, file_id, duration_seconds, course_id, course_position, tags, published_at, created_at, changed_at)
     select gen_random_uuid(), 'video-' || n, '経理のきほん 第' || n || '回「経費と按分」', 'published', $3::uuid, 300 + (n * 37) % 900,
       (select id from course where slug = 'course-' || (1 + (n - 1) / 10)), 1 + (n - 1) % 10,
       array[(array['経費','税務','請求','資金','会計'])[1 + n % 5]], $1::timestamptz - n * interval '1 day', $1, $1
     from generate_series(1, $2) n returning id`,
    [at, count, file.rows[0].id],
  )
  const ids = rows.map((row) => row.id as string)
  await pool.query(
    `insert into access_rule (id, video_id, minimum_rank_id)
     select gen_random_uuid(), id, ($1::uuid[])[1 + n % 3] from unnest($2::uuid[]) with ordinality v(id, n)`,
    [rankIds, ids],
  )
  await pool.query("update catalogue_version set version = version + 1")
  return ids
}

/** Watch rows: each member has watched `each` videos, two thirds of them completely. */
export async function makeWatching(pool: pg.Pool, each: number, videoIds: string[]): Promise<number> {
  const at = now()
  const { rowCount } = await pool.query(
    `insert into watch (contact_id, video_id, ranges, seconds, position, first_at, last_at, completed_at)
     select m.contact_id, v.id,
       case when k % 3 = 0 then int4multirange(int4range(0, 120), int4range(180, 240)) else int4multirange(int4range(0, d)) end,
       case when k % 3 = 0 then 180 else d end, case when k % 3 = 0 then 240 else d end,
       $1::timestamptz - k * interval '7 hours', $1::timestamptz - k * interval '6 hours',
       case when k % 3 = 0 then null else $1::timestamptz - k * interval '6 hours' end
     from (select contact_id, row_number() over () n from membership) m
     cross join generate_series(0, $2 - 1) k
     cross join lateral (select ($3::uuid[])[1 + (m.n * 7 + k) % cardinality($3::uuid[])] id) v
     cross join lateral (select duration_seconds d from video where video.id = v.id) d`,
    [at, each, videoIds],
  )
  return rowCount ?? 0
}

/** Signed-in sessions for these members: the words for the session cookie. */
export async function makeSessions(pool: pg.Pool, contactIds: string[]): Promise<string[]> {
  const at = now()
  const tokens = contactIds.map((_, index) => `${String(index).padStart(10, "0")}${"x".repeat(33)}`)
  await pool.query(
    `insert into session (contact_id, token_hash, opened_at, seen_at, expires_at)
     select * from unnest($1::uuid[], $2::bytea[], array_fill($3::timestamptz, array[cardinality($1)]),
       array_fill($3::timestamptz, array[cardinality($1)]), array_fill($3::timestamptz + interval '30 days', array[cardinality($1)]))`,
    [contactIds, tokens.map(hashToken), at],
  )
  return contactIds.map((id, index) => packToken(id, tokens[index]!))
}

/** Past events: `count` of 20 names, spread over the contacts and the last 90 days. */
export async function makeEvents(pool: pg.Pool, count: number): Promise<void> {
  const at = now()
  for (let month = 0; month < 5; month++)
    await pool.query("select ensure_event_partition($1::timestamptz - $2 * interval '30 days')", [at, month])
  const { rows } = await pool.query("select count(*)::int n from membership")
  const members = rows[0].n
  await pool.query(
    `insert into event (contact_id, happened_at, id, name, origin_id, source, properties, received_at)
     select p.id, $1::timestamptz - (n::float8 / $2) * interval '90 days', gen_random_uuid(), 'lesson.step_' || n % 20, p.id, 'bench',
       jsonb_build_object('score', n % 100, 'course', 'c' || n % 7), $1::timestamptz - (n::float8 / $2) * interval '90 days'
     from generate_series(1, $2) n
     join (select contact_id id, row_number() over () - 1 as r from membership) p on p.r = (n * 7919::bigint) % $3`,
    [at, count, members],
  )
  await pool.query("analyze")
}
