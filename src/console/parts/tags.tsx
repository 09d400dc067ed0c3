import type { CSSProperties, ReactNode } from "react"
import { either } from "../formats.ts"
import { useLocale } from "../locale.tsx"
import type { RankMark } from "../shapes/contacts.ts"

export type Tone = "accent" | "good" | "caution" | "danger"

export function Tag({ tone, children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={tone ? `tag tag--${tone}` : "tag"} title={title}>
      {children}
    </span>
  )
}

export function RankTag({ rank }: { rank: RankMark | null | undefined }) {
  const { locale } = useLocale()
  if (!rank) return null
  return (
    <span className="tag tag--rank" style={{ "--rank": rank.colour } as CSSProperties}>
      {either(rank.name, locale)}
    </span>
  )
}

/** A rank's colour as a dot; always beside its name. */
export function RankDot({ colour }: { colour: string }) {
  return <i className="dot" style={{ "--rank": colour } as CSSProperties} aria-hidden />
}
