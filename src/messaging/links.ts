import { announce } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { unpackToken } from "../platform/tokens.ts"
import * as house from "./house.ts"

/**
 * Where a word leads, or nothing when there is no such link: only ever the URL that was stored. Counts an unconfirmed
 * click, which drives nothing: scanners follow links too. Pages of ours get the word along, so that they can confirm it.
 */
export async function follow(tx: Tx, word: string): Promise<string | undefined> {
  const key = unpackToken(word)
  if (!key) return undefined
  const found = await tx
    .updateTable("mailLink")
    .set((e) => ({
      clicks: e("clicks", "+", 1),
      firstClickAt: e.fn.coalesce("firstClickAt", sql<Date>`${now()}::timestamptz`),
    }))
    .where("contactId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .returning("url")
    .executeTakeFirst()
  return found && withWord(found.url, word)
}

/** Where a word leads, without counting anything. */
export async function peek(db: Db, word: string): Promise<string | undefined> {
  const key = unpackToken(word)
  if (!key) return undefined
  const found = await db
    .selectFrom("mailLink")
    .select("url")
    .where("contactId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .executeTakeFirst()
  return found && withWord(found.url, word)
}

/** Takes a click as a human one, and announces it once per link; says whether this was the first time. The word proves nothing about who is there and signs nobody in. */
export async function confirm(tx: Tx, word: string): Promise<boolean> {
  const key = unpackToken(word)
  if (!key) return false
  const at = now()
  const found = await tx
    .updateTable("mailLink")
    .set((e) => ({ confirmedAt: at, firstClickAt: e.fn.coalesce("firstClickAt", sql<Date>`${at}::timestamptz`) }))
    .where("contactId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .where("confirmedAt", "is", null)
    .returning(["deliveryId", "url"])
    .executeTakeFirst()
  if (!found) return false
  await announce(tx, "mail.clicked", {
    contactId: key.id,
    properties: { deliveryId: found.deliveryId, url: found.url },
  })
  return true
}

function withWord(url: string, word: string): string {
  if (!house.isOwn(url)) return url
  const full = new URL(url)
  full.searchParams.set("m", word)
  return full.href
}
