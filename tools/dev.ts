// `npm run dev [serve|work]`: runs a process from the sources; DATABASE_URL says on which database.
import { run } from "../src/processes/run.ts"

const [name = "serve", ...args] = process.argv.slice(2)
await run(name, args)
