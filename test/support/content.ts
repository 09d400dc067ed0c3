import { type Db, sql } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"
import { newToken, packToken, unpackToken } from "../../src/platform/tokens.ts"

export type Person = { contactId: string; word: string; session: { contactId: string; hash: Buffer } }

/** A member with a verified account, a membership since `joinedAt`, and a living session. */
export async function aMember(
  db: Db,
  options: { joinedAt?: Date; rankId?: string; plan?: string } = {},
): Promise<Person> {
  const joinedAt = options.joinedAt ?? new Date("2026-01-10T00:00:00Z")
  const contactId = newId()
  await sql`insert into contact (id, anonymous, created_at) values (${contactId}, false, ${joinedAt})`.execute(db)
  await sql`insert into account (contact_id, address, password_hash, opened_at, verified_at)
    values (${contactId}, ${`${contactId}@example.jp`}, 'x', ${joinedAt}, ${joinedAt})`.execute(db)
  await sql`insert into profile (contact_id, family_name, given_name, changed_at) values (${contactId}, '佐藤', '花子', ${joinedAt})
    on conflict (contact_id) do update set family_name = excluded.family_name, given_name = excluded.given_name`.execute(
    db,
  )
  await sql`insert into membership (contact_id, joined_at) values (${contactId}, ${joinedAt})`.execute(db)
  if (options.rankId) await hasRank(db, contactId, options.rankId, joinedAt)
  if (options.plan)
    await sql`insert into contact_property (contact_id, name, since, confirmed_at, value, source)
      values (${contactId}, 'plan', ${joinedAt}, ${joinedAt}, ${JSON.stringify(options.plan)}::jsonb, 'test')`.execute(
      db,
    )
  return { contactId, ...(await aSession(db, contactId)) }
}

/** Another living session of a member: a second device. */
export async function aSession(db: Db, contactId: string): Promise<Omit<Person, "contactId">> {
  const word = packToken(contactId, newToken())
  const { hash } = unpackToken(word)!
  await sql`insert into session (contact_id, token_hash, opened_at, seen_at, expires_at)
    values (${contactId}, ${hash}, '2026-01-10', '2026-01-10', '2099-01-01')`.execute(db)
  return { word, session: { contactId, hash } }
}

/** Ends the rank held and gives another. */
export async function hasRank(db: Db, contactId: string, rankId: string, since: Date): Promise<void> {
  await sql`update rank_history set until = ${since} where contact_id = ${contactId} and until is null`.execute(db)
  await sql`insert into rank_history (contact_id, since, rank_id, cause, reason, decided_at, decided_by)
    values (${contactId}, ${since}, ${rankId}, 'rose', '{}', ${since}, '{}')`.execute(db)
}

export async function aRank(db: Db, position: number, ja: string, en: string): Promise<string> {
  const id = newId()
  await sql`insert into rank (id, position, name, changed_at) values (${id}, ${position}, ${JSON.stringify({ ja, en })}::jsonb, '2026-01-01')`.execute(
    db,
  )
  return id
}

/** A segment with a live condition; `people` hold it. */
export async function aSegment(db: Db, name: string, people: string[] = []): Promise<string> {
  const [id, conditionId] = [newId(), newId()]
  await sql`insert into segment (id, name, definition, created_at, changed_at) values (${id}, ${name}, '{}', '2026-01-01', '2026-01-01')`.execute(
    db,
  )
  await sql`insert into condition (id, owner_kind, owner_id, definition, state, changed_at)
    values (${conditionId}, 'segment', ${id}, '{"all": []}', 'live', '2026-01-01')`.execute(db)
  for (const contactId of people)
    await sql`insert into holding (contact_id, condition_id, since) values (${contactId}, ${conditionId}, '2026-01-01')`.execute(
      db,
    )
  return id
}

/** A published video of so many seconds whose file is nowhere, for whatever does not read bytes. */
export async function aVideo(
  db: Db,
  options: {
    slug?: string
    title?: string
    seconds?: number
    publishedAt?: Date
    courseId?: string
    step?: number
    tags?: string[]
    rules?: Record<string, unknown>[]
  } = {},
): Promise<{ id: string; slug: string }> {
  const [id, fileId] = [newId(), newId()]
  const slug = options.slug ?? id.slice(-12)
  const publishedAt = options.publishedAt ?? new Date("2026-02-01T00:00:00Z")
  await sql`insert into file (id, kind, storage_key, original_name, content_type, bytes, uploaded_at)
    values (${fileId}, 'video', ${`content/${fileId}`}, 'clip.mp4', 'video/mp4', 1000, ${publishedAt})`.execute(db)
  await sql`insert into video (id, slug, title, state, file_id, duration_seconds, course_id, course_position, tags, published_at, created_at, changed_at)
    values (${id}, ${slug}, ${options.title ?? slug}, 'published', ${fileId}, ${options.seconds ?? 600}, ${options.courseId ?? null},
      ${options.step ?? null}, ${options.tags ?? []}, ${publishedAt}, ${publishedAt}, ${publishedAt})`.execute(db)
  for (const [position, rule] of (options.rules ?? [{}]).entries())
    await sql`insert into access_rule (id, video_id, position, everyone, minimum_rank_id, plans, segment_id, "window")
      values (${newId()}, ${id}, ${position}, ${rule.everyone ?? false}, ${rule.minimumRankId ?? null}, ${rule.plans ?? null},
        ${rule.segmentId ?? null}, ${rule.window ? JSON.stringify(rule.window) : null}::jsonb)`.execute(db)
  return { id, slug }
}
