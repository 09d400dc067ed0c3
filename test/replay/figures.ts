import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

// The figures of the learners' files, worked out from the files alone: plain loops over days, nothing of the product.

/** Where the recorded learners lie, seen from the project. */
export const data = join(import.meta.dirname, "../../../shared/data")

/** Whether they are there; says so on the console where they are not. */
export function hasData(file: string): boolean {
  const there = existsSync(join(data, file))
  if (!there) console.log(`skipped: ${join(data, file)} is not here; these tests run where the recorded data is`)
  return there
}

/** What one learner did, by day (days since 1970). */
export type Learner = {
  registered: number[]
  withdrawn: number[]
  submitted: { day: number; score: number | undefined; carriedOver: boolean; course: string }[]
  viewed: { day: number; clicks: number; material: string }[]
  said: { day: number; region: string; ageBand: string }[]
}

/** Everybody in the files, by user id. */
export function readLearners(): Map<string, Learner> {
  const learners = new Map<string, Learner>()
  const who = (id: string) => {
    const userId = `oulad-${id}`
    let learner = learners.get(userId)
    if (!learner)
      learners.set(userId, (learner = { registered: [], withdrawn: [], submitted: [], viewed: [], said: [] }))
    return learner
  }
  // In the order of the files, so that of two words on one day the later course's stands.
  for (const [, presentation, id, region, , ageBand] of lines("studentInfo"))
    who(id!).said.push({ day: firstDay(presentation!) - 400, region: region!, ageBand: ageBand! })
  for (const [, presentation, id, from, until] of lines("studentRegistration")) {
    const first = firstDay(presentation!)
    if (until) who(id!).withdrawn.push(first + Number(until))
    // Without a day: the first of the course, or the day of withdrawing where that came before.
    who(id!).registered.push(first + (from ? Number(from) : until && Number(until) < 0 ? Number(until) : 0))
  }
  const assessments = new Map(lines("assessments").map(([course, presentation, id]) => [id!, { course, presentation }]))
  for (const [assessment, id, day, banked, score] of lines("studentAssessment")) {
    const { course, presentation } = assessments.get(assessment!)!
    who(id!).submitted.push({
      day: firstDay(presentation!) + Number(day),
      score: score === "" ? undefined : Number(score),
      carriedOver: banked === "True",
      course: course!,
    })
  }
  for (const [, presentation, id, material, day, clicks] of lines("studentVle_part"))
    who(id!).viewed.push({ day: firstDay(presentation!) + Number(day), clicks: Number(clicks), material: material! })
  return learners
}

/** Days since 1970 of the first day of a presentation, 2013B or 2014J. */
function firstDay(presentation: string): number {
  return dayNumber(`${presentation.slice(0, 4)}-${presentation.endsWith("B") ? "02" : "10"}-01`)
}

/** Days since 1970 of 2014-03-15. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000
}

/** 2014-03, of days since 1970. */
export function monthOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 7)
}

function lines(name: string): string[][] {
  const text = readFileSync(join(data, "oulad", `${name}.csv`), "utf8")
  if (text.includes('"')) throw new Error(`${name} has quotes now; read it properly`)
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split(","))
}
