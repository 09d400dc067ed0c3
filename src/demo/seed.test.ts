import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { catalogue, onChange } from "../audience/index.ts"
import { facts } from "../facts.ts"
import * as settings from "../platform/settings.ts"
import { folderStorage } from "../platform/storage.ts"
import { ranks } from "../membership/index.ts"
import { type Demo, InUse, seed } from "./index.ts"

const db = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), "musubi-demo-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
const samples = new URL("../../demo/videos/", import.meta.url)
const made: Demo[] = []
const fill = (keep = async (demo: Demo) => void made.push(demo)) => seed(db, folderStorage(folder), samples, 6, keep)
const count = async (table: string) => Number((await db.pool.query(`select count(*) n from ${table}`)).rows[0].n)

test("a demo that was interrupted is filled anew, and a filled one is left as it is", async () => {
  catalogue.offer(facts)
  onChange({ "rank.rise": ranks.applyChanges, "rank.stay": ranks.applyChanges })
  await expect(fill(() => Promise.reject(new Error("killed")))).rejects.toThrow("killed")
  await fill()
  await fill()
  expect(made.length).toBe(1)
  expect([await count("staff"), await count("membership"), await count("video")]).toEqual([6, 8, 12])
  const { rows } = await db.pool.query(
    "select r.name ->> 'en' rank from rank_history h join rank r on r.id = h.rank_id join contact_email m using (contact_id) where h.until is null and m.address_key = 'hanako@example.jp'",
  )
  expect(rows).toEqual([{ rank: "Bronze" }])
})

test("a database that somebody uses is left alone", async () => {
  await settings.write(db, "demo", null)
  await expect(fill()).rejects.toThrow(InUse)
})
