import { z } from "@hono/zod-openapi"
import type { Reason, SaidReason } from "../reasons.ts"

export const Id = z.object({ id: z.uuid() })
const time = z.date().openapi({ type: "string", format: "date-time" })

export const ConditionShape = z.unknown().openapi("Condition", {
  type: "object",
  description:
    "A boolean expression over facts: {all: [...]}, {any: [...]}, {not: ...} or {fact, with, is}. The facts and their arguments are listed by GET /api/facts; `is` has exactly one of eq, ne, gt, gte, lt, lte, in, contains, exists.",
  example: { fact: "event.count", with: { event: "video.completed", within: "P30D" }, is: { gte: 5 } },
})

export const FactShape = z
  .object({
    name: z.string(),
    label: z.object({ ja: z.string(), en: z.string() }),
    type: z.enum(["number", "text", "date", "boolean", "set"]),
    comparisons: z.array(z.string()),
    with: z.unknown().openapi({ type: "object", description: "The JSON Schema of its arguments" }),
  })
  .openapi("Fact")

export const NameShape = z
  .object({
    kind: z.enum(["event", "property", "plan", "purpose"]).openapi({
      description:
        "`event` and `purpose` are arguments of facts, `property` is the argument `name`, `plan` a value of the property `plan`",
    }),
    name: z.string().openapi({ description: "As conditions write it" }),
    label: z.object({ ja: z.string(), en: z.string() }),
  })
  .openapi("NameInConditions")

const ReasonShape = z
  .object({
    met: z.boolean(),
    gone: z.boolean().openapi({ description: "Has withdrawn or is erased: then nothing is true" }),
    leaves: z.array(
      z.object({
        fact: z.string(),
        with: z.unknown().optional(),
        is: z.unknown(),
        value: z.unknown(),
        met: z.boolean(),
        question: z.string().openapi({ example: "30日以内の「video.completed」の回数" }),
        wanted: z.string().openapi({ example: "5以上" }),
        found: z.string().openapi({ example: "7" }),
      }),
    ),
  })
  .openapi("Reason")

export const SegmentShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    definition: ConditionShape,
    createdAt: time,
    changedAt: time,
    archivedAt: time.nullable(),
    state: z.enum(["building", "live", "archived"]),
    builtAt: time.nullable(),
    progress: z.object({ done: z.number(), total: z.number() }).nullable(),
    members: z.number().int(),
  })
  .openapi("Segment")

const name = z.string().trim().min(1).max(100)
const description = z.string().max(1_000)
export const SegmentDraftShape = z
  .object({ name, description: description.optional(), definition: ConditionShape })
  .openapi("SegmentDraft")
export const SegmentChangeShape = z
  .object({ name: name.optional(), description: description.optional(), definition: ConditionShape.optional() })
  .openapi("SegmentChange")

export const MemberShape = z
  .object({
    contactId: z.uuid(),
    name: z.string(),
    kana: z.string(),
    since: time,
    reason: ReasonShape.nullable(),
  })
  .openapi("SegmentMember")

export const StayShape = z
  .object({
    id: z.uuid(),
    contactId: z.uuid(),
    name: z.string(),
    enteredAt: time,
    enteredDecidedAt: time,
    enteredReason: ReasonShape,
    leftAt: time.nullable(),
    leftDecidedAt: time.nullable(),
    leftReason: ReasonShape.nullable(),
  })
  .openapi("SegmentStay")

export const PreviewShape = z
  .object({
    at: time,
    count: z.number().int(),
    people: z.array(z.object({ contactId: z.uuid(), name: z.string(), reason: ReasonShape })),
  })
  .openapi("ConditionPreview")

export const InOrOutShape = z
  .object({
    segmentId: z.uuid(),
    name: z.string(),
    in: z.boolean(),
    since: time.nullable(),
    reason: ReasonShape.openapi({ description: "In it: why they entered. Out of it: why not, as of now." }),
  })
  .openapi("ContactSegment")

/** A stored reason as it is answered; `naming.say` puts its questions into words. */
export function shown(reason: Reason): SaidReason {
  return { met: reason.met, gone: reason.gone ?? false, leaves: reason.leaves as SaidReason["leaves"] }
}
