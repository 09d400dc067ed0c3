// Makes the demo's sample videos: MP4 files, Japanese captions, posters and videos.json, from lessons.mjs.
//
//   node demo/videos/make.mjs [slug …]
//
// Needs ffmpeg with libx264 and libwebp on the PATH. It is not run at install; its output is kept beside it.
// Slides are drawn in a headless browser, one picture per changed frame; the sound is a soft pad computed here.

import { spawn, spawnSync } from 'node:child_process'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import chromium from '@sparticuz/chromium'
import { chromium as browsers } from 'playwright-core'
import { poster } from './art.mjs'
import { lessons } from './lessons.mjs'
import { page as lessonPage } from './slides.mjs'

const here = new URL('./', import.meta.url)
const font = new URL('../../node_modules/@fontsource-variable/noto-sans-jp/', import.meta.url)
const fps = 10
const keyframeEvery = 2
const rate = 24000
const most = 248_000

const path = (name) => new URL(name, here).pathname
const tidy = (n) => Math.round(n * 10) / 10

/** When each slide and each of its cues starts: by the length of what is said, slides beginning on a keyframe. */
function timeOf(lesson) {
  let at = 0
  const timeline = lesson.slides.map((slide, i) => {
    const start = at
    const cues = []
    for (const sentence of slide.say) {
      cues.push(tidy(at))
      at += Math.max(2, sentence.length / 6.9 + 0.5)
    }
    const last = i === lesson.slides.length - 1
    const grid = last ? 1 : keyframeEvery
    at = start + Math.ceil((at + (last ? 0.8 : -0.4) - start) / grid) * grid
    return { start, end: at, cues }
  })
  return { timeline, seconds: at }
}

function captionsOf(lesson, timeline) {
  const stamp = (t) => new Date(Math.round(t * 1000)).toISOString().slice(11, 23)
  const cues = lesson.slides.flatMap((slide, i) =>
    slide.say.map((text, j) => ({ from: timeline[i].cues[j], to: (timeline[i].cues[j + 1] ?? timeline[i].end) - 0.1, text })),
  )
  return `WEBVTT\n\n${cues.map((c, i) => `${i + 1}\n${stamp(c.from)} --> ${stamp(c.to)}\n${c.text}\n`).join('\n')}`
}

/** A soft pad: one chord per slide, so that a seek can be heard, and a quiet bell where a slide begins. */
function soundOf(timeline, seconds, key) {
  const samples = new Float32Array(Math.floor((seconds - 0.1) * rate))
  const chords = [[0, 7, 16], [-3, 4, 12], [5, 12, 21], [-5, 2, 11], [2, 9, 17]]
  const hertz = (n) => 110 * 2 ** ((n + key) / 12)
  timeline.forEach(({ start, end }, i) => {
    const chord = i === timeline.length - 1 ? chords[0] : chords[i % chords.length]
    const from = Math.floor(start * rate)
    const length = Math.min(samples.length - from, Math.floor((end - start + 0.8) * rate))
    for (let k = 0; k < length; k++) {
      const t = k / rate
      const left = length / rate - t
      const swell = Math.min(1, t / 1.1) * Math.min(1, left / 1.2)
      let v = 0
      chord.forEach((n, j) => {
        const f = hertz(n)
        v += (Math.sin(2 * Math.PI * f * t) + 0.18 * Math.sin(4 * Math.PI * f * t)) * (0.85 + 0.15 * Math.sin(t * (0.6 + j * 0.23))) * [1, 0.7, 0.4][j]
      })
      const bell = Math.sin(2 * Math.PI * hertz(chord[2] + 12) * t) * Math.exp(-t * 3.4) * Math.min(1, t / 0.01)
      samples[from + k] += 0.032 * swell * v + 0.035 * bell
    }
  })
  const wav = Buffer.alloc(44 + samples.length * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + samples.length * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(rate, 24)
  wav.writeUInt32LE(rate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(samples.length * 2, 40)
  samples.forEach((v, i) => wav.writeInt16LE(Math.round(Math.max(-1, Math.min(1, v)) * 32767), 44 + i * 2))
  return wav
}

/** Encodes the frames, a little coarser at each try, until the file is light enough. */
async function encode(lesson, wav, frames, crf = 42) {
  const mp4 = path(`${lesson.slug}.mp4`)
  const args = [
    ...['-v', 'error', '-y', '-f', 'image2pipe', '-framerate', fps, '-c:v', 'png', '-i', '-', '-i', wav],
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-pix_fmt', 'yuv420p'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-c:v', 'libx264', '-profile:v', 'main', '-level', '3.0', '-preset', 'veryslow', '-crf', crf, '-bf', 0],
    ...['-g', fps * keyframeEvery, '-keyint_min', fps * keyframeEvery, '-sc_threshold', 0],
    ...['-x264-params', 'aq-mode=0:psy=0:deblock=1,0:ipratio=1.0:chroma-qp-offset=-12', '-bsf:v', 'filter_units=remove_types=6'],
    ...['-c:a', 'aac', '-ar', 12000, '-b:a', '6k', '-ac', 1],
    ...['-map_metadata', -1, '-metadata', `title=${lesson.title}`, '-metadata:s:a', 'language=jpn', '-metadata:s:v', 'language=jpn'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-movflags', '+faststart', mp4],
  ]
  const child = spawn('ffmpeg', args.map(String), { stdio: ['pipe', 'inherit', 'inherit'] })
  const done = new Promise((ok, fail) => child.on('close', (code) => (code ? fail(new Error(`ffmpeg ended with ${code}`)) : ok())))
  for (const png of frames) await new Promise((ok) => child.stdin.write(png, ok))
  child.stdin.end()
  await done
  if ((await stat(mp4)).size > most) await encode(lesson, wav, frames, crf + 0.5)
}

async function make(browser, lesson) {
  const { timeline, seconds } = timeOf(lesson)
  const tab = await browser.newPage({ viewport: { width: 640, height: 360 } })
  await tab.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: lessonPage(lesson, timeline, seconds) })
    if (pathname === '/poster') return route.fulfill({ contentType: 'text/html', body: `<link rel="stylesheet" href="/slides.css"><div id="poster">${poster(lesson)}</div>` })
    const file = pathname.startsWith('/font/') ? new URL(pathname.slice(6), font) : new URL(`.${pathname}`, here)
    return route.fulfill({ contentType: pathname.endsWith('.css') ? 'text/css' : 'font/woff2', body: await readFile(file) })
  })

  await tab.goto('http://slides.test/poster')
  const picture = await tab.screenshot()
  const webp = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', '-c:v', 'libwebp', '-quality', '86', '-preset', 'drawing', path(`${lesson.slug}.webp`)], { input: picture })
  if (webp.status) throw new Error(String(webp.stderr))

  await tab.goto('http://slides.test/')
  // Draw every slide once, so that each part of the font is there before the first picture is taken.
  for (const { end } of timeline) await tab.evaluate((t) => { window.show(t); return document.fonts.ready }, end - 0.1)
  await tab.evaluate(() => document.fonts.ready)

  const wav = path(`${lesson.slug}.wav`)
  await writeFile(wav, soundOf(timeline, seconds, [0, 2, -2, 3, -3][lessons.indexOf(lesson) % 5]))
  const frames = []
  let png
  for (let frame = 0; frame < seconds * fps; frame++) {
    const t = frame / fps
    const moving = timeline.some(({ cues }) => cues.some((c) => t >= c - 0.05 && t <= c + 0.3))
    if (!png || moving || frame % 5 === 0) {
      await tab.evaluate((at) => window.show(at), t)
      png = await tab.screenshot()
    }
    frames.push(png)
  }
  await encode(lesson, wav, frames)
  await rm(wav)
  await writeFile(path(`${lesson.slug}.ja.vtt`), captionsOf(lesson, timeline))
  await tab.close()
  const size = async (ext) => `${Math.round((await stat(path(`${lesson.slug}.${ext}`))).size / 1000)} kB`
  console.log(`${lesson.slug}: ${seconds} s, ${await size('mp4')}, poster ${await size('webp')}`)
}

const wanted = process.argv.slice(2)
const queue = lessons.filter((l) => !wanted.length || wanted.includes(l.slug))
const browser = await browsers.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'], headless: true })
await Promise.all([1, 2].map(async () => { while (queue.length) await make(browser, queue.shift()) }))
await browser.close()

const entries = lessons.map((lesson) => {
  const { timeline, seconds } = timeOf(lesson)
  const { slug, title, description, course, coursePosition, tags, artwork, slides } = lesson
  const chapters = slides.map((slide, i) => ({ at: timeline[i].start, title: slide.h ?? slide.lines?.join('') ?? (slide.kind === 'recap' ? 'まとめ' : slide.big.join('')) }))
  return { slug, title, description, course, coursePosition, tags, seconds, file: `${slug}.mp4`, captions: `${slug}.ja.vtt`, poster: `${slug}.webp`, artwork, chapters }
})
await writeFile(path('videos.json'), `${JSON.stringify(entries, null, 2)}\n`)
