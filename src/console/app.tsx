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
const Contacts = lazy(() => import("./pages/contacts.tsx"))
const Contact = lazy(() => import("./pages/contact.tsx"))
const Access = lazy(() => import("./pages/access.tsx"))
const Segments = lazy(() => import("./pages/segments.tsx"))
const Segment = lazy(() => import("./pages/segment.tsx"))
const Scenarios = lazy(() => import("./pages/scenarios.tsx"))
const Scenario = lazy(() => import("./pages/scenario.tsx"))
const Deliveries = lazy(() => import("./pages/deliveries.tsx"))
const Delivery = lazy(() => import("./pages/delivery.tsx"))
const Videos = lazy(() => import("./pages/videos.tsx"))
const Video = lazy(() => import("./pages/video.tsx"))
const Courses = lazy(() => import("./pages/courses.tsx"))
const Ranks = lazy(() => import("./pages/ranks.tsx"))
const Rank = lazy(() => import("./pages/rank.tsx"))
const Settings = lazy(() => import("./pages/settings.tsx"))

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
          <Route
            path="contacts"
            element={
              <Guard needs={["contacts:read"]}>
                <Contacts />
              </Guard>
            }
          />
          <Route
            path="contacts/:id"
            element={
              <Guard needs={["contacts:read"]}>
                <Contact />
              </Guard>
            }
          />
          <Route
            path="contacts/:id/access"
            element={
              <Guard needs={["contacts:read", "videos:read"]}>
                <Access />
              </Guard>
            }
          />
          <Route
            path="segments"
            element={
              <Guard needs={["segments:read"]}>
                <Segments />
              </Guard>
            }
          />
          <Route
            path="segments/:id"
            element={
              <Guard needs={["segments:read"]} toMake="segments:write">
                <Segment />
              </Guard>
            }
          />
          <Route
            path="scenarios"
            element={
              <Guard needs={["scenarios:read"]}>
                <Scenarios />
              </Guard>
            }
          />
          <Route
            path="scenarios/:id"
            element={
              <Guard needs={["scenarios:read"]} toMake="scenarios:write">
                <Scenario />
              </Guard>
            }
          />
          <Route
            path="deliveries"
            element={
              <Guard needs={["deliveries:read"]}>
                <Deliveries />
              </Guard>
            }
          />
          <Route
            path="deliveries/:id"
            element={
              <Guard needs={["deliveries:read"]}>
                <Delivery />
              </Guard>
            }
          />
          <Route
            path="videos"
            element={
              <Guard needs={["videos:read"]}>
                <Videos />
              </Guard>
            }
          />
          <Route
            path="videos/:id"
            element={
              <Guard needs={["videos:read"]}>
                <Video />
              </Guard>
            }
          />
          <Route
            path="courses"
            element={
              <Guard needs={["videos:read"]}>
                <Courses />
              </Guard>
            }
          />
          <Route
            path="ranks"
            element={
              <Guard needs={["ranks:read"]}>
                <Ranks />
              </Guard>
            }
          />
          <Route
            path="ranks/:id"
            element={
              <Guard needs={["ranks:read"]} toMake="ranks:write">
                <Rank />
              </Guard>
            }
          />
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
