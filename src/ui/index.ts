export { asset, setAssetVersions } from "./assets.ts"
export {
  Button,
  DataList,
  Empty,
  honorific,
  LinkButton,
  Notice,
  Pager,
  Panel,
  Tag,
} from "./parts.tsx"
export { Checkbox, Choice, Field } from "./fields.tsx"
export {
  FieldRow,
  Form,
  type FormState,
  Hidden,
  Steps,
} from "./forms.tsx"
export {
  framed,
  type FrameSource,
  type MemberFace,
  setFrame,
  type SiteFace,
  useFrame,
} from "./frame.ts"
export { ProgressBar, ProgressSteps, WeekBars } from "./instruments.tsx"
export { LanguageSwitch, Page, page, problemPage, render } from "./pages.tsx"
export { palette } from "./palette.ts"
export {
  Poster,
  stripPath,
  WatchStrip,
} from "./watching.tsx"
export {
  Clauses,
  languageOf,
  Phrases,
  VideoCard,
  VideoGrid,
  VideoRow,
} from "./cards.tsx"
export { type ApiDocument, ApiReference } from "./reference.tsx"
