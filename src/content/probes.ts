import { open, readFile, stat } from "node:fs/promises"
import { FilePathSource, Input, MATROSKA, MP4, QTFF, WEBM } from "mediabunny"
import { UnusableFile } from "./refusals.ts"

/** What is known of a playable video from its file. */
export type Probe = { duration: number; width: number; height: number; codec: string; contentType: string }

const playable = {
  mp4: { video: ["avc", "av1", "vp9"], audio: ["aac", "mp3", "opus", "flac"] },
  webm: { video: ["vp8", "vp9", "av1"], audio: ["opus", "vorbis"] },
}
const longest = 24 * 3600

/** Reads length, picture size and codecs of a video file without decoding it; refuses what is no video or no browser plays. */
export async function video(path: string): Promise<Probe> {
  if ((await stat(path)).size === 0) throw new UnusableFile("empty")
  const input = new Input({ source: new FilePathSource(path), formats: [MP4, QTFF, WEBM, MATROSKA] })
  try {
    return await probe(input)
  } catch (error) {
    if (error instanceof UnusableFile) throw error
    // The reader stumbles over damaged files in many ways; to whoever uploaded it they are one.
    throw new UnusableFile("not-a-video")
  } finally {
    input.dispose()
  }
}

async function probe(input: Input): Promise<Probe> {
  if (!(await input.canRead())) throw new UnusableFile("not-a-video")
  const format = await input.getFormat()
  const [picture, sound] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()]
  if (!picture && !sound) throw new UnusableFile("not-a-video")
  if (!picture) throw new UnusableFile("no-picture")
  const [codec, voice] = [await picture.getCodec(), sound ? await sound.getCodec() : null]
  const kind = format === WEBM ? "webm" : format === MATROSKA ? undefined : "mp4"
  const named = [format.name, codec ?? "?", ...(sound ? [voice ?? "?"] : [])].join(", ")
  if (!kind || !codec || !playable[kind].video.includes(codec)) throw new UnusableFile("codec", named)
  if (sound && (!voice || !playable[kind].audio.includes(voice))) throw new UnusableFile("codec", named)
  const duration = await input.computeDuration()
  if (!Number.isFinite(duration) || duration <= 0) throw new UnusableFile("not-a-video")
  if (duration > longest) throw new UnusableFile("too-long")
  return {
    // A part of a second at the end is a second that can be watched; the slack is for rounding inside the container.
    duration: Math.max(1, Math.ceil(duration - 0.05)),
    width: await picture.getDisplayWidth(),
    height: await picture.getDisplayHeight(),
    codec: voice ? `${codec}, ${voice}` : codec,
    contentType: kind === "webm" ? "video/webm" : "video/mp4",
  }
}

/** Refuses what is not WebVTT in UTF-8 of at most 2 MB. */
export async function captions(path: string): Promise<string> {
  const text = (await stat(path)).size <= 2_000_000 ? await decoded(path) : undefined
  if (!text || !/^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(text)) throw new UnusableFile("not-captions")
  return "text/vtt"
}

/** The picture's content type by its first bytes; refuses anything but JPEG, PNG and WebP of at most 10 MB. */
export async function poster(path: string): Promise<string> {
  const { size } = await stat(path)
  const file = await open(path)
  try {
    const head = Buffer.alloc(12)
    await file.read(head, 0, 12, 0)
    const type = head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))
      ? "image/jpeg"
      : head.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))
        ? "image/png"
        : head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP"
          ? "image/webp"
          : undefined
    if (!type || size > 10_000_000) throw new UnusableFile("not-a-poster")
    return type
  } finally {
    await file.close()
  }
}

async function decoded(path: string): Promise<string | undefined> {
  const bytes = await readFile(path)
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
