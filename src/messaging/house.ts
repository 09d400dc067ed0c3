/** Where this installation lives, as mails need it. */
type House = {
  /** The base of every link in a mail. */
  publicUrl: string
  /** The sender's address until the settings name one; may be `Name <address>`. */
  mailFrom: string
  /** No mail server is configured: mails stay in the outbox. */
  outbox: boolean
}

let house: House = { publicUrl: "http://127.0.0.1:3000", mailFrom: "no-reply@localhost", outbox: true }

/** Set once by the composition root. */
export function set(given: House): void {
  house = { ...given, publicUrl: given.publicUrl.replace(/\/+$/, "") }
}

/** Where this installation lives. */
export function get(): House {
  return house
}

/** An address of the product's own as a full URL. */
export function urlOf(path: string): string {
  return `${house.publicUrl}${path}`
}

/** Whether a URL leads to this installation. */
export function isOwn(url: string): boolean {
  return url === house.publicUrl || url.startsWith(`${house.publicUrl}/`) || url.startsWith(`${house.publicUrl}?`)
}
