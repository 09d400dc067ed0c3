import { z } from "@hono/zod-openapi"

const when = z.iso.datetime()
const said = z.object({ ja: z.string(), en: z.string() })
const name = z.object({ ja: z.string().min(1).max(40), en: z.string().min(1).max(40) })
const asked = z.any().openapi({ type: "object", description: "A condition: { all | any | not | fact, with, is }" })
const colour = z.string().regex(/^#[0-9a-f]{6}$/i)
const cause = z.enum(["joined", "rose", "fell", "held", "released", "imported"])

export const byId = z.object({ id: z.uuid() })
const RankMark = z.object({ id: z.uuid(), name: said, colour: z.string() }).openapi("RankMark")

export const Rank = z
  .object({
    id: z.uuid(),
    position: z.number().int().openapi({ description: "0 is where everybody starts" }),
    name: said,
    colour: z.string(),
    rise: asked.nullable(),
    stay: asked.nullable(),
    staysBy: asked.nullable().openapi({ description: "What counts for staying: stay, or what follows from rise" }),
    graceDays: z.number().int(),
    mayFall: z.boolean(),
    version: z.number().int(),
    members: z.number().int(),
    state: z.enum(["building", "live"]),
    changedAt: when,
  })
  .openapi("Rank")

export const RankDraft = z
  .object({
    position: z.number().int().min(0).max(100),
    name,
    colour: colour.default("#766e62"),
    rise: asked.nullable().default(null),
    stay: asked.nullable().default(null).openapi({ description: "null: rise with its lower bounds × 0.9" }),
    graceDays: z.number().int().min(0).max(3_650).default(30),
    mayFall: z.boolean().default(true),
  })
  .openapi("RankDraft")

export const RankChange = z
  .object({
    position: z.number().int().min(0).max(100),
    name,
    colour: z.string(),
    rise: asked.nullable(),
    stay: asked.nullable(),
    graceDays: z.number().int().min(0).max(3_650),
    mayFall: z.boolean(),
  })
  .partial()
  .openapi("RankChange")

export const TrialDraft = z
  .object({
    rankId: z.uuid().optional().openapi({ description: "The rank whose rule this would be; else a new one" }),
    position: z.number().int().min(1).max(100).optional(),
    rise: asked,
    stay: asked.nullable().optional(),
  })
  .openapi("RankTrialDraft")

export const Trial = z
  .object({
    rises: z.number().int(),
    falls: z.number().int(),
    people: z.array(
      z.object({
        contactId: z.uuid(),
        familyName: z.string(),
        givenName: z.string(),
        fromId: z.uuid(),
        toId: z.uuid().nullable(),
      }),
    ),
  })
  .openapi("RankTrial")

export const RankOfContact = z
  .object({
    current: z.object({ rank: RankMark, since: when, cause }).nullable(),
    hold: z.object({ rankId: z.uuid(), rank: RankMark, reason: z.string(), since: when }).nullable(),
    grace: z.object({ rankId: z.uuid(), rank: RankMark, fallsAt: when }).nullable(),
    next: z.object({ rank: RankMark, sentence: said }).nullable(),
    missing: z.array(
      z.object({ label: said, current: z.any(), needed: z.any(), met: z.boolean(), toGo: said.nullable() }),
    ),
    history: z.array(
      z.object({ rank: RankMark, since: when, until: when.nullable(), cause, reason: z.any(), decidedAt: when }),
    ),
  })
  .openapi("RankOfContact")

export const HoldDraft = z.object({ rankId: z.uuid(), reason: z.string().max(2_000) }).openapi("RankHoldDraft")
