export { asset, setAssetVersions } from "./assets.ts"
export {
  Button,
  Card,
  DataList,
  Empty,
  honorific,
  LinkButton,
  Money,
  money,
  Notice,
  Pager,
  Panel,
  Tag,
  type Tone,
} from "./parts.tsx"
export {
  Checkbox,
  Choice,
  Field,
  type FieldProps,
  FieldRow,
  Form,
  FormErrors,
  type FormState,
  Hidden,
  Steps,
} from "./forms.tsx"
export {
  type Frame,
  framed,
  frameOf,
  type FrameSource,
  type MemberFace,
  setFrame,
  type SiteFace,
  useFrame,
} from "./frame.ts"
export { ProgressBar, ProgressSteps, WeekBars, type WeekDay } from "./instruments.tsx"
export { LanguageSwitch, Page, page, type PageProps, problemPage, render } from "./pages.tsx"
export { palette } from "./palette.ts"
export {
  type Artwork,
  DensityStrip,
  grounds,
  Poster,
  type PosterProps,
  type Ranges,
  secondsOf,
  stripPath,
  WatchStrip,
} from "./watching.tsx"
export {
  Clauses,
  languageOf,
  Phrases,
  VideoCard,
  type VideoCardProps,
  VideoGrid,
  VideoRow,
  type VideoRowProps,
} from "./cards.tsx"
export { type ApiDocument, ApiReference } from "./reference.tsx"
