import type { ColumnType, Generated } from "kysely"

declare module "../platform/db.ts" {
  interface Database {
    profile: ProfileTable
    contactEmail: {
      contactId: string
      addressKey: string
      address: string
      isPrimary: ColumnType<boolean, boolean | undefined>
      verifiedAt: Date | null
      bouncedAt: Date | null
      addedAt: Date
    }
    contactProperty: {
      contactId: string
      name: string
      since: Date
      until: Date | null
      confirmedAt: Date
      value: ColumnType<unknown, string, string>
      source: string
    }
    consent: {
      contactId: string
      purpose: string
      since: Date
      until: Date | null
      granted: boolean
      wording: string
      place: string
    }
    note: { contactId: string; id: string; body: string; writtenBy: string | null; writtenAt: Date }
  }
}

type ProfileTable = {
  contactId: string
  number: Generated<number>
  familyName: Generated<string>
  givenName: Generated<string>
  familyKana: Generated<string>
  givenKana: Generated<string>
  nameKana: Generated<string>
  phone: string | null
  phoneKey: string | null
  postalCode: string | null
  prefecture: string | null
  city: string | null
  town: string | null
  street: string | null
  building: string | null
  company: string | null
  companyKey: string | null
  department: string | null
  title: string | null
  searchKey: Generated<string>
  changedAt: Date
}
