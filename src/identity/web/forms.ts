import type { ReactElement } from "react"
import type { Ctx } from "../../platform/http.ts"
import { Refusal } from "../../platform/refusals.ts"
import { page } from "../../ui/index.ts"

/** Does what a form asks; when it is refused the form is shown again with the sentence beside its field. */
export async function orAgain(
  c: Ctx,
  act: () => Promise<Response>,
  form: (errors: Record<string, string>) => ReactElement,
): Promise<Response> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === "gone" || error.kind === "unavailable") throw error
    const fields = error.fields(c.var.locale)
    const errors = Object.keys(fields).length > 0 ? fields : { form: error.sentence(c.var.locale) }
    if (error.retryAfterSeconds) c.header("Retry-After", String(error.retryAfterSeconds))
    return page(c, form(errors), error.kind === "too-many" ? 429 : 422)
  }
}
