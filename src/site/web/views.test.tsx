import { expect, test } from "vitest"
import { Page, render } from "../../ui/index.ts"
import type { AccountProps, HistoryProps, HomeProps, RankProps } from "../shapes.ts"
import { watchTime } from "../times.ts"
import { AccountPage } from "./account.tsx"
import { device } from "./devices.ts"
import { HistoryPage } from "./history.tsx"
import { Home } from "./home.tsx"
import { Landing } from "./landing.tsx"
import { daysBetween, weekday, when } from "./moments.ts"
import { ProfileForm } from "./profile-form.tsx"
import { RankPage } from "./rank.tsx"

const now = new Date("2026-11-22T12:20:00Z")
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
const video = {
  id: "a",
  href: "/videos/a",
  title: "Bookkeeping",
  durationSeconds: 750,
  ranges: [[0, 300]] as [number, number][],
}
const week = Array.from({ length: 7 }, (_, index) => ({ day: `2026-11-${16 + index}`, seconds: index * 300 }))
const next = {
  name: "Gold",
  toGo: "Complete 2 more videos",
  any: true,
  requirements: [
    { label: "Videos", current: 3, needed: 5, met: false },
    { label: "Plan", met: true },
  ],
}
const rank = { name: "Silver", colour: "#999999", since: hours(-99), next, fallsAt: hours(99), held: true }
const home: HomeProps = {
  now,
  suspended: true,
  started: [
    { ...video, positionSeconds: 300, lastAt: hours(-20), course: "Tax" },
    { ...video, id: "b", positionSeconds: 10, lastAt: hours(-90) },
  ],
  next: [{ ...video, id: "c", why: "Newly published" }],
  closing: [
    { id: "d", href: "/videos/d", title: "Closing", closesAt: hours(70) },
    { id: "e", href: "/videos/e", title: "Today", closesAt: hours(1) },
  ],
  rank,
  week,
  completedCount: 3,
}
const history: HistoryProps = {
  now,
  shown: "all",
  videos: [
    { ...video, seconds: 300, positionSeconds: 300, lastAt: hours(-2), completedAt: null },
    { ...video, id: "b", seconds: 740, positionSeconds: 0, lastAt: hours(-90), completedAt: hours(-90) },
  ],
  counts: { all: 2, started: 1, completed: 1 },
  totalSeconds: 5_000,
  days: 2,
  week,
  more: "/history?cursor=x",
  first: "/history",
}
const nobody = { ...history, videos: [], counts: { all: 0, started: 0, completed: 0 }, more: null, first: null }
const ranks: RankProps = {
  standing: rank,
  ladder: [
    { id: "a", name: "Silver", colour: "#999", conditions: [], state: "here" },
    { id: "b", name: "Gold", colour: "#cc0", conditions: ["Complete 5 videos"], state: "ahead" },
  ],
  history: (["joined", "rose", "fell", "held", "released", "imported"] as const).map((cause, index) => ({
    since: hours(-index),
    name: "Silver",
    colour: "#999",
    cause,
    reasons: ["Videos 5"],
  })),
}
const account: AccountProps = {
  now,
  told: "profile-saved",
  profile: {
    familyName: "Sato",
    givenName: "Hanako",
    familyKana: "",
    givenKana: "",
    number: "M-000001",
    phone: null,
    address: "",
    company: "",
  },
  plan: "standard",
  signIn: { address: "hanako@example.jp", verified: false },
  advertising: { granted: false, since: hours(-500) },
  sessions: [
    { openedAt: hours(-9), seenAt: hours(-1), userAgent: null, here: true },
    { openedAt: hours(-8), seenAt: hours(-2), userAgent: "x", here: false },
  ],
}
const member = { familyName: "Sato", givenName: "Hanako", rankName: "Silver", rankColour: "#999999" }

const views = {
  home: <Home props={home} locale="en" />,
  "home of a new member": <Home props={{ ...home, started: [], completedCount: 0 }} locale="en" />,
  "home when all is seen": (
    <Home props={{ ...home, suspended: false, started: [], next: [], rank: { ...rank, next: null } }} locale="en" />
  ),
  "home without videos": (
    <Home props={{ ...home, suspended: false, started: [], next: [], completedCount: 0, rank: null }} locale="en" />
  ),
  history: <HistoryPage props={history} locale="en" />,
  "empty history": <HistoryPage props={nobody} locale="en" />,
  "nothing completed": <HistoryPage props={{ ...nobody, shown: "completed", counts: history.counts }} locale="en" />,
  "nothing begun": <HistoryPage props={{ ...nobody, shown: "started", counts: history.counts }} locale="en" />,
  rank: <RankPage props={ranks} locale="en" />,
  "rank without history": <RankPage props={{ ...ranks, standing: null, history: [] }} locale="en" />,
  account: <AccountPage props={account} locale="en" />,
  "account with mails": <AccountPage props={{ ...account, advertising: { granted: true, since: null } }} locale="en" />,
  profile: (
    <ProfileForm values={{}} errors={{ familyName: "Please enter your family name" }} prefectures={[]} locale="en" />
  ),
  landing: <Landing siteName="Manabi" free={[video, { ...video, id: "b" }]} locale="en" />,
  "landing without free videos": <Landing siteName="Manabi" free={[]} locale="en" />,
  "landing without videos": <Landing siteName="Manabi" free={[]} empty locale="en" />,
}

test.each(Object.entries(views))("no Japanese is left on an English page: %s", (_, view) => {
  const html = render(<Page title="Title" children={view} />, {
    locale: "en",
    path: "/",
    site: { name: "Manabi" },
    member,
  })
  const own = html.replace(/<button[^>]*lang="ja"[^>]*>日本語<\/button>/g, "")
  expect(own.match(/[\u3040-\u30ff\u3400-\u9fff][^<]{0,20}/)).toBeNull()
})

test("titles, reasons and names are text wherever they stand", () => {
  const nasty = "<script>alert(1)</script>"
  const bad = { ...video, title: nasty, course: nasty }
  const props = {
    ...home,
    started: [
      { ...home.started[0]!, ...bad },
      { ...home.started[1]!, title: nasty },
    ],
    next: [{ ...bad, why: nasty, meta: nasty }],
    closing: [{ ...home.closing[0]!, title: nasty }],
    rank: { ...rank, name: nasty, next: { ...next, toGo: nasty } },
  }
  const all = [
    <Home key="a" props={props} locale="ja" />,
    <HistoryPage key="b" props={{ ...history, videos: [{ ...history.videos[0]!, title: nasty }] }} locale="ja" />,
    <AccountPage
      key="c"
      props={{ ...account, profile: { ...account.profile, familyName: nasty, address: nasty } }}
      locale="ja"
    />,
    <Landing key="d" siteName={nasty} free={[bad, { ...bad, id: "z" }]} locale="ja" />,
  ]
  for (const view of all)
    expect(
      render(<Page title={nasty} children={view} />, { locale: "ja", path: "/", site: { name: nasty } }),
    ).not.toContain("<script>")
})

test("a video that closes today says so, others count JST days", () => {
  const html = render(<Home props={home} locale="ja" />, { locale: "ja", path: "/", site: { name: "Manabi" } })
  expect(html).toMatch(/Closing<\/span><em class="num">あと3日/)
  expect(html).toMatch(/Today<\/span><em class="num">今日まで/)
  expect(daysBetween(new Date("2026-11-22T14:59:59Z"), new Date("2026-11-22T15:00:00Z"))).toBe(1)
})

test("moments read as people say them", () => {
  expect(when(hours(-1), now, "ja")).toBe("今日 20:20")
  expect(when(hours(-22), now, "ja")).toBe("昨日 23:20")
  expect(when(hours(-24 * 9), now, "ja")).toBe("11月13日(金)")
  expect([weekday("2026-11-22", "ja"), weekday("2026-11-23", "en")]).toEqual(["日", "Mo"])
})

test("devices are named as people know them", () => {
  expect(device("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1")).toBe(
    "iPhone · Safari",
  )
  expect(device("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140")).toBe("Windows · Edge")
  expect([device(null), device("curl/8")]).toEqual([undefined, undefined])
})

const frame = { locale: "ja" as const, path: "/", site: { name: "Manabi" } }

test("a time watched is said in minutes, and less than one as such", () => {
  expect([0, 1, 59, 60, 3_600, 6_399].map((seconds) => watchTime(seconds, "ja"))).toEqual([
    "0分",
    "1分未満",
    "1分未満",
    "1分",
    "1時間",
    "1時間46分",
  ])
  expect([0, 59, 119].map((seconds) => watchTime(seconds, "en"))).toEqual(["0 min", "under 1 min", "1 min"])
  const page = render(<HistoryPage props={{ ...history, totalSeconds: 40 }} locale="ja" />, frame)
  expect(page).toContain("<b>1</b>分未満")
})

test("a week names the days something was watched, shows the least of them, and says when there is none", () => {
  const days = week.map((day, index) => ({ ...day, seconds: index === 3 ? 20 : 0 }))
  const some = render(<HistoryPage props={{ ...history, week: days }} locale="ja" />, frame)
  expect(some).toContain(`aria-label="この1週間の視聴時間(日ごと), 木 1分未満"`)
  expect(some.match(/--h:\d+%/g)).toEqual(["--h:0%", "--h:0%", "--h:0%", "--h:15%", "--h:0%", "--h:0%", "--h:0%"])
  const quiet = days.map((day) => ({ ...day, seconds: 0 }))
  const none = render(<HistoryPage props={{ ...history, week: quiet }} locale="ja" />, frame)
  expect(none).toContain("この1週間の視聴は、まだありません")
  expect(none).not.toContain('class="week"')
})

test("signing in has one name on Japanese pages", () => {
  const said = [
    <Landing key="a" siteName="Manabi" free={[]} locale="ja" />,
    <AccountPage key="b" props={account} locale="ja" />,
  ].map((view) => render(<Page title="題" children={view} />, frame))
  for (const html of said) {
    expect(html).toContain("ログイン")
    expect(html).not.toMatch(/サイン(イン|アウト)/)
  }
})
