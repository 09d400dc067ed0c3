import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  type UseMutationResult,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query"
import { useMemo } from "react"
import { get, getText, type Page, type Params, query, Refused } from "./api.ts"

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => !(error instanceof Refused && error.status >= 400 && error.status < 500) && count < 3,
      refetchOnWindowFocus: true,
    },
  },
})

/** One thing of the API; asked for again every `everySeconds` while the page is looked at. Null asks nothing. */
export function useThing<T>(path: string | null, params?: Params, everySeconds?: number): UseQueryResult<T, Error> {
  return useQuery<T>({
    queryKey: [path ?? "", query(params)],
    queryFn: ({ signal }) => get<T>(path!, params, signal),
    enabled: path !== null,
    placeholderData: keepPreviousData,
    refetchInterval: everySeconds ? everySeconds * 1000 : false,
  })
}

/** A document of the API as it is, e.g. a mail. Null asks nothing. */
export function useDocument(path: string | null): UseQueryResult<string, Error> {
  return useQuery({
    queryKey: [path ?? "", "document"],
    queryFn: ({ signal }) => getText(path!, signal),
    enabled: path !== null,
  })
}

/** A thing that some installations or roles do not have: null where the API says no. */
export function useMaybe<T>(path: string | null, params?: Params): T | null | undefined {
  const found = useThing<T>(path, params)
  return found.error ? null : found.data
}

/** A list read page by page. */
export function usePages<T>(path: string | null, params: Params = {}, everySeconds?: number) {
  const found = useInfiniteQuery({
    queryKey: [path ?? "", query(params), "pages"],
    queryFn: ({ pageParam, signal }) =>
      get<Page<T>>(path!, { limit: 50, ...params, cursor: pageParam as string | null }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    enabled: path !== null,
    placeholderData: keepPreviousData,
    refetchInterval: everySeconds ? everySeconds * 1000 : false,
  })
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.data) ?? [], [found.data])
  return { ...found, rows }
}

/** The first rows of a list that is short by nature (ranks, segments, keys). */
export function useAll<T>(path: string | null, params: Params = {}): UseQueryResult<T[], Error> {
  return useQuery({
    queryKey: [path ?? "", query(params), "all"],
    queryFn: async ({ signal }) => {
      const rows: T[] = []
      let cursor: string | null = null
      do {
        const page: Page<T> = await get<Page<T>>(path!, { limit: 100, ...params, cursor }, signal)
        rows.push(...page.data)
        cursor = page.nextCursor ?? null
      } while (cursor && rows.length < 2_000)
      return rows
    },
    enabled: path !== null,
  })
}

/** An act that changes things: afterwards every answer below the paths in `touches` is asked for again. */
export function useAct<In, Out = unknown>(
  act: (input: In) => Promise<Out>,
  { touches = [], done }: { touches?: string[]; done?: (out: Out, input: In) => void } = {},
): UseMutationResult<Out, Error, In> {
  return useMutation({
    mutationFn: act,
    onError: (error) => {
      if (error instanceof Refused && Object.keys(error.fields).length > 0) setTimeout(toFirstFault, 50)
    },
    onSuccess: async (out, input) => {
      refresh(...touches)
      done?.(out, input)
    },
  })
}

/** Forgets what was read below these paths, so that what is on the screen is read again. */
export function refresh(...paths: string[]): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => paths.some((path) => String(queryKey[0]).startsWith(path)),
  })
}

function toFirstFault(): void {
  document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}

/** Faults beside fields, from what the last attempt was answered. */
export function faultsOf(error: unknown): Record<string, string> {
  return error instanceof Refused ? error.fields : {}
}
