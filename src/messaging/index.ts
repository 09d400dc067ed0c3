import "./tables.ts"

export * as accountMails from "./account-mails.ts"
export {
  type Block,
  buttonSchema,
  type Card,
  headingSchema,
  paragraphSchema,
  subjectSchema,
} from "./blocks.ts"
export * as deliveries from "./deliveries.ts"
export * as holding from "./holding.ts"
export * as house from "./house.ts"
export * as letters from "./letters.ts"
export * as links from "./links.ts"
export { quietUntil } from "./quiet.ts"
export * from "./refusals.ts"
export * as outbox from "./outbox.ts"
export * as senders from "./senders.ts"
export * as sending from "./sending.ts"
export * as standings from "./standings.ts"
export * as suppressions from "./suppressions.ts"
export { deliveryStates, type MailClass, mailClasses } from "./tables.ts"
export * as unsubscribing from "./unsubscribing.ts"
