const day = 86_400_000
/** Later than this and an event of the ordinary kind is refused: its receipt is gone, so it could count twice. */
export const oldest = 35 * day

/** When an event happened, or why that cannot be. */
type Timing = { happenedAt: Date; sentAt: Date | null } | "impossible-date" | "too-old"

/**
 * The instant an event happened, from what its device says. The device's clock is not trusted:
 * its distance from ours, seen when it sent, is taken off, and nothing happens in the future.
 * In history mode dates come from records, not from the sending clock, and are kept.
 */
export function timeOf(said: { timestamp: unknown; sentAt: unknown; receivedAt: Date; history: boolean }): Timing {
  const { receivedAt, history } = said
  const sentAt = said.sentAt === undefined || said.sentAt === null ? null : instant(said.sentAt)
  const claimed = said.timestamp === undefined || said.timestamp === null ? null : instant(said.timestamp)
  if (sentAt === undefined || claimed === undefined) return "impossible-date"
  if (!claimed) return { happenedAt: receivedAt, sentAt }
  const skew = sentAt && !history ? receivedAt.getTime() - sentAt.getTime() : 0
  const happened = Math.min(claimed.getTime() + skew, receivedAt.getTime())
  if (happened < receivedAt.getTime() - oldest && !history) return "too-old"
  if (happened < earliest) return "impossible-date"
  return { happenedAt: new Date(happened), sentAt }
}

const earliest = Date.UTC(1970, 0, 1)
const latest = Date.UTC(2200, 0, 1)
const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/

/** An ISO 8601 date or instant, or milliseconds since 1970; without a zone it is meant in JST. */
function instant(said: unknown): Date | undefined {
  if (typeof said === "number") return within(new Date(said))
  if (typeof said !== "string" || said.length > 40) return undefined
  const parts = iso.exec(said)
  if (!parts) return undefined
  const [, year, month, dayOfMonth, time, zone] = parts as unknown as [string, string, string, string, string?, string?]
  if (Number(dayOfMonth) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return undefined
  if (time && zone) return within(new Date(said.includes(",") ? said.replace(",", ".") : said))
  return within(new Date(`${year}-${month}-${dayOfMonth}T${time?.replace(",", ".") ?? "00:00"}+09:00`))
}

function within(at: Date): Date | undefined {
  return at.getTime() >= -latest && at.getTime() < latest ? at : undefined
}
