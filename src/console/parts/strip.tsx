import { length } from "../formats.ts"
import { useSay } from "../locale.tsx"
import type { Ranges } from "../shapes/contacts.ts"
import { say } from "../words/parts-words.ts"

/** The watch strip: which seconds were really played, green once complete. */
export function Strip({ ranges, duration, complete }: { ranges: Ranges; duration: number; complete?: boolean }) {
  const t = useSay(say)
  const whole = Math.max(1, duration)
  const seconds = ranges.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, whole) - Math.max(0, from)), 0)
  const d = ranges
    .map(([from, to]) => [Math.max(0, from), Math.min(to, whole)] as const)
    .filter(([from, to]) => to > from)
    .map(([from, to]) => `M${from} 0H${to}V1H${from}z`)
    .join("")
  const parts = ranges.map(([from, to]) => `${length(from)}–${length(to)}`).join(", ")
  return (
    <svg
      className={complete ? "strip strip--done" : "strip"}
      viewBox={`0 0 ${whole} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t("strip", { percent: Math.min(100, Math.floor((seconds / whole) * 100)) })}
    >
      <title>{parts}</title>
      <path d={d} />
    </svg>
  )
}

/** How many of a video's viewers played each part of it; `density` holds shares from 0 to 1, evenly spaced. */
export function Density({ density, duration }: { density: number[]; duration: number }) {
  const t = useSay(say)
  const top = Math.max(...density, 0.0001)
  const d = density.map((share, i) => `M${i} ${100 - (share / top) * 100}h1V100h-1z`).join("")
  const least = density.indexOf(Math.min(...density))
  return (
    <figure>
      <svg
        className="strip strip--density"
        viewBox={`0 0 ${density.length} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("density", {
          at: length((least / density.length) * duration),
          percent: Math.round((density[least] ?? 0) * 100),
        })}
      >
        <path d={d} />
      </svg>
      <figcaption className="strip-axis num">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span key={share}>{length(share * duration)}</span>
        ))}
      </figcaption>
    </figure>
  )
}
