import { z } from "zod"
import * as mergeTags from "./merge-tags.ts"

/** A link staff may put into a mail: another site in full, or a page of ours from the slash on. */
export const linkSchema = z
  .string()
  .trim()
  .max(2_000)
  .refine(isLink, "https:// で始まるアドレスか、/ で始まるこのサイトのページを入力してください")

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .superRefine((text, context) => {
      for (const tag of mergeTags.unknown(text)) {
        context.addIssue({ code: "custom", message: `差し込み項目 ${tag} はありません` })
      }
    })

/** A subject: one line, with merge tags. */
export const subjectSchema = line(150).refine((text) => !/[\r\n]/.test(text), "件名は一行で入力してください")

export const paragraphSchema = z.object({ kind: z.literal("paragraph"), text: line(5_000) })
export const headingSchema = z.object({ kind: z.literal("heading"), text: line(200) })
export const buttonSchema = z.object({ kind: z.literal("button"), label: line(60), url: linkSchema })

/** What a mail says, piece by piece, before it is addressed to anybody. */
export type Block =
  | { kind: "paragraph"; text: string }
  | { kind: "heading"; text: string }
  | { kind: "button"; label: string; url: string }
  /** Small print under the rest, e.g. what to do when one did not ask for this mail. */
  | { kind: "note"; text: string }
  | { kind: "cards"; cards: Card[] }

/** One thing to go to, with why it is shown. */
export type Card = { title: string; url: string; detail?: string; why?: string }

function isLink(text: string): boolean {
  if (/^\/(?![/\\])[^\s\\]*$/.test(text)) return true
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === "" && password === ""
}
