import { put } from "../../api.ts"
import { useDraft } from "../../drafts.ts"
import { useSay } from "../../locale.tsx"
import { tell } from "../../parts/notices.ts"
import { faultsOf, useAct } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import { say } from "../../words/parts-words.ts"

/** A draft of one of the settings, and saving it. */
export function useSetting<T extends Record<string, unknown>>(path: string, setting: T) {
  const p = useSay(say)
  const readOnly = !useCan("settings:write")
  const { draft, set, changed } = useDraft(setting)
  const act = useAct(() => put(path, draft), { touches: ["/api/settings"], done: () => tell(p("saved")) })
  return { draft, set, act, faults: faultsOf(act.error), changed, readOnly }
}
