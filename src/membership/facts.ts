import { z } from "zod"
import { sql } from "../platform/db.ts"
import { type Fact, fact, jstDay } from "../platform/facts.ts"
import { words } from "../platform/words.ts"

const Nothing = z.strictObject({})
const OfRank = z.strictObject({ rank: z.uuid().toLowerCase().describe("The id of a rank") })

const say = words(
  {
    position: "ランクの段",
    is: "特定のランクか",
    isNamed: "ランクが「{rank}」か",
    days: "入会からの日数",
    joined: "会員か",
  },
  {
    position: "Step of the rank ladder",
    is: "Whether in a certain rank",
    isNamed: "Whether the rank is “{rank}”",
    days: "Days since joining",
    joined: "Whether a member",
  },
)

const position = fact<z.infer<typeof Nothing>>({
  name: "rank.position",
  label: { ja: "ランクの段(0が最初)", en: "Step of the rank ladder (0 is the first)" },
  type: "number",
  with: Nothing,
  missing: null,
  time: "never",
  query: (_, asked) => sql`select h.contact_id, r.position as value from rank_history h join rank r on r.id = h.rank_id
    where h.since <= ${asked.at} and (h.until is null or h.until > ${asked.at}) and ${asked.among("h.contact_id")}`,
  dependsOn: () => ["rank"],
  describe: (_, locale) => say(locale)("position"),
})

const is = fact<z.infer<typeof OfRank>>({
  name: "rank.is",
  label: { ja: "特定のランクか", en: "Whether in a certain rank" },
  type: "boolean",
  with: OfRank,
  missing: false,
  time: "never",
  query: ({ rank }, asked) => sql`select h.contact_id, true as value from rank_history h
    where h.rank_id = ${rank}::uuid and h.since <= ${asked.at} and (h.until is null or h.until > ${asked.at}) and ${asked.among("h.contact_id")}`,
  dependsOn: () => ["rank"],
  describe: ({ rank }, locale, nameOf) => {
    const name = nameOf?.(rank)
    return name ? say(locale)("isNamed", { rank: name }) : say(locale)("is")
  },
})

const days = fact<z.infer<typeof Nothing>>({
  name: "member.days_since_joined",
  label: { ja: "入会からの日数", en: "Days since joining" },
  type: "number",
  with: Nothing,
  missing: null,
  time: "daily",
  query: (
    _,
    asked,
  ) => sql`select m.contact_id, ${jstDay(asked.at)} - ${jstDay(sql`m.joined_at`)} as value from membership m
    where m.joined_at <= ${asked.at} and ${asked.among("m.contact_id")}`,
  dependsOn: () => ["membership"],
  describe: (_, locale) => say(locale)("days"),
})

const joined = fact<z.infer<typeof Nothing>>({
  name: "member.joined",
  label: { ja: "会員か(退会した人は除く)", en: "Whether a member (not withdrawn)" },
  type: "boolean",
  with: Nothing,
  missing: false,
  time: "never",
  query: (_, asked) => sql`select m.contact_id, m.withdrawn_at is null or m.withdrawn_at > ${asked.at} as value
    from membership m where m.joined_at <= ${asked.at} and ${asked.among("m.contact_id")}`,
  dependsOn: () => ["membership"],
  describe: (_, locale) => say(locale)("joined"),
})

/** Questions about membership and rank. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export const facts: Fact<any>[] = [position, is, days, joined]
