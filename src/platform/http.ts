import { type Context, Hono, type MiddlewareHandler } from "hono"
import { HTTPException } from "hono/http-exception"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { ZodError } from "zod"
import type { Actor } from "./actors.ts"
import { type Db, isUnavailable, isUnwritable, transact, type Tx } from "./db.ts"
import { faultSentence } from "./faults.ts"
import { log } from "./log.ts"
import { Refusal, type RefusalKind } from "./refusals.ts"
import type { Locale } from "./words.ts"
import { words } from "./words.ts"

/** What the composition root gives to every request. */
export type Site = {
  publicUrl: string
  secure: boolean
  /** Distinguishes the cookies of two instances on one host. */
  instance: string
  trustProxy: boolean
  testClock: boolean
}

export type Env = {
  Variables: {
    db: Db
    site: Site
    actor: Actor
    locale: Locale
    requestId: string
    /** Runs work in a transaction of its own. */
    tx: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  }
}
export type App = Hono<Env>
export type Ctx = Context<Env>

/** A new group of routes. Register each as a statement, never chained: `site.get("/x", member, handler)`. */
export function routes(): App {
  return new Hono<Env>()
}

const policies = new WeakMap<object, string>()

/** Marks a guard as a policy. Every route must name one before its handler; `npm run check` fails on a route without. */
export function policy(name: string, guard: MiddlewareHandler<Env>): MiddlewareHandler<Env> {
  const marked: MiddlewareHandler<Env> = (c, next) => guard(c, next)
  policies.set(marked, name)
  return marked
}

/** The name of a policy, or nothing when the handler is none. */
export function policyName(handler: object): string | undefined {
  return policies.get(handler)
}

/** Open to everybody, signed in or not. */
export const anyone = policy("anyone", (_, next) => next())

/** Gives every request its id, database, language and transaction function. */
export function foundation(db: Db, site: Site): MiddlewareHandler<Env> {
  return (c, next) => {
    const requestId = crypto.randomUUID()
    c.set("db", db)
    c.set("site", site)
    c.set("actor", { kind: "visitor" })
    c.set("locale", localeOf(c))
    c.set("requestId", requestId)
    c.set("tx", (work) => transact(db, work))
    c.header("X-Request-Id", requestId)
    return next()
  }
}

/** What went wrong, as RFC 9457 problem details. */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  errors?: Record<string, string>
}

/** Turns whatever was thrown into one answer: a problem document for programs, a page for people. */
export function answerErrors(app: App, page: (c: Ctx, problem: Problem) => Response | Promise<Response>): void {
  app.notFound((c) => respond(c, problemOf(new NoSuchPage(), c.var.locale ?? "ja"), page))
  app.onError((error, c) => {
    const problem = problemOf(error, c.var.locale ?? "ja")
    if (problem.status === 500)
      log.error({ err: error, requestId: c.var.requestId, route: c.req.routePath }, "a request failed")
    const retry = error instanceof Refusal ? error.retryAfterSeconds : problem.status === 503 ? 5 : undefined
    if (retry) c.header("Retry-After", String(retry))
    return respond(c, problem, page)
  })
}

/** The problem document of an error, in the reader's language. */
function problemOf(error: unknown, locale: Locale): Problem {
  const t = say(locale)
  if (error instanceof Refusal) {
    const fields = error.fields(locale)
    return {
      type: `urn:musubi:${dashed(error.name)}`,
      title: t(`kind.${error.kind}`),
      status: statuses[error.kind],
      detail: error.sentence(locale),
      ...(Object.keys(fields).length > 0 ? { errors: fields } : {}),
    }
  }
  if (error instanceof HTTPException || isUnwritable(error)) return problemOf(new Unreadable(), locale)
  if (isUnavailable(error)) return problemOf(new DatabaseAway(), locale)
  return { type: "about:blank", title: t("kind.bug"), status: 500, detail: t("bug") }
}

function respond(c: Ctx, problem: Problem, page: (c: Ctx, problem: Problem) => Response | Promise<Response>) {
  const path = c.req.path
  const program = /^\/(api|v1|media)(\/|$)/.test(path) || !(c.req.header("accept") ?? "").includes("text/html")
  if (!program) return page(c, problem)
  return c.json(problem, problem.status as ContentfulStatusCode, { "Content-Type": "application/problem+json" })
}

const statuses: Record<RefusalKind, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  "too-large": 413,
  "too-many": 429,
  unavailable: 503,
}

function localeOf(c: Ctx): Locale {
  const chosen = c.req.header("cookie")?.match(/(?:^|;\s*)lang=(ja|en)\b/)?.[1]
  if (chosen) return chosen as Locale
  const wanted = c.req.header("accept-language")
  return wanted && /^en\b/i.test(wanted) ? "en" : "ja"
}

function dashed(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, "-$1").toLowerCase()
}

/** The body could not be read as what it claims to be. */
export class Unreadable extends Refusal {
  readonly kind = "invalid"
  sentence(locale: Locale) {
    return say(locale)("unreadable")
  }
}
/** Input that does not fit its schema; names each field at fault. */
export class Invalid extends Refusal {
  readonly kind = "invalid"
  override readonly fields: (locale: Locale) => Record<string, string>
  constructor(fields: Record<string, string> | ((locale: Locale) => Record<string, string>)) {
    super()
    this.fields = typeof fields === "function" ? fields : () => fields
  }
  static of(error: ZodError): Invalid {
    return new Invalid((locale) =>
      Object.fromEntries(error.issues.map((issue) => [issue.path.join(".") || "body", faultSentence(issue, locale)])),
    )
  }
  sentence(locale: Locale) {
    return say(locale)("invalid")
  }
}
export class TooLarge extends Refusal {
  readonly kind = "too-large"
  sentence(locale: Locale) {
    return say(locale)("tooLarge")
  }
}
export class NoSuchPage extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchPage")
  }
}
export class ForeignRequest extends Refusal {
  readonly kind = "forbidden"
  sentence(locale: Locale) {
    return say(locale)("foreignRequest")
  }
}
class DatabaseAway extends Refusal {
  readonly kind = "unavailable"
  override readonly retryAfterSeconds = 5
  sentence(locale: Locale) {
    return say(locale)("databaseAway")
  }
}

const say = words(
  {
    "kind.invalid": "入力内容をご確認ください",
    "kind.unauthenticated": "ログインが必要です",
    "kind.forbidden": "この操作は許可されていません",
    "kind.missing": "見つかりません",
    "kind.conflict": "いまは実行できません",
    "kind.gone": "期限が切れています",
    "kind.too-large": "サイズが大きすぎます",
    "kind.too-many": "回数の上限に達しました",
    "kind.unavailable": "ただいま準備中です",
    "kind.bug": "処理を完了できませんでした",
    bug: "不具合が起きたため、処理を完了できませんでした。記録は運営に届いています。少し待ってからもう一度お試しください。",
    unreadable: "送られた内容を読み取れませんでした。形式をご確認のうえ、もう一度送信してください。",
    invalid: "入力内容に誤りがあります。印のついた項目をご確認ください。",
    tooLarge: "送られたデータが大きすぎます。サイズを小さくして、もう一度送信してください。",
    noSuchPage: "お探しのページは見つかりませんでした。アドレスをご確認いただくか、ホームからお探しください。",
    foreignRequest: "ほかのサイトからの操作を受け付けませんでした。このサイトのページからやり直してください。",
    databaseAway: "データベースに接続できません。数秒後にもう一度お試しください。入力内容は失われていません。",
  },
  {
    "kind.invalid": "Please check your input",
    "kind.unauthenticated": "Sign-in needed",
    "kind.forbidden": "Not permitted",
    "kind.missing": "Not found",
    "kind.conflict": "Not possible now",
    "kind.gone": "No longer valid",
    "kind.too-large": "Too large",
    "kind.too-many": "Too many attempts",
    "kind.unavailable": "Not available just now",
    "kind.bug": "Something failed on our side",
    bug: "A fault on our side stopped this. It has been recorded. Please try again in a moment.",
    unreadable: "What was sent could not be read. Check its format and send it again.",
    invalid: "Some fields need attention. See the notes beside them.",
    tooLarge: "What was sent is too large. Make it smaller and send it again.",
    noSuchPage: "There is no such page. Check the address or start from the home page.",
    foreignRequest: "A request from another site was not accepted. Please start again from a page of this site.",
    databaseAway: "The database cannot be reached. Please try again in a few seconds; nothing was lost.",
  },
)
