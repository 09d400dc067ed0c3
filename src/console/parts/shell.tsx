import { Drawer, Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core"
import { useDisclosure, useHotkeys } from "@mantine/hooks"
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react"
import { NavLink, useLocation } from "react-router"
import { remove } from "../api.ts"
import { useLocale, useSay } from "../locale.tsx"
import { queries } from "../queries.ts"
import { useSession } from "../session.tsx"
import { followScheme } from "../theme.ts"
import { say } from "../words/shell-words.ts"
import { areas } from "./areas.ts"

const Palette = lazy(() => import("./palette.tsx"))

/** The frame of every page: areas on the left, the command palette and one's own menu above. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useSay(say)
  const [railOpen, rail] = useDisclosure()
  const [palette, setPalette] = useState(0)
  const { pathname } = useLocation()
  useHotkeys([["mod+K", () => setPalette((n) => n + 1)]], [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer and begins at its top
  useEffect(() => {
    rail.close()
    window.scrollTo(0, 0)
  }, [pathname])
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <nav className="rail" aria-label={t("areas")}>
        <Areas />
      </nav>
      <Drawer
        opened={railOpen}
        onClose={rail.close}
        position="left"
        size={264}
        title="結び Musubi"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <nav className="rail rail--drawer" aria-label={t("areas")}>
          <Areas />
        </nav>
      </Drawer>
      <div className="frame__body">
        <header className="top">
          <button type="button" className="burger" onClick={rail.open} aria-label={t("openAreas")}>
            <i />
            <i />
            <i />
          </button>
          <button type="button" className="search" onClick={() => setPalette((n) => n + 1)}>
            <span className="search__long">{t("palette.prompt")}</span>
            <span className="search__short">{t("palette.short")}</span>
            <kbd>{/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K"}</kbd>
          </button>
          <Mine />
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
      </div>
      {palette > 0 && (
        <Suspense>
          <Palette asked={palette} />
        </Suspense>
      )}
    </div>
  )
}

function Areas() {
  const t = useSay(say)
  const { permissions } = useSession()
  return (
    <>
      <NavLink className="rail__name" to="/">
        結び Musubi
      </NavLink>
      {areas.map(({ group, links }) => {
        const open = links.filter(({ needs }) => !needs || needs.some((permission) => permissions.includes(permission)))
        return open.length === 0 ? null : (
          <div key={group} className="rail__group">
            {group !== "top" && <h3>{t(`group.${group}`)}</h3>}
            {open.map(({ name, to }) => (
              <NavLink key={name} to={to} end={to === "/"}>
                {t(`area.${name}`)}
              </NavLink>
            ))}
          </div>
        )
      })}
    </>
  )
}

function Mine() {
  const t = useSay(say)
  const { staff } = useSession()
  const { locale, choose } = useLocale()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="bottom-end" width={232}>
      <Menu.Target>
        <UnstyledButton className="mine">
          <b>{staff.name}</b>
          <span>{t(`role.${staff.role}`)}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{staff.address}</Menu.Label>
        <Menu.Item onClick={() => choose(locale === "ja" ? "en" : "ja")} lang={locale === "ja" ? "en" : "ja"}>
          {locale === "ja" ? "English" : "日本語"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("scheme.title")}</Menu.Label>
        {(["auto", "light", "dark"] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            rightSection={colorScheme === scheme ? "✓" : null}
            onClick={() => {
              setColorScheme(scheme)
              followScheme(scheme)
            }}
          >
            {t(`scheme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/" target="_blank">
          {t("openSite")}
        </Menu.Item>
        <Menu.Item component="a" href="/api" target="_blank">
          {t("openApi")}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t("signOut")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

async function signOut(): Promise<void> {
  await remove("/api/staff-session").catch(() => undefined)
  queries.clear()
  window.location.assign("/console")
}
