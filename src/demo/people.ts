/** Invented people for the demo: everyday Japanese names with their kana, put together by number so that each run makes the same ones. */
export type Person = {
  familyName: string
  givenName: string
  familyKana: string
  givenKana: string
  address: string
  phone: string
  postalCode: string
  company?: string
  department?: string
}

/** The n-th invented member. */
export function person(n: number): Person {
  const [familyName, familyKana, familyRoman] = families[n % families.length]!
  const [givenName, givenKana, givenRoman] = givens[(n * 7 + Math.floor(n / families.length)) % givens.length]!
  const postalCode = places[(n * 5) % places.length]!
  const business = n % 3 === 0 ? businesses[(n * 11) % businesses.length]! : undefined
  return {
    familyName,
    givenName,
    familyKana,
    givenKana,
    address: `${givenRoman}.${familyRoman}${n > 60 ? n : ""}@example.jp`,
    phone: `${["090", "080", "070"][n % 3]}-${String(2000 + ((n * 137) % 7000))}-${String(1000 + ((n * 53) % 9000))}`,
    postalCode,
    ...(business ? { company: business, department: departments[n % departments.length]! } : {}),
  }
}

const families: [string, string, string][] = [
  ["伊藤", "イトウ", "ito"],
  ["渡辺", "ワタナベ", "watanabe"],
  ["山本", "ヤマモト", "yamamoto"],
  ["中村", "ナカムラ", "nakamura"],
  ["小林", "コバヤシ", "kobayashi"],
  ["加藤", "カトウ", "kato"],
  ["吉田", "ヨシダ", "yoshida"],
  ["山田", "ヤマダ", "yamada"],
  ["佐々木", "ササキ", "sasaki"],
  ["山口", "ヤマグチ", "yamaguchi"],
  ["松本", "マツモト", "matsumoto"],
  ["井上", "イノウエ", "inoue"],
  ["木村", "キムラ", "kimura"],
  ["林", "ハヤシ", "hayashi"],
  ["斎藤", "サイトウ", "saito"],
  ["清水", "シミズ", "shimizu"],
  ["山崎", "ヤマザキ", "yamazaki"],
  ["森", "モリ", "mori"],
  ["池田", "イケダ", "ikeda"],
  ["橋本", "ハシモト", "hashimoto"],
  ["阿部", "アベ", "abe"],
  ["石川", "イシカワ", "ishikawa"],
  ["山下", "ヤマシタ", "yamashita"],
  ["中島", "ナカジマ", "nakajima"],
  ["前田", "マエダ", "maeda"],
  ["藤田", "フジタ", "fujita"],
  ["後藤", "ゴトウ", "goto"],
  ["小川", "オガワ", "ogawa"],
  ["岡田", "オカダ", "okada"],
  ["長谷川", "ハセガワ", "hasegawa"],
  ["村上", "ムラカミ", "murakami"],
  ["近藤", "コンドウ", "kondo"],
  ["石井", "イシイ", "ishii"],
  ["髙橋", "タカハシ", "takahashi"],
  ["坂本", "サカモト", "sakamoto"],
  ["遠藤", "エンドウ", "endo"],
  ["青木", "アオキ", "aoki"],
  ["藤井", "フジイ", "fujii"],
  ["西村", "ニシムラ", "nishimura"],
  ["福田", "フクダ", "fukuda"],
]

const givens: [string, string, string][] = [
  ["恵", "メグミ", "megumi"],
  ["健太", "ケンタ", "kenta"],
  ["美咲", "ミサキ", "misaki"],
  ["大輔", "ダイスケ", "daisuke"],
  ["陽子", "ヨウコ", "yoko"],
  ["拓也", "タクヤ", "takuya"],
  ["由美子", "ユミコ", "yumiko"],
  ["翔", "ショウ", "sho"],
  ["裕子", "ユウコ", "yuko"],
  ["誠", "マコト", "makoto"],
  ["愛", "アイ", "ai"],
  ["直樹", "ナオキ", "naoki"],
  ["真由美", "マユミ", "mayumi"],
  ["和也", "カズヤ", "kazuya"],
  ["千尋", "チヒロ", "chihiro"],
  ["隆", "タカシ", "takashi"],
  ["さくら", "サクラ", "sakura"],
  ["剛", "ツヨシ", "tsuyoshi"],
  ["葵", "アオイ", "aoi"],
  ["亮", "リョウ", "ryo"],
  ["久美子", "クミコ", "kumiko"],
  ["修", "オサム", "osamu"],
  ["奈々", "ナナ", "nana"],
  ["哲也", "テツヤ", "tetsuya"],
  ["彩", "アヤ", "aya"],
  ["浩一", "コウイチ", "koichi"],
  ["麻衣", "マイ", "mai"],
]

const places = [
  "390-0874",
  "100-0005",
  "530-0001",
  "460-0008",
  "812-0011",
  "980-0811",
  "060-0001",
  "730-0011",
  "380-0921",
  "220-0011",
  "330-0802",
  "600-8216",
]

const businesses = [
  "株式会社みのり商店",
  "有限会社さかい工務店",
  "合同会社はなみずき",
  "株式会社ひだまり工房",
  "株式会社いずみ食品",
  "株式会社つばさデザイン",
]
const departments = ["総務部", "経理部", "営業部", "代表"]
