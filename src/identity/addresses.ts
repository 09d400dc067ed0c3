import { domainToASCII } from "node:url"

/**
 * The key under which a mail address is compared: full-width letters and ＠ made narrow, lower case, the domain in ASCII.
 * Plus-tags and dots stay: they are different mailboxes.
 */
export function addressKey(text: string): string {
  return cleanAddress(text).toLowerCase()
}

/** The address as mail is sent to it: as typed, but narrow, trimmed and with its domain in ASCII. */
export function cleanAddress(text: string): string {
  const narrow = text.normalize("NFKC").trim()
  const at = narrow.lastIndexOf("@")
  if (at < 0) return narrow
  return `${narrow.slice(0, at)}@${domainToASCII(narrow.slice(at + 1)) || narrow.slice(at + 1).toLowerCase()}`
}

/** Whether a text can be a mail address. Old addresses of Japanese carriers, with `..` or `.` before the @, are fine. */
export function isAddress(text: string): boolean {
  const [, local, domain] = /^([^@]+)@([^@]+)$/.exec(cleanAddress(text)) ?? []
  if (!local || !domain || local.length > 64 || domain.length > 189) return false
  return (
    /^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(local) &&
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain)
  )
}
