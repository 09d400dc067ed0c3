/**
 * Fills prefecture, city and town beside a postal code as soon as its seven digits stand there. Looks for
 * `<input data-postal>` and the fields `prefecture`, `city` and `town` of its form. What somebody has typed stays; what
 * the places of a code do not agree on stays empty. Without it the server fills the same when the form is sent.
 */
type Place = { prefecture: string; city: string; town: string }
type Field = HTMLInputElement | HTMLSelectElement

const filled = new WeakMap<Field, string>()

for (const code of document.querySelectorAll<HTMLInputElement>("input[data-postal]")) {
  let asked = digitsOf(code)
  code.addEventListener("input", (event) => {
    const digits = digitsOf(code)
    if ((event as InputEvent).isComposing || digits === asked) return
    asked = digits
    if (digits.length === 7) void fill(code.form!, digits, () => asked === digits)
  })
  code.addEventListener("compositionend", () => code.dispatchEvent(new Event("input")))
}

async function fill(form: HTMLFormElement, digits: string, wanted: () => boolean): Promise<void> {
  const answer = await fetch(`/api/postal-codes/${digits}`).catch(() => undefined)
  if (!answer?.ok) return
  const { data } = (await answer.json()) as { data: Place[] }
  if (data.length === 0 || !wanted()) return
  for (const name of ["prefecture", "city", "town"] as const) {
    const field = form.elements.namedItem(name) as Field | null
    if (!field || (field.value !== "" && field.value !== filled.get(field))) continue
    field.value = data.every((place) => place[name] === data[0]![name]) ? data[0]![name] : ""
    filled.set(field, field.value)
  }
}

/** The digits typed, whatever their width, without 〒 and hyphens. */
function digitsOf({ value }: HTMLInputElement): string {
  return value.normalize("NFKC").replace(/[^0-9]/g, "")
}
