import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"

/** Why one message was not taken; `status` is what it would be answered alone. */
export type Fault = { status: 400 | 403 | 413; key: FaultKey; values?: Record<string, string> }
type FaultKey = keyof typeof japanese

const japanese = {
  notAnObject: "メッセージは JSON オブジェクトで送ってください。",
  type: "type は identify・track・page・screen・alias・group のいずれかにしてください。",
  messageId: "messageId は200文字以内の文字列にしてください。",
  who: "userId か anonymousId のどちらかが必要です(200文字以内)。",
  event: "event(行動名)は1〜200文字の文字列にしてください。",
  notProperties: "{field} は JSON オブジェクトにしてください。",
  tooDeep: "{field} の入れ子が深すぎます。12段以内にしてください。",
  tooLarge: "1件のメッセージは32kBまでです。内容を減らして送り直してください。",
  impossibleDate: "日時を読み取れません。ISO 8601 形式の実在する日時(例: 2026-11-22T09:30:00+09:00)にしてください。",
  tooOld: "35日より前の行動は受け付けていません。過去のデータはサーバーキーの履歴モードで取り込んでください。",
  aliasPair: "alias には previousId(匿名ID)と userId の両方が必要です。",
  foreignUser: "ブラウザーキーでは userId を指定できません。anonymousId かログイン中の本人としてのみ送信できます。",
  noAlias: "ブラウザーキーでは alias を使えません。匿名の履歴はログイン時に本人へ統合されます。",
  noHistory: "履歴モードはサーバーキーでのみ使えます。",
  protectedProperty: "「{property}」は保護された項目のため、ブラウザーキーでは設定できません。",
  protectedEvent: "「{event}」は保護された行動のため、ブラウザーキーでは送信できません。",
  reservedEvent: "「{event}」は Musubi 自身が記録する行動のため、送信できません。別の行動名をお使いください。",
  tooManyNames:
    "「{event}」は新しい行動名です。ブラウザーキーから増やせる行動名は1日{most}種類までのため、受け付けませんでした。送信する側で行動名に ID や日時を入れていないかご確認ください。必要な行動名は管理画面の「行動の定義」で登録すると送信できます。",
  importOnly: "「{event}」は Musubi 自身が記録する行動です。取り込みはサーバーキーの履歴モードでのみ行えます。",
  watchRanges: "video.watched には videoId と、0以上の整数の秒で [開始, 終了] を並べた ranges が必要です。",
  propertyMissing: "「{event}」には項目「{property}」が必要です。",
  propertyType: "「{event}」の項目「{property}」は {wanted} 型にしてください。",
}

const say = words(japanese, {
  notAnObject: "Send each message as a JSON object.",
  type: "type must be one of identify, track, page, screen, alias and group.",
  messageId: "messageId must be a string of at most 200 characters.",
  who: "Either userId or anonymousId is needed (at most 200 characters).",
  event: "event must be a string of 1 to 200 characters.",
  notProperties: "{field} must be a JSON object.",
  tooDeep: "{field} is nested too deeply; 12 levels are the limit.",
  tooLarge: "One message may have 32 kB. Make it smaller and send it again.",
  impossibleDate: "The date cannot be read. Send an existing ISO 8601 instant, such as 2026-11-22T09:30:00+09:00.",
  tooOld: "What happened more than 35 days ago is not taken. Import the past with a server key in history mode.",
  aliasPair: "alias needs both previousId (the anonymous id) and userId.",
  foreignUser: "A browser key may not name a userId. It speaks for its anonymousId or the person signed in.",
  noAlias: "A browser key may not alias. Anonymous histories join their person at sign-in.",
  noHistory: "History mode needs a server key.",
  protectedProperty: "“{property}” is protected and cannot be set with a browser key.",
  protectedEvent: "“{event}” is protected and cannot be sent with a browser key.",
  reservedEvent: "“{event}” is recorded by Musubi itself and cannot be sent. Use another event name.",
  tooManyNames:
    "“{event}” is a new event name, and browser keys may bring in {most} new names a day. See that names hold no ids or dates; a name that is needed can be sent once it has an event schema.",
  importOnly: "“{event}” is recorded by Musubi itself. It can be imported only with a server key in history mode.",
  watchRanges: "video.watched needs videoId and ranges: pairs [from, to] of whole seconds from 0.",
  propertyMissing: "“{event}” needs the property “{property}”.",
  propertyType: "The property “{property}” of “{event}” must be of type {wanted}.",
})

/** Says why, in the reader's language. */
export function sentence(fault: Fault, locale: Locale): string {
  return say(locale)(fault.key, fault.values)
}

/** Not understood. */
export function bad(key: FaultKey, values?: Record<string, string>): Fault {
  return values ? { status: 400, key, values } : { status: 400, key }
}

/** Understood, and not this sender's to say. */
export function forbidden(key: FaultKey, values?: Record<string, string>): Fault {
  return values ? { status: 403, key, values } : { status: 403, key }
}
