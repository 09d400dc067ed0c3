import { Refusal } from "../platform/refusals.ts"
import { type Locale, words } from "../platform/words.ts"

export class NoSuchVideo extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchVideo")
  }
}
export class NoSuchCourse extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchCourse")
  }
}
export class NoSuchFile extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchFile")
  }
}
/** The upload has not sent all its bytes yet. */
export class UploadUnfinished extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("uploadUnfinished")
  }
}
/** The content is not open to whoever asks, or the address was not made for them, or it has run out. */
export class Closed extends Refusal {
  readonly kind = "forbidden"
  sentence(locale: Locale) {
    return say(locale)("closed")
  }
}
export class SlugTaken extends Refusal {
  readonly kind = "conflict"
  override readonly fields = (locale: Locale) => ({ slug: this.sentence(locale) })
  sentence(locale: Locale) {
    return say(locale)("slugTaken")
  }
}
/** A video needs a playable file before it can be published. */
export class NothingToPublish extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("nothingToPublish")
  }
}
/** A published video cannot be left without its file. */
export class StillPublished extends Refusal {
  readonly kind = "conflict"
  override readonly fields = (locale: Locale) => ({ fileId: this.sentence(locale) })
  sentence(locale: Locale) {
    return say(locale)("stillPublished")
  }
}
/** The instant until which a video is offered does not lie after the one from which it is. */
export class EndsBeforeItBegins extends Refusal {
  readonly kind = "invalid"
  override readonly fields = (locale: Locale) => ({ unpublishedAt: this.sentence(locale) })
  sentence(locale: Locale) {
    return say(locale)("endsBeforeItBegins")
  }
}
/** A course, rank, segment or file that a draft names does not exist (any more). */
export class UnknownReference extends Refusal {
  readonly kind = "invalid"
  readonly field: string
  override readonly fields = (locale: Locale) => ({ [this.field]: say(locale)("unknownReference") })
  constructor(field: string) {
    super()
    this.field = field
  }
  sentence(locale: Locale) {
    return say(locale)("unknownReference")
  }
}

type Unusable = "not-a-video" | "no-picture" | "codec" | "empty" | "not-captions" | "not-a-poster" | "too-long"

/** An uploaded file is not what it was given as, or browsers cannot play it. Nothing of it is kept. */
export class UnusableFile extends Refusal {
  readonly kind = "invalid"
  readonly fault: Unusable
  readonly found: string
  constructor(fault: Unusable, found = "") {
    super()
    this.fault = fault
    this.found = found
  }
  sentence(locale: Locale) {
    return say(locale)(`file.${this.fault}`, { found: this.found })
  }
}

const say = words(
  {
    noSuchVideo:
      "この動画は見つかりませんでした。公開が終わったか、アドレスが変わった可能性があります。動画の一覧からお探しください。",
    noSuchCourse: "この講座は見つかりませんでした。動画の一覧からお探しください。",
    noSuchFile: "このファイルは見つかりませんでした。もう一度アップロードしてください。",
    uploadUnfinished: "アップロードがまだ終わっていません。続きを送信してから、もう一度お試しください。",
    closed: "この動画はいまご覧いただけません。ご覧いただくための条件は動画のページでご確認ください。",
    slugTaken: "このアドレスはほかの動画または講座で使われています。別のアドレスを指定してください。",
    nothingToPublish: "動画ファイルがまだないため公開できません。先に動画ファイルをアップロードしてください。",
    stillPublished:
      "公開中の動画からファイルを外すことはできません。別のファイルに差し替えるか、先に公開を取りやめてください。",
    endsBeforeItBegins: "公開の終わりは、公開の始まりより後の日時にしてください。",
    unknownReference: "指定されたものが見つかりません。削除された可能性があります。一覧から選び直してください。",
    "file.not-a-video":
      "動画として読み取れないファイルです。中身が動画でないか、途中で壊れています。再生できる形式は MP4(H.264/AAC)と WebM(VP9・AV1)です。",
    "file.no-picture":
      "映像が入っていないファイルです。映像を含む MP4(H.264/AAC)または WebM(VP9・AV1)を選んでください。",
    "file.codec":
      "この形式({found})はブラウザで再生できません。MP4(映像 H.264、音声 AAC)または WebM(映像 VP9・AV1、音声 Opus)に変換してから、もう一度アップロードしてください。",
    "file.empty": "中身のないファイルです。もう一度ファイルを選んでください。",
    "file.not-captions":
      "字幕として読み取れないファイルです。WebVTT 形式(1行目が WEBVTT、UTF-8、2 MB まで)で保存してください。",
    "file.not-a-poster": "画像として読み取れないファイルです。JPEG、PNG、WebP の画像(10 MB まで)を選んでください。",
    "file.too-long": "24時間を超える動画は登録できません。分割してからアップロードしてください。",
  },
  {
    noSuchVideo:
      "There is no such video. It may have been taken down or moved; please look for it in the list of videos.",
    noSuchCourse: "There is no such course. Please look for it in the list of videos.",
    noSuchFile: "There is no such file. Please upload it again.",
    uploadUnfinished: "The upload is not complete yet. Send the rest and try again.",
    closed: "This video is not open to you now. Its page says what would open it.",
    slugTaken: "Another video or course has this address. Please choose a different one.",
    nothingToPublish: "There is no video file yet, so it cannot be published. Upload the file first.",
    stillPublished: "A published video needs its file. Replace the file, or take the video back into drafts first.",
    endsBeforeItBegins: "A video has to be offered until a time after the one from which it is.",
    unknownReference: "What was chosen does not exist, or no longer. Choose from the list again.",
    "file.not-a-video":
      "This file cannot be read as a video: it holds something else or is damaged. Playable are MP4 (H.264/AAC) and WebM (VP9, AV1).",
    "file.no-picture": "This file holds no picture. Choose an MP4 (H.264/AAC) or WebM (VP9, AV1) with video in it.",
    "file.codec":
      "Browsers cannot play this format ({found}). Convert it to MP4 (H.264 video, AAC audio) or WebM (VP9 or AV1 video, Opus audio) and upload it again.",
    "file.empty": "The file is empty. Please choose the file again.",
    "file.not-captions":
      "This file cannot be read as captions. Save it as WebVTT (first line WEBVTT, UTF-8, up to 2 MB).",
    "file.not-a-poster": "This file cannot be read as a picture. Choose a JPEG, PNG or WebP of up to 10 MB.",
    "file.too-long": "Videos of more than 24 hours cannot be kept. Split it and upload the parts.",
  },
)
