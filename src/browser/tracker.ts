/**
 * Tells of pages, clicks and time on page. Configured by its own element:
 * `<script defer src="…/tracker.js" data-key="mbk_…" [data-host] [data-member] [data-renew]>`.
 * data-member: somebody is signed in. data-renew: begin a new anonymous id (after sign-out).
 */
;(() => {
  type Message = { messageId: string; [name: string]: unknown }
  const element = (document.currentScript ?? document.querySelector("script[data-key]")) as HTMLScriptElement | null
  if (!element?.dataset.key) return
  const { key: writeKey, host = new URL(element.src, location.href).origin, member, renew } = element.dataset
  confirmMailClick(host)
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean }
  if (member === undefined && (doNotTrack === "1" || globalPrivacyControl)) return

  const perRequest = 40
  const mostKept = 200
  const anonymousId = visitor()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let unstored: Message[] = []

  let shownSince = document.visibilityState === "visible" ? performance.now() : undefined
  tell("page.viewed", { path: path(location.href), title: document.title, referrer: path(document.referrer) })
  addEventListener("click", clicked, { capture: true, passive: true })
  addEventListener("auxclick", clicked, { capture: true, passive: true })
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave() : back()))
  addEventListener("pagehide", leave)
  addEventListener("pageshow", back)
  addEventListener("online", () => later(0))

  function tell(event: string, properties: Record<string, unknown>): void {
    const message = {
      type: "track",
      messageId: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
      anonymousId,
      event,
      timestamp: new Date().toISOString(),
      properties,
      context: { sequence: next() },
    }
    keep([...queue(), message].slice(-mostKept))
    later(failures ? undefined : 800)
  }

  function clicked({ target }: Event): void {
    const link = (target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null
    if (!link || !/^https?:$/.test(link.protocol)) return
    const text = link.closest("[data-private]") ? "" : (link.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 80)
    tell("link.clicked", { href: path(link.href), text })
  }

  /** Time counts while the page can be seen; each stretch is told by itself, so that their sum is right. */
  function leave(): void {
    const seconds = shownSince === undefined ? 0 : Math.round((performance.now() - shownSince) / 1000)
    shownSince = undefined
    if (seconds > 0) tell("page.left", { path: path(location.href), seconds })
    // Whether a beacon arrived is never known: it stays in the queue, and the server knows what it has seen.
    const batch = queue().slice(-perRequest)
    if (batch.length > 0) navigator.sendBeacon?.(`${host}/v1/b`, body(batch))
  }

  function back(): void {
    if (document.visibilityState === "visible") shownSince ??= performance.now()
    later(0)
  }

  function later(pause = Math.min(300_000, 1_000 * 2 ** failures)): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), pause)
  }

  async function flush(): Promise<void> {
    const batch = queue().slice(0, perRequest)
    if (batch.length === 0) return
    let taken = false
    try {
      const { status } = await fetch(`${host}/v1/b`, { method: "POST", body: body(batch), keepalive: true })
      // Refused for good is as good as taken: sending the same again would not change the answer.
      taken = status < 500 && status !== 429
    } catch {
      // Away; tried again below.
    }
    failures = taken ? 0 : failures + 1
    if (taken) {
      const sent = new Set(batch.map((message) => message.messageId))
      keep(queue().filter((message) => !sent.has(message.messageId)))
    }
    if (queue().length > 0) later(taken ? 0 : undefined)
  }

  /** Text, so that other sites need not ask first. */
  function body(batch: Message[]): string {
    return JSON.stringify({ writeKey, sentAt: new Date().toISOString(), batch })
  }

  function queue(): Message[] {
    try {
      return JSON.parse(localStorage.musubi_queue || "[]")
    } catch {
      return unstored
    }
  }

  function keep(messages: Message[]): void {
    unstored = messages
    try {
      localStorage.musubi_queue = JSON.stringify(messages)
    } catch {
      // No storage: the page's own memory has to do.
    }
  }

  /** The device's own count, which orders what its clock cannot. */
  function next(): number {
    try {
      const count = Number(localStorage.musubi_sequence || 0) + 1
      localStorage.musubi_sequence = String(count)
      return count
    } catch {
      return Math.round(performance.now())
    }
  }

  function visitor(): string {
    const known = /(?:^|; )musubi_aid=([\w-]{20,})/.exec(document.cookie)?.[1]
    const id =
      (renew === undefined && known) ||
      (crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`)
    const secure = location.protocol === "https:" ? "; Secure" : ""
    document.cookie = `musubi_aid=${id}; Path=/; Max-Age=34128000; SameSite=Lax${secure}`
    return id
  }

  /** A mail's link brought the visitor here: a page that runs scripts says so, which scanners of mail do not. */
  function confirmMailClick(host: string): void {
    const address = new URL(location.href)
    const word = address.searchParams.get("m")
    if (!word || !/^[\w-]{65}$/.test(word)) return
    address.searchParams.delete("m")
    history.replaceState(history.state, "", address)
    void fetch(`${host}/l/confirm`, { method: "POST", body: new URLSearchParams({ m: word }), keepalive: true }).catch(
      () => undefined,
    )
  }

  /** An address without what may be secret: its query but for campaign words, its fragment, and long words in its path. */
  function path(address: string): string {
    if (!address) return ""
    const { origin, pathname, searchParams } = new URL(address, location.href)
    const campaign = [...searchParams].filter(([name]) => name.startsWith("utm_"))
    const query = campaign.length > 0 ? `?${new URLSearchParams(campaign)}` : ""
    return (origin === location.origin ? "" : origin) + pathname.replace(/[\w-]{40,}/g, "***") + query
  }
})()
