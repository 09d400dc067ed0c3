import type { Say } from "../../../platform/words.ts"
import type { Block, Step } from "../../shapes/scenarios.ts"

/** What a new scenario begins with: a wait and a mail to change. */
export function firstSteps(t: Say): Step[] {
  return [{ key: "wait-1", kind: "wait", for: "PT24H" }, freshMail("mail-1", t)]
}

export function freshMail(key: string, t: Say): Step {
  return {
    key,
    kind: "mail",
    class: "advertising",
    subject: t("fresh.subject"),
    body: [
      { kind: "paragraph", text: t("fresh.greeting") },
      { kind: "paragraph", text: t("fresh.text") },
      { kind: "next-videos", count: 3 },
    ],
  }
}

export function freshBlock(kind: Block["kind"], t: Say): Block {
  if (kind === "button") return { kind, label: t("fresh.button"), url: "/" }
  return kind === "next-videos" ? { kind, count: 3 } : { kind, text: "" }
}

/** A name that no other step has. */
export function freshKey(kind: Step["kind"], steps: Step[]): string {
  for (let n = 1; ; n++) if (!steps.some(({ key }) => key === `${kind}-${n}`)) return `${kind}-${n}`
}
