// The slides as HTML: one function per kind; `step(i, n)` ties part i of n to the cue that brings it.

import { coverArt } from './art.mjs'

const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
const check = `<svg viewBox="0 0 22 22"><circle cx="11" cy="11" r="11" fill="var(--c)"/><path d="M6 11.5l3.5 3.5L16 8" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/></svg>`
const text = (x, y, value, { size = 16, weight = 400, fill = 'var(--ink)', anchor = 'middle' } = {}) =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" style="fill:${fill}" text-anchor="${anchor}" class="num">${value}</text>`
const soft = { fill: 'var(--ink-2)', size: 15 }

const kinds = {
  cover: (d, step, lesson) =>
    `<h1 ${d.lines.some((l) => l.length > 6) ? 'class="long"' : ''}>${d.lines.join('<br>')}</h1><p ${step(1, 2)}>${d.lead}</p>${coverArt(lesson)}`,

  list: (d, step) =>
    `<ul class="list">${d.items.map(([t, s], i) => `<li ${step(i, d.items.length)}><i class="num">${i + 1}</i><b>${t}</b><span>${s}</span></li>`).join('')}</ul>`,

  pair: (d, step) =>
    `<div class="pair ${d.a[1].length < 3 ? 'airy' : ''}">${[d.a, d.b].map(([t, items], i) => `<div ${step(i, 2)}><h3>${t}</h3><ul>${items.map((x) => `<li>${x}</li>`).join('')}</ul></div>`).join('')}</div>`,

  formula: (d, step) => {
    const isSign = (x) => x.length === 1 && '＋−×＝→'.includes(x)
    const row = (cells) =>
      cells.map((x, i) => (isSign(x) ? `<em>${x}</em>` : `<span class="${cells[i - 1] === '＝' ? 'out' : ''}">${x}</span>`)).join('')
    return `<div class="formula ${d.rows.length < 3 ? 'airy' : ''}">${d.rows.map((r, i) => `<div ${step(i, d.rows.length)}>${row(r)}</div>`).join('')}</div>`
  },

  flow: (d, step) =>
    `<div class="flow">${d.steps.map(([t, s], i) => `<div ${step(i, d.steps.length)}><i class="num">${i + 1}</i><b>${t}</b><span>${s}</span></div>`).join('')}</div>`,

  table: (d, step) => {
    const last = d.say.length - 1
    const cell = (x, r, c) => `<td class="num ${d.hotCell?.[0] === r && d.hotCell?.[1] === c ? 'hot' : ''}"><span ${step(r, d.rows.length)}>${x}</span></td>`
    const kind = (r) => (d.sum === r ? 'sum' : d.hot === r ? 'hot' : '')
    return `<table><tr>${d.cols.map((c) => `<th>${c}</th>`).join('')}</tr>${d.rows.map((cells, r) => `<tr class="${kind(r)}">${cells.map((x, c) => cell(x, r, c)).join('')}</tr>`).join('')}</table>${note(d, step, last)}`
  },

  calendar: (d, step) => {
    const count = d.months ?? 16
    const size = 568 / count
    const boxes = [...Array(count).keys()]
      .map((m) => `<rect x="${m * size + 1}" y="22" width="${size - 2}" height="40" rx="3" fill="${m < 12 ? '#fff' : '#e6dfd2'}" stroke="#bfb4a2"/>${text((m + 0.5) * size, 48, months[m % 12], { size: 16 })}`)
      .join('')
    const head = text(1, 13, 'この年', { ...soft, size: 14, anchor: 'start' }) + (count > 12 ? text(12 * size + 1, 13, '翌年', { ...soft, size: 14, anchor: 'start' }) : '')
    const mark = ({ from, to, label, tone }, i) => {
      const colour = tone === 'caution' ? 'var(--caution)' : 'var(--c)'
      const inside = (to - from) * size > 160
      const x = from * size + 1
      const width = (to - from) * size - 2
      return `<g class="still" ${step(i, d.marks.length)}><rect x="${x}" y="72" width="${width}" height="${inside ? 38 : 38}" rx="4" fill="${colour}"/>${inside ? text(x + width / 2, 97, label, { fill: '#fff', weight: 650, size: 17 }) : text(x + width / 2, 132, label, { fill: colour, weight: 650, size: 17 })}</g>`
    }
    return `<svg class="chart">${head}${boxes}${d.marks.map(mark).join('')}</svg>${note(d, step, d.say.length - 1)}`
  },

  timeline: (d, step) => {
    const xs = d.points.map((_, i) => 70 + (i * 428) / (d.points.length - 1))
    const dots = d.points
      .map(([when, what, strong], i) => `<g class="still" ${step(Math.min(i, 1), 2)}><circle cx="${xs[i]}" cy="80" r="${strong ? 13 : 10}" fill="${strong ? 'var(--c)' : 'var(--paper)'}" stroke="var(--c)" stroke-width="3.5"/>${text(xs[i], 44, when, { size: 17, ...{ fill: 'var(--ink-2)' } })}${text(xs[i], 126, what, { size: 21, weight: 700, fill: strong ? 'var(--c)' : 'var(--ink)' })}</g>`)
      .join('')
    return `<svg class="chart"><path d="M0 80H568" stroke="#b3a793" stroke-width="3"/><path d="M556 72l12 8-12 8" fill="none" stroke="#b3a793" stroke-width="3"/>${dots}</svg>${note(d, step, d.say.length - 1)}`
  },

  split: (d, step) => {
    let x = 0
    const bars = d.parts
      .map(([label, share, amount], i) => {
        const width = (568 * share) / 100
        const at = x
        x += width
        const strong = i === 0
        return `<g class="still" ${step(i, 2)}><rect x="${at}" y="32" width="${width - 3}" height="70" rx="5" fill="${strong ? 'var(--c)' : '#dbd1c1'}"/>${text(at + 16, 62, label, { anchor: 'start', size: 19, weight: 650, fill: strong ? '#fff' : 'var(--ink)' })}${text(at + 16, 89, `${share}％`, { anchor: 'start', size: 18, fill: strong ? '#fff' : 'var(--ink-2)' })}${text(at, 130, amount, { anchor: 'start', size: 22, weight: 700, fill: strong ? 'var(--c)' : 'var(--ink-2)' })}</g>`
      })
      .join('')
    return `<svg class="chart">${text(0, 16, d.total, { anchor: 'start', size: 17, fill: 'var(--ink-2)' })}${bars}</svg>${note(d, step, 1)}`
  },

  bars: (d, step) => {
    const low = d.min ?? 0
    const bottom = 158
    const y = (v) => bottom - ((v - low) / (d.max - low)) * 148
    const slot = (d.line ? 456 : 568) / d.bars.length
    const width = Math.min(72, slot * 0.56)
    const bar = ([label, value, shown, base = 0], i) => {
      const top = y(base + value)
      const x = slot * i + (slot - width) / 2
      const colour = d.hot === i ? 'var(--caution)' : d.hot !== undefined && d.min !== undefined && i > 0 ? '#b9ad9a' : 'var(--c)'
      const ghost = d.ghost?.[i] ? `<rect x="${x}" y="${y(d.ghost[i])}" width="${width}" height="${bottom - y(d.ghost[i])}" fill="none" stroke="#fff" stroke-width="2" stroke-dasharray="5 5"/>${text(x + width / 2, y(d.ghost[i]) + 24, d.ghost[i], { size: 16, fill: '#fff' })}` : ''
      return `<g class="still" ${d.together ? step(0, 1) : step(Math.min(i, d.say.length - 1), d.say.length)}><rect x="${x}" y="${top}" width="${width}" height="${Math.max(2, y(base) - top)}" rx="2" fill="${colour}"/>${ghost}${d.line ? text(x + width / 2, top + 22, shown, { size: 18, weight: 700, fill: '#fff' }) : text(x + width / 2, top - 7, shown, { size: 18, weight: 700 })}</g>${text(slot * (i + 0.5), bottom + 22, label, { size: 15, fill: 'var(--ink-2)' })}`
    }
    const line = d.line ? `<g class="still" ${step(1, 2)}><path d="M0 ${y(d.line[0])}H462" stroke="#d08a1c" stroke-width="2.5" stroke-dasharray="7 5"/>${text(470, y(d.line[0]) + 5, d.line[1], { anchor: 'start', size: 15, fill: '#8a5408', weight: 650 })}</g>` : ''
    return `<p style="font-size:15px;color:var(--ink-2);margin:-11px 0 6px">${d.unit}</p><svg class="chart">${d.bars.map(bar).join('')}<path d="M0 ${y(0)}H568" stroke="var(--ink)" stroke-width="1.5"/>${line}</svg>`
  },

  statement: (d, step) => `${d.big.map((l) => `<p>${l}</p>`).join('')}<small ${step(1, 2)}>${d.sub}</small>`,

  doc: (d, step) => {
    const spots = d.marks ? { number: [230, 41], rate: [116, 134], tax: [230, 145] } : { 0: [26, 32], 1: [26, 84], 2: [218, 142], 3: [26, 172] }
    const keys = d.marks ?? Object.keys(spots)
    const bit = (x, y, width, o = 0.3, h = 6) => `<rect x="${x}" y="${y}" width="${width}" height="${h}" rx="2" fill="var(--ink)" fill-opacity="${o}"/>`
    const body = d.marks
      ? text(34, 36, '請求書', { size: 15, weight: 700, anchor: 'start' }) + text(200, 45, 'T 0000000000000', { size: 10.5, anchor: 'end', fill: 'var(--ink)' }) + bit(34, 52, 72) + [76, 94].map((y) => bit(34, y, 84, 0.18) + bit(170, y, 30, 0.18)).join('') + `<path d="M34 114H206" stroke="var(--ink)"/>` + text(34, 138, '10％対象', { size: 12, anchor: 'start' }) + text(34, 160, '8％対象', { size: 12, anchor: 'start' }) + text(204, 138, '税 1,234', { size: 12, anchor: 'end' }) + text(204, 160, '税 543', { size: 12, anchor: 'end' })
      : text(44, 37, '株式会社○○ 御中', { size: 13, weight: 650, anchor: 'start' }) + `<path d="M44 44H150" stroke="var(--ink)"/>` + bit(168, 28, 36, 0.18) + [72, 86, 100].map((y, i) => bit(44, y, [70, 84, 58][i], 0.2) + bit(170, y, 34, 0.2)).join('') + `<path d="M44 114H206" stroke="var(--ink)"/>` + text(200, 130, '税率10％', { size: 11, anchor: 'end', fill: 'var(--ink-2)' }) + text(200, 150, '55,000円', { size: 15, weight: 700, anchor: 'end' }) + text(44, 176, '支払期限・お振込先', { size: 11, anchor: 'start', fill: 'var(--ink-2)' })
    const dot = (k, i) => `<g class="still" ${step(i, keys.length)}><circle cx="${spots[k][0]}" cy="${spots[k][1]}" r="12" fill="var(--c)"/>${text(spots[k][0], spots[k][1] + 5, i + 1, { size: 14, weight: 650, fill: '#fff' })}</g>`
    return `<div class="doc ${d.legend.length === 3 ? 'three' : ''}"><svg viewBox="0 0 240 190"><rect x="10" y=".5" width="220" height="189" rx="4" fill="#fffdf9" stroke="#b9ae9b"/>${body}${keys.map(dot).join('')}</svg><ul>${d.legend.map(([t, s], i) => `<li ${step(i, d.legend.length)}><i>${i + 1}</i><div><b>${t}</b><span>${s}</span></div></li>`).join('')}</ul></div>`
  },

  parties: (d, step) => {
    const box = (x, [who, does], i, fill, ink) => `<g class="still" ${step(i, 2)}><rect x="${x}" y="14" width="186" height="112" rx="8" fill="${fill}" stroke="${fill === '#fffdf9' ? '#b9ae9b' : fill}"/>${text(x + 93, 64, who, { size: 27, weight: 700, fill: ink })}${text(x + 93, 98, does, { size: 16, fill: ink })}</g>`
    return `<svg class="chart">${box(0, d.a, 0, 'var(--c)', '#fff')}<path d="M200 84H362M350 74l14 10-14 10" fill="none" stroke="var(--c)" stroke-width="3"/>${text(284, 62, d.mid, { size: 19, weight: 700, fill: 'var(--c)' })}${box(382, d.b, 1, '#fffdf9', 'var(--ink)')}</svg>${note({ note: d.note }, step, 1)}`
  },

  receipt: (_d, step) =>
    `<svg class="chart"><path d="M40 0H250V172${[...Array(14).keys()].map((i) => `L${250 - i * 15 - 7.5} ${164}L${250 - (i + 1) * 15} 172`).join('')}Z" fill="#fffdf9" stroke="#b9ae9b"/>` +
    text(145, 24, '領 収 書', { size: 19, weight: 700 }) +
    text(145, 66, '4,400円', { size: 29, weight: 700 }) +
    `<path d="M64 82H226" stroke="var(--ink)"/>` +
    text(64, 108, '7月14日', { size: 15, anchor: 'start', fill: 'var(--ink-2)' }) +
    text(226, 108, '喫茶まちかど', { size: 15, anchor: 'end', fill: 'var(--ink-2)' }) +
    `<g class="still" ${step(1, 2)}><rect x="64" y="120" width="162" height="30" rx="3" fill="var(--caution-weak)"/>${text(145, 141, '○○様　新商品の打合せ', { size: 14, weight: 600, fill: '#8a5408' })}<path d="M232 135H290" stroke="var(--caution)" stroke-width="2"/><circle cx="290" cy="135" r="4" fill="var(--caution)"/>` +
    text(306, 127, '誰と', { size: 21, weight: 700, anchor: 'start' }) +
    text(306, 156, '何のために', { size: 21, weight: 700, anchor: 'start' }) +
    `</g>${text(306, 34, '日付・金額・店は', { size: 17, anchor: 'start', fill: 'var(--ink-2)' })}${text(306, 60, 'はじめから書いてある', { size: 17, anchor: 'start', fill: 'var(--ink-2)' })}</svg>`,

  stairs: (d, step) =>
    `<svg class="chart">${d.steps
      .map(([t, s], i) => {
        const top = 100 - i * 44
        return `<g class="still" ${step(i, 3)}><rect x="${i * 191}" y="${top}" width="186" height="${172 - top}" rx="4" fill="var(--c)" fill-opacity="${[0.66, 0.82, 1][i]}"/>${text(i * 191 + 16, top + 29, t, { anchor: 'start', size: 20, weight: 700, fill: '#fff' })}${text(i * 191 + 16, top + 52, s, { anchor: 'start', size: 15, fill: '#fff' })}</g>`
      })
      .join('')}</svg>`,

  journal: (_d, step) => {
    const side = (x, y, t, a, o = 'var(--ink)') => text(x, y, t, { anchor: 'start', size: 19, weight: 600, fill: o }) + text(x + 242, y, a, { anchor: 'end', size: 19, fill: o })
    return `<svg class="chart">${text(78, 14, '借方（左）', { ...soft, anchor: 'start' })}${text(334, 14, '貸方（右）', { ...soft, anchor: 'start' })}<path d="M0 24H568M0 158H568" stroke="var(--ink)" stroke-width="1.5"/><path d="M322 24V158M66 24V158" stroke="#bfb4a2"/><path d="M0 91H568" stroke="#bfb4a2"/>${text(0, 64, '売った日', { ...soft, size: 14, anchor: 'start' })}<g class="still" ${step(1, 3)}>${side(74, 65, '売掛金', '55,000').replace('x="316"', 'x="310"')}${side(334, 65, '売上', '55,000').replace('x="576"', 'x="560"')}</g><g class="still" ${step(2, 3)}>${text(0, 131, '入金の日', { ...soft, size: 14, anchor: 'start' })}${side(74, 132, '普通預金', '55,000').replace('x="316"', 'x="310"')}${side(334, 132, '売掛金', '55,000').replace('x="576"', 'x="560"')}</g></svg>`
  },

  funnel: (d, step) => {
    const shares = [1, 0.42, 0.24, 0.16]
    return `<svg class="chart">${d.rows
      .map(([label, n], i) => {
        const width = 268 * shares[i]
        const rate = i ? `${Math.round((n / d.rows[i - 1][1]) * 100)}％` : ''
        return `<g class="still" ${step([0, 0, 1, 1][i], d.say.length)}>${text(0, i * 46 + 26, label, { anchor: 'start', size: 18, weight: 600 })}<rect x="132" y="${i * 46 + 2}" width="${width}" height="36" rx="3" fill="var(--c)" fill-opacity="${1 - i * 0.12}"/>${text(132 + width + 12, i * 46 + 27, `${n.toLocaleString('ja')}人`, { anchor: 'start', size: 20, weight: 700 })}</g>${rate ? `<g class="still" ${step(2, 3)}>${text(566, i * 46 + 26, `${rate}が次へ`, { anchor: 'end', size: 17, weight: 700, fill: i === 1 ? '#8a5408' : 'var(--ink-2)' })}</g>` : ''}`
      })
      .join('')}${text(568, -24, '棒の長さは目安', { anchor: 'end', size: 13, fill: 'var(--ink-2)' })}</svg>`
  },

  recap: (d, step) =>
    `<h2>まとめ</h2><ul>${d.items.map((x) => `<li>${check}<span>${x}</span></li>`).join('')}</ul><p class="still" ${step(1, 2)}>${d.next}</p>`,
}

function note(d, step, cue) {
  return d.note ? `<p class="note" ${step(cue, d.say?.length ?? cue + 1)}>${d.note}</p>` : ''
}

/** The page of one lesson. `timeline` has, per slide, its start, end and the starts of its cues; `show(t)` draws second t. */
export function page(lesson, timeline, seconds) {
  const sections = lesson.slides.map((d) => {
    const cues = d.say.length
    const step = (i, n) => `data-s="${Math.min(cues - 1, Math.floor((i * cues) / n))}"`
    return `<section class="s-${d.kind}">${d.h ? `<h2>${d.h}</h2>` : ''}${kinds[d.kind](d, step, lesson)}</section>`
  })
  const width = 568
  const strip = timeline.map(({ start, end }) => `<i style="left:${(start / seconds) * width}px;width:${((end - start) / seconds) * width - 2}px"><u></u></i>`).join('')
  const place = lesson.course ? `${lesson.series}　第${lesson.coursePosition}回` : 'まなび動画'
  return `<!doctype html><html lang="ja"><meta charset="utf-8"><link rel="stylesheet" href="/font/wght.css"><link rel="stylesheet" href="/slides.css">
<body style="--c:${lesson.artwork.from}">${sections.join('')}
<div id="head"><div id="series">${place}<b>${lesson.title}</b></div><div id="clock" class="num"><b></b></div><div id="strip">${strip}</div></div>
<script>
const timeline = ${JSON.stringify(timeline)}, seconds = ${seconds}
const clock = (t) => Math.floor(t / 60) + ':' + String(Math.floor(t % 60)).padStart(2, '0')
const sections = [...document.querySelectorAll('section')], bars = [...document.querySelectorAll('#strip u')]
document.querySelector('#clock').append('/ ' + clock(seconds))
window.show = (t) => {
  const now = timeline.findLastIndex((s) => s.start <= t + 1e-6)
  sections.forEach((s, i) => s.classList.toggle('now', i === now))
  document.body.classList.toggle('on-colour', sections[now].classList.contains('s-cover'))
  for (const e of sections[now].querySelectorAll('[data-s]')) {
    const p = Math.min(1, Math.max(0, (t - timeline[now].cues[e.dataset.s] + 0.1) / 0.3))
    e.style.setProperty('--p', (1 - (1 - p) ** 2).toFixed(3))
  }
  document.querySelector('#clock b').textContent = clock(t)
  bars.forEach((b, i) => { const { start, end } = timeline[i]; b.style.width = Math.min(1, Math.max(0, (t - start) / (end - start))) * 100 + '%' })
}
</script>`
}
