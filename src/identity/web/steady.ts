/** Does work and answers, or fails, after `milliseconds` at the earliest, so that how long it took does not tell what was found. */
export async function steady<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const pause = new Promise((resolve) => setTimeout(resolve, milliseconds))
  const [outcome] = await Promise.allSettled([work(), pause])
  if (outcome.status === "rejected") throw outcome.reason
  return outcome.value
}
