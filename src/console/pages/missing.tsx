import { Button } from "@mantine/core"
import { Link } from "react-router"
import { useSay } from "../locale.tsx"
import { Empty } from "../parts/states.tsx"
import { say } from "../words/shell-words.ts"

export default function Missing() {
  const t = useSay(say)
  return (
    <Empty
      title={t("missing.title")}
      action={
        <Button component={Link} to="/">
          {t("missing.home")}
        </Button>
      }
    >
      {t("missing.text")}
    </Empty>
  )
}
