import type { Ctx, Problem } from "../../platform/http.ts"
import { words } from "../../platform/words.ts"

const known = [400, 403, 404, 409, 410, 412, 413, 415, 423, 501] as const

/**
 * The same answer with our own problem document in place of the protocol's English line. Status and headers stay: programs
 * that speak tus go by them.
 */
export function inOurWords(c: Ctx, answer: Response, mostBytes: number): Response {
  if (answer.status < 400 || c.req.method === "HEAD") return answer
  const kind = known.find((status) => status === answer.status) ?? 500
  const t = say(c.var.locale)
  const problem: Problem = {
    type: kind === 500 ? "about:blank" : `urn:musubi:upload-${names[kind]}`,
    title: t(`${kind}.title`),
    status: answer.status,
    detail: t(`${kind}`, { most: sizeOf(mostBytes) }),
  }
  const headers = new Headers(answer.headers)
  headers.delete("content-length")
  headers.set("content-type", "application/problem+json")
  return new Response(JSON.stringify(problem), { status: answer.status, headers })
}

const names: Record<(typeof known)[number], string> = {
  400: "unreadable",
  403: "incomplete",
  404: "missing",
  409: "elsewhere",
  410: "gone",
  412: "protocol",
  413: "too-large",
  415: "type",
  423: "busy",
  501: "unsupported",
}

function sizeOf(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB"]
  let value = bytes / 1_024
  while (value >= 1_000 && units.length > 1) {
    value /= 1_024
    units.shift()
  }
  return `${Number(value.toPrecision(3))} ${units[0]}`
}

const say = words(
  {
    "400.title": "内容をご確認ください",
    400: "アップロードの要求を読み取れませんでした。ヘッダー(Upload-Length、Upload-Metadata など)をご確認のうえ、送り直してください。",
    "403.title": "この操作は許可されていません",
    403: "続きを送るには Upload-Offset と Content-Type: application/offset+octet-stream が必要です。",
    "404.title": "見つかりません",
    404: "このアップロードは見つかりませんでした。ファイルを選び直して、はじめから送信してください。",
    "409.title": "いまは実行できません",
    409: "届いているところと、送られた続きの位置が合いません。届いた量を確かめてから続きを送信してください。",
    "410.title": "期限が切れています",
    410: "途中までのアップロードは期限が切れて削除されました。ファイルを選び直して、はじめから送信してください。",
    "412.title": "内容をご確認ください",
    412: "アップロードには tus 1.0.0(ヘッダー Tus-Resumable: 1.0.0)をお使いください。",
    "413.title": "サイズが大きすぎます",
    413: "ファイルが大きすぎます。{most} までのファイルをアップロードできます。圧縮するか分割してください。",
    "415.title": "内容をご確認ください",
    415: "続きは Content-Type: application/offset+octet-stream で送信してください。",
    "423.title": "いまは実行できません",
    423: "同じアップロードがほかで進んでいます。少し待ってからもう一度お試しください。",
    "501.title": "いまは実行できません",
    501: "この送り方には対応していません。はじめに全体の大きさ(Upload-Length)を示し、分けずに順に送信してください。",
    "500.title": "処理を完了できませんでした",
    500: "ファイルを保存できませんでした。届いたところまでは残っています。少し待ってから続きを送信してください。",
  },
  {
    "400.title": "Please check what was sent",
    400: "The request could not be read. Check its headers (Upload-Length, Upload-Metadata) and send it again.",
    "403.title": "Not permitted",
    403: "To go on, Upload-Offset and Content-Type: application/offset+octet-stream are needed.",
    "404.title": "Not found",
    404: "There is no such upload. Choose the file again and send it from the beginning.",
    "409.title": "Not possible now",
    409: "What was sent does not begin where the upload ends. Ask how much has arrived and go on from there.",
    "410.title": "No longer valid",
    410: "The unfinished upload was too old and has been removed. Choose the file again and send it from the beginning.",
    "412.title": "Please check what was sent",
    412: "Uploads speak tus 1.0.0: send the header Tus-Resumable: 1.0.0.",
    "413.title": "Too large",
    413: "The file is too large. Files of up to {most} can be uploaded; compress or split it.",
    "415.title": "Please check what was sent",
    415: "Send the rest with Content-Type: application/offset+octet-stream.",
    "423.title": "Not possible now",
    423: "The same upload is under way elsewhere. Wait a moment and try again.",
    "501.title": "Not possible now",
    501: "This way of sending is not supported. Name the whole size first (Upload-Length) and send the parts in order.",
    "500.title": "Something failed on our side",
    500: "The file could not be stored. What has arrived is kept; wait a moment and go on from there.",
  },
)
