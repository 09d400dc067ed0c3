import { En } from "media-chrome/dist/lang/en.js"
import { addTranslation, setLanguage } from "media-chrome/dist/utils/i18n.js"

// Before the controls are defined, so that they speak the page's language from the first moment.
setLanguage(document.documentElement.lang || "ja")
// What a button is called holds what it shows (WCAG 2.5.3), for who speaks to it.
addTranslation("en", { ...En, "Playback rate {playbackRate}": "Playback rate {playbackRate}x" })
addTranslation("ja", {
  Captions: "字幕",
  "Enable captions": "字幕を表示",
  "Disable captions": "字幕を消す",
  "Enter fullscreen mode": "全画面にする",
  "Exit fullscreen mode": "全画面を終える",
  Mute: "音を消す",
  Unmute: "音を出す",
  Play: "再生",
  Pause: "一時停止",
  "Playback rate": "再生速度",
  "Playback rate {playbackRate}": "再生速度 {playbackRate}x",
  "Seek backward": "戻る",
  "Seek forward": "進む",
  "video player": "動画プレーヤー",
  volume: "音量",
  seek: "再生位置",
  "closed captions": "字幕",
  "current playback rate": "いまの再生速度",
  "playback time": "再生時間",
  "media loading": "読み込み中",
  play: "再生",
  pause: "一時停止",
  mute: "音を消す",
  unmute: "音を出す",
  Off: "なし",
  "enter fullscreen mode": "全画面にする",
  "exit fullscreen mode": "全画面を終える",
  "seek back {seekOffset} seconds": "{seekOffset}秒戻る",
  "seek forward {seekOffset} seconds": "{seekOffset}秒進む",
  "Network Error": "通信できません",
  "Decode Error": "再生できません",
  "Source Not Supported": "再生できません",
  "A network error caused the media download to fail.": "動画を受け取れませんでした。通信の状態をご確認ください。",
  "A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":
    "このブラウザでは再生を続けられませんでした。",
  "An unsupported error occurred. The server or network failed, or your browser does not support this format.":
    "動画を受け取れませんでした。ページを読み込み直してください。",
  hour: "時間",
  hours: "時間",
  minute: "分",
  minutes: "分",
  second: "秒",
  seconds: "秒",
  "{time} remaining": "残り{time}",
  "{currentTime} of {totalTime}": "{totalTime}のうち{currentTime}",
  "video not loaded, unknown time.": "動画はまだ読み込まれていません。",
})
