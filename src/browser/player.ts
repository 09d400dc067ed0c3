import "./player/words.ts"
import "media-chrome"
import { outbox } from "./player/outbox.ts"
import { type Range, recorder, united } from "./player/recorder.ts"

const flushMs = 10_000
/** So much played video is told at once, whatever the speed: a browser that dies loses less than five seconds. */
const mostUntoldSeconds = 4
const renewBeforeMs = 60_000

for (const element of document.querySelectorAll<HTMLElement>("[data-player]")) start(element)

/** Makes one player work: controls, reports of what is played, addresses that stay valid, progress on the page. */
function start(element: HTMLElement): void {
  const video = element.querySelector("video")!
  const words = JSON.parse(element.dataset.words!) as Record<
    "saved" | "unsaved" | "completed" | "complete" | "away" | "watched",
    string
  >
  const slug = element.dataset.player!
  video.removeAttribute("controls")
  // What is on or off is a switch; the button alone would not say which.
  element.querySelector("media-captions-button")?.setAttribute("role", "switch")
  const said = say(element)
  if (element.dataset.play) report(element, video, slug, element.dataset.play, words, said)
  renew(video, slug, Number(element.dataset.expires), () => said(words.away, "caution"))
}

type Say = (text: string, tone?: "good" | "caution") => void

function report(
  element: HTMLElement,
  video: HTMLVideoElement,
  slug: string,
  play: string,
  words: { unsaved: string; completed: string; complete: string; watched: string; saved: string },
  said: Say,
): void {
  const record = recorder()
  const show = progress(element, words)
  let complete = false
  let lost = false
  let toldAt = video.currentTime
  const box = outbox(
    slug,
    play,
    (answer, ranges) => {
      show(ranges, answer.seconds, answer.completedAt !== null)
      if (answer.completedAt && !complete && !show.wasComplete) said(words.completed, "good")
      else if (lost) said(words.saved, "good")
      complete = answer.completedAt !== null
      lost = false
    },
    () => {
      lost = true
      said(words.unsaved, "caution")
    },
  )
  const tick = () => {
    if (video.seeking || video.paused) return
    record.at(video.currentTime, performance.now(), video.playbackRate)
    if (Math.abs(video.currentTime - toldAt) >= mostUntoldSeconds) flush()
  }
  const take = () => {
    record.fill(rangesOf(video.played))
    return record.take()
  }
  const flush = () => {
    toldAt = video.currentTime
    void box.add(take(), video.currentTime)
  }
  const leave = () => box.leave(take(), video.currentTime)

  video.addEventListener("timeupdate", tick)
  video.addEventListener("playing", tick)
  video.addEventListener("seeking", () => record.stop())
  video.addEventListener("pause", () => {
    record.stop(video.ended ? video.duration : undefined)
    flush()
  })
  video.addEventListener("ended", () => {
    record.stop(video.duration)
    flush()
  })
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave()
  })
  addEventListener("pagehide", leave)
  addEventListener("online", flush)
  setInterval(flush, flushMs)
  flush()
}

/** Asks for a new signature a minute before the old one runs out; the address stays, so that nothing is interrupted. */
function renew(video: HTMLVideoElement, slug: string, expiresInMs: number, away: () => void): void {
  let expiresAt = Date.now() + expiresInMs
  let mendedAt = 0

  async function ask(): Promise<{ url: string } | undefined> {
    const answer = await fetch(`/videos/${encodeURIComponent(slug)}/play`, { method: "POST" }).catch(() => undefined)
    if (answer?.status === 403 || answer?.status === 404) location.reload()
    if (!answer?.ok) return undefined
    const given = (await answer.json()) as { url: string; captionsUrl: string | null; expiresAt: string }
    expiresAt = Date.now() + expiresInMs
    const track = video.querySelector("track")
    if (track && given.captionsUrl && track.readyState !== HTMLTrackElement.LOADED) track.src = given.captionsUrl
    return given
  }

  setInterval(() => {
    if (Date.now() > expiresAt - renewBeforeMs && (!video.paused || document.visibilityState === "visible")) void ask()
  }, 5_000)
  // A machine that slept, or a connection that broke, ends in an error: take a fresh address and go on where it was.
  video.addEventListener("error", async () => {
    if (Date.now() - mendedAt < 15_000) return away()
    mendedAt = Date.now()
    const { currentTime, paused } = video
    const given = await ask()
    if (!given) return away()
    video.src = `${given.url}#t=${currentTime}`
    if (!paused) await video.play().catch(away)
  })
}

/** Draws what was accepted into the page's strip and figure. */
function progress(element: HTMLElement, words: { watched: string; complete: string }) {
  const part = element.closest("article")?.querySelector<HTMLElement>("[data-progress]")
  const duration = Number(element.dataset.duration)
  let seen = JSON.parse(element.dataset.ranges!) as Range[]
  const strip = part?.querySelector("svg")
  const show = (ranges: Range[], seconds: number, complete: boolean) => {
    seen = complete ? [[0, duration]] : united([...seen, ...ranges])
    strip?.querySelector("path")?.setAttribute("d", seen.map(([a, b]) => `M${a} 0h${b - a}v1h-${b - a}z`).join(""))
    strip?.classList.toggle("strip--done", complete)
    const text = part?.querySelector("[data-percent]")
    const percent = Math.min(100, Math.floor((seconds / duration) * 100))
    if (text) text.textContent = complete ? words.complete : words.watched.replace("#", String(percent))
  }
  show.wasComplete = strip?.classList.contains("strip--done") ?? false
  return show
}

function say(element: HTMLElement): Say {
  const note = element.querySelector<HTMLElement>("[data-note]")!
  return (text, tone) => {
    note.textContent = text
    note.dataset.tone = tone ?? ""
  }
}

function rangesOf(played: TimeRanges): Range[] {
  return Array.from({ length: played.length }, (_, i): Range => [played.start(i), played.end(i)])
}
