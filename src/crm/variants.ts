/** Each line: the form keys are written with, then the forms people type or have in their register. Data. */
const lines = `高髙 崎﨑嵜碕 吉𠮷 辺邊邉 斎齋斉齊 浜濱濵 沢澤 広廣 国國 島嶋嶌 桜櫻 真眞 恵惠 徳德 円圓 竜龍 滝瀧 淵渕渊 槙槇
柳栁桺 桑桒 富冨 峰峯 館舘 条條 栄榮 豊豐 寿壽 応應 実實 将將 曽曾 増增 鉄鐵鉃 蔵藏 礼禮 静靜 黒黑 戸戶 清淸 関關 学學
会會 県縣 壱壹 万萬 与與 亀龜 弥彌 穂穗 衛衞 昇曻 鴎鷗 藪薮籔 桧檜 郷鄕 呑吞 糸絲 聡聰 総總 岳嶽 荘莊 瀬瀨 寛寬 凛凜
尭堯 遥遙 瑶瑤 晋晉 晃晄 彦彥 教敎 青靑 乗乘 来來 児兒 内內 巻卷 毎每 温溫 緒緖 頼賴 郎郞 鎮鎭 歩步 歴歷 黄黃 横橫
気氣 満滿 灯燈 狭狹 稲稻 穣穰 経經 続續 縄繩 台臺 芸藝 薬藥 蛍螢 覚覺 譲讓 予豫 軽輕 弁辨 隣鄰 釈釋 塩鹽 点點 塚塚
鶏鷄 麦麥 帯帶 恒恆 悦悅 戦戰 桟棧 楼樓 殻殼 沖冲 渋澁 涼凉 為爲 焼燒 状狀 画畫 痩瘦 砺礪 禄祿 竈竃 籠篭 粛肅 絵繪
翠翆 聖聖 艶艷 芦蘆 花芲 茂𦱳 萌萠 蝿蠅 蛎蠣 諌諫 謡謠 豹豹 逓遞 遅遲 鍋鍋 鍛鍛 鎌鐮 間閒 靖靖 頬頰 館館 駅驛 駆驅
麹麴 麺麵 黙默 斉齊 堺界 舎舍 船舩 脇𦚰 葛葛 裏裡 讃讚 賛贊 辻辻 逸逸 鰺鯵 鱒鱒 鳥鳥 鶴靏靍鸖 梅楳 昴昴 朗朗 隆隆 祐祐 福福
神神 羽羽 都都 海海 藤籐`

const canonical = new Map<string, string>()
for (const group of lines.split(/\s+/)) {
  const [head, ...others] = Array.from(group.normalize("NFKC"))
  for (const other of others)
    if (other !== head && !canonical.has(other)) canonical.set(other, canonical.get(head!) ?? head!)
}

/** Writes variant characters (髙, 﨑, 𠮷, 邊 …) with the form that everybody can type; drops variation selectors. */
export function unify(text: string): string {
  let result = ""
  for (const letter of text.replace(/[\ufe00-\ufe0f]|\udb40[\udd00-\uddef]/g, ""))
    result += canonical.get(letter) ?? letter
  return result
}
