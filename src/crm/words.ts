import { words } from "../platform/words.ts"

export const say = words(
  {
    "fault.familyKana": "カタカナで入力してください（ひらがな・半角カナは自動で変換します）。",
    "fault.givenKana": "カタカナで入力してください（ひらがな・半角カナは自動で変換します）。",
    "fault.phone": "電話番号を市外局番から入力してください（例: 090-1234-5678）。",
    "fault.postalCode": "郵便番号を7桁の数字で入力してください（例: 390-0874）。",
    "fault.prefecture": "都道府県を一覧から選んでください。",
    "fault.long": "{max}文字以内で入力してください。",
    "fault.email": "メールアドレスを確認してください（例: hanako@example.jp）。",
    "fault.note": "メモは1文字以上10,000文字以内で入力してください。",
    "fault.future": "いつからかは、いまより前の日時で指定してください。",
    withdrawn: "退会した方の同意は記録できません。再入会のときに、あらためて同意していただきます。",
    noSuchContact: "この顧客は見つかりませんでした。削除されたか、アドレスが正しくない可能性があります。",
    protectedProperty: "「{name}」は保護された項目のため、この方法では変更できません。",
  },
  {
    "fault.familyKana": "Please enter the reading in katakana (hiragana and half-width kana are converted).",
    "fault.givenKana": "Please enter the reading in katakana (hiragana and half-width kana are converted).",
    "fault.phone": "Please enter the full phone number, for example 090-1234-5678.",
    "fault.postalCode": "Please enter the seven digits of the postal code, for example 390-0874.",
    "fault.prefecture": "Please choose a prefecture from the list.",
    "fault.long": "Please keep this to {max} characters.",
    "fault.email": "Please check the e-mail address, for example hanako@example.jp.",
    "fault.note": "A note has between 1 and 10,000 characters.",
    "fault.future": "Since when must not lie in the future.",
    withdrawn: "They have withdrawn, so no consent can be recorded. They will be asked again when they join again.",
    noSuchContact: "There is no such contact. It may have been removed, or the address is wrong.",
    protectedProperty: "“{name}” is protected and cannot be changed this way.",
  },
)
