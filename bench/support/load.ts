import autocannon from "autocannon"

/** Loads an address with a fixed number of connections; `next` makes each request. */
export function load(
  url: string,
  connections: number,
  seconds: number,
  next: () => autocannon.Request,
): Promise<autocannon.Result> {
  return new Promise((resolve, reject) => {
    autocannon(
      { url, connections, duration: seconds, requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }] },
      (error, result) => (error ? reject(error) : resolve(result)),
    )
  })
}
