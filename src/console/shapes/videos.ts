import type { Ranges } from "./contacts.ts"

export type Rule = {
  id?: string
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
  durationSeconds: number | null
  width?: number | null
  height?: number | null
  fileId: string | null
  captionsFileId: string | null
  posterFileId: string | null
  file?: { id: string; originalName: string; bytes: number } | null
  courseId: string | null
  coursePosition: number | null
  tags: string[]
  publishedAt: string | null
  unpublishedAt: string | null
  rules?: Rule[]
  watchers?: number
  completed?: number
  changedAt?: string
}

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
