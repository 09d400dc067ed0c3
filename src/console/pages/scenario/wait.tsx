import { NativeSelect, NumberInput } from "@mantine/core"
import { useSay } from "../../locale.tsx"
import type { WaitStep } from "../../shapes/scenarios.ts"
import { say } from "../../words/scenarios-words.ts"

const units = { M: 1, H: 60, D: 1440, W: 10_080 } as const
type Unit = keyof typeof units

/** How long to wait, in the unit people think in. */
export function Wait({
  step,
  onChange,
  readOnly,
  fault,
}: {
  step: WaitStep
  onChange: (step: WaitStep) => void
  readOnly: boolean
  fault?: string
}) {
  const t = useSay(say)
  const { count, unit } = read(step.for)
  const set = (change: { count?: number; unit?: Unit }) =>
    onChange({ ...step, for: write(change.count ?? count, change.unit ?? unit) })
  return (
    <div className="row" style={{ alignItems: "flex-end" }}>
      <NumberInput
        label={t("waitFor")}
        min={1}
        max={999}
        w={120}
        value={count}
        readOnly={readOnly}
        error={fault}
        onChange={(value) => set({ count: Number(value) || 1 })}
      />
      <NativeSelect
        aria-label={t("unit")}
        value={unit}
        disabled={readOnly}
        onChange={(event) => set({ unit: event.currentTarget.value as Unit })}
        data={(Object.keys(units) as Unit[]).map((value) => ({ value, label: t(`unitOf.${value}`) }))}
      />
    </div>
  )
}

/** `PT24H` as 24 hours, `P3D` as 3 days; a mixed length in its smallest unit. */
function read(text: string): { count: number; unit: Unit } {
  const [, weeks, days, hours, minutes] = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? []
  const given = { W: Number(weeks ?? 0), D: Number(days ?? 0), H: Number(hours ?? 0), M: Number(minutes ?? 0) }
  const used = (Object.keys(given) as Unit[]).filter((unit) => given[unit] > 0)
  const unit = used.at(-1) ?? "H"
  const all = used.reduce((sum, one) => sum + given[one] * units[one], 0)
  return { count: Math.max(1, Math.round(all / units[unit])), unit }
}

function write(count: number, unit: Unit): string {
  return unit === "H" || unit === "M" ? `PT${count}${unit}` : `P${count}${unit}`
}
