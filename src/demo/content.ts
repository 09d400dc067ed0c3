import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { courses, files, videos } from "../content/index.ts"
import { system } from "../platform/actors.ts"
import { type Db, transact } from "../platform/db.ts"
import type { Storage } from "../platform/storage.ts"

const by = system("demo")
const dayMs = 86_400_000

type Sample = {
  slug: string
  title: string
  description: string
  course: string | null
  coursePosition: number | null
  tags: string[]
  seconds: number
  file: string
  captions: string
  poster: string
  artwork: Record<string, string>
}

export type DemoVideo = { id: string; slug: string; seconds: number }

const courseTitles: Record<string, [title: string, description: string]> = {
  "tax-return": ["確定申告ルート", "基本から実践まで、順に見ていくと一年分の申告が自分でできるようになります。"],
  invoice: ["請求とインボイス", "請求書の書き方から回収まで、取引先とのお金のやりとりを整えます。"],
  "cash-flow": ["資金繰りの見える化", "資金繰り表を作り、足りなくなる月を先に見つけて手を打ちます。"],
}

type Opening = { daysAgo: number; rules: NonNullable<Parameters<typeof videos.create>[1]["rules"]> }
const paid = ["standard", "premium"]

/** Who may watch what, and since when it is there: one example of each kind of rule. */
const openings: Record<string, Opening> = {
  "expenses-basics": { daysAgo: 300, rules: [{ everyone: true }] },
  "invoice-basics": { daysAgo: 280, rules: [{ everyone: true }] },
  "tax-return-basics": { daysAgo: 260, rules: [{ plans: ["free", ...paid] }] },
  "tax-return-advanced": { daysAgo: 250, rules: [{ plans: paid }] },
  "tax-return-practice": { daysAgo: 240, rules: [{ plans: paid }] },
  "invoice-system": { daysAgo: 200, rules: [{ plans: paid }] },
  "invoice-collection": { daysAgo: 190, rules: [{ plans: paid, minimumRankId: "bronze" }] },
  "blue-return": { daysAgo: 170, rules: [{ plans: paid, minimumRankId: "silver" }] },
  "marketing-basics": { daysAgo: 150, rules: [{ plans: paid, minimumRankId: "gold" }] },
  "cash-flow-table": { daysAgo: 27, rules: [{ plans: paid, window: { kind: "rolling", months: 1 } }] },
  "cash-flow-gap": { daysAgo: 12, rules: [{ plans: paid, window: { kind: "rolling", months: 1 } }] },
  "cash-flow-actions": {
    daysAgo: 40,
    rules: [{ plans: paid, window: { kind: "rolling", months: 1 } }, { minimumRankId: "gold" }],
  },
}

/** Puts the sample videos with their captions, posters, courses and access rules into the site. */
export async function makeContent(
  db: Db,
  storage: Storage,
  folder: URL,
  ranks: Record<string, string>,
  at: Date,
): Promise<DemoVideo[]> {
  const samples = JSON.parse(readFileSync(new URL("videos.json", folder), "utf8")) as Sample[]
  const courseIds = new Map<string, string>()
  for (const [slug, [title, description]] of Object.entries(courseTitles))
    courseIds.set(
      slug,
      await transact(db, (tx) => courses.create(tx, { slug, title, description, position: courseIds.size }, by)),
    )
  const made: DemoVideo[] = []
  for (const sample of samples) {
    const parts = { video: sample.file, captions: sample.captions, poster: sample.poster }
    const stored = await Promise.all(
      (["video", "captions", "poster"] as const).map((kind) => {
        const [name, path] = [parts[kind], fileURLToPath(new URL(parts[kind], folder))]
        return files.store(storage, path, { kind, name, uploadId: `demo-${name}` })
      }),
    )
    const opening = openings[sample.slug]!
    const rules = opening.rules.map((rule) => ({
      ...rule,
      minimumRankId: rule.minimumRankId ? ranks[rule.minimumRankId] : null,
    }))
    const id = await transact(db, async (tx) => {
      const [fileId, captionsFileId, posterFileId] = stored.map(({ id }) => id)
      for (const one of stored) await files.keep(tx, one, by)
      const { slug, title, description, tags, artwork, coursePosition } = sample
      const courseId = sample.course ? courseIds.get(sample.course)! : null
      const about = { slug, title, description, tags, artwork, courseId, coursePosition, rules }
      const videoId = await videos.create(tx, { ...about, fileId, captionsFileId, posterFileId }, by)
      await videos.publish(tx, videoId, by, new Date(at.getTime() - opening.daysAgo * dayMs))
      return videoId
    })
    made.push({ id, slug: sample.slug, seconds: sample.seconds })
  }
  return made
}
