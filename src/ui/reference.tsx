import { words } from "../platform/words.ts"
import { useFrame } from "./frame.ts"
import { Page } from "./pages.tsx"

type Schema = {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  required?: string[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  description?: string
  example?: unknown
}
type Body = { content?: Record<string, { schema?: Schema }> }
type Operation = {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[]
  requestBody?: Body
  responses?: Record<string, Body & { description?: string }>
}
/** As much of an OpenAPI document as the page shows. */
export type ApiDocument = {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

/** The reference of the API, made from its own OpenAPI document: every operation with its parameters, bodies and answers. */
export function ApiReference({ document, origin }: { document: ApiDocument; origin: string }) {
  const t = say(useFrame().locale)
  const groups = byTag(document)
  return (
    <Page title={t("title")} nav={false}>
      <div className="apidoc">
        <nav className="apidoc__nav" aria-label={t("contents")}>
          {groups.map(([tag]) => (
            <a key={tag} href={`#${anchor(tag)}`}>
              {tag}
            </a>
          ))}
          <a href="#schemas">{t("schemas")}</a>
        </nav>
        <div className="apidoc__body">
          <h1>{t("title")}</h1>
          <p>{t("intro")}</p>
          <pre className="apidoc__code">{`curl -H "Authorization: Bearer mst_…" "${origin}/api/contacts?search=佐藤"`}</pre>
          <p>
            <a href="/api/openapi.json">/api/openapi.json</a>
          </p>
          {groups.map(([tag, operations]) => (
            <section key={tag} id={anchor(tag)}>
              <h2>{tag}</h2>
              {operations.map(({ method, path, operation }) => (
                <OperationView key={method + path} method={method} path={path} operation={operation} t={t} />
              ))}
            </section>
          ))}
          <section id="schemas">
            <h2>{t("schemas")}</h2>
            {Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => (
              <details key={name} id={`schema-${name}`}>
                <summary>
                  <code>{name}</code>
                </summary>
                <SchemaTable schema={schema} />
              </details>
            ))}
          </section>
        </div>
      </div>
    </Page>
  )
}

function OperationView({
  method,
  path,
  operation,
  t,
}: {
  method: string
  path: string
  operation: Operation
  t: (key: string) => string
}) {
  const body = schemaOf(operation.requestBody)
  return (
    <details className="apidoc__operation">
      <summary>
        <b className={`apidoc__method apidoc__method--${method}`}>{method.toUpperCase()}</b>
        <code>{`/api${path}`}</code>
        <span>{operation.summary}</span>
      </summary>
      {operation.description && <p>{operation.description}</p>}
      {(operation.parameters?.length ?? 0) > 0 && (
        <>
          <h3>{t("parameters")}</h3>
          <dl className="apidoc__list">
            {operation.parameters!.map((one) => (
              <div key={one.name}>
                <dt>
                  <code>{one.name}</code> <small>{`${one.in}${one.required ? ` · ${t("required")}` : ""}`}</small>
                </dt>
                <dd>
                  <SchemaName schema={one.schema} /> {one.description}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {body && (
        <>
          <h3>{t("body")}</h3>
          <SchemaTable schema={body} />
        </>
      )}
      <h3>{t("answers")}</h3>
      <dl className="apidoc__list">
        {Object.entries(operation.responses ?? {}).map(([status, answer]) => (
          <div key={status}>
            <dt>
              <code>{status}</code> <small>{answer.description}</small>
            </dt>
            <dd>
              <SchemaTable schema={schemaOf(answer)} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

function SchemaTable({ schema }: { schema: Schema | undefined }) {
  if (!schema) return null
  if (!schema.properties) return <SchemaName schema={schema} />
  return (
    <dl className="apidoc__list">
      {Object.entries(schema.properties).map(([name, one]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            {schema.required?.includes(name) ? "" : <small> ?</small>}
          </dt>
          <dd>
            <SchemaName schema={one} /> {one.description}
            {one.properties && <SchemaTable schema={one} />}
            {one.items?.properties && <SchemaTable schema={one.items} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function SchemaName({ schema }: { schema: Schema | undefined }) {
  if (!schema) return null
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1)!
    return <a href={`#schema-${name}`}>{name}</a>
  }
  if (schema.items)
    return (
      <>
        [<SchemaName schema={schema.items} />]
      </>
    )
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices)
    return choices.map((one, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the choices of one schema never change order
      <span key={index}>
        {index > 0 && " | "}
        <SchemaName schema={one} />
      </span>
    ))
  if (schema.enum) return <code>{schema.enum.map((value) => JSON.stringify(value)).join(" | ")}</code>
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any")
  return <code>{schema.format ? `${type} (${schema.format})` : type}</code>
}

function schemaOf(body: Body | undefined): Schema | undefined {
  return Object.values(body?.content ?? {})[0]?.schema
}

function byTag(document: ApiDocument): [string, { method: string; path: string; operation: Operation }[]][] {
  const groups = new Map<string, { method: string; path: string; operation: Operation }[]>()
  for (const [path, methods] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? "Other"
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation }])
    }
  return [...groups].sort(([a], [b]) => a.localeCompare(b))
}

function anchor(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(/\W+/g, "-")}`
}

const say = words(
  {
    title: "API リファレンス",
    contents: "目次",
    intro:
      "コンソールでできることは、すべてこの API でもできます。コンソールの「設定」で作った API トークンを Authorization ヘッダーに付けて呼び出してください。一覧は '{ data, nextCursor }' を返し、続きは ?cursor= で取得します。エラーは application/problem+json です。",
    parameters: "パラメーター",
    required: "必須",
    body: "本文",
    answers: "応答",
    schemas: "データの形",
  },
  {
    title: "API reference",
    contents: "Contents",
    intro:
      "Whatever the console does, this API does. Send an API token made in the console's settings in the Authorization header. Lists answer '{ data, nextCursor }'; ask for the rest with ?cursor=. Errors are application/problem+json.",
    parameters: "Parameters",
    required: "required",
    body: "Body",
    answers: "Answers",
    schemas: "Shapes",
  },
)
