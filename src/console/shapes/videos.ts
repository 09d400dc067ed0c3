import type { Ranges } from "./contacts.ts"

export type Rule = {
  everyone: boolean
  minimumRankId: string | null
  plans: string[] | null
  segmentId: string | null
  window: { kind: "rolling" | "from-join" | "for-join"; months: number } | null
}

export type Video = {
  id: string
  slug: string
  title: string
  description: string
  state: "draft" | "published" | "archived"
  fileId: string | null
  fileName: string | null
  fileBytes: number | null
  captionsFileId: string | null
  posterFileId: string | null
  durationSeconds: number | null
  width: number | null
  height: number | null
  courseId: string | null
  courseTitle: string | null
  coursePosition: number | null
  tags: string[]
  publishedAt: string | null
  unpublishedAt: string | null
  viewers: number
  completed: number
  changedAt: string
}
export type VideoDetail = Video & { rules: Rule[] }

export type Course = {
  id: string
  slug: string
  title: string
  description: string
  position: number
  videoIds: string[]
}

export type Viewer = {
  contactId: string
  number: string | number | null
  familyName: string
  givenName: string
  ranges: Ranges
  seconds: number
  coverage: number
  lastAt: string
  completedAt: string | null
}

/** How many people played each part of a video. */
export type Density = { viewers: number; completed: number; duration: number; bucketSeconds: number; counts: number[] }
