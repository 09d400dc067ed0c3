import { useElementSize } from "@mantine/hooks"
import type { ReactNode } from "react"
import { number, tinyDay } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { say } from "../words/parts-words.ts"

type Point = { day: string; value: number }

type Props = { points: Point[]; unit: string; label: string; height?: number }

/** Values by day: axes with units, the exact value under the pointer, and the table behind. */
export function DayChart({ points, unit, label, height = 168 }: Props) {
  const { ref, width: measured } = useElementSize()
  const width = Math.max(280, measured || 520)
  const [left, right, top, bottom] = [40, 4, 20, 22]
  const ceiling = nice(Math.max(1, ...points.map(({ value }) => value)))
  const step = (width - left - right) / Math.max(1, points.length)
  const x = (i: number) => left + i * step
  const y = (value: number) => top + (height - top - bottom) * (1 - value / ceiling)
  const every = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor(width / 70))))
  return (
    <figure>
      <div ref={ref}>
        <svg className="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line
                className={share === 0 ? "axis" : "grid"}
                x1={left}
                x2={width - right}
                y1={y(ceiling * share)}
                y2={y(ceiling * share)}
              />
              <text x={left - 6} y={y(ceiling * share) + 4} textAnchor="end">
                {number(ceiling * share, 1)}
              </text>
            </g>
          ))}
          <text x={left - 6} y={10} textAnchor="end">
            {unit}
          </text>
          {points.map(({ day, value }, i) => (
            <rect
              key={day}
              className="bar"
              x={x(i) + step * 0.14}
              width={Math.max(1, step * 0.72)}
              y={y(value)}
              height={Math.max(0, height - bottom - y(value))}
            />
          ))}
          {points.map(({ day, value }, i) => (
            <g key={day}>
              {(points.length - 1 - i) % every === 0 && (
                <text x={x(i) + step / 2} y={height - 6} textAnchor="middle">
                  {tinyDay(day)}
                </text>
              )}
              <rect className="hit" x={x(i)} width={step} y={top} height={height - top - bottom}>
                <title>{`${tinyDay(day)} ${number(value, 1)}${unit}`}</title>
              </rect>
            </g>
          ))}
        </svg>
      </div>
      <TableBehind>
        <Rows points={points} unit={unit} />
      </TableBehind>
    </figure>
  )
}

function Rows({ points, unit }: { points: Point[]; unit: string }) {
  const t = useSay(say)
  return (
    <table className="list">
      <thead>
        <tr>
          <th>{t("day")}</th>
          <th className="is-end">{unit}</th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map(({ day, value }) => (
          <tr key={day}>
            <td>{day}</td>
            <td className="is-end">{number(value, 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The numbers of a picture, one click behind it. */
function TableBehind({ children }: { children: ReactNode }) {
  const t = useSay(say)
  return (
    <details className="behind">
      <summary>{t("table")}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className="behind__scroll" tabIndex={0} role="region" aria-label={t("table")}>
        {children}
      </div>
    </details>
  )
}

/** A top for an axis whose half is round too; small counts have whole halves. */
function nice(top: number): number {
  if (top <= 10) return 2 * Math.ceil(top / 2)
  const power = 10 ** Math.floor(Math.log10(top))
  return [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].map((n) => n * power).find((n) => n >= top) ?? top
}
