import fc from "fast-check"
import { expect, test } from "vitest"
import { subjectSchema, linkSchema } from "./blocks.ts"
import { blank, fill, names, unknown } from "./merge-tags.ts"

const hanako = { familyName: "佐藤", givenName: "花子", company: "株式会社あずみ製作所", number: 123 }
const nobody = { familyName: "", givenName: "", company: "", number: null }
const sender = { name: "まなび動画" }

test("names are said family first in Japanese, given first in English letters", () => {
  expect(fill("{{contact.fullName}} 様 {{contact.number}}", hanako, sender, "ja")).toBe("佐藤 花子 様 M-000123")
  expect(fill("Dear {{contact.fullName}}", { ...hanako, familyName: "Smith", givenName: "Ann" }, sender, "en")).toBe(
    "Dear Ann Smith",
  )
  expect(fill("Dear {{contact.fullName}}", hanako, sender, "en")).toBe("Dear 佐藤 花子")
})

test("one half of a name is enough for 様; without any, nobody is called 様", () => {
  expect(fill("{{contact.fullName}}様", { ...nobody, givenName: "花子" }, sender, "ja")).toBe("花子様")
  for (const title of ["様", " 様", "　様", "さん"])
    expect(fill(`{{contact.fullName}}${title}へ`, nobody, sender, "ja")).toBe("お客さまへ")
  expect(fill("{{ contact.familyName }} 様", nobody, sender, "ja")).toBe("お客さま")
})

test("a tag that does not exist is refused when it is saved, whatever it is called", () => {
  for (const bad of [
    "{{contact.password}}",
    "{{constructor}}",
    "{{contact.__proto__}}",
    "{{",
    "}}",
    "{{a}} {{",
    "{{{contact.fullName}}}",
    "{{#if x}}",
  ]) {
    expect(unknown(bad), bad).not.toEqual([])
    expect(subjectSchema.safeParse(bad).success, bad).toBe(false)
  }
  for (const name of names) expect(unknown(`{{${name}}} {{ ${name} }}`)).toEqual([])
})

test("filling in never runs twice and never leaves a line break in", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (familyName, givenName) => {
      const said = fill("[{{contact.fullName}}]", { ...hanako, familyName, givenName }, sender, "ja")
      expect(said).not.toMatch(/[\r\n]/)
      if (familyName.includes("{{contact.number}}")) expect(said).toContain("{{contact.number}}")
    }),
  )
  expect(fill("{{contact.familyName}}", { ...hanako, familyName: "{{contact.number}}" }, sender, "ja")).toBe(
    "{{contact.number}}",
  )
})

test("a subject apart from its person names nobody", () => {
  expect(blank("{{contact.fullName}} 様、応用のご案内")).toBe("○○ 様、応用のご案内")
})

test("links are other sites in full or pages of ours, nothing else", () => {
  for (const good of ["/videos/oyo", "/", "https://example.jp/a?b=c#d"])
    expect(linkSchema.safeParse(good).success, good).toBe(true)
  for (const bad of [
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://a:b@evil.example",
    "x",
    "",
    "/a b",
    "https:///",
    "ftp://example.jp",
  ])
    expect(linkSchema.safeParse(bad).success, bad).toBe(false)
})
