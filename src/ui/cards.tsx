import type { ReactNode } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { kept } from "./kept.ts"
import { Poster, type PosterProps, type Ranges, WatchStrip } from "./watching.tsx"

type VideoCardProps = PosterProps & {
  href: string
  title: string
  /** Why it is there, or why it is closed. */
  why?: ReactNode
  /** A short fact beside the title: course, state, days left. */
  meta?: ReactNode
  /** What the reader has watched of it. */
  watched?: { ranges: Ranges; complete: boolean }
}

/** A video in a grid: stands on its own on wide screens, lies beside its picture on phones. */
export function VideoCard(props: VideoCardProps) {
  const key = keyOf(props)
  if (key === undefined)
    return (
      <li className="card">
        <Inside {...props} />
      </li>
    )
  return (
    <li
      className="card"
      dangerouslySetInnerHTML={{ __html: kept(key, () => renderToStaticMarkup(<Inside {...props} />)) }}
    />
  )
}

function Inside({ href, title, why, meta, watched, ...poster }: VideoCardProps) {
  return (
    <a href={href}>
      <Poster {...poster} />
      <span className="card__text">
        {watched && watched.ranges.length > 0 && (
          <WatchStrip ranges={watched.ranges} duration={poster.durationSeconds ?? 1} complete={watched.complete} />
        )}
        <b className="card__title" lang={languageOf(title)}>
          {title}
        </b>
        {meta && <span className="card__meta">{meta}</span>}
        {why && <span className="card__why">{why}</span>}
      </span>
    </a>
  )
}

/** What a card looks like depends on; nothing when it shows something of one person, which is not worth keeping. */
function keyOf({ href, title, why, meta, watched, ...poster }: VideoCardProps): string | undefined {
  if (watched || (why && typeof why !== "string") || (meta && typeof meta !== "string")) return undefined
  const { seed, picture, artwork, durationSeconds, playable, eager, closed } = poster
  const flags = (playable ? 1 : 0) + (eager ? 2 : 0) + (closed ? 4 : 0)
  return `${href}\n${title}\n${why ?? ""}\n${meta ?? ""}\n${seed}\n${picture ?? ""}\n${artwork?.ground ?? ""} ${artwork?.motif ?? ""} ${durationSeconds ?? ""} ${flags}`
}

/** Video cards in a grid of up to three columns. */
export function VideoGrid({ children }: { children: ReactNode }) {
  return <ul className="cards">{children}</ul>
}

type VideoRowProps = PosterProps & {
  href: string
  title: string
  watched: { ranges: Ranges; complete: boolean }
  meta?: ReactNode
  /** Stands at the right: a date, a tag. */
  aside?: ReactNode
}

/** A video in a list, one line high, with its strip. */
export function VideoRow({ href, title, watched, meta, aside, ...poster }: VideoRowProps) {
  return (
    <li className="row">
      <a href={href}>
        <Poster {...poster} />
        <span className="row__text">
          <b className="row__title" lang={languageOf(title)}>
            {title}
          </b>
          <WatchStrip ranges={watched.ranges} duration={poster.durationSeconds ?? 1} complete={watched.complete} />
          {meta && <span className="row__meta num">{meta}</span>}
        </span>
        {aside && <span className="row__aside num">{aside}</span>}
      </a>
    </li>
  )
}

/** `ja` for a text with Japanese letters, so that it is read out and broken as such on an English page too. */
export function languageOf(text: string): "ja" | undefined {
  return /[\u3040-\u30ff\u3400-\u9fff]/.test(text) ? "ja" : undefined
}

/** A heading whose 「第3回」 and 「90%」 stay in one piece at a line break. */
export function Phrases({ text }: { text: string }) {
  const parts = text.split(unbroken)
  if (parts.length === 1) return text
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <span key={index} className="nobr">
        {part}
      </span>
    ) : (
      part
    ),
  )
}

/** A large heading that breaks between its clauses (after 、) before it breaks inside one. */
export function Clauses({ text }: { text: string }) {
  return text.split(/(?<=、)/).map((clause) => <span key={clause}>{clause}</span>)
}

const unbroken = /(第?[0-9０-９.,]+[回話章部編本日年月分秒時%％円点級]間?)/
