import { audit } from "../events/index.ts"
import type { Actor, StaffRole } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { hashToken, newToken } from "../platform/tokens.ts"
import { allowed, type Permission, permissionsOf } from "./permissions.ts"
import { NoSuchRecord, NotPermitted } from "./refusals.ts"

/** A key by which a program uses the API; its scopes are permissions. */
type ApiToken = {
  id: string
  name: string
  scopes: string[]
  createdBy: string | null
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
}
export type ApiTokenDraft = { name: string; scopes: Permission[]; expiresAt?: Date | null | undefined }

/** Every secret begins so, for people and leak scanners to recognise. */
const prefix = "mst_"

/** Makes a token; the secret is answered here once and never again. Nobody hands out more than they have. */
export async function create(tx: Tx, draft: ApiTokenDraft, by: Actor): Promise<{ token: ApiToken; secret: string }> {
  if (by.kind !== "system" && !draft.scopes.every((scope) => allowed(by).includes(scope))) throw new NotPermitted()
  const secret = prefix + newToken()
  const token = await tx
    .insertInto("apiToken")
    .values({
      id: newId(),
      name: draft.name,
      tokenHash: hashToken(secret),
      scopes: [...new Set(draft.scopes)],
      createdBy: await creator(tx, by),
      createdAt: now(),
      expiresAt: draft.expiresAt ?? null,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
  const after = { name: token.name, scopes: token.scopes, expiresAt: token.expiresAt }
  await audit.record(tx, by, "api_token.create", { kind: "api_token", id: token.id }, { after })
  return { token, secret }
}

/** All tokens, newest last, revoked ones too. */
export async function list(db: Db, page: { cursor?: string | undefined; limit: number }): Promise<ApiToken[]> {
  return db
    .selectFrom("apiToken")
    .select(columns)
    .$if(page.cursor !== undefined, (query) => query.where("id", ">", page.cursor!))
    .orderBy("id")
    .limit(page.limit)
    .execute()
}

/** Makes a token worthless from the next request on. Doing it twice changes nothing. */
export async function revoke(tx: Tx, id: string, by: Actor): Promise<ApiToken> {
  const revoked = await tx
    .updateTable("apiToken")
    .set({ revokedAt: now() })
    .where("id", "=", id)
    .where("revokedAt", "is", null)
    .returning(columns)
    .executeTakeFirst()
  if (revoked) await audit.record(tx, by, "api_token.revoke", { kind: "api_token", id })
  return (
    revoked ??
    (await tx
      .selectFrom("apiToken")
      .select(columns)
      .where("id", "=", id)
      .executeTakeFirstOrThrow(() => new NoSuchRecord()))
  )
}

/**
 * What a secret may do now; nothing when it is unknown, revoked or expired. A token never does more than who made it may
 * today: it ends when they are shut out and shrinks when their role does.
 */
export async function who(db: Db, secret: string): Promise<{ tokenId: string; scopes: string[] } | undefined> {
  if (!secret.startsWith(prefix)) return undefined
  const at = now()
  const found = await db
    .selectFrom("apiToken")
    .leftJoin("staff", "staff.id", "apiToken.createdBy")
    .select(["apiToken.id", "scopes", "lastUsedAt", "createdBy", "role", "disabledAt"])
    .where("tokenHash", "=", hashToken(secret))
    .where("revokedAt", "is", null)
    .where((e) => e.or([e("expiresAt", "is", null), e("expiresAt", ">", at)]))
    .executeTakeFirst()
  if (!found || (found.createdBy && (!found.role || found.disabledAt))) return undefined
  if (!found.lastUsedAt || at.getTime() - found.lastUsedAt.getTime() > 300_000)
    await db.updateTable("apiToken").set({ lastUsedAt: at }).where("id", "=", found.id).execute()
  return { tokenId: found.id, scopes: found.role ? within(found.scopes, found.role) : found.scopes }
}

function within(scopes: string[], role: StaffRole): string[] {
  return scopes.filter((scope) => (permissionsOf[role] as readonly string[]).includes(scope))
}

/** A token made by a token belongs to the person behind the first one. */
async function creator(tx: Tx, by: Actor): Promise<string | null> {
  if (by.kind === "staff") return by.staffId
  if (by.kind !== "token") return null
  const parent = await tx.selectFrom("apiToken").select("createdBy").where("id", "=", by.tokenId).executeTakeFirst()
  return parent?.createdBy ?? null
}

const columns = ["id", "name", "scopes", "createdBy", "createdAt", "lastUsedAt", "expiresAt", "revokedAt"] as const
