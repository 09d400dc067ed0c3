import fc from "fast-check"
import { expect, test } from "vitest"
import { safeNext } from "../index.ts"

test.each([
  ["/", "/"],
  ["/videos/42?t=10#chapter", "/videos/42?t=10#chapter"],
  ["/search?q=%E5%8B%95%E7%94%BB&back=//evil.example", "/search?q=%E5%8B%95%E7%94%BB&back=//evil.example"],
])("%s is followed", (wish, path) => expect(safeNext(wish)).toBe(path))

test.each([
  undefined,
  "",
  "home",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/x/..//evil.example",
  "/./\\evil.example",
  "/%2e//evil.example",
  "https://evil.example/",
  "https:evil.example",
  "HTTPS://evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "/@evil.example/..//x",
  `/${"a".repeat(3_000)}`,
])("%j leads home", (wish) => expect(safeNext(wish)).toBe("/"))

test("whatever is wished, a browser stays on this site", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "%2e",
    "%2f",
    "\t",
    "\n",
    "@",
    "evil.example",
    ":",
    "?",
    "#",
    "https:",
    " ",
    "x",
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = safeNext(pieces.join(""))
      expect(new URL(path, "https://site.example/sign-in").origin).toBe("https://site.example")
    }),
    { numRuns: 5_000 },
  )
})
