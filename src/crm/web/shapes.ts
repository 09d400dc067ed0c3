import { z } from "@hono/zod-openapi"
import { kinds } from "../kinds.ts"

const when = z.iso.datetime()
const said = z.object({ ja: z.string(), en: z.string() })
const ranges = z.array(z.tuple([z.number(), z.number()])).openapi({ description: "Seconds, half-open" })
const maybe = z.string().nullable()

export const contactId = z.object({ id: z.uuid() })

export const ContactLine = z
  .object({
    id: z.uuid(),
    number: z.string().openapi({ example: "M-000123" }),
    familyName: z.string(),
    givenName: z.string(),
    familyKana: z.string(),
    givenKana: z.string(),
    email: maybe,
    phone: maybe,
    prefecture: maybe,
    company: maybe,
    plan: maybe.openapi({ description: "The plan as conditions and access rules know it" }),
    planName: said.nullable().openapi({ description: "What people call the plan" }),
    rank: z.object({ id: z.uuid(), name: said, colour: z.string() }).nullable(),
    joinedAt: when.nullable(),
    withdrawnAt: when.nullable(),
    lastSeenAt: when.nullable().openapi({ description: "The last thing the person did here" }),
    createdAt: when,
  })
  .openapi("ContactLine")

export const Contact = ContactLine.extend({
  postalCode: maybe,
  city: maybe,
  town: maybe,
  street: maybe,
  building: maybe,
  department: maybe,
  title: maybe,
  emails: z.array(
    z.object({
      address: z.string(),
      isPrimary: z.boolean(),
      verifiedAt: when.nullable(),
      bouncedAt: when.nullable(),
    }),
  ),
  changedAt: when,
  withdrawalReason: maybe.openapi({
    description:
      "Their reason: what they chose (`time`, `content`, `difficult`, `price`, `other`) and wrote, as `time: …`; `superseded`: another sign-up took the address before it was confirmed",
  }),
}).openapi("Contact")

const typed = z.string().max(1_000).nullable().optional()
export const ContactDraft = z
  .object({
    familyName: typed,
    givenName: typed,
    familyKana: typed,
    givenKana: typed,
    phone: typed,
    postalCode: typed,
    prefecture: typed,
    city: typed,
    town: typed,
    street: typed,
    building: typed,
    company: typed,
    department: typed,
    title: typed,
    email: typed,
  })
  .openapi("ContactDraft", { description: "A field left out stays as it is; an empty one is cleared." })

export const TimelineEntry = z
  .object({
    id: z.uuid(),
    at: when,
    kind: z.enum(kinds),
    name: z.string(),
    label: said,
    properties: z.record(z.string(), z.any()),
    video: z
      .object({
        id: z.string(),
        title: maybe,
        durationSeconds: z.number().nullable(),
        ranges,
        seconds: z.number(),
        from: when,
        watched: z.object({ ranges, seconds: z.number(), completedAt: when.nullable() }).nullable(),
      })
      .optional(),
    reason: z.any().optional(),
    originId: z.uuid().optional(),
  })
  .openapi("TimelineEntry")

export const Note = z
  .object({
    id: z.uuid(),
    body: z.string(),
    writtenAt: when,
    writtenBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  })
  .openapi("Note")

export const Consent = z
  .object({
    purpose: z.string(),
    granted: z.boolean(),
    wording: z.string(),
    place: z.string(),
    since: when,
    until: when
      .nullable()
      .openapi({ description: "Another word took its place, or the membership ended; null: this is what counts" }),
  })
  .openapi("Consent")

export const ConsentDraft = z
  .object({ purpose: z.string().min(1).max(100), granted: z.boolean(), wording: z.string().min(1).max(2_000) })
  .openapi("ConsentDraft")

export const Property = z
  .object({ name: z.string(), value: z.any(), since: when, source: z.string() })
  .openapi("Property")

export const PropertyDraft = z
  .object({
    name: z.string().min(1).max(100),
    value: z
      .union([z.string().max(1_000), z.number(), z.boolean(), z.null()])
      .openapi({ description: "null: not known any more" }),
    at: when.optional().openapi({ description: "Since when it is so; now, if left out" }),
  })
  .openapi("PropertyDraft")

export const Place = z
  .object({ postalCode: z.string(), prefecture: z.string(), city: z.string(), town: z.string() })
  .openapi("Place")
