import { createContext, type ReactNode, useContext } from "react"
import type { Locale } from "../platform/words.ts"

type Staff = { id: string; name: string; address: string; role: string; locale: Locale }
export type Session = { staff: Staff; permissions: string[] }

const current = createContext<Session | null>(null)

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <current.Provider value={session}>{children}</current.Provider>
}

/** Who is at the console. */
export function useSession(): Session {
  const session = useContext(current)
  if (!session) throw new Error("outside of a session")
  return session
}

/** Whether the person at the console may do this; what they may not do is not shown. */
export function useCan(permission: string): boolean {
  return useSession().permissions.includes(permission)
}
