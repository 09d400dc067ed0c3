import {
  Button,
  Checkbox,
  Drawer,
  Input,
  Modal,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core"

const tones = ["accent", "good", "caution", "danger"] as const

/** Mantine wants ten shades; ours come from the tokens, so that an operator's own accent and the dark set reach every part. */
function shades(name: string): MantineColorsTuple {
  const mix = (share: number) => `color-mix(in oklab, var(--${name}) ${share}%, var(--surface))`
  const full = `var(--${name})`
  return [`var(--${name}-weak)`, `var(--${name}-weak)`, mix(30), mix(45), mix(65), mix(85), full, full, full, full]
}

const gray: MantineColorsTuple = [
  "var(--sunk)",
  "var(--sunk)",
  "var(--line-2)",
  "var(--line)",
  "var(--line)",
  "var(--line-strong)",
  "var(--ink-3)",
  "var(--ink-2)",
  "var(--ink)",
  "var(--ink)",
]

const dark: MantineColorsTuple = [
  "var(--ink)",
  "var(--ink-2)",
  "var(--ink-3)",
  "var(--ink-3)",
  "var(--line)",
  "var(--sunk)",
  "var(--surface)",
  "var(--paper)",
  "var(--paper)",
  "var(--paper)",
]

const variant: VariantColorsResolver = ({ variant: kind, color }) => {
  const tone = tones.find((name) => name === color) ?? "accent"
  const quiet = { background: "transparent", hover: "var(--sunk)", border: "1px solid transparent" }
  const [base, weak] = [`var(--${tone})`, `var(--${tone}-weak)`]
  if (kind === "filled")
    return {
      background: base,
      hover: `color-mix(in oklab, ${base} 86%, var(--ink))`,
      color: tone === "accent" ? "var(--on-accent)" : "var(--surface)",
      border: "1px solid transparent",
    }
  if (kind === "light") return { background: weak, hover: weak, color: base, border: "1px solid transparent" }
  if (kind === "default")
    return { background: "var(--surface)", hover: "var(--sunk)", color: "var(--ink)", border: "1px solid var(--line)" }
  return { ...quiet, color: color === "gray" ? "var(--ink-2)" : base }
}

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace, 'Noto Sans JP Variable'",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.1875rem" },
  lineHeights: { xs: "1.5", sm: "1.5", md: "1.6", lg: "1.6", xl: "1.5" },
  spacing: { xs: "4px", sm: "8px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "2px", sm: "4px", md: "8px", lg: "14px", xl: "20px" },
  defaultRadius: "md",
  headings: { fontFamily: "var(--font)", fontWeight: "650" },
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 6 },
  colors: {
    accent: shades("accent"),
    good: shades("good"),
    caution: shades("caution"),
    danger: shades("danger"),
    red: shades("danger"),
    blue: shades("accent"),
    gray,
    dark,
  },
  white: "var(--surface)",
  black: "var(--ink)",
  focusRing: "auto",
  respectReducedMotion: true,
  variantColorResolver: variant,
  components: {
    Button: Button.extend({ defaultProps: { size: "sm", variant: "default" } }),
    Input: Input.extend({ defaultProps: { size: "sm" } }),
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
    }),
    Checkbox: Checkbox.extend({ defaultProps: { size: "sm" } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 }, transitionProps: { duration: 120 } },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        position: "right",
        size: "min(560px, 100vw)",
        overlayProps: { backgroundOpacity: 0.3 },
        transitionProps: { duration: 140 },
      },
    }),
  },
})

/** Mantine's own variables, said in tokens; the same for both schemes because the tokens change with them. */
export const variables: CSSVariablesResolver = () => {
  const said: Record<string, string> = {
    "--mantine-color-body": "var(--paper)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-bright": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-3)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--danger)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--sunk)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line)",
    "--mantine-color-disabled": "var(--sunk)",
    "--mantine-color-disabled-color": "var(--ink-3)",
    "--mantine-color-disabled-border": "var(--line)",
    "--mantine-primary-color-contrast": "var(--on-accent)",
  }
  for (const tone of tones) {
    said[`--mantine-color-${tone}-filled`] = `var(--${tone})`
    said[`--mantine-color-${tone}-filled-hover`] = `var(--${tone})`
    said[`--mantine-color-${tone}-light`] = `var(--${tone}-weak)`
    said[`--mantine-color-${tone}-light-color`] = `var(--${tone})`
    said[`--mantine-color-${tone}-text`] = `var(--${tone})`
    said[`--mantine-color-${tone}-outline`] = `var(--${tone})`
  }
  return { variables: {}, light: said, dark: said }
}

const kept = "mantine-color-scheme-value"

/** Makes the tokens follow the scheme that was chosen here before; "auto" follows the system. */
export function followScheme(chosen: string | null = localStorage.getItem(kept)): void {
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen
  else delete document.documentElement.dataset.theme
}
