/** Where to go on after signing in: the wish if it is a path of this site, else the home page. Addresses of other sites, however written, are not followed. */
export function safeNext(wish: string | undefined): string {
  if (!wish || wish.length > 2_000 || !/^\/(?![/\\])/.test(wish)) return "/"
  const here = "http://here.invalid"
  if (!URL.canParse(wish, here)) return "/"
  const url = new URL(wish, here)
  const path = url.pathname + url.search + url.hash
  return url.origin === here && !path.startsWith("//") ? path : "/"
}
