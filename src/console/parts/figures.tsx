import type { CSSProperties, ReactNode } from "react"
import { Link } from "react-router"

export type Figure = { label: string; value: ReactNode; unit?: string; note?: ReactNode; to?: string }

/** Large figures in one row; a figure with `to` opens the list behind it. */
export function Figures({ figures, large }: { figures: Figure[]; large?: boolean }) {
  return (
    <div
      className={large ? "figures figures--large" : "figures"}
      style={{ "--figures": figures.length } as CSSProperties}
    >
      {figures.map(({ label, value, unit, note, to }) => {
        const inside = (
          <>
            <small>{label}</small>
            <b>
              {value}
              {unit && <small>{unit}</small>}
            </b>
            {note && <small>{note}</small>}
          </>
        )
        return to ? (
          <Link key={label} to={to}>
            {inside}
          </Link>
        ) : (
          <div key={label}>{inside}</div>
        )
      })}
    </div>
  )
}
