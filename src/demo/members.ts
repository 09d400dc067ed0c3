import { evaluation } from "../audience/index.ts"
import { consents, postal, profiles } from "../crm/index.ts"
import { announce, contacts, ingest } from "../events/index.ts"
import { accounts, type passwords } from "../identity/index.ts"
import { memberships } from "../membership/index.ts"
import { system } from "../platform/actors.ts"
import * as clock from "../platform/clock.ts"
import { type Db, transact, type Tx } from "../platform/db.ts"
import type { DemoVideo } from "./content.ts"
import { shape } from "../replay/index.ts"
import { type Person, person } from "./people.ts"

const by = system("demo")
const dayMs = 86_400_000
const weekMs = 7 * dayMs

/** One person's life with the site: when they joined, on what plan, and what they watched when. */
type Life = {
  person: Person
  joinedAt: number
  plan: string
  advertising: boolean
  watched: { slug: string; from: number; to: number; at: number }[]
}

/** The two members one signs in as: one in the middle of the route, one who has just joined. */
export const named = {
  hanako: {
    familyName: "佐藤",
    givenName: "花子",
    familyKana: "サトウ",
    givenKana: "ハナコ",
    address: "hanako@example.jp",
    phone: "090-1234-5678",
    postalCode: "390-0874",
  },
  takeshi: {
    familyName: "髙橋",
    givenName: "武",
    familyKana: "タカハシ",
    givenKana: "タケシ",
    address: "takeshi@example.jp",
    phone: "080-2345-6789",
    postalCode: "380-0921",
  },
} satisfies Record<string, Person>

/** The lives of everybody in the demo, ending now. */
export function lives(now: Date, videos: DemoVideo[], count: number): Life[] {
  const ago = (days: number, hours = 0) => now.getTime() - days * dayMs - hours * 3_600_000
  const seconds = new Map(videos.map((video) => [video.slug, video.seconds]))
  const whole = (slug: string, daysAgo: number) => ({ slug, from: 0, to: seconds.get(slug)!, at: ago(daysAgo, 1) })
  const hanako: Life = {
    person: named.hanako,
    joinedAt: ago(212, 3),
    plan: "standard",
    advertising: true,
    watched: [
      whole("expenses-basics", 30),
      whole("invoice-basics", 21),
      whole("invoice-system", 6),
      whole("tax-return-basics", 2),
      { slug: "tax-return-advanced", from: 0, to: 28, at: ago(1, 2) },
      { slug: "tax-return-advanced", from: 35, to: 46, at: ago(1, 2) + 60_000 },
      { slug: "cash-flow-gap", from: 0, to: 17, at: ago(3, 3) },
    ],
  }
  const takeshi: Life = { person: named.takeshi, joinedAt: ago(1, 3), plan: "standard", advertising: true, watched: [] }
  return [hanako, takeshi, ...Array.from({ length: count }, (_, n) => invented(n, now, videos))]
}

function invented(n: number, now: Date, videos: DemoVideo[]): Life {
  const random = shape.generator(n + 1)
  const joinedAt = now.getTime() - Math.floor(random() * 330 * dayMs) - dayMs
  const plan = random() < 0.62 ? "standard" : random() < 0.1 ? "premium" : "free"
  const stopsAt = random() < 0.35 ? joinedAt + random() * (now.getTime() - joinedAt) : now.getTime() - 3_600_000
  const open = plan === "free" ? videos.filter(({ slug }) => slug.endsWith("basics")) : videos
  const watched: Life["watched"] = []
  let at = joinedAt + random() * 2 * dayMs
  while (at < stopsAt && watched.length < 16) {
    const video = open[Math.floor(random() ** 1.4 * open.length)]!
    const from = random() < 0.8 ? 0 : Math.floor(random() * video.seconds * 0.5)
    const to = random() < 0.66 ? video.seconds : from + Math.ceil(random() * (video.seconds - from))
    watched.push({ slug: video.slug, from, to, at: Math.floor(at) })
    at += (0.3 + random() * 12) * dayMs
  }
  return { person: person(n), joinedAt, plan, advertising: random() < 0.7, watched }
}

/**
 * Lets everybody live through the year, week by week, with the clock set to each week: joins, then what was watched, then what
 * follows from it. Everything goes through the doors a real year would have used.
 */
export async function liveThrough(
  db: Db,
  everybody: Life[],
  videos: DemoVideo[],
  keyId: string,
  password: passwords.HashedPassword,
): Promise<void> {
  const end = Date.now()
  const ids = new Map<Life, string>()
  const idOf = new Map(videos.map((video) => [video.slug, video.id]))
  const joining = [...everybody].sort((a, b) => a.joinedAt - b.joinedAt)
  let next = 0
  try {
    for (let from = joining[0]!.joinedAt; from < end; from += weekMs) {
      const until = Math.min(from + weekMs, end)
      for (; next < joining.length && joining[next]!.joinedAt < until; next++) {
        const life = joining[next]!
        clock.shift(life.joinedAt - Date.now())
        ids.set(life, await transact(db, (tx) => join(tx, life, password)))
      }
      clock.shift(until - Date.now())
      const watched = everybody.flatMap((life) =>
        life.watched
          .filter(({ at }) => at >= from && at < until && ids.has(life))
          .map(({ slug, from: start, to, at }) => ({
            type: "track",
            userId: ids.get(life)!,
            event: "video.watched",
            timestamp: new Date(at).toISOString(),
            properties: { videoId: idOf.get(slug), ranges: [[start, to]], position: to },
          })),
      )
      if (watched.length > 0) await ingest.accept(db, { kind: "server", keyId, history: true }, watched)
      await evaluation.settleAll(db)
    }
  } finally {
    clock.shift(0)
  }
}

async function join(
  tx: Tx,
  { person: draft, plan, advertising }: Life,
  password: passwords.HashedPassword,
): Promise<string> {
  const at = clock.now()
  const contactId = await contacts.create(tx, at)
  const { address, ...given } = draft
  const [place] = postal.lookup(given.postalCode)
  const profile = place
    ? { ...given, prefecture: place.prefecture, city: place.city, town: place.town, street: "1-2-3" }
    : given
  await accounts.open(tx, { contactId, address, password, locale: "ja" }, at)
  await accounts.confirm(tx, contactId, at)
  await profiles.save(tx, contactId, { ...profile, email: address }, by, { source: "sign-up", at, silent: true })
  await consents.give(tx, contactId, "terms", { wording: "利用規約に同意します", place: "sign-up", at, history: true })
  if (advertising)
    await consents.give(tx, contactId, consents.advertisingMail, {
      wording: "おすすめの動画やお知らせのメールを受け取る",
      place: "sign-up",
      at,
      history: true,
    })
  await memberships.enter(tx, contactId, at, { plan, history: true })
  await announce(tx, "account.signed_in", { contactId, history: true })
  return contactId
}
