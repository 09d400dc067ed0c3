import { fileURLToPath } from "node:url"
import { OpenAPIHono } from "@hono/zod-openapi"
import { createElement } from "react"
import { api as audienceApi } from "./audience/web/api.ts"
import { bytes, site as contentSite } from "./content/web/site.tsx"
import { api as contentApi } from "./content/web/api.ts"
import { folders } from "./config.ts"
import { api as crmApi } from "./crm/index.ts"
import { api as eventsApi } from "./events/web/api.ts"
import { site as tracking } from "./events/web/site.ts"
import { can, may, whoIs } from "./identity/index.ts"
import { api as identityApi } from "./identity/web/api.ts"
import { site as identitySite } from "./identity/web/site.tsx"
import { api as membershipApi } from "./membership/web/api.ts"
import { site as membershipSite } from "./membership/web/site.tsx"
import { api as messagingApi } from "./messaging/web/api.ts"
import { confirmOwnClicks, site as messagingSite } from "./messaging/web/site.tsx"
import { api as journeysApi } from "./journeys/web/api.ts"
import type { Product } from "./main.ts"
import { assets, assetVersions } from "./platform/assets.ts"
import { health, observe } from "./platform/health.ts"
import { limitedBodies, safeHeaders, sameOrigin } from "./platform/guards.ts"
import { type App, anyone, answerErrors, type Env, foundation } from "./platform/http.ts"
import { testClock } from "./platform/test-clock.ts"
import { api as reportsApi } from "./reports/index.ts"
import { api as homeApi, faces, site as homeSite } from "./site/index.ts"
import { type ApiDocument, ApiReference, framed, page, problemPage, setAssetVersions } from "./ui/index.ts"

/** Which URL is whose. */
export async function buildApp(product: Product): Promise<App> {
  const { db, site } = product
  const built = fileURLToPath(folders.built)
  setAssetVersions(await assetVersions(`${built}assets`))

  const app: App = new OpenAPIHono<Env>()
  app.use(async (c, next) => {
    const startedAt = performance.now()
    await next()
    observe(c, (performance.now() - startedAt) / 1000)
  })
  app.use(foundation(db, site), safeHeaders(), limitedBodies({ except: ["/v1/", "/api/uploads"] }))
  answerErrors(app, problemPage)
  app.route("/", health({ db, metricsToken: product.config.METRICS_TOKEN }))
  app.route("/", assets(built))
  app.route("/", bytes(product.storage, product.key))
  app.use(whoIs({ except: ["/"] }))
  app.route("/", tracking)
  // Mail programs refuse for their reader with a word that is itself the permission (RFC 8058), from wherever they run.
  app.use(sameOrigin({ except: ["/u/"] }), confirmOwnClicks(), framed(faces.frameSource))
  for (const pages of [homeSite, contentSite(product.key), identitySite, membershipSite, messagingSite])
    app.route("/", pages)
  app.route("/api", buildApi(product))
  return app
}

/** Everything under /api, and the reference that is made from it. */
function buildApi(product: Product): App {
  const api = new OpenAPIHono<Env>()
  const resources = [
    identityApi,
    crmApi,
    audienceApi,
    eventsApi(can, may),
    contentApi(product.storage, product.uploads),
    membershipApi,
    messagingApi,
    homeApi,
    journeysApi,
    reportsApi,
  ]
  for (const resource of resources) api.route("/", resource)
  api.route("/", testClock(product.db))
  api.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" })
  const document = () =>
    api.getOpenAPI31Document({
      openapi: "3.1.0",
      info: { title: "Musubi", version: "1" },
      servers: [{ url: `${product.site.publicUrl}/api` }],
      security: [{ token: [] }],
    })
  api.get("/openapi.json", anyone, (c) => c.json(document()))
  api.get("/", anyone, (c) =>
    page(c, createElement(ApiReference, { document: document() as ApiDocument, origin: product.site.publicUrl })),
  )
  return api
}
