import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "csv-parse/sync"
import type { Item } from "./sender.ts"

const dayMs = 86_400_000

type Row = Record<string, string>

/**
 * The learners of the OULAD files as they happened: who registered, withdrew, submitted and viewed what, as tracking items
 * ordered by time. The files know days only; within a day one registers, views, submits and withdraws in this order.
 */
export function learners(folder: string, options: { people?: number } = {}): Item[] {
  const assessments = new Map(rows(folder, "assessments").map((row) => [row.id_assessment!, row]))
  const infos = rows(folder, "studentInfo")
  const wanted =
    options.people === undefined
      ? undefined
      : new Set([...new Set(infos.map((row) => row.id_student!))].slice(0, options.people))
  const chosen = (row: Row) => wanted === undefined || wanted.has(row.id_student!)
  const at = (presentation: string, day: string, hour: number) =>
    new Date(startOf(presentation) + Number(day) * dayMs + hour * 3_600_000).toISOString()

  const items: Item[] = []
  const track = (
    row: Row,
    event: string,
    presentation: string,
    day: string,
    hour: number,
    key: string,
    properties: object,
  ) =>
    items.push({
      type: "track",
      userId: userIdOf(row),
      messageId: `oulad:${key}`,
      timestamp: at(presentation, day, hour),
      event,
      properties: { ...properties },
    })

  for (const row of infos.filter(chosen)) {
    items.push({
      type: "identify",
      userId: userIdOf(row),
      messageId: `oulad:who:${keyOf(row)}`,
      // A minute apart by course, so that no two words about a person fall on one instant.
      timestamp: at(row.code_presentation!, "-400", (row.code_module!.charCodeAt(0) - 65) / 60),
      traits: { region: row.region, education: row.highest_education, ageBand: row.age_band },
    })
  }
  for (const row of rows(folder, "studentRegistration").filter(chosen)) {
    const about = courseOf(row)
    track(
      row,
      "course.registered",
      row.code_presentation!,
      row.date_registration || unknownDay(row),
      1,
      `registered:${keyOf(row)}`,
      about,
    )
    if (row.date_unregistration)
      track(
        row,
        "course.withdrawn",
        row.code_presentation!,
        row.date_unregistration,
        5,
        `withdrawn:${keyOf(row)}`,
        about,
      )
  }
  for (const row of rows(folder, "studentAssessment").filter(chosen)) {
    const assessment = assessments.get(row.id_assessment!)!
    track(
      row,
      "assignment.submitted",
      assessment.code_presentation!,
      row.date_submitted!,
      3,
      `submitted:${row.id_assessment}:${row.id_student}`,
      {
        ...courseOf(assessment),
        assignment: row.id_assessment,
        carriedOver: row.is_banked === "True",
        ...(row.score ? { score: Number(row.score) } : {}),
      },
    )
  }
  const nth = new Map<string, number>()
  for (const row of rows(folder, "studentVle_part").filter(chosen)) {
    const key = `${keyOf(row)}:${row.id_site}:${row.date}`
    nth.set(key, (nth.get(key) ?? 0) + 1)
    track(row, "material.viewed", row.code_presentation!, row.date!, 2, `viewed:${key}:${nth.get(key)}`, {
      ...courseOf(row),
      material: row.id_site,
      clicks: Number(row.sum_click),
    })
  }
  return items.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
}

function userIdOf(row: Row): string {
  return `oulad-${row.id_student}`
}

/** The instant (ms) on which a presentation begins: B in February, J in October, on the first. */
function startOf(presentation: string): number {
  return Date.UTC(Number(presentation.slice(0, 4)), presentation[4] === "B" ? 1 : 9, 1)
}

/** Everything moved by whole days so that the last item lies in the 24 hours before `now`. */
export function shifted(items: Item[], now: Date): Item[] {
  const days = Math.floor((now.getTime() - Date.parse(items.at(-1)?.timestamp ?? now.toISOString())) / dayMs)
  return items.map((item) => ({
    ...item,
    timestamp: new Date(Date.parse(item.timestamp) + days * dayMs).toISOString(),
  }))
}

/** The rows of one of the files, by column. */
function rows(folder: string, name: string): Row[] {
  return parse(readFileSync(join(folder, `${name}.csv`)), { columns: true, skip_empty_lines: true }) as Row[]
}

/** 45 enrolments have no day of registration: it was the first day of the course, or that of withdrawing when one left before. */
function unknownDay(row: Row): string {
  return String(Math.min(0, Number(row.date_unregistration || 0)))
}

function courseOf(row: Row): { course: string; presentation: string } {
  return { course: row.code_module!, presentation: row.code_presentation! }
}

function keyOf(row: Row): string {
  return `${row.code_module}:${row.code_presentation}:${row.id_student}`
}
