import { lazy, Suspense, useEffect } from "react"
import { Navigate, Route, Routes } from "react-router"
import { Refused } from "./api.ts"
import { useLocale, useSay } from "./locale.tsx"
import Missing from "./pages/missing.tsx"
import { SignIn } from "./pages/sign-in.tsx"
import { SetUp } from "./pages/set-up.tsx"
import { Guard } from "./parts/guard.tsx"
import { Failed, Loading } from "./parts/states.tsx"
import { Shell } from "./parts/shell.tsx"
import { queries, useThing } from "./queries.ts"
import { type Session, SessionProvider, useCan } from "./session.tsx"
import { say } from "./words/shell-words.ts"

const Overview = lazy(() => import("./pages/overview.tsx"))
const Settings = lazy(() => import("./pages/settings.tsx"))

/** The pages with what one needs to see them, and to make a new thing there. */
const pages = [
  { path: "contacts", needs: ["contacts:read"], Page: lazy(() => import("./pages/contacts.tsx")) },
  { path: "contacts/:id", needs: ["contacts:read"], Page: lazy(() => import("./pages/contact.tsx")) },
  {
    path: "contacts/:id/access",
    needs: ["contacts:read", "videos:read"],
    Page: lazy(() => import("./pages/access.tsx")),
  },
  { path: "segments", needs: ["segments:read"], Page: lazy(() => import("./pages/segments.tsx")) },
  {
    path: "segments/:id",
    needs: ["segments:read"],
    toMake: "segments:write",
    Page: lazy(() => import("./pages/segment.tsx")),
  },
  { path: "scenarios", needs: ["scenarios:read"], Page: lazy(() => import("./pages/scenarios.tsx")) },
  {
    path: "scenarios/:id",
    needs: ["scenarios:read"],
    toMake: "scenarios:write",
    Page: lazy(() => import("./pages/scenario.tsx")),
  },
  { path: "deliveries", needs: ["deliveries:read"], Page: lazy(() => import("./pages/deliveries.tsx")) },
  { path: "deliveries/:id", needs: ["deliveries:read"], Page: lazy(() => import("./pages/delivery.tsx")) },
  { path: "videos", needs: ["videos:read"], Page: lazy(() => import("./pages/videos.tsx")) },
  { path: "videos/:id", needs: ["videos:read"], Page: lazy(() => import("./pages/video.tsx")) },
  { path: "courses", needs: ["videos:read"], Page: lazy(() => import("./pages/courses.tsx")) },
  { path: "ranks", needs: ["ranks:read"], Page: lazy(() => import("./pages/ranks.tsx")) },
  { path: "ranks/:id", needs: ["ranks:read"], toMake: "ranks:write", Page: lazy(() => import("./pages/rank.tsx")) },
]

/** Signed in: the frame and its pages. Otherwise the sign-in in place, so that signing in leads back to where one was. */
export function App() {
  const session = useThing<Session["staff"] & { permissions: string[] }>("/api/staff-session")
  const signedOut = session.error instanceof Refused && session.error.status === 401
  const setUp = useThing<{ needed: boolean }>(signedOut ? "/api/setup" : null)
  useEffect(() => signOutWhenRefused(), [])

  if (signedOut) {
    if (setUp.isPending) return <Loading />
    return setUp.data?.needed ? <SetUp /> : <SignIn />
  }
  if (session.error && !session.data) return <Failed error={session.error} retry={() => void session.refetch()} />
  if (!session.data) return <Loading />
  return (
    <SessionProvider session={{ staff: session.data, permissions: session.data.permissions }}>
      <Pages />
    </SessionProvider>
  )
}

function Pages() {
  const t = useSay(say)
  const { locale } = useLocale()
  const mayOverview = useCan("contacts:read")
  return (
    <Shell>
      <Suspense fallback={<Loading label={t("loading")} />} key={locale}>
        <Routes>
          <Route index element={mayOverview ? <Overview /> : <Navigate to="/videos" replace />} />
          {pages.map(({ path, needs, toMake, Page }) => (
            <Route
              key={path}
              path={path}
              element={
                <Guard needs={needs} toMake={toMake}>
                  <Page />
                </Guard>
              }
            />
          ))}

          <Route path="settings" element={<Settings />} />
          <Route path="settings/:section" element={<Settings />} />
          <Route path="*" element={<Missing />} />
        </Routes>
      </Suspense>
    </Shell>
  )
}

/** A session that ended meanwhile (other device, suspended) shows the sign-in at the next answer of the API. */
function signOutWhenRefused(): () => void {
  return queries.getQueryCache().subscribe(({ query }) => {
    const { error } = query.state
    if (!(error instanceof Refused) || error.status !== 401 || query.queryKey[0] === "/api/staff-session") return
    const known = queries.getQueryState(["/api/staff-session", ""])
    if (known?.status === "success" && known.fetchStatus === "idle")
      void queries.invalidateQueries({ queryKey: ["/api/staff-session", ""] })
  })
}
