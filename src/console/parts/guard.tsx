import { Button } from "@mantine/core"
import type { ReactNode } from "react"
import { Link, useParams } from "react-router"
import { useSay } from "../locale.tsx"
import Missing from "../pages/missing.tsx"
import { useSession } from "../session.tsx"
import { say } from "../words/shell-words.ts"
import { Empty } from "./states.tsx"

type Props = {
  /** All of these. */
  needs: string[]
  /** What it takes to begin a new one at this address; left out where that is done elsewhere. */
  toMake?: string
  children: ReactNode
}

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A page for those who may open it, of a thing that can exist; anybody else reads why not. */
export function Guard({ needs, toMake, children }: Props) {
  const t = useSay(say)
  const { permissions } = useSession()
  const params = useParams()
  const making = toMake !== undefined && params.id === "new"
  if (![...needs, ...(making ? [toMake] : [])].every((one) => permissions.includes(one)))
    return (
      <Empty
        title={t("closed.title")}
        action={
          <Button component={Link} to="/">
            {t("missing.home")}
          </Button>
        }
      >
        {t("closed.text")}
      </Empty>
    )
  if (params.id !== undefined && !making && !id.test(params.id)) return <Missing />
  return children
}
