import { z } from "zod"
import { type Actor } from "../platform/actors.ts"
import { audit } from "../events/index.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import * as settings from "../platform/settings.ts"
import * as house from "./house.ts"

/** Who the operator is in mails. Advertising is blocked until name, postal address and contact are known (特定電子メール法). */
export type Sender = { name: string; postalAddress: string; contact: string; from: string }

const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((value) => !/[\r\n]/.test(value), "一行で入力してください")

export const senderSchema = z.object({
  name: text(100),
  postalAddress: text(200),
  contact: z.union([z.literal(""), z.email(), z.url({ protocol: /^https?$/ })]),
  from: z.union([z.literal(""), z.email()]),
})

/** As kept: what is not known yet may be missing. */
const keptSchema = senderSchema.partial()

/** How often and when advertising may go out, for all scenarios together. Hours are JST; equal hours mean no quiet time. */
export const limitsSchema = z.object({
  advertisingPerDay: z.int().min(0).max(100),
  advertisingPerWeek: z.int().min(0).max(500),
  quietFromHour: z.int().min(0).max(23),
  quietToHour: z.int().min(0).max(23),
})
export type Limits = z.infer<typeof limitsSchema>

const defaultLimits: Limits = { advertisingPerDay: 1, advertisingPerWeek: 4, quietFromHour: 21, quietToHour: 8 }

/** What every mail is subject to. */
export type Rules = { sender: Sender; limits: Limits }

/** The sender and the limits, in one read. */
export async function rules(db: Db): Promise<Rules> {
  const { rows } = await sql<{ name: string; value: unknown }>`
    select name, value from setting where name in ('sender', 'mail-limits')`.execute(db)
  const found = new Map(rows.map((row) => [row.name, row.value]))
  const limits = limitsSchema.safeParse(found.get("mail-limits"))
  return { sender: senderOf(found.get("sender")), limits: limits.success ? limits.data : defaultLimits }
}

/** Who mails come from. */
export async function read(db: Db): Promise<Sender> {
  return senderOf(await settings.read(db, "sender"))
}

/** Changes who mails come from. */
export async function change(tx: Tx, sender: Sender, by: Actor): Promise<void> {
  const before = await read(tx)
  await settings.write(tx, "sender", sender)
  await audit.record(tx, by, "sender.change", { kind: "setting", id: "sender" }, { before, after: sender })
}

/** Changes how often and when advertising may go out. */
export async function limit(tx: Tx, limits: Limits, by: Actor): Promise<void> {
  const { limits: before } = await rules(tx)
  await settings.write(tx, "mail-limits", limits)
  await audit.record(tx, by, "mail_limits.change", { kind: "setting", id: "mail-limits" }, { before, after: limits })
}

/** Whether the law's footer can be written. */
export function isComplete(sender: Sender): boolean {
  return sender.name !== "" && sender.postalAddress !== "" && sender.contact !== ""
}

function senderOf(value: unknown): Sender {
  const parsed = keptSchema.safeParse(value)
  const given = parsed.success ? parsed.data : {}
  const [, name = "", address = house.get().mailFrom] = house.get().mailFrom.match(/^(.*?)\s*<([^<>]+)>$/) ?? []
  return {
    name: given.name || name,
    postalAddress: given.postalAddress ?? "",
    contact: given.contact ?? "",
    from: given.from || address,
  }
}
