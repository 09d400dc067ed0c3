// The promises of ARCHITECTURE.md that a compiler does not keep: directions, doors, sizes, owners, keys.
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"

const levels = [
  ["platform", "ui"],
  ["events"],
  ["identity"],
  ["crm"],
  ["audience"],
  ["messaging"],
  ["membership", "billing", "support"],
  ["content"],
  ["journeys", "site", "reports"],
  ["connectors"],
  ["replay"],
  ["demo"],
  ["processes"],
]
const contents = ["main.ts", "routes.ts", "facts.ts", "reactions.ts", "schedule.ts", "database.ts", "config.ts"]
const exemptFromSize = /\.(json)$|words\.ts$|variants\.ts$/

const levelOf = new Map(levels.flatMap((names, level) => names.map((name) => [name, level])))
const faults = []
const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

const database = readFileSync("src/database.ts", "utf8")
const ownerOf = new Map()
for (const [, module, list] of database.matchAll(/^ {2}(\w+): \[([^\]]*)\]/gm))
  for (const [, table] of list.matchAll(/"(\w+)"/g)) ownerOf.set(table, module)
const lookUps = [...database.match(/lookUps = \[([^\]]*)\]/)[1].matchAll(/"(\w+)"/g)].map((found) => found[1])

for (const path of sourcesIn("src")) checkFile(path)
for (const path of ["test", "bench", "tools"].flatMap(sourcesIn)) checkSize(path, readFileSync(path, "utf8"))
checkModules()
checkTables()
for (const path of readdirSync("bin")) {
  const lines = readFileSync(join("bin", path), "utf8").trimEnd().split("\n").length
  if (lines > 20) faults.push(`bin/${path}: ${lines} lines, at most 20`)
}
if (faults.length > 0) {
  console.log(faults.join("\n"))
  process.exit(1)
}

function checkFile(path) {
  const text = readFileSync(path, "utf8")
  const test = /\.test\.tsx?$/.test(path)
  const module = moduleOf(path)
  checkSize(path, text)
  if (/\bprocess\.env\b/.test(text) && path !== "src/config.ts" && !test)
    faults.push(`${path}: only config.ts reads process.env`)
  for (const [, from] of text.matchAll(/(?:^|\n)\s*(?:import|export)[^"'\n;]*(?:\{[^}]*\}[^"'\n]*)?["']([^"']+)["']/g))
    checkImport(path, module, from, test)
  if (!test && module) checkWrites(path, module, text)
}

function checkSize(path, text) {
  const lines = text.trimEnd().split("\n").length
  if (lines > 400 && !exemptFromSize.test(path)) faults.push(`${path}: ${lines} lines, at most 400`)
}

function checkImport(path, module, from, test) {
  const http = /^(hono|@hono\/)/.test(from)
  if (
    http &&
    !test &&
    module &&
    !["platform", "ui", "processes"].includes(module) &&
    !path.includes("/web/") &&
    !path.startsWith("src/console")
  )
    faults.push(`${path}: HTTP (${from}) belongs under web/`)
  if (!from.startsWith(".")) return
  const target = normalize(join(dirname(path), from))
  if (!target.startsWith("src/")) {
    if (!test) faults.push(`${path}: imports ${target}, outside src`)
    return
  }
  const other = moduleOf(target)
  if (module && !other && contents.includes(target.slice(4))) {
    if (!test && module !== "processes") faults.push(`${path}: a module may not import the contents page ${target}`)
    return
  }
  if (!module || !other) return
  if (other === module) {
    if (
      target.includes(`/${module}/web/`) &&
      !path.includes(`/${module}/web/`) &&
      !/\/index\.tsx?$/.test(path) &&
      !test
    )
      faults.push(`${path}: the domain may not import its own web/ (${target})`)
    return
  }
  if (["console", "browser"].includes(module) || ["console", "browser"].includes(other)) {
    if (module !== "console" || !["platform", "ui"].includes(other))
      faults.push(`${path}: ${module} and ${other} meet over HTTP only`)
    return
  }
  if (other === "platform") return
  if (!target.endsWith("/index.ts") && !(other === "ui" && !test))
    faults.push(`${path}: imports past the door of ${other} (${target})`)
  if (test) return
  const [mine, theirs] = [levelOf.get(module), levelOf.get(other)]
  if (mine === undefined || theirs === undefined)
    faults.push(`${path}: ${mine === undefined ? module : other} has no level`)
  else if (theirs >= mine && !(other === "ui" && mine > 0))
    faults.push(`${path}: ${module} may not import ${other} (${theirs === mine ? "sideways" : "upwards"})`)
}

function checkWrites(path, module, text) {
  const writes = [
    ...text.matchAll(/\b(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*"(\w+)/g),
    ...text.matchAll(
      /\b(?:insert into|delete from|update|truncate)\s+"?([a-z_]+)"?\b(?=\s*(?:\(|set\b|\w+ set\b|where|using|as\b|select|values|\n|`))/g,
    ),
  ]
  for (const [, name] of writes) {
    const table = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const owner = ownerOf.get(table)
    if (owner && owner !== module) faults.push(`${path}: writes ${table}, which belongs to ${owner}`)
  }
}

function checkModules() {
  for (const entry of readdirSync("src", { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    if (!existsSync(join("src", entry.name, "README.md"))) faults.push(`src/${entry.name}: a module needs a README.md`)
    if (
      levelOf.has(entry.name) &&
      !["platform", "processes"].includes(entry.name) &&
      !existsSync(join("src", entry.name, "index.ts"))
    )
      faults.push(`src/${entry.name}: a module needs its door, index.ts`)
  }
}

function checkTables() {
  for (const file of readdirSync("migrations").filter((name) => name.endsWith(".sql"))) {
    const text = readFileSync(join("migrations", file), "utf8").replace(/--.*$/gm, "")
    for (const [, name, body] of text.matchAll(/create table (?:if not exists )?"?(\w+)"? \(([\s\S]*?)\n\)/g)) {
      if (!ownerOf.has(name)) faults.push(`${file}: table ${name} has no owner in src/database.ts`)
      const personal = /^\s*contact_id\b/m.test(body)
      if (!personal || lookUps.includes(name)) continue
      const begins = /primary key \(contact_id\b/.test(body) || /^\s*contact_id uuid primary key/m.test(body)
      if (!begins) faults.push(`${file}: the primary key of ${name} must begin with contact_id`)
      for (const [, columns] of body.matchAll(/^\s*unique \(([^)]*)\)/gm))
        if (!columns.startsWith("contact_id"))
          faults.push(`${file}: a unique key of ${name} must begin with contact_id`)
    }
  }
}

function moduleOf(path) {
  const [, first, second] = path.split("/")
  return second === undefined ? undefined : first
}
