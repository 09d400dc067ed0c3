import { NativeSelect, Textarea } from "@mantine/core"
import { useState } from "react"
import { put, remove } from "../../api.ts"
import { either } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Confirm } from "../../parts/confirm.tsx"
import { faultsOf, useAct, useAll } from "../../queries.ts"
import type { RankMark } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"

type Props = { opened: boolean; onClose: () => void; path: string }

/** Holds a rank against the rules; says what that does before it does. */
export function Hold({ opened, onClose, path, currentId }: Props & { currentId?: string }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const ranks = useAll<RankMark>(opened ? "/api/ranks" : null)
  const [chosen, setChosen] = useState("")
  const [reason, setReason] = useState("")
  const rankId = chosen || currentId || ranks.data?.[0]?.id || ""
  const name = either(ranks.data?.find(({ id }) => id === rankId)?.name, locale)
  const act = useAct(() => put(`${path}/rank/hold`, { rankId, reason }), {
    touches: [path, "/api/contacts"],
    done: onClose,
  })
  const faults = faultsOf(act.error)
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("hold.title")}
      act={t("hold.act")}
      busy={act.isPending}
      error={act.error}
      disabled={!reason.trim()}
      onAct={() => act.mutate(undefined)}
    >
      <NativeSelect
        label={t("hold.rank")}
        value={rankId}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={(ranks.data ?? []).map((rank) => ({ value: rank.id, label: either(rank.name, locale) }))}
        error={faults.rankId}
      />
      <Textarea
        label={t("hold.reason")}
        description={t("hold.reasonHint")}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={faults.reason}
      />
      <p className="sentence">{t("hold.effect", { rank: name })}</p>
    </Confirm>
  )
}

export function Release({ opened, onClose, path }: Props) {
  const t = useSay(say)
  const act = useAct(() => remove(`${path}/rank/hold`), { touches: [path, "/api/contacts"], done: onClose })
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("hold.releaseTitle")}
      act={t("hold.release")}
      busy={act.isPending}
      error={act.error}
      onAct={() => act.mutate(undefined)}
    >
      <p>{t("hold.releaseText")}</p>
    </Confirm>
  )
}
