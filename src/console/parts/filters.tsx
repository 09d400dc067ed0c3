import { NativeSelect } from "@mantine/core"
import { useSearchParams } from "react-router"

/** What a list is narrowed to, kept in the address so that it can be passed on; empty is everything. */
export function useFilters(): [get: (name: string) => string, set: (name: string, value: string) => void] {
  const [params, setParams] = useSearchParams()
  const set = (name: string, value: string) =>
    setParams((now) => (value ? now.set(name, value) : now.delete(name), now), { replace: true })
  return [(name) => params.get(name) ?? "", set]
}

type Props = {
  label: string
  /** What not narrowing is called. */
  any: string
  options: { value: string; label: string }[]
  value: string
  onChange: (value: string) => void
}

/** Narrows a list to one of the options. */
export function Filter({ label, any, options, value, onChange }: Props) {
  return (
    <NativeSelect
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[{ value: "", label: any }, ...options]}
    />
  )
}
