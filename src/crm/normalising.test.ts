import fc from "fast-check"
import { expect, test } from "vitest"
import { companyKey } from "./companies.ts"
import { toKatakana } from "./kana.ts"
import { nameKey } from "./names.ts"
import * as phones from "./phones.ts"
import * as postal from "./postal.ts"

const hiragana = fc
  .array(fc.integer({ min: 0x3041, max: 0x3096 }), { minLength: 1, maxLength: 12 })
  .map((codes) => String.fromCharCode(...codes))

test("any hiragana becomes the katakana that it already is", () => {
  fc.assert(
    fc.property(hiragana, (text) => {
      const kana = toKatakana(text)!
      expect(Array.from(kana)).toHaveLength(text.length)
      expect(toKatakana(kana)).toBe(kana)
      expect(kana).toMatch(/^[ァ-ヶ]+$/)
    }),
  )
})

test("kana are converted whatever their width, and a hyphen after a kana is a long vowel", () => {
  expect(toKatakana("さとう")).toBe("サトウ")
  expect(toKatakana("ﾊﾅｺ")).toBe("ハナコ")
  expect(toKatakana("ﾊﾞﾊﾟ")).toBe("バパ")
  expect(toKatakana("は゛ん")).toBe("バン")
  expect(toKatakana("しーなー")).toBe("シーナー")
  expect(toKatakana("ｼ-ﾅ−")).toBe("シーナー")
  expect(toKatakana("　ジョン　スミス ")).toBe("ジョン スミス")
})

test("a reading with kanji, letters or a lone hyphen is no kana", () => {
  for (const text of ["佐藤", "Sato", "サトウ1", "-", "サトウ😀"]) expect(toKatakana(text)).toBeUndefined()
})

test("converting kana twice changes nothing more, whatever was typed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), hiragana), (text) => {
      const kana = toKatakana(text)
      if (kana !== undefined) expect(toKatakana(kana)).toBe(kana)
    }),
  )
})

test("old and new characters find each other, and keys are stable", () => {
  const pairs = [
    ["髙橋", "高橋"],
    ["山﨑", "山崎"],
    ["𠮷田", "吉田"],
    ["渡邊", "渡辺"],
    ["渡邉", "渡辺"],
    ["齋藤", "斎藤"],
    ["濵田", "浜田"],
    ["神\u{e0100}田", "神田"],
    ["葛󠄀城", "葛城"],
  ]
  for (const [typed, searched] of pairs) expect(nameKey(typed!)).toBe(nameKey(searched!))
  expect(nameKey("ｻﾄｳ ハナコ")).toBe(nameKey("さとうはなこ"))
  expect(nameKey("田中")).not.toBe(nameKey("中田"))
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(nameKey(nameKey(text))).toBe(nameKey(text))
    }),
  )
})

test("phone numbers are read in every usual way of writing", () => {
  for (const text of [
    "09012345678",
    "０９０ー１２３４ー５６７８",
    "090-1234-5678",
    "090−1234−5678",
    "(090)1234-5678",
    "+81 90 1234 5678",
    "090 1234 5678",
  ])
    expect(phones.parse(text)).toEqual({ shown: "090-1234-5678", key: "+819012345678" })
  expect(phones.parse("026-234-5678")?.shown).toBe("026-234-5678")
  expect(phones.parse("0120-123-456")?.shown).toBe("0120-123-456")
  expect(phones.parse("0312345678")?.shown).toBe("03-1234-5678")
  expect(phones.parse("+44 20 7946 0958")?.shown).toBe("+44 20 7946 0958")
  for (const text of ["", "123", "でんわ", "090-1234-567", "0901234567890123456"])
    expect(phones.parse(text)).toBeUndefined()
})

test("a shown number reads back as the same number", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("090", "080", "070", "050"),
      fc.integer({ min: 10_000_000, max: 99_999_999 }),
      (head, rest) => {
        const parsed = phones.parse(`${head}${rest}`)
        if (parsed) expect(phones.parse(parsed.shown)).toEqual(parsed)
      },
    ),
  )
})

test("〒３９０－０８７４ is 長野県松本市大手", () => {
  expect(postal.lookup("〒３９０－０８７４")).toEqual([
    { postalCode: "390-0874", prefecture: "長野県", city: "松本市", town: "大手" },
  ])
})

test("a code of two prefectures offers both, and no town is ever 「以下に掲載がない場合」", () => {
  expect(postal.lookup("498-0000").map((place) => place.prefecture + place.city + place.town)).toEqual([
    "愛知県弥富市",
    "三重県桑名郡木曽岬町",
  ])
  expect(postal.lookup("１００ー００００")).toEqual([
    { postalCode: "100-0000", prefecture: "東京都", city: "千代田区", town: "" },
  ])
})

test("what is no postal code finds nothing", () => {
  for (const text of ["", "390", "39008745", "abc-defg", "999-9999"]) expect(postal.lookup(text)).toEqual([])
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(postal.lookup(text)).toBeInstanceOf(Array)
    }),
  )
})

test("there are 47 prefectures", () => {
  expect(postal.prefectures).toHaveLength(47)
})

test("one company is one key, wherever its legal form stands", () => {
  const same = [
    "株式会社あずみ製作所",
    "㈱あずみ製作所",
    "(株)あずみ製作所",
    "（株） あずみ　製作所",
    "あずみ製作所株式会社",
    "あずみ製作所㈱",
    "アズミ製作所",
  ]
  expect(new Set(same.map(companyKey)).size).toBe(1)
  expect(companyKey("株式会社")).not.toBe("")
  expect(companyKey("有限会社髙橋商店")).toBe(companyKey("高橋商店(有)"))
})
