import * as argon2 from "@node-rs/argon2"
import { longest, shortest, WeakPassword } from "./refusals.ts"

/** A password already hashed, so that no transaction waits for it. */
export type HashedPassword = { hash: string }

/** argon2id with 19 MiB and two passes (OWASP's first choice). Full-width typing gives the same password as narrow. */
export async function hash(password: string): Promise<HashedPassword> {
  return { hash: await argon2.hash(password.normalize("NFKC"), cost) }
}

/** Checks a new password against guesses and hashes it, before the transaction that stores it. A refusal names the form's `field`. */
export async function prepare(password: string, known: string[], field = "newPassword"): Promise<HashedPassword> {
  const wrong = fault(password, known)
  if (wrong) throw new WeakPassword(wrong, field)
  return hash(password)
}

/** Whether a password is the one hashed. Without a hash it takes just as long and says no, so that time does not tell whether an account exists. */
export async function verify(hashed: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hash(crypto.randomUUID())
  const plain = password.normalize("NFKC")
  const right = await argon2.verify(hashed ?? (await decoy).hash, plain.slice(0, longest))
  return right && plain.length <= longest && hashed !== null && hashed !== undefined
}

/** What is wrong with a new password, or nothing. `known` are texts a guesser tries first, such as the person's address. */
export function fault(password: string, known: string[] = []): "short" | "long" | "common" | undefined {
  const plain = password.normalize("NFKC")
  if (plain.length > longest) return "long"
  if (Array.from(plain).length < shortest) return "short"
  const lower = plain.toLowerCase()
  if (new Set(lower).size < 4 || isRun(lower) || common.test(lower)) return "common"
  const guesses = known.flatMap((text) => [text.toLowerCase(), text.toLowerCase().split("@")[0]!])
  return guesses.includes(lower) ? "common" : undefined
}

// The library's Algorithm enum exists in types only; argon2id is its default, stated in tests.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
let decoy: Promise<HashedPassword> | undefined

const common =
  /^(p[a@]ssw[o0]rd|qwerty(uiop)?|asdfgh(jkl)?|zxcvbn?m?|admin(istrator)?|letmein|welcome|iloveyou|abc|test|1qaz2wsx|1q2w3e4r)[\d!@#.]*$/

/** 1234567890, abcdefghij, 9876543210 and the like. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (char) => char.codePointAt(0)!)
  const steps = codes.slice(1).map((code, index) => code - codes[index]!)
  const odd = (step: number) => steps.filter((one) => one !== step).length
  return odd(1) <= 1 || odd(-1) <= 1
}
