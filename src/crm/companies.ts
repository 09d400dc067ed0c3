import { nameKey } from "./names.ts"

const forms =
  "株式会社 有限会社 合同会社 合資会社 合名会社 一般社団法人 公益社団法人 一般財団法人 公益財団法人 医療法人社団 医療法人 社会福祉法人 学校法人 特定非営利活動法人 npo法人 (株) (有) (同) (資) (名) (一社) (公社) (一財) (公財) (医) (社福) (学) (特非)".split(
    " ",
  )

/** What company names are compared by: without the legal form before or after the name, width, case, spaces and old characters. */
export function companyKey(text: string): string {
  let name = text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "")
  for (let changed = true; changed; ) {
    changed = false
    for (const form of forms) {
      if (name.startsWith(form)) name = name.slice(form.length)
      else if (name.endsWith(form)) name = name.slice(0, -form.length)
      else continue
      changed = true
    }
  }
  return nameKey(name) || nameKey(text)
}
