import { segments } from "../audience/index.ts"
import { scenarios } from "../journeys/index.ts"
import { ranks } from "../membership/index.ts"
import { system } from "../platform/actors.ts"
import { type Db, transact } from "../platform/db.ts"
import type { DemoVideo } from "./content.ts"

const by = system("demo")

const ladder: { key: string; ja: string; en: string; colour: string; completed: number }[] = [
  { key: "regular", ja: "レギュラー", en: "Regular", colour: "#8a8278", completed: 0 },
  { key: "bronze", ja: "ブロンズ", en: "Bronze", colour: "#a0683a", completed: 2 },
  { key: "silver", ja: "シルバー", en: "Silver", colour: "#8e99a8", completed: 5 },
  { key: "gold", ja: "ゴールド", en: "Gold", colour: "#b8902f", completed: 8 },
]

/** The ladder: ranks by completed videos. Gives their ids by key. */
export async function makeRanks(db: Db): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const [position, { key, ja, en, colour, completed }] of ladder.entries())
    ids[key] = await transact(db, (tx) =>
      ranks.create(
        tx,
        {
          position,
          name: { ja, en },
          colour,
          rise: position === 0 ? null : { fact: "watch.completed_count", is: { gte: completed } },
          stay: null,
          graceDays: 30,
          mayFall: true,
        },
        by,
      ),
    )
  return ids
}

const plan = (names: string[]) => ({ fact: "property", with: { name: "plan" }, is: { in: names } })
const paid = plan(["standard", "premium"])

const examples = [
  {
    name: "継続して学ぶ有料会員",
    description: "有料プランで、この30日に2分以上視聴している方",
    definition: { all: [paid, { fact: "watch.seconds", with: { within: "P30D" }, is: { gte: 120 } }] },
  },
  {
    name: "離反が心配な有料会員",
    description: "有料プランなのに、30日以上視聴していない方",
    definition: { all: [paid, { fact: "watch.last_days", is: { gte: 30 } }] },
  },
  {
    name: "有料化が見込める無料会員",
    description: "無料プランで、動画を3本以上完了した方",
    definition: { all: [plan(["free"]), { fact: "watch.completed_count", is: { gte: 3 } }] },
  },
  {
    name: "入会したが、まだ見ていない方",
    description: "入会から3日以上たち、一本も完了していない方",
    definition: {
      all: [
        { fact: "member.days_since_joined", is: { gte: 3 } },
        { fact: "watch.completed_count", is: { eq: 0 } },
      ],
    },
  },
]

/** Segments to start from. */
export async function makeSegments(db: Db): Promise<void> {
  for (const draft of examples) await transact(db, (tx) => segments.create(tx, draft, by))
}

/** What happens by itself: the way along the route, and the word to who has risen. */
export async function makeScenarios(
  db: Db,
  videos: DemoVideo[],
  rankIds: Record<string, string>,
  at: Date,
): Promise<void> {
  const drafts = [
    { name: "続きのご案内", definition: alongTheRoute(videos) },
    { name: "シルバー昇格のお祝い", definition: onSilver(rankIds.silver!) },
  ]
  for (const draft of drafts)
    await transact(db, async (tx) => {
      const { id } = await scenarios.create(tx, { ...draft, reentry: "never" }, by, at)
      await scenarios.start(tx, id, by, at)
    })
}

/** Who completes the first video of the route gets the next one by mail, and a reminder after three days. */
function alongTheRoute(videos: DemoVideo[]) {
  const idOf = (slug: string) => videos.find((video) => video.slug === slug)!.id
  const completed = (slug: string) => ({ fact: "watch.completed", with: { video: idOf(slug) }, is: { eq: true } })
  return {
    entry: completed("tax-return-basics"),
    exit: completed("tax-return-advanced"),
    steps: [
      {
        key: "next",
        kind: "mail",
        class: "advertising",
        subject: "{{contact.fullName}} 様 次は「確定申告の応用」です",
        body: [
          { kind: "paragraph", text: "{{contact.fullName}} 様" },
          {
            kind: "paragraph",
            text: "「確定申告の基本」をご覧いただき、ありがとうございました。続きの動画をご用意しています。",
          },
          { kind: "button", label: "「確定申告の応用」を見る", url: "/videos/tax-return-advanced" },
          { kind: "next-videos", count: 3 },
        ],
      },
      { key: "three-days", kind: "wait", for: "P3D" },
      {
        key: "reminder",
        kind: "mail",
        class: "advertising",
        subject: "「確定申告の応用」はご覧になりましたか",
        body: [
          { kind: "paragraph", text: "{{contact.fullName}} 様" },
          { kind: "paragraph", text: "一回およそ1分です。お時間のあるときに、続きからどうぞ。" },
          { kind: "button", label: "続きを見る", url: "/videos/tax-return-advanced" },
        ],
      },
    ],
  }
}

/** Who rises to silver is told so, once. Who falls to it from gold is not. */
function onSilver(rankId: string) {
  return {
    entry: {
      all: [
        {
          fact: "event.exists",
          with: { event: "rank.rose", where: [{ property: "rankId", is: { eq: rankId } }], within: "P1D" },
          is: { eq: true },
        },
        { fact: "rank.is", with: { rank: rankId }, is: { eq: true } },
      ],
    },
    steps: [
      {
        key: "told",
        kind: "mail",
        class: "transactional",
        subject: "おめでとうございます。シルバー会員になりました",
        body: [
          { kind: "paragraph", text: "{{contact.fullName}} 様" },
          {
            kind: "paragraph",
            text: "5本目の動画を見終えられ、会員ランクがシルバーに上がりました。シルバー会員の方だけの動画を、いまからご覧いただけます。",
          },
          { kind: "button", label: "ランクと、開いた動画を見る", url: "/rank" },
        ],
      },
    ],
  }
}
