import { z } from "zod"
import { type Locale, words } from "./words.ts"

type Issue = z.core.$ZodIssue

/** What is wrong with one field, for whoever fills it in; a schema's own message stays as it was written. */
export function faultSentence(issue: Issue, locale: Locale): string {
  const key = issue.message === plainMessage(issue) ? keyOf(issue) : undefined
  return key ? say(locale)(key, bounds(issue)) : issue.message
}

/** What the library says when a schema has no message of its own. */
function plainMessage(issue: Issue): string | undefined {
  const said = z.locales.en().localeError(issue as z.core.$ZodRawIssue)
  return typeof said === "string" ? said : said?.message
}

function keyOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case "too_small":
      if (issue.origin === "string") return Number(issue.minimum) <= 1 ? "empty" : "short"
      if (issue.origin === "array" || issue.origin === "set") return Number(issue.minimum) <= 1 ? "none" : "few"
      return "small"
    case "too_big":
      if (issue.origin === "string") return "long"
      return issue.origin === "array" || issue.origin === "set" ? "many" : "big"
    case "invalid_format":
      return issue.format === "email" || issue.format === "url" ? issue.format : "format"
    case "invalid_union":
      return "format"
    case "invalid_value":
      return "choice"
    case "invalid_type":
      return "type"
    default:
      return undefined
  }
}

function bounds(issue: Issue): Record<string, string> {
  if (issue.code === "too_small") return { bound: String(issue.minimum) }
  if (issue.code === "too_big") return { bound: String(issue.maximum) }
  return issue.code === "invalid_type" ? { expected: issue.expected } : {}
}

const say = words(
  {
    empty: "入力してください。",
    short: "{bound}文字以上で入力してください。",
    long: "{bound}文字以内で入力してください。",
    none: "1つ以上選んでください。",
    few: "{bound}件以上が必要です。",
    many: "{bound}件以内にしてください。",
    small: "{bound}以上にしてください。",
    big: "{bound}以下にしてください。",
    email: "メールアドレスの形式をご確認ください。",
    url: "https:// から始まるアドレスを入力してください。",
    format: "形式をご確認ください。",
    choice: "選べる値の中から指定してください。",
    type: "この項目がないか、種類が違います({expected})。入力し直してください。",
  },
  {
    empty: "Please fill this in.",
    short: "Please use at least {bound} characters.",
    long: "Please use at most {bound} characters.",
    none: "Please choose at least one.",
    few: "At least {bound} are needed.",
    many: "Please keep to at most {bound}.",
    small: "Please choose {bound} or more.",
    big: "Please choose {bound} or less.",
    email: "Please check the mail address.",
    url: "Please give an address that begins with https://.",
    format: "Please check the format.",
    choice: "Please choose one of the values that can be chosen.",
    type: "This is missing or of another kind than {expected}. Please fill it in again.",
  },
)
