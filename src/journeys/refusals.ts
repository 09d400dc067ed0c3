import { Refusal } from "../platform/refusals.ts"
import { type Locale, words } from "../platform/words.ts"

export class NoSuchScenario extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchScenario")
  }
}

/** Two scenarios would have one name. */
export class NameTaken extends Refusal {
  readonly kind = "conflict"
  override readonly fields = (locale: Locale) => ({ name: say(locale)("nameTaken") })
  sentence(locale: Locale) {
    return say(locale)("nameTaken")
  }
}

/** An archived scenario stays as it was. */
export class Archived extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("archived")
  }
}

export class NoSuchStep extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchStep")
  }
}

const say = words(
  {
    noSuchScenario: "このシナリオは見つかりませんでした。一覧からお選びください。",
    nameTaken: "同じ名前のシナリオがあります。別の名前を入力してください。",
    archived: "アーカイブしたシナリオは変更できません。新しいシナリオを作成してください。",
    noSuchStep: "このメールの手順は見つかりませんでした。手順のキーをご確認ください。",
  },
  {
    noSuchScenario: "There is no such scenario. Please choose one from the list.",
    nameTaken: "Another scenario has this name. Please choose a different one.",
    archived: "An archived scenario cannot be changed. Please make a new one.",
    noSuchStep: "There is no such mail step. Please check the step's key.",
  },
)
