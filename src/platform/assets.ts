import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readdir, readFile, stat } from "node:fs/promises"
import { extname, join, resolve, sep } from "node:path"
import { Readable } from "node:stream"
import { type App, anyone, type Ctx, NoSuchPage, routes } from "./http.ts"

const contentTypes: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".ico": "image/x-icon",
}

/** A content hash for each built file, by name, to put into addresses so that they can be cached for ever. */
export async function assetVersions(folder: string): Promise<Record<string, string>> {
  const versions: Record<string, string> = {}
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => []))
    if (entry.isFile())
      versions[entry.name] = createHash("sha256")
        .update(await readFile(join(folder, entry.name)))
        .digest("hex")
        .slice(0, 10)
  return versions
}

/** Serves built files below `/assets/`, and the console's single page for every address below `/console`. */
export function assets(folder: string): App {
  const app = routes()
  app.get("/assets/:path{.+}", anyone, (c) =>
    send(c, join(folder, "assets"), c.req.param("path"), c.req.query("v") !== undefined),
  )
  app.get("/console/assets/:path{.+}", anyone, (c) =>
    send(c, join(folder, "console/assets"), c.req.param("path"), true),
  )
  app.get("/console", anyone, (c) => send(c, join(folder, "console"), "index.html", false))
  app.get("/console/*", anyone, (c) => send(c, join(folder, "console"), "index.html", false))
  return app
}

async function send(c: Ctx, root: string, path: string, forEver: boolean): Promise<Response> {
  const full = resolve(root, path)
  const found = full.startsWith(root + sep) ? await stat(full).catch(() => undefined) : undefined
  if (!found?.isFile()) throw new NoSuchPage()
  const fresh = forEver || full.endsWith(".woff2") ? "public, max-age=31536000, immutable" : "no-cache"
  const headers = {
    "Content-Type": contentTypes[extname(full)] ?? "application/octet-stream",
    "Content-Length": String(found.size),
    "Cache-Control": fresh,
    // Fonts are asked for with an origin; that of a mail's preview, which stands in a sandbox, is "null".
    ...(full.endsWith(".woff2") ? { "Access-Control-Allow-Origin": "*" } : {}),
  }
  // Nobody reads the body of a HEAD, and a stream that nobody reads never closes its file.
  if (c.req.method === "HEAD") return c.body(null, 200, headers)
  return c.body(Readable.toWeb(createReadStream(full)) as ReadableStream, 200, headers)
}
