/**
 * What may stand in the audit of things that are persons, by kind of subject; all other values are kept as "…". A list of what
 * is harmless, because a contact may have properties of any name. What the audit never had need not be found and
 * taken out when somebody is erased.
 */
const harmless: Record<string, ReadonlySet<string>> = {
  contact: new Set(["rankId", "plan", "purpose", "granted", "deliveryId", "noteId", "state", "locale"]),
  staff: new Set(["role", "disabledAt", "password", "locale"]),
}

/** Stands for a value that is not kept. Whether there was one at all can still be seen. */
const hidden = "…"

/** The same fields, those with something personal in them without their values. */
export function withoutPersonal(subjectKind: string, fields: object): object {
  const kept = harmless[subjectKind]
  if (!kept) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, kept.has(name) || isEmpty(value) ? value : hidden]),
  )
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
}
