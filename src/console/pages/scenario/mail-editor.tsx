import { Button, NumberInput, SegmentedControl, Textarea, TextInput } from "@mantine/core"
import { useRef } from "react"
import { useSay } from "../../locale.tsx"
import type { Block, MailStep } from "../../shapes/scenarios.ts"
import { say } from "../../words/scenarios-words.ts"
import { freshBlock } from "./fresh.ts"
import { insertAt, MergeTags } from "./merge-tags.tsx"

type Props = { step: MailStep; onChange: (step: MailStep) => void; readOnly: boolean; faults: Record<string, string> }

const kinds: Block["kind"][] = ["paragraph", "heading", "button", "next-videos"]

/** A mail in blocks; merge tags go in where the cursor stands. */
export function MailEditor({ step, onChange, readOnly, faults }: Props) {
  const t = useSay(say)
  const subject = useRef<HTMLInputElement>(null)
  const set = (index: number, change: Partial<Block>) =>
    onChange({ ...step, body: step.body.map((block, i) => (i === index ? ({ ...block, ...change } as Block) : block)) })
  const move = (from: number, to: number) => {
    const body = [...step.body]
    body.splice(to, 0, ...body.splice(from, 1))
    onChange({ ...step, body })
  }
  return (
    <div className="stack">
      <SegmentedControl
        aria-label={t("class")}
        value={step.class}
        readOnly={readOnly}
        onChange={(value) => onChange({ ...step, class: value as MailStep["class"] })}
        data={(["advertising", "transactional"] as const).map((value) => ({ value, label: t(`classOf.${value}`) }))}
      />
      <p className="quiet">{t(`classHint.${step.class}`)}</p>
      <div>
        <TextInput
          ref={subject}
          label={t("subject")}
          value={step.subject}
          readOnly={readOnly}
          error={faults.subject}
          onChange={(event) => onChange({ ...step, subject: event.currentTarget.value })}
        />
        {!readOnly && (
          <MergeTags onInsert={(tag) => onChange({ ...step, subject: insertAt(subject.current, step.subject, tag) })} />
        )}
      </div>
      <div>
        {step.body.map((block, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no other name than their place
          <div className="block" key={index}>
            <BlockFields
              block={block}
              onChange={(change) => set(index, change)}
              readOnly={readOnly}
              fault={(name) => faults[`body.${index}.${name}`]}
            />
            {!readOnly && (
              <span className="block__acts">
                <button
                  type="button"
                  className="small-act"
                  aria-label={t("up")}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className="small-act"
                  aria-label={t("down")}
                  disabled={index === step.body.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  ↓
                </button>
                <button
                  type="button"
                  className="small-act"
                  aria-label={t("removeBlock")}
                  disabled={step.body.length === 1}
                  onClick={() => onChange({ ...step, body: step.body.filter((_, i) => i !== index) })}
                >
                  ×
                </button>
              </span>
            )}
          </div>
        ))}
      </div>
      {!readOnly && (
        <div className="row">
          {kinds.map((kind) => (
            <Button
              key={kind}
              size="xs"
              onClick={() => onChange({ ...step, body: [...step.body, freshBlock(kind, t)] })}
            >
              + {t(`block.${kind}`)}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}

type FieldsProps = {
  block: Block
  onChange: (change: Partial<Block>) => void
  readOnly: boolean
  fault: (name: string) => string | undefined
}

function BlockFields({ block, onChange, readOnly, fault }: FieldsProps) {
  const t = useSay(say)
  const area = useRef<HTMLTextAreaElement>(null)
  if (block.kind === "next-videos")
    return (
      <NumberInput
        label={t("block.next-videos")}
        description={t("nextVideosHint")}
        min={1}
        max={6}
        w={220}
        value={block.count}
        readOnly={readOnly}
        error={fault("count")}
        onChange={(count) => onChange({ count: Number(count) || 1 })}
      />
    )
  if (block.kind === "button")
    return (
      <div className="pair">
        <TextInput
          label={t("buttonLabel")}
          value={block.label}
          readOnly={readOnly}
          error={fault("label")}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
        <TextInput
          label={t("buttonUrl")}
          description={t("buttonUrlHint")}
          value={block.url}
          readOnly={readOnly}
          error={fault("url")}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      </div>
    )
  return (
    <div>
      <Textarea
        ref={area}
        label={t(`block.${block.kind}`)}
        autosize
        minRows={block.kind === "heading" ? 1 : 2}
        value={block.text}
        readOnly={readOnly}
        error={fault("text")}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
      />
      {!readOnly && <MergeTags onInsert={(tag) => onChange({ text: insertAt(area.current, block.text, tag) })} />}
    </div>
  )
}
