import { audienceFacts } from "./audience/index.ts"
import { watchFacts } from "./content/index.ts"
import { facts as crmFacts } from "./crm/index.ts"
import { eventFacts } from "./events/facts.ts"
import { facts as membershipFacts } from "./membership/index.ts"
import type { Fact } from "./platform/facts.ts"

/** Which questions can be asked about a contact: every fact the modules offer. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export const facts: Fact<any>[] = [...eventFacts, ...crmFacts, ...membershipFacts, ...watchFacts, ...audienceFacts]
