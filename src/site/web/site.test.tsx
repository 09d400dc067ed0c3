import { beforeEach, expect, test } from "vitest"
import { aMember, aRank, aSession, aVideo, hasRank, type Person } from "../../../test/support/content.ts"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import { catalogue } from "../../audience/index.ts"
import { watchFacts } from "../../content/index.ts"
import { consents, facts as contactFacts } from "../../crm/index.ts"
import { whoIs } from "../../identity/index.ts"
import type { Actor } from "../../platform/actors.ts"
import { now } from "../../platform/clock.ts"
import { sql, transact } from "../../platform/db.ts"
import { answerErrors, foundation, routes } from "../../platform/http.ts"
import { framed, problemPage } from "../../ui/index.ts"
import { api, faces, site } from "../index.ts"

const db = await testDatabase()
catalogue.offer([...contactFacts, ...watchFacts])
const own = { publicUrl: "http://localhost", secure: false, instance: "abcd1234", trustProxy: false, testClock: false }

function app() {
  const made = routes()
  made.use(foundation(db, own))
  made.use(whoIs({ except: ["/"] }), framed(faces.frameSource))
  made.route("/", site)
  answerErrors(made, problemPage)
  return made
}

beforeEach(async () => {
  await emptyTables(db)
  await sql`update catalogue_version set version = version + 1`.execute(db)
})

const cookie = (who?: Person, more = "") => (who ? `musubi_abcd1234_session=${who.word}; ${more}` : more)
const get = (path: string, who?: Person, more?: string) =>
  app().request(path, { headers: { accept: "text/html", cookie: cookie(who, more) } })
const post = (path: string, body: Record<string, string>, who?: Person, headers: Record<string, string> = {}) =>
  app().request(path, {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { accept: "text/html", cookie: cookie(who), ...headers },
  })
const text = async (answer: Response | Promise<Response>) => (await answer).text()

async function watched(
  who: Person,
  videoId: string,
  ranges: string,
  options: { position?: number; done?: boolean } = {},
) {
  const seconds = sql`watched_seconds(${ranges}::int4multirange)`
  await sql`insert into watch (contact_id, video_id, ranges, seconds, position, first_at, last_at, completed_at)
    values (${who.contactId}, ${videoId}, ${ranges}::int4multirange, ${seconds}, ${options.position ?? 0}, ${now()}, ${now()},
      ${options.done ? now() : null})`.execute(db)
}

async function ladder() {
  const [bronze, silver] = [await aRank(db, 0, "ブロンズ", "Bronze"), await aRank(db, 1, "シルバー", "Silver")]
  const rise = { fact: "watch.completed_count", is: { gte: 5 } }
  await sql`update rank set rise = ${JSON.stringify(rise)}::jsonb where id = ${silver}`.execute(db)
  return { bronze, silver }
}

test("a visitor sees what the site offers and the videos open to everybody, and no others", async () => {
  await aVideo(db, { title: "だれでも見られる動画", rules: [{ everyone: true }] })
  await aVideo(db, { title: "会員だけの動画" })
  const html = await text(get("/"))
  expect(html).toContain("だれでも見られる動画")
  expect(html).not.toContain("会員だけの動画")
  expect(html).toContain(`href="/join"`)
})

test("home continues where one stopped and never shows what is complete", async () => {
  const who = await aMember(db)
  const begun = await aVideo(db, { title: "途中の動画", seconds: 750 })
  const done = await aVideo(db, { title: "見終えた動画" })
  await aVideo(db, { title: "まだ見ていない動画" })
  await watched(who, begun.id, "{[0,322),[402,522)}", { position: 522 })
  await watched(who, done.id, "{[0,600)}", { done: true })
  const html = await text(get("/", who))
  expect(html).toContain("8分42秒から")
  expect(html).toContain("残り 3分48秒")
  expect(html).toContain(`d="M0 0h322v1h-322zM402 0h120v1h-120z"`)
  expect(html).toContain("まだ見ていない動画")
  expect(html).not.toContain("見終えた動画")
  expect(html).toContain("佐藤 花子 様")
})

test("a new member is told what to do first, one who finished everything is congratulated", async () => {
  const who = await aMember(db)
  expect(await text(get("/", who))).toContain("いま見られる動画はまだありません")
  const video = await aVideo(db, { title: "はじめての簿記" })
  await sql`update catalogue_version set version = version + 1`.execute(db)
  expect(await text(get("/", who))).toContain("この動画から始める")
  await watched(who, video.id, "{[0,600)}", { done: true })
  expect(await text(get("/", who))).toContain("全1本の完了、おつかれさまでした")
})

test("the next rank is counted down as videos are completed, in both languages", async () => {
  const { bronze } = await ladder()
  const who = await aMember(db, { rankId: bronze })
  for (let step = 0; step < 3; step++) {
    const video = await aVideo(db)
    await watched(who, video.id, "{[0,600)}", { done: true })
  }
  const home = await text(get("/", who))
  expect(home.replaceAll(/<[^>]+>/g, "")).toContain("あと2本完了するとシルバーです")
  const video = await aVideo(db)
  await watched(who, video.id, "{[0,600)}", { done: true })
  expect((await text(get("/", who))).replaceAll(/<[^>]+>/g, "")).toContain("あと1本完了するとシルバーです")
  const english = (await text(get("/rank", who, "lang=en"))).replaceAll(/<[^>]+>/g, "")
  expect(english).toContain("Complete 1 more video to reach Silver")
  expect(english).toContain("4 of 5")
})

test("what a rank asks names plans and times as people do, beside what is reached and in its history", async () => {
  const { bronze, silver } = await ladder()
  const plan = { fact: "property", with: { name: "plan" }, is: { in: ["standard", "trial-2026"] } }
  const time = { fact: "watch.seconds", is: { gte: 3_600 } }
  await sql`update rank set rise = ${JSON.stringify({ all: [plan, time] })}::jsonb where id = ${silver}`.execute(db)
  const who = await aMember(db, { rankId: bronze, plan: "free" })
  const plain = (html: string) => html.replaceAll(/<[^>]+>/g, "")
  const html = plain(await text(get("/rank", who)))
  expect(html).toContain("プラン: スタンダード、「trial-2026」のいずれか")
  expect(html).toContain("0分 / 1時間")
  expect(html).not.toContain("standard")
  expect(plain(await text(get("/rank", who, "lang=en")))).toContain("Plan: one of Standard, “trial-2026”")
  const reason = { met: true, leaves: [{ ...plan, value: "standard", met: true }] }
  await sql`update rank_history set reason = ${JSON.stringify(reason)}::jsonb where contact_id = ${who.contactId}`.execute(
    db,
  )
  expect(plain(await text(get("/rank", who)))).toContain(
    "プラン: スタンダード (条件: スタンダード、「trial-2026」のいずれか)",
  )
  expect(plain(await text(get("/account", who)))).toContain("ご契約プラン無料会員")
})

test("the rank page shows the whole ladder and how one came here", async () => {
  const { bronze, silver } = await ladder()
  const who = await aMember(db, { rankId: bronze })
  await hasRank(db, who.contactId, silver, new Date("2026-03-01T00:00:00Z"))
  const html = await text(get("/rank", who))
  expect(html).toContain("動画を5本以上完了")
  expect(html).toMatch(/is-here" aria-current="step">.*シルバー.*いまここ/s)
  expect(html).toContain("ランクアップ")
  expect(html).toContain("最上位のランクです")
})

test("the ladder and its history call what they mention by id by its name", async () => {
  const who = await aMember(db)
  const video = await aVideo(db, { title: "確定申告の基本" })
  const leaf = { fact: "watch.completed", with: { video: video.id }, is: { eq: true } }
  const rankId = await aRank(db, 1, "修了", "Graduate")
  await sql`update rank set rise = ${JSON.stringify(leaf)}::jsonb where id = ${rankId}`.execute(db)
  await hasRank(db, who.contactId, rankId, new Date("2026-03-01T00:00:00Z"))
  const reason = JSON.stringify({ met: true, leaves: [{ ...leaf, value: true, met: true }] })
  await sql`update rank_history set reason = ${reason}::jsonb where contact_id = ${who.contactId}`.execute(db)
  const html = await text(get("/rank", who))
  expect(html.match(/確定申告の基本/g)!.length).toBeGreaterThanOrEqual(2)
})

test("the record holds every video of the person with its strip, page by page, and nobody else's", async () => {
  const [who, other] = [await aMember(db), await aMember(db)]
  for (let index = 0; index < 53; index++) {
    const video = await aVideo(db, { title: `動画${String(index).padStart(2, "0")}` })
    await watched(who, video.id, "{[0,100),[200,300)}", { done: index < 3 })
  }
  const foreign = await aVideo(db, { title: "他の人の動画" })
  await watched(other, foreign.id, "{[0,100)}")
  const first = await text(get("/history", who))
  expect(first.match(/class="row"/g)).toHaveLength(50)
  expect(first).toContain("すべて 53")
  const more = first.match(/href="(\/history\?show=all&amp;cursor=[^"]+)"/)![1]!.replace("&amp;", "&")
  const second = await text(get(more, who))
  expect(second.match(/class="row"/g)).toHaveLength(3)
  const titles = (html: string) => html.match(/動画\d\d/g)!
  expect(new Set([...titles(first), ...titles(second)]).size).toBe(53)
  expect(first + second).not.toContain("他の人の動画")
  expect((await text(get("/history?show=completed", who))).match(/class="row"/g)).toHaveLength(3)
  expect((await get("/history?cursor=rubbish&show=%00", who)).status).toBe(200)
})

test("pages of a member send a visitor to sign in, and a suspended member is a visitor", async () => {
  for (const path of ["/history", "/rank", "/account", "/account/profile"])
    expect((await get(path)).headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent(path)}`)
  const who = await aMember(db)
  await sql`update account set suspended_at = now() where contact_id = ${who.contactId}`.execute(db)
  expect((await get("/account", who)).status).toBe(303)
  expect(await text(get("/", who))).toContain(`href="/join"`)
})

test("a profile is kept as converted, and comes back filled in with its faults", async () => {
  const who = await aMember(db)
  const draft = {
    familyName: "髙﨑",
    givenName: "花子",
    familyKana: "たかさき",
    givenKana: "ﾊﾅｺ",
    postalCode: "３９０－０８７４",
  }
  const saved = await post("/account/profile", draft, who)
  expect([saved.status, saved.headers.get("location")]).toEqual([303, "/account?done=profile-saved"])
  const html = await text(get("/account?done=profile-saved", who))
  for (const part of ["髙﨑 花子", "タカサキ ハナコ", "〒390-0874 長野県松本市大手", "プロフィールを保存しました"])
    expect(html).toContain(part)
  expect(await text(get("/account/profile", who))).toMatch(/id="f-town"[^>]*value="大手"/)
  const refused = await post("/account/profile", { ...draft, phone: "12", familyName: "<b>髙﨑" }, who)
  expect(refused.status).toBe(422)
  const form = await refused.text()
  expect(form).toMatch(/id="f-phone"[^>]*aria-describedby="f-phone-error/)
  expect(form).toContain(`value="&lt;b&gt;髙﨑"`)
  expect((await post("/account/profile", { givenName: "花子" }, who)).status).toBe(422)
})

test("consent to mails is given and withdrawn with the wording shown, once each", async () => {
  const who = await aMember(db)
  expect(await text(get("/account", who))).toContain("受け取っていません")
  for (const advertising of ["give", "give"]) await post("/account/mails", { advertising }, who)
  expect(await text(get("/account", who))).toContain("受け取っています")
  expect(await consents.granted(db, [who.contactId], consents.advertisingMail)).toEqual(new Set([who.contactId]))
  await post("/account/mails", { advertising: "rubbish" }, who)
  const rows = await consents.ofContact(db, who.contactId)
  expect(rows.map(({ granted, place }) => [granted, place])).toEqual([
    [false, "account"],
    [true, "account"],
  ])
  expect(rows[1]!.wording).toContain("同意はいつでも取り消せます")
})

test("signing out other devices keeps this one", async () => {
  const who = await aMember(db)
  const other = { ...who, ...(await aSession(db, who.contactId)) }
  expect(await text(get("/account", who))).toContain("この端末")
  await post("/account/sessions/end-others", {}, who)
  expect((await get("/account", other)).status).toBe(303)
  expect((await get("/account", who)).status).toBe(200)
})

test("the language is chosen by a button, kept in the browser and with the account, and leads back to this site only", async () => {
  const who = await aMember(db)
  const answer = await post("/language", { lang: "en" }, who, { referer: "http://localhost/history?show=completed" })
  expect(answer.headers.get("location")).toBe("/history?show=completed")
  expect(answer.headers.get("set-cookie")).toMatch(/\blang=en; Max-Age=\d+; Path=\/; SameSite=Lax/)
  expect(await text(get("/", who))).toContain(`<html lang="en"`)
  expect(await text(get("/", who, "lang=ja"))).toContain(`<html lang="ja"`)
  const away = await post("/language", { lang: "ja" }, undefined, { referer: "http://localhost//evil.example/x" })
  expect(away.headers.get("location")).toBe("/")
  expect((await post("/language", { lang: "xx" })).headers.get("set-cookie")).toBeNull()
})

test("what the operator calls the site is on every page, and rubbish in the settings harms nothing", async () => {
  expect(faces.faceSchema.safeParse({ name: "", accent: "red" }).success).toBe(false)
  expect(faces.faceSchema.safeParse({ name: "x", legal: { privacy: "javascript:alert(1)" } }).success).toBe(false)
  expect(await text(get("/"))).toContain("Musubi")
})

test("the operator names the site and its legal pages, on the record; the tracker's key stays", async () => {
  await transact(db, (tx) => faces.save(tx, { name: "x", browserKey: "mwk_x" }))
  let actor: Actor = { kind: "staff", staffId: "0190b2a4-0000-7000-8000-000000000001", role: "owner" }
  const made = routes()
  made.use(foundation(db, own), async (c, next) => {
    c.set("actor", actor)
    await next()
  })
  made.route("/api", api)
  answerErrors(made, problemPage)
  const face = {
    name: "まなび動画",
    accent: "#27477c",
    commerce: "",
    privacy: "/privacy",
    terms: "https://manabi.example/t",
  }
  const put = (body: object) =>
    made.request("/api/settings/site", {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    })
  expect(await (await put(face)).json()).toEqual(face)
  expect(await (await made.request("/api/settings/site")).json()).toEqual(face)
  const { value } = await db.selectFrom("setting").select("value").where("name", "=", "site").executeTakeFirstOrThrow()
  expect(value).toMatchObject({ browserKey: "mwk_x", legal: { privacy: "/privacy", terms: face.terms } })
  expect(await db.selectFrom("audit").select("action").execute()).toEqual([{ action: "site.change" }])
  for (const bad of [{ name: " " }, { accent: "red" }, { terms: "javascript:alert(1)" }])
    expect((await put({ ...face, ...bad })).status).toBe(422)
  actor = { kind: "staff", staffId: actor.staffId, role: "support" }
  expect((await put(face)).status).toBe(403)
})
