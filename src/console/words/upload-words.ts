import { words } from "../../platform/words.ts"

export const say = words(
  {
    choose: "ファイルを選ぶ",
    replace: "差し替える",
    begun: "「{name}」のアップロードが途中です。同じファイルを選ぶと、続きから再開します。",
    pause: "一時停止",
    resume: "再開",
    cancel: "やめる",
    "phase.sending": "送信中",
    "phase.paused": "一時停止中",
    "phase.checking": "内容を確認しています…",
    "phase.failed": "止まりました",
  },
  {
    choose: "Choose a file",
    replace: "Replace",
    begun: "“{name}” was not finished. Choose the same file to go on where it stopped.",
    pause: "Pause",
    resume: "Resume",
    cancel: "Cancel",
    "phase.sending": "Sending",
    "phase.paused": "Paused",
    "phase.checking": "Checking the file…",
    "phase.failed": "Stopped",
  },
)
