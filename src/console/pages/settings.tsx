import { lazy, Suspense, useEffect, useRef } from "react"
import { NavLink, useParams } from "react-router"
import { useSay } from "../locale.tsx"
import { Head } from "../parts/head.tsx"
import { Empty, Loading } from "../parts/states.tsx"
import { useSession } from "../session.tsx"
import { say } from "../words/settings-words.ts"

const sections = [
  { name: "me", needs: null, page: lazy(() => import("./settings/me.tsx")) },
  { name: "site", needs: "settings:read", page: lazy(() => import("./settings/site.tsx")) },
  { name: "sender", needs: "settings:read", page: lazy(() => import("./settings/sender.tsx")) },
  { name: "staff", needs: "staff:read", page: lazy(() => import("./settings/staff.tsx")) },
  { name: "tokens", needs: "keys:read", page: lazy(() => import("./settings/tokens.tsx")) },
  { name: "keys", needs: "keys:read", page: lazy(() => import("./settings/keys.tsx")) },
  { name: "events", needs: "events:read", page: lazy(() => import("./settings/events.tsx")) },
  { name: "audit", needs: "audit:read", page: lazy(() => import("./settings/audit.tsx")) },
]

export default function Settings() {
  const t = useSay(say)
  const { permissions } = useSession()
  const { section } = useParams()
  const open = sections.filter(({ needs }) => !needs || permissions.includes(needs))
  const chosen = section
    ? open.find(({ name }) => name === section)
    : (open.find(({ name }) => name === "sender") ?? open[0])
  const nav = useRef<HTMLElement>(null)
  // On phones the sections are one line that scrolls sideways: the chosen one is brought into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another section is chosen
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>("[aria-current]")
    if (current && nav.current) nav.current.scrollLeft = current.offsetLeft - nav.current.offsetLeft - 48
  }, [chosen?.name])
  return (
    <>
      <Head title={t("title")} />
      <div className="settings">
        <nav ref={nav} className="settings__nav" aria-label={t("title")}>
          {open.map(({ name }) => (
            <NavLink key={name} to={`/settings/${name}`} aria-current={chosen?.name === name ? "page" : undefined}>
              {t(`section.${name}`)}
            </NavLink>
          ))}
        </nav>
        <div className="settings__body">
          <Suspense fallback={<Loading />}>
            {chosen ? <chosen.page /> : <Empty title={t("notOpen")}>{t("notOpenText")}</Empty>}
          </Suspense>
        </div>
      </div>
    </>
  )
}
