import type { CSSProperties } from "react"
import { clockLength } from "../platform/dates.ts"
import type { Locale } from "../platform/words.ts"
import { say } from "./words.ts"

export type Ranges = readonly (readonly [number, number])[]

/**
 * The watch strip: which seconds of a video were really played, green once complete.
 * `ranges` are [from, to) in seconds. With a locale it speaks for itself; without one it is decoration beside a text.
 */
export function WatchStrip({
  ranges,
  duration,
  complete,
  locale,
}: {
  ranges: Ranges
  duration: number
  complete?: boolean
  locale?: Locale
}) {
  const length = Math.max(1, duration)
  const label = locale && stripLabel(ranges, length, complete, locale)
  return (
    <svg
      className={complete ? "strip strip--done" : "strip"}
      viewBox={`0 0 ${length} 1`}
      preserveAspectRatio="none"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <path d={stripPath(ranges, length)} />
    </svg>
  )
}

/** The strip's drawing as SVG path data; what lies outside the video is left out. */
export function stripPath(ranges: Ranges, duration: number): string {
  let d = ""
  for (const [from, to] of ranges) {
    const start = Math.max(0, Math.min(from, duration))
    const width = Math.min(to, duration) - start
    if (width > 0) d += `M${start} 0h${width}v1h-${width}z`
  }
  return d
}

/** Seconds covered by ranges that do not overlap. */
function secondsOf(ranges: Ranges): number {
  let sum = 0
  for (const [from, to] of ranges) sum += to - from
  return sum
}

function stripLabel(ranges: Ranges, duration: number, complete: boolean | undefined, locale: Locale): string {
  const percent = Math.min(100, Math.floor((secondsOf(ranges) / duration) * 100))
  const t = say(locale)
  return t(complete ? "strip.complete" : percent > 0 || ranges.length > 0 ? "strip.part" : "strip.none", { percent })
}

/** The colours of a drawn poster, as a video keeps them. */
type Artwork = { ground?: string; motif?: string | number }

export type PosterProps = {
  /** What the drawing is chosen by when the artwork does not say: the video's id. */
  seed: string
  picture?: string | null
  artwork?: Artwork | null
  durationSeconds?: number | null
  /** Shows the play mark. */
  playable?: boolean
  /** Loads the picture at once; for the one at the top of a page. */
  eager?: boolean
  /** Closed to this person: drawn quieter, with a lock. */
  closed?: boolean
}

/** A video's picture, or a drawing in its colours, with its length in the corner. */
export function Poster({ seed, picture, artwork, durationSeconds, playable, eager, closed }: PosterProps) {
  const { ground, motif } = artwork ?? {}
  const number = hash(seed)
  const style = { "--ground": colour(ground) ?? grounds[number % grounds.length] } as CSSProperties
  return (
    <span
      className={`poster poster--${(motif === undefined ? number >>> 8 : Math.abs(Math.trunc(Number(motif))) || 0) % motifs}${closed ? " poster--closed" : ""}`}
      style={style}
    >
      {picture && <img src={picture} alt="" loading={eager ? "eager" : "lazy"} />}
      {playable && <span className="poster__play" />}
      {durationSeconds ? <span className="poster__time num">{clockLength(durationSeconds)}</span> : null}
    </span>
  )
}

const motifs = 8
/** Deep traditional colours on which white drawing and white figures read well: 藍 鳶 苔 桔梗 蘇芳 鉄 墨 群青鼠. */
const grounds = ["#27467a", "#6a4b2b", "#41602f", "#4a3a62", "#74353f", "#2b5558", "#3f3b36", "#48597a"]

function colour(text: string | undefined): string | undefined {
  return text && /^#[0-9a-f]{6}$/i.test(text) ? text : undefined
}

function hash(text: string): number {
  let h = 2166136261
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
