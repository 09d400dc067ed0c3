import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { Refusal } from "../platform/refusals.ts"
import { hashToken, newToken } from "../platform/tokens.ts"
import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"
import * as audit from "./audit.ts"

type KeyKind = "server" | "browser"
/** A write key as the console shows it. The word of a server key is never seen again after it was made. */
export type Key = {
  id: string
  kind: KeyKind
  name: string
  publicKey: string | null
  createdAt: Date
  revokedAt: Date | null
}

/** Makes a write key; `key` is the word to be sent with every request. Of server keys only its hash is kept. */
export async function create(
  tx: Tx,
  draft: { kind: KeyKind; name: string },
  by: Actor,
): Promise<Key & { key: string }> {
  const word = `${draft.kind === "server" ? "msk" : "mbk"}_${newToken()}`
  const made: Key = {
    id: newId(),
    kind: draft.kind,
    name: draft.name,
    publicKey: draft.kind === "browser" ? word : null,
    createdAt: now(),
    revokedAt: null,
  }
  await tx
    .insertInto("eventKey")
    .values({ ...made, keyHash: draft.kind === "server" ? hashToken(word) : null })
    .execute()
  await audit.record(tx, by, "key.create", { kind: "key", id: made.id }, { after: draft })
  return { ...made, key: word }
}

/** Ends a key; what it said stays. Processes that know it notice within five seconds. */
export async function revoke(tx: Tx, id: string, by: Actor): Promise<void> {
  const key = await tx.selectFrom("eventKey").select(["id", "revokedAt"]).where("id", "=", id).executeTakeFirst()
  if (!key) throw new NoSuchKey()
  if (key.revokedAt) return
  await tx.updateTable("eventKey").set({ revokedAt: now() }).where("id", "=", id).execute()
  await audit.record(tx, by, "key.revoke", { kind: "key", id })
}

/** All keys, newest first, revoked ones too. */
export async function list(db: Db): Promise<Key[]> {
  return await db
    .selectFrom("eventKey")
    .select(["id", "kind", "name", "publicKey", "createdAt", "revokedAt"])
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .execute()
}

type Known = { id: string; kind: KeyKind }
type Remembered = { until: number; key: Promise<Known | undefined> }
const rememberedMs = 5_000
const remembered = new WeakMap<Db, Map<string, Remembered>>()

/** Whose word this is, or nothing when it is unknown or revoked; remembered for five seconds. */
export async function find(db: Db, word: string): Promise<Known | undefined> {
  if (!/^m[sb]k_[\w-]{43}$/.test(word)) return undefined
  let words = remembered.get(db)
  if (!words) remembered.set(db, (words = new Map()))
  const time = performance.now()
  const known = words.get(word)
  if (known && known.until > time) return await known.key
  if (words.size > 1_000) words.clear()
  const key = look(db, word)
  words.set(word, { until: time + rememberedMs, key })
  key.catch(() => words.delete(word))
  return await key
}

/** Makes this process look keys up anew. */
export function forget(db: Db): void {
  remembered.delete(db)
}

async function look(db: Db, word: string): Promise<Known | undefined> {
  const query = db.selectFrom("eventKey").select(["id", "kind"]).where("revokedAt", "is", null)
  const server = word.startsWith("msk_")
  return await (server
    ? query.where("keyHash", "=", hashToken(word))
    : query.where("publicKey", "=", word)
  ).executeTakeFirst()
}

/** The key does not exist, or not any more. */
export class UnknownKey extends Refusal {
  readonly kind = "unauthenticated"
  sentence(locale: Locale) {
    return say(locale)("unknownKey")
  }
}

/** No key has this id. */
class NoSuchKey extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchKey")
  }
}

const say = words(
  {
    unknownKey:
      "書き込みキーが見つからないか、無効になっています。管理画面の「設定 > 書き込みキー」で有効なキーをご確認ください。",
    noSuchKey: "この書き込みキーは見つかりませんでした。一覧を読み直してください。",
  },
  {
    unknownKey: "The write key is unknown or has been revoked. Check it under Settings > Write keys in the console.",
    noSuchKey: "There is no such write key. Reload the list.",
  },
)
