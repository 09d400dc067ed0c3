import { expect, test } from "vitest"
import { aMember, aVideo } from "../../test/support/content.ts"
import { testDatabase } from "../../test/support/database.ts"
import { operator } from "../../test/support/mailing.ts"
import { house } from "../messaging/index.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { cards } from "./next-videos.ts"
import { testMail } from "./trials.ts"

const db = await testDatabase()
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
await operator(db)
const at = new Date("2026-11-22T01:00:00Z")
const courseId = newId()
await sql`insert into course (id, slug, title, changed_at) values (${courseId}, 'zei', '確定申告', ${at})`.execute(db)
const basic = await aVideo(db, { title: "確定申告の基本", slug: "kihon", courseId, step: 1 })
await aVideo(db, { title: "確定申告の応用", slug: "oyo", courseId, step: 2 })
await aVideo(db, { title: "ゴールドだけの動画", slug: "gold", rules: [{ plans: ["gold"] }] })
const { contactId } = await aMember(db)
await sql`insert into watch (contact_id, video_id, ranges, seconds, position, first_at, last_at, completed_at)
  values (${contactId}, ${basic.id}, '{[0,600)}', 600, 600, ${at}, ${at}, ${at})`.execute(db)

test("a mail suggests what the page would: 応用 after 基本, nothing complete, nothing closed, and says why", async () => {
  const found = await cards(db, contactId, 3, "ja", at)
  expect(found.map(({ url }) => url)).toEqual(["/videos/oyo"])
  expect(found[0]).toMatchObject({ title: "確定申告の応用", detail: "10:00", why: "「確定申告の基本」を完了したため" })
})

test("a change of the catalogue shows in the next mail", async () => {
  await aVideo(db, { title: "確定申告の実践", slug: "jissen", courseId, step: 3 })
  await sql`update catalogue_version set version = version + 1`.execute(db)
  const found = await transact(db, (tx) => cards(tx, contactId, 3, "ja", at))
  expect(found.map(({ url }) => url)).toEqual(["/videos/oyo", "/videos/jissen"])
})

test("the mail itself leads to 応用, and 基本 is nowhere among what is suggested", async () => {
  const body = [{ kind: "next-videos" as const, count: 2 }]
  const step = {
    key: "next",
    kind: "mail" as const,
    class: "advertising" as const,
    subject: "{{contact.fullName}} 様",
    body,
  }
  const definition = { entry: { all: [] }, enterExisting: false, steps: [step] }
  const mail = await transact(db, (tx) => testMail(tx, definition, "next", contactId, at))
  expect(mail.html).toContain("https://manabi.example/videos/oyo")
  expect(mail.text).toContain("・確定申告の応用")
  expect(mail.text).not.toContain("/videos/kihon")
})
