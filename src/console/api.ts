/** A page of a list; `nextCursor` is null on the last. */
export type Page<T> = { data: T[]; nextCursor: string | null }

export type Params = Record<string, string | number | boolean | null | undefined>

/** A no from the API: a sentence for the reader, and sentences by field where fields are at fault. */
export class Refused extends Error {
  readonly status: number
  readonly title: string
  readonly fields: Record<string, string>

  constructor(status: number, title: string, detail: string, fields: Record<string, string> = {}) {
    super(detail)
    this.status = status
    this.title = title
    this.fields = fields
  }
}

export function get<T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> {
  return call<T>("GET", path + query(params), undefined, signal)
}

/** A document, as it is. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const answer = await reach(path, { headers: { accept: "text/html, application/json" }, signal })
  if (!answer.ok) throw await refusal(answer)
  return answer.text()
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return call<T>("POST", path, body)
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return call<T>("PUT", path, body)
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return call<T>("PATCH", path, body)
}

export function remove<T = void>(path: string, body?: unknown): Promise<T> {
  return call<T>("DELETE", path, body)
}

export function query(params: Params = {}): string {
  const said = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "")
  return said.length > 0 ? `?${new URLSearchParams(said.map(([key, value]) => [key, String(value)]))}` : ""
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" }
  if (body !== undefined) headers["content-type"] = "application/json"
  const answer = await reach(path, {
    method,
    headers,
    signal,
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!answer.ok) throw await refusal(answer)
  if (answer.status === 204 || answer.headers.get("content-length") === "0") return undefined as T
  return (await answer.json()) as T
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: "same-origin", ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new Refused(0, "offline", "offline")
  }
}

async function refusal(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as {
    title?: string
    detail?: string
    errors?: Record<string, string>
  }
  return new Refused(answer.status, problem.title ?? answer.statusText, problem.detail ?? "", problem.errors)
}
