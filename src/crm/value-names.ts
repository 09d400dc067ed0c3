import { type Locale, words } from "../platform/words.ts"

/**
 * A property's value as people call it. Known plans have names, other plans stand as they are in quotation marks;
 * the values of all other properties speak for themselves.
 */
export function sayValue(property: string, value: string, locale: Locale): string {
  if (property !== "plan") return value
  return plans.has(value) ? say(locale)(`plan.${value}`) : say(locale)("other", { value })
}

/** As `sayValue`, in both languages; null stays null. */
export function valueName(property: string, value: string | null): Record<Locale, string> | null {
  return value === null ? null : { ja: sayValue(property, value, "ja"), en: sayValue(property, value, "en") }
}

/** The plans that have names. */
export const plans = new Set(["free", "standard", "premium"])

const say = words(
  {
    "plan.free": "無料会員",
    "plan.standard": "スタンダード",
    "plan.premium": "プレミアム",
    other: "「{value}」",
  },
  {
    "plan.free": "Free",
    "plan.standard": "Standard",
    "plan.premium": "Premium",
    other: "“{value}”",
  },
)
