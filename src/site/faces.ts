import { z } from "zod"
import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import type { Ctx } from "../platform/http.ts"
import { sql, type Db, type Tx } from "../platform/db.ts"
import * as settings from "../platform/settings.ts"
import type { FrameSource, MemberFace, SiteFace } from "../ui/index.ts"

const address = z
  .string()
  .max(500)
  .regex(/^(\/|https?:\/\/)/)

/** What the operator says about the members' site; kept as the setting "site". */
export const faceSchema = z.object({
  name: z.string().min(1).max(60),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
  browserKey: z.string().max(200).optional(),
  legal: z.object({ commerce: address.optional(), privacy: address.optional(), terms: address.optional() }).optional(),
})

/** How the site looks until the operator has said anything. */
const unnamed: SiteFace = { name: "Musubi" }

const freshMs = 5_000
const fresh = new WeakMap<object, { face: SiteFace; readAt: number }>()

/** The site's name, accent, tracker key and legal pages; at most five seconds old. */
export async function current(db: Db): Promise<SiteFace> {
  const known = fresh.get(db)
  if (known && performance.now() - known.readAt < freshMs) return known.face
  const face = await kept(db)
  fresh.set(db, { face, readAt: performance.now() })
  return face
}

/** Changes how the site presents itself. */
export async function save(tx: Tx, face: z.infer<typeof faceSchema>): Promise<void> {
  await settings.write(tx, "site", faceSchema.parse(face))
}

const blank = z.literal("")

/** What the console and programs change of it; an empty text takes something back. */
export const presentationSchema = z.object({
  name: z.string().trim().min(1).max(60),
  accent: z.union([blank, z.string().regex(/^#[0-9a-f]{6}$/i)]),
  commerce: z.union([blank, address]),
  privacy: z.union([blank, address]),
  terms: z.union([blank, address]),
})
export type Presentation = z.infer<typeof presentationSchema>

/** How the site presents itself, as it is kept at this moment. */
export async function presentation(db: Db): Promise<Presentation> {
  const { name, accent = "", legal } = await kept(db)
  return { name, accent, commerce: legal?.commerce ?? "", privacy: legal?.privacy ?? "", terms: legal?.terms ?? "" }
}

/** Changes how the site presents itself; the tracker's key stays. */
export async function present(tx: Tx, draft: Presentation, by: Actor): Promise<void> {
  const before = await presentation(tx)
  const { browserKey } = await kept(tx)
  const { name, accent, ...pages } = draft
  const legal = Object.fromEntries(Object.entries(pages).filter(([, href]) => href))
  await save(tx, { name, legal, ...(accent && { accent }), ...(browserKey && { browserKey }) })
  await audit.record(tx, by, "site.change", { kind: "setting", id: "site" }, { before, after: draft })
}

/** What every page of the site shows around its content, for `framed(frameSource)`. */
export const frameSource: FrameSource = {
  site: (c) => current(c.var.db),
  member: memberFace,
}

async function kept(db: Db): Promise<SiteFace> {
  const read = faceSchema.safeParse(await settings.read(db, "site"))
  return read.success ? read.data : unnamed
}

async function memberFace(c: Ctx): Promise<MemberFace | undefined> {
  const { actor, locale, db } = c.var
  if (actor?.kind !== "member") return undefined
  const { rows } = await sql<{
    familyName: string
    givenName: string
    name: Record<string, string> | null
    colour: string | null
  }>`
    select coalesce(p.family_name, '') family_name, coalesce(p.given_name, '') given_name, k.name, k.colour
    from account a left join profile p on p.contact_id = a.contact_id
    left join rank_history h on h.contact_id = a.contact_id and h.until is null
    left join rank k on k.id = h.rank_id where a.contact_id = ${actor.contactId}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { familyName, givenName, name, colour } = row
  return { familyName, givenName, rankName: name?.[locale] ?? name?.ja, rankColour: colour ?? undefined }
}
