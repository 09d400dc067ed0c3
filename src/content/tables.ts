import type { ColumnType, JSONColumnType } from "kysely"
import type { Window } from "./access.ts"
import type { FileKind } from "./files.ts"
import type { Probe } from "./probes.ts"

declare module "../platform/db.ts" {
  interface Database {
    file: FileTable
    course: {
      id: string
      slug: string
      title: string
      description: ColumnType<string, string | undefined>
      position: ColumnType<number, number | undefined>
      changedAt: Date
    }
    video: VideoTable
    accessRule: {
      id: string
      videoId: string
      position: number
      everyone: boolean
      minimumRankId: string | null
      plans: string[] | null
      segmentId: string | null
      window: JSONColumnType<Window> | null
    }
    videoPopularity: { rankId: string; videoId: string; completed: number }
    catalogueVersion: { single: ColumnType<boolean, boolean | undefined>; version: number }
    watchReport: {
      contactId: string
      videoId: string
      id: string
      originId: string
      happenedAt: Date
      ranges: string
      position: number
      gainedSeconds: number
    }
    watch: {
      contactId: string
      videoId: string
      ranges: string
      seconds: number
      position: number
      firstAt: Date
      lastAt: Date
      completedAt: Date | null
      playerOpen: ColumnType<string, string | undefined>
      claimedSeconds: ColumnType<number, number | undefined>
    }
  }
}

type FileTable = {
  id: string
  kind: FileKind
  storageKey: string
  originalName: string
  contentType: string
  bytes: number
  sha256: Buffer | null
  probe: JSONColumnType<Probe> | null
  uploadedBy: string | null
  uploadedAt: Date
  droppedAt: ColumnType<Date | null, Date | null | undefined>
}

type VideoTable = {
  id: string
  slug: string
  title: string
  description: ColumnType<string, string | undefined>
  state: "draft" | "published" | "archived"
  fileId: string | null
  captionsFileId: string | null
  posterFileId: string | null
  durationSeconds: number | null
  width: number | null
  height: number | null
  codec: string | null
  courseId: string | null
  coursePosition: number | null
  tags: string[]
  publishedAt: Date | null
  unpublishedAt: Date | null
  artwork: JSONColumnType<Record<string, string>>
  createdAt: Date
  changedAt: Date
}
