let offsetMs = 0

/** The current instant. The only source of "now" in the product: SQL gets it as a parameter. */
export function now(): Date {
  return new Date(Date.now() + offsetMs)
}

/** Shifts the clock by milliseconds against the machine's; for tests and a demo started with TEST_CLOCK=1. */
export function shift(milliseconds: number): void {
  offsetMs = milliseconds
}

/** How far the clock is shifted, in milliseconds. */
export function shifted(): number {
  return offsetMs
}
