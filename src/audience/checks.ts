import type { $ZodIssue } from "zod/v4/core"
import type { FactType } from "../platform/facts.ts"
import { day } from "../platform/facts.ts"
import { Refusal } from "../platform/refusals.ts"
import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"
import * as catalogue from "./catalogue.ts"
import { type Comparison, type Condition, comparisons, comparisonsOf, deepest, mostLeaves } from "./language.ts"

/** A condition that cannot be asked; `fields` names each fault by its path, e.g. `all.0.with.within`. */
export class UnusableCondition extends Refusal {
  readonly kind = "invalid"
  readonly faults: Fault[]
  override readonly fields = (locale: Locale) =>
    Object.fromEntries(this.faults.map((fault) => [fault.path || "condition", say(locale)(fault.text, fault.values)]))
  constructor(faults: Fault[]) {
    super()
    this.faults = faults
  }
  sentence(locale: Locale) {
    const [first] = this.faults
    return say(locale)("unusable", {
      path: first?.path || "condition",
      fault: first ? say(locale)(first.text, first.values) : "",
    })
  }
}

type Fault = { path: string; text: string; values?: Record<string, string | number> }

/**
 * Whatever was sent, as a condition whose facts, arguments and comparisons all fit; throws UnusableCondition with every fault.
 * `field` is what the sender calls it; the paths of faults begin with it.
 */
export function check(input: unknown, field?: string): Condition {
  const faults: Fault[] = []
  const count = { leaves: 0 }
  const condition = node(input, field ? [field] : [], 1, faults, count)
  if (count.leaves > mostLeaves) faults.push({ path: field ?? "", text: "tooMany", values: { most: mostLeaves } })
  if (faults.length > 0 || !condition) throw new UnusableCondition(faults)
  return condition
}

type Path = (string | number)[]

function node(
  input: unknown,
  path: Path,
  depth: number,
  faults: Fault[],
  count: { leaves: number },
): Condition | undefined {
  const fail = (text: string, values?: Record<string, string | number>, more: Path = []) => {
    if (faults.length < 50) faults.push({ path: [...path, ...more].join("."), text, ...(values ? { values } : {}) })
    return undefined
  }
  if (depth > deepest) return fail("tooDeep", { most: deepest })
  if (typeof input !== "object" || input === null || Array.isArray(input)) return fail("notCondition")
  const keys = Object.keys(input)
  const [key] = keys.filter((name) => ["all", "any", "not", "fact"].includes(name))
  if (!key) return fail("notCondition")
  const record = input as Record<string, unknown>
  if (key === "fact") {
    if (++count.leaves > mostLeaves) return undefined
    return leaf(record, path, faults, fail)
  }
  if (keys.length > 1) return fail("alone", { key })
  if (key === "not") {
    const inner = node(record.not, [...path, "not"], depth + 1, faults, count)
    return inner && { not: inner }
  }
  const parts = record[key]
  if (!Array.isArray(parts) || parts.length === 0) return fail("emptyList", { key })
  const inner: Condition[] = []
  for (const [index, part] of parts.entries()) {
    if (count.leaves > mostLeaves) break
    const one = node(part, [...path, key, index], depth + 1, faults, count)
    if (one) inner.push(one)
  }
  return key === "all" ? { all: inner } : { any: inner }
}

type Fail = (text: string, values?: Record<string, string | number>, more?: Path) => undefined

function leaf(record: Record<string, unknown>, path: Path, faults: Fault[], fail: Fail): Condition | undefined {
  const before = faults.length
  const other = Object.keys(record).find((name) => !["fact", "with", "is"].includes(name))
  if (other) fail("unknownKey", { key: other })
  const fact = typeof record.fact === "string" ? catalogue.find(record.fact) : undefined
  if (!fact) return fail("noFact", { fact: shown(record.fact) }, ["fact"])
  if (!wellFormed(record.with)) fail("badText", undefined, ["with"])
  const args = fact.with.safeParse(record.with ?? {})
  if (!args.success) for (const issue of args.error.issues) argument(issue, [...path, "with"], faults)
  comparison(record.is, fact.type, fail)
  if (faults.length > before) return undefined
  const given = args.data as Record<string, unknown>
  const is = record.is as Comparison
  return Object.keys(given).length > 0 ? { fact: fact.name, with: given, is } : { fact: fact.name, is }
}

function comparison(is: unknown, type: FactType, fail: Fail): void {
  if (typeof is !== "object" || is === null || Array.isArray(is)) return fail("noComparison", undefined, ["is"])
  const entries = Object.entries(is)
  if (entries.length !== 1 || !(comparisons as readonly string[]).includes(entries[0]![0]))
    return fail("noComparison", undefined, ["is"])
  const [how, value] = entries[0]! as [(typeof comparisons)[number], unknown]
  const at = ["is", how]
  if (!comparisonsOf[type].includes(how)) return fail("wrongComparison", { how, type }, at)
  if (!wellFormed(value)) return fail("badText", undefined, at)
  if (how === "exists") return typeof value === "boolean" ? undefined : fail("wantsBoolean", undefined, at)
  if (how === "in") {
    if (!Array.isArray(value) || value.length === 0 || value.length > 1_000) return fail("wantsList", undefined, at)
    const wrong = value.findIndex((one) => !fits(one, type))
    return wrong < 0 ? undefined : fail(`wants.${type}`, undefined, [...at, wrong])
  }
  if (how === "contains" && value === "") return fail("wants.text", undefined, at)
  return fits(value, type) ? undefined : fail(`wants.${type}`, undefined, at)
}

function fits(value: unknown, type: FactType): boolean {
  if (type === "number") return typeof value === "number" && Number.isFinite(value)
  if (type === "boolean") return typeof value === "boolean"
  if (type === "date") return day.safeParse(value).success
  return typeof value === "string" && value.length <= 1_000
}

/** Whether every text in it can be stored: no NUL, no half of a surrogate pair. */
function wellFormed(value: unknown): boolean {
  const text = written(value)
  return text !== undefined && text.length < 100_000 && !/\\u0000|\\ud[89a-f]/i.test(text.replaceAll("\\\\", ""))
}

/** Nothing when it is nested so deeply that it cannot even be written. */
function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    return undefined
  }
}

function argument(issue: $ZodIssue, path: Path, faults: Fault[]): void {
  const at = [...path, ...issue.path.map((part) => (typeof part === "symbol" ? "" : part))].join(".")
  const known = issue.code === "custom" && issue.message in argumentTexts ? `arg.${issue.message}` : undefined
  if (known) faults.push({ path: at, text: known })
  else if (issue.code === "unrecognized_keys")
    faults.push({ path: at, text: "unknownKey", values: { key: issue.keys.join(", ") } })
  else faults.push({ path: at, text: "badArgument", values: { why: issue.message } })
}

function shown(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 100) : typeof value
}

const argumentTexts = { "within-or-dates": true, "until-since": true, "no-such": true }

const say = words(
  {
    unusable: "条件に誤りがあります({path}: {fault})。修正してからもう一度お試しください。",
    notCondition: "条件ではありません。all・any・not・fact のいずれかで書いてください。",
    alone: "{key} のとなりには何も書けません。",
    emptyList: "{key} には 1 つ以上の条件を並べてください。",
    tooDeep: "入れ子は {most} 段までです。",
    circle: "セグメントが自分自身を通じて条件に含まれています。循環しないようにしてください。",
    noSegment: "セグメント {id} はありません。",
    tooMany: "判定項目は {most} 個までです。",
    unknownKey: "{key} という指定はありません。",
    noFact: "「{fact}」という判定項目はありません。",
    badText: "使えない文字が含まれているか、長すぎます。",
    noComparison: "eq・ne・gt・gte・lt・lte・in・contains・exists のうち 1 つを書いてください。",
    wrongComparison: "この判定項目({type})は {how} では比べられません。",
    wantsBoolean: "true か false を書いてください。",
    wantsList: "1 個以上 1,000 個以下の値を並べてください。",
    "wants.number": "数値を書いてください。",
    "wants.text": "文字列を書いてください。",
    "wants.date": "日付を 2026-11-22 の形で書いてください。",
    "wants.boolean": "true か false を書いてください。",
    "wants.set": "文字列を書いてください。",
    badArgument: "引数が正しくありません({why})。",
    "arg.within-or-dates": "within は since・until と一緒には使えません。",
    "arg.until-since": "until は since より後の日にしてください。",
    "arg.no-such": "指定されたものが見つかりません。",
  },
  {
    unusable: "The condition has a fault ({path}: {fault}). Correct it and try again.",
    notCondition: "This is not a condition. Write one of all, any, not, fact.",
    alone: "Nothing can stand beside {key}.",
    emptyList: "{key} needs at least one condition.",
    tooDeep: "Conditions nest {most} levels at most.",
    circle: "The segment is part of its own condition. Take it out of the circle.",
    noSegment: "There is no segment {id}.",
    tooMany: "A condition has {most} facts at most.",
    unknownKey: "There is no {key} here.",
    noFact: "There is no fact “{fact}”.",
    badText: "It contains characters that cannot be used, or is too long.",
    noComparison: "Write exactly one of eq, ne, gt, gte, lt, lte, in, contains, exists.",
    wrongComparison: "This fact ({type}) cannot be compared with {how}.",
    wantsBoolean: "Write true or false.",
    wantsList: "List between 1 and 1,000 values.",
    "wants.number": "Write a number.",
    "wants.text": "Write a text.",
    "wants.date": "Write a date like 2026-11-22.",
    "wants.boolean": "Write true or false.",
    "wants.set": "Write a text.",
    badArgument: "The argument does not fit ({why}).",
    "arg.within-or-dates": "within cannot be used together with since or until.",
    "arg.until-since": "until must not be before since.",
    "arg.no-such": "What it names does not exist.",
  },
)
