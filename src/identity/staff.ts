import { audit } from "../events/index.ts"
import { type Actor, type StaffRole, system } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { sql } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import type { Locale } from "../platform/words.ts"
import { addressKey, cleanAddress, isAddress } from "./addresses.ts"
import * as passwords from "./passwords.ts"
import { allowed, permissionsOf } from "./permissions.ts"
import {
  AddressTaken,
  AlreadySetUp,
  LastOwner,
  NoSuchRecord,
  NotAnAddress,
  NotPermitted,
  WrongCredentials,
  WrongPassword,
} from "./refusals.ts"
import { endAll, open as openSession } from "./staff-sessions.ts"

/** Somebody who runs the site. */
export type Staff = {
  id: string
  address: string
  name: string
  role: StaffRole
  createdAt: Date
  disabledAt: Date | null
  locale: Locale
}
type StaffDraft = {
  name: string
  address: string
  role: StaffRole
  password: passwords.HashedPassword
  locale: Locale
}
export type StaffChange = {
  name?: string | undefined
  role?: StaffRole | undefined
  disabled?: boolean | undefined
  password?: passwords.HashedPassword | undefined
}

/** Whether nobody runs the site yet, so that the first visit makes the owner. */
export async function needed(db: Db): Promise<boolean> {
  return (await db.selectFrom("staff").select("id").limit(1).executeTakeFirst()) === undefined
}

/** Makes the first owner. Of two at once one wins; afterwards it is refused with AlreadySetUp. */
export async function setUp(tx: Tx, draft: Omit<StaffDraft, "role">): Promise<Staff> {
  await lock(tx)
  if (!(await needed(tx))) throw new AlreadySetUp()
  return create(tx, { ...draft, role: "owner" }, system("setup"))
}

/** Takes somebody on. Only an owner (or the product itself) makes an owner, and nobody makes somebody who may do more than they. */
export async function create(tx: Tx, draft: StaffDraft, by: Actor): Promise<Staff> {
  if (!isAddress(draft.address)) throw new NotAnAddress()
  refuseBeyond(by, draft.role)
  const made = await tx
    .insertInto("staff")
    .values({
      id: newId(),
      address: cleanAddress(draft.address),
      addressKey: addressKey(draft.address),
      name: draft.name,
      role: draft.role,
      passwordHash: draft.password.hash,
      createdAt: now(),
      locale: draft.locale,
    })
    .onConflict((row) => row.column("addressKey").doNothing())
    .returning(columns)
    .executeTakeFirst()
  if (!made) throw new AddressTaken()
  await audit.record(tx, by, "staff.create", { kind: "staff", id: made.id }, { after: { role: made.role } })
  return made
}

/**
 * Changes name, role or password, or shuts somebody out. Owners are touched by owners only, and one always stays; nobody
 * touches, or makes, somebody who may do more than they.
 */
export async function change(tx: Tx, id: string, change: StaffChange, by: Actor): Promise<Staff> {
  await lock(tx)
  const before = await get(tx, id)
  refuseBeyond(by, before.role, change.role)
  const at = now()
  const disabledAt =
    change.disabled === undefined ? before.disabledAt : change.disabled ? (before.disabledAt ?? at) : null
  const role = change.role ?? before.role
  if (isActingOwner(before) && !(role === "owner" && !disabledAt)) await keepOneOwner(tx, id)
  const after = await tx
    .updateTable("staff")
    .set({
      role,
      disabledAt,
      name: change.name ?? before.name,
      ...(change.password ? { passwordHash: change.password.hash } : {}),
    })
    .where("id", "=", id)
    .returning(columns)
    .executeTakeFirstOrThrow()
  if (disabledAt || change.password) await endAll(tx, id)
  await audit.record(
    tx,
    by,
    "staff.change",
    { kind: "staff", id },
    { before: auditable(before), after: { ...auditable(after), ...(change.password ? { password: "changed" } : {}) } },
  )
  return after
}

/** Everybody on the staff, in the order they were taken on. */
export async function list(db: Db, page: { cursor?: string | undefined; limit: number }): Promise<Staff[]> {
  return db
    .selectFrom("staff")
    .select(columns)
    .$if(page.cursor !== undefined, (query) => query.where("id", ">", page.cursor!))
    .orderBy("id")
    .limit(page.limit)
    .execute()
}

/** One member of staff; throws NoSuchRecord. */
export async function get(db: Db, id: string): Promise<Staff> {
  return db
    .selectFrom("staff")
    .select(columns)
    .where("id", "=", id)
    .executeTakeFirstOrThrow(() => new NoSuchRecord())
}

/** Somebody whose password was given rightly. */
type Checked = Staff & { passwordHash: string }

/** Who an address and a password belong to. Every refusal takes as long and reads the same. */
export async function check(db: Db, address: string, password: string): Promise<Checked> {
  const found = await db
    .selectFrom("staff")
    .select([...columns, "passwordHash"])
    .where("addressKey", "=", addressKey(address))
    .executeTakeFirst()
  const right = await passwords.verify(found?.passwordHash, password)
  if (!right || !found || found.disabledAt) throw new WrongCredentials()
  return found
}

/** Signs in to the console and gives the cookie's word. Looked at again under lock, as a change since `check` counts. */
export async function signIn(tx: Tx, checked: Checked, userAgent: string | undefined): Promise<string> {
  const still = await tx
    .selectFrom("staff")
    .select(["id", "role"])
    .where("id", "=", checked.id)
    .where("passwordHash", "=", checked.passwordHash)
    .where("disabledAt", "is", null)
    .forShare()
    .executeTakeFirst()
  if (!still) throw new WrongCredentials()
  const by = { kind: "staff", staffId: still.id, role: still.role } as const
  await audit.record(tx, by, "staff.sign_in", { kind: "staff", id: still.id })
  return openSession(tx, still.id, userAgent)
}

/** Throws WrongPassword unless it is this person's. */
export async function prove(db: Db, id: string, password: string): Promise<void> {
  const found = await db.selectFrom("staff").select("passwordHash").where("id", "=", id).executeTakeFirst()
  if (!(await passwords.verify(found?.passwordHash, password))) throw new WrongPassword()
}

/** Sets somebody's own new password; all sessions but the one of `keptWord` end. */
export async function changeOwnPassword(
  tx: Tx,
  id: string,
  password: passwords.HashedPassword,
  keptWord: string | undefined,
  by: Actor,
): Promise<void> {
  await tx.updateTable("staff").set({ passwordHash: password.hash }).where("id", "=", id).execute()
  await endAll(tx, id, keptWord)
  await audit.record(tx, by, "staff.change_password", { kind: "staff", id })
}

/** Chooses the language of somebody's console. */
export async function speak(tx: Tx, id: string, locale: Locale): Promise<void> {
  await tx.updateTable("staff").set({ locale }).where("id", "=", id).execute()
}

const columns = ["id", "address", "name", "role", "createdAt", "disabledAt", "locale"] as const

function mayTouchOwners(by: Actor): boolean {
  return by.kind === "system" || (by.kind === "staff" && by.role === "owner")
}

/** A token with few scopes must not become an admin by making one, or by giving one a new password. */
function refuseBeyond(by: Actor, ...roles: (StaffRole | undefined)[]): void {
  for (const role of roles) {
    if (!role || by.kind === "system") continue
    if (role === "owner" && !mayTouchOwners(by)) throw new NotPermitted()
    if (!permissionsOf[role].every((permission) => allowed(by).includes(permission))) throw new NotPermitted()
  }
}

function isActingOwner(staff: Staff): boolean {
  return staff.role === "owner" && !staff.disabledAt
}

async function keepOneOwner(tx: Tx, leavingId: string): Promise<void> {
  const other = await tx
    .selectFrom("staff")
    .select("id")
    .where("role", "=", "owner")
    .where("disabledAt", "is", null)
    .where("id", "!=", leavingId)
    .limit(1)
    .executeTakeFirst()
  if (!other) throw new LastOwner()
}

/** Changes of the staff happen one after another: the last owner must not be two people who leave at once. */
async function lock(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('staff', 0))`.execute(tx)
}

function auditable({ name, role, disabledAt }: Staff): object {
  return { name, role, disabledAt }
}
