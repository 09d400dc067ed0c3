import fc from "fast-check"
import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { ProgressSteps, Poster, stripPath, VideoCard, WatchStrip, Clauses, Phrases } from "./index.ts"

const range = fc.tuple(fc.integer({ min: -100, max: 1_500 }), fc.integer({ min: -100, max: 1_500 }))

test("a strip draws nothing outside the video and exactly the seconds inside it", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), fc.integer({ min: 1, max: 1_200 }), (ranges, duration) => {
      const drawn = [...stripPath(ranges, duration).matchAll(/M(\d+) 0h(\d+)v1h-(\d+)z/g)].map((part) =>
        part.map(Number),
      )
      const inside = ranges
        .map(([from, to]) => Math.min(to, duration) - Math.max(from, 0))
        .filter((seconds, index) => seconds > 0 && ranges[index]![0] < duration)
      expect(drawn.map((part) => part[2])).toEqual(inside)
      for (const [, start, width, back] of drawn) {
        expect(start! + width!).toBeLessThanOrEqual(duration)
        expect(back).toBe(width)
      }
    }),
  )
})

test("a strip says in words how much was watched", () => {
  const say = (complete: boolean, ranges: [number, number][]) =>
    renderToStaticMarkup(<WatchStrip ranges={ranges} duration={600} complete={complete} locale="ja" />)
  expect(say(false, [])).toContain(`aria-label="まだ視聴していません"`)
  expect(say(false, [[0, 300]])).toContain(`aria-label="50%視聴済み"`)
  expect(say(true, [[0, 560]])).toContain(`aria-label="完了(93%視聴)"`)
  expect(renderToStaticMarkup(<WatchStrip ranges={[[0, 10]]} duration={600} />)).toContain(`aria-hidden="true"`)
})

test("the same video always gets the same drawing, and a colour that is none is not used", () => {
  const poster = (artwork?: { ground?: string; motif?: string }) =>
    renderToStaticMarkup(<Poster seed="0198-kakutei" artwork={artwork} />)
  expect(poster()).toBe(poster())
  expect(poster({ ground: "#123456", motif: "3" })).toContain(`poster--3" style="--ground:#123456"`)
  expect(poster({ ground: "red;--x:url(//evil)" })).toBe(poster())
  expect(poster({ motif: "nonsense" })).toContain("poster--0")
})

test("cards drawn once are not mixed up, and what they hold is text", () => {
  const card = (title: string, why: string) =>
    renderToStaticMarkup(<VideoCard href="/videos/a" seed="a" durationSeconds={754} title={title} why={why} />)
  expect(card("<script>", "理由")).toContain("&lt;script&gt;")
  expect(card("第1回", "順番のため")).toContain("12:34")
  expect(card("第1回", "順番のため")).toBe(card("第1回", "順番のため"))
  expect(card("第1回", "新しいため")).not.toContain("順番")
})

test("progress shows whole steps, and one bar when there are many", () => {
  expect(renderToStaticMarkup(<ProgressSteps done={3} needed={5} label="x" />).match(/is-on/g)).toHaveLength(3)
  expect(renderToStaticMarkup(<ProgressSteps done={9} needed={5} label="x" />).match(/is-on/g)).toHaveLength(5)
  expect(renderToStaticMarkup(<ProgressSteps done={50} needed={200} label="x" />)).toContain("width:25%")
  expect(renderToStaticMarkup(<ProgressSteps done={0} needed={0} label="x" />)).toContain("width:100%")
})

test("phrases keep counts in one piece and lose no letter", () => {
  const text = "確定申告の応用 第3回「経費と按分」90%・8分42秒"
  const html = renderToStaticMarkup(<Phrases text={text} />)
  expect(html).toContain(`<span class="nobr">第3回</span>`)
  expect(html.replaceAll(/<[^>]+>/g, "")).toBe(text)
  expect(renderToStaticMarkup(<Clauses text="見た分だけ、次が見える。" />)).toBe(
    "<span>見た分だけ、</span><span>次が見える。</span>",
  )
})
