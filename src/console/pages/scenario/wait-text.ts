import type { Say } from "../../../platform/words.ts"

/** 「24時間待つ」 */
export function waitText(text: string, t: Say): string {
  const parts = [...text.matchAll(/(\d+)([WDHM])/g)].map(([, count, unit]) =>
    t(`span.${unit}`, { count: Number(count) }),
  )
  return t("waits", { span: parts.join("") })
}
