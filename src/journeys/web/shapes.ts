import { z } from "@hono/zod-openapi"
import { deliveryStates } from "../../messaging/index.ts"
import { reentries, runStates, scenarioStates } from "../tables.ts"

export const when = z.iso.datetime()
export const any = z.record(z.string(), z.any())

export const Definition = any.openapi("ScenarioDefinition", {
  description:
    '`entry` (condition), `exit` and `goal` (conditions, may be left out), `enterExisting` (false: people who meet the entry already stay outside), `steps`: `{ key, kind: "wait", for: "PT24H" }` or `{ key, kind: "mail", class: "transactional" | "advertising", subject, body }` with blocks `paragraph { text }`, `heading { text }`, `button { label, url }`, `next-videos { count }`. Texts may use the tags of `/merge-tags`.',
  example: {
    entry: { fact: "event.count", with: { event: "video.completed" }, is: { gte: 1 } },
    steps: [
      { key: "day", kind: "wait", for: "PT24H" },
      {
        key: "next",
        kind: "mail",
        class: "advertising",
        subject: "{{contact.fullName}} 様、次の一本のご案内",
        body: [
          { kind: "paragraph", text: "{{contact.fullName}} 様" },
          { kind: "next-videos", count: 3 },
        ],
      },
    ],
  },
})

export const Scenario = z
  .object({
    id: z.uuid(),
    name: z.string(),
    state: z.enum(scenarioStates),
    version: z.int(),
    reentry: z.enum(reentries),
    definition: Definition,
    createdAt: when,
    changedAt: when,
  })
  .openapi("Scenario")

export const Draft = z
  .object({
    name: z.string().trim().min(1).max(100),
    reentry: z.enum(reentries).default("never"),
    definition: Definition,
  })
  .openapi("ScenarioDraft")

export const Run = z
  .object({
    id: z.uuid(),
    contactId: z.uuid(),
    familyName: z.string(),
    givenName: z.string(),
    version: z.int(),
    state: z.enum(runStates),
    step: z.string().nullable(),
    wakeAt: when.nullable(),
    enteredAt: when,
    entryReason: any.openapi({ description: "判定理由" }),
    endedAt: when.nullable(),
    endReason: any.nullable(),
  })
  .openapi("ScenarioRun")

export const Counts = z
  .object({
    entered: z.int(),
    running: z.int(),
    finished: z.int(),
    exited: z.int(),
    stopped: z.int(),
    reachedGoal: z.int(),
    atStep: z.record(z.string(), z.int()),
    mails: z.record(z.enum(deliveryStates), z.int()),
  })
  .openapi("ScenarioCounts")
