import { z } from "zod"
import { sql } from "../platform/db.ts"
import { type Fact, fact } from "../platform/facts.ts"
import { words } from "../platform/words.ts"

const InSegment = z.strictObject({ segment: z.uuid().toLowerCase().describe("The id of a segment") })

const segmentIn = fact<z.infer<typeof InSegment>>({
  name: "segment.in",
  label: { ja: "セグメントに入っているか", en: "Whether in a segment" },
  type: "boolean",
  with: InSegment,
  missing: false,
  time: "never",
  query: ({ segment }, { at, among }) => sql`select distinct h.contact_id, true as value
    from condition c join holding_history h on h.condition_id = c.id
    where c.owner_kind = 'segment' and c.owner_id = ${segment}::uuid and ${among("h.contact_id")}
      and h.entered_at <= ${at} and (h.left_at is null or h.left_at > ${at})`,
  dependsOn: ({ segment }) => [`segment:${segment}`],
  describe: ({ segment }, locale, nameOf) => {
    const name = nameOf?.(segment)
    return name ? say(locale)("named", { name }) : say(locale)("in")
  },
})

/** What can be asked about segments. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export const audienceFacts: Fact<any>[] = [segmentIn]

const say = words(
  { in: "指定のセグメントに入っているか", named: "セグメント「{name}」に入っているか" },
  { in: "Whether in the segment", named: "Whether in the segment “{name}”" },
)
