import { z } from "zod"
import { type Condition, conditions } from "../audience/index.ts"
import { buttonSchema, headingSchema, mailClasses, paragraphSchema, subjectSchema } from "../messaging/index.ts"
import { Invalid } from "../platform/http.ts"
import type { Locale } from "../platform/words.ts"

/** A piece of a scenario's mail: what messaging knows, and the next videos of the person who gets it. */
const mailBlock = z.discriminatedUnion("kind", [
  paragraphSchema,
  headingSchema,
  buttonSchema,
  z.object({ kind: z.literal("next-videos"), count: z.int().min(1).max(6) }),
])

const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "英小文字・数字・ハイフンで入力してください")

const mailStep = z.object({
  key,
  kind: z.literal("mail"),
  class: z.enum(mailClasses),
  subject: subjectSchema,
  body: z.array(mailBlock).min(1).max(30),
})
export type MailStep = z.infer<typeof mailStep>

const mostMs = 366 * 86_400_000

const waitStep = z.object({
  key,
  kind: z.literal("wait"),
  for: z
    .string()
    .refine((text) => milliseconds(text) !== undefined, "PT24H や P3D のように、1分から366日までで入力してください"),
})
type WaitStep = z.infer<typeof waitStep>
export type Step = WaitStep | MailStep

/** A condition's shape is the compiler's business: `check` asks it. */
const condition = z.unknown()

const definitionSchema = z
  .object({
    entry: condition,
    exit: condition.optional(),
    goal: condition.optional(),
    /** Whether people of whom the entry is true already when the scenario starts or its entry changes go in too. */
    enterExisting: z.boolean().default(false),
    steps: z
      .array(z.discriminatedUnion("kind", [waitStep, mailStep]))
      .min(1)
      .max(50),
  })
  .superRefine(({ steps }, context) => {
    const seen = new Set<string>()
    for (const [index, step] of steps.entries()) {
      if (seen.has(step.key))
        context.addIssue({ code: "custom", path: ["steps", index, "key"], message: "同じキーの手順があります" })
      seen.add(step.key)
    }
  })

/** What a scenario does: who goes in, who leaves before the end, and the steps between. */
export type Definition = {
  entry: Condition
  exit?: Condition
  goal?: Condition
  enterExisting: boolean
  steps: Step[]
}

/** Whatever was sent, as a definition whose conditions can be asked; refuses it naming each field at fault. */
export function check(input: unknown): Definition {
  const parsed = definitionSchema.safeParse(input)
  if (!parsed.success) throw Invalid.of(parsed.error)
  const { entry, exit, goal, enterExisting, steps } = parsed.data
  return {
    entry: within("entry", entry),
    ...(exit == null ? {} : { exit: within("exit", exit) }),
    ...(goal == null ? {} : { goal: within("goal", goal) }),
    enterExisting,
    steps,
  }
}

/** How long `PT24H`, `P3D`, `P1W` is; nothing when it is no such length, or outside a minute to 366 days. */
export function milliseconds(text: string): number | undefined {
  const [, weeks, days, hours, minutes] =
    /^P(?!$)(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?!$)(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?$/.exec(text) ?? []
  const total =
    (Number(weeks ?? 0) * 7 + Number(days ?? 0)) * 86_400_000 +
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000
  return total >= 60_000 && total <= mostMs ? total : undefined
}

function within(path: string, input: unknown): Condition {
  try {
    return conditions.check(input)
  } catch (error) {
    if (!(error instanceof conditions.UnusableCondition)) throw error
    throw new Invalid((locale: Locale) =>
      Object.fromEntries(
        Object.entries(error.fields(locale)).map(([name, text]) => [
          name === "condition" ? path : `${path}.${name}`,
          text,
        ]),
      ),
    )
  }
}
