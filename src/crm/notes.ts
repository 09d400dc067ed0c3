import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { Invalid } from "../platform/http.ts"
import { newId } from "../platform/ids.ts"
import { say } from "./words.ts"

type Note = { id: string; body: string; writtenAt: Date; writtenBy: { id: string; name: string } | null }

/** Writes an internal note on a contact. Members never see it. */
export async function write(tx: Tx, contactId: string, body: string, by: Actor): Promise<{ id: string }> {
  const plain = body.trim()
  if (plain === "" || plain.length > 10_000) throw new Invalid((locale) => ({ body: say(locale)("fault.note") }))
  const id = newId()
  const writtenBy = by.kind === "staff" ? by.staffId : null
  await tx.insertInto("note").values({ contactId, id, body: plain, writtenBy, writtenAt: now() }).execute()
  await audit.record(tx, by, "note.write", { kind: "contact", id: contactId }, { after: { noteId: id } })
  return { id }
}

/** The notes of a contact, newest first. */
export async function ofContact(db: Db, contactId: string): Promise<Note[]> {
  const rows = await db
    .selectFrom("note")
    .leftJoin("staff", "staff.id", "note.writtenBy")
    .select(["note.id", "note.body", "note.writtenAt", "staff.id as staffId", "staff.name as staffName"])
    .where("note.contactId", "=", contactId)
    .orderBy("note.writtenAt", "desc")
    .orderBy("note.id", "desc")
    .execute()
  return rows.map(({ staffId, staffName, ...note }) => ({
    ...note,
    writtenBy: staffId ? { id: staffId, name: staffName! } : null,
  }))
}
