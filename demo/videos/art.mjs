// The line art of covers and posters, one motif per lesson, drawn in a 320 × 320 box in white on the lesson's colour.

const w = (o) => `fill="#fff" fill-opacity="${o}"`
const s = (o, width = 6) =>
  `fill="none" stroke="#fff" stroke-opacity="${o}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"`
const range = (n) => [...Array(n).keys()]

const sheet = (x, y, width, height, o) => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" ${w(o)}/>`
const lines = (x, y, widths, gap, o) =>
  widths.map((l, i) => `<rect x="${x}" y="${y + i * gap}" width="${l}" height="7" rx="3.5" ${w(o)}/>`).join('')
const zigzag = (x, y, width, height, o) => {
  const teeth = 8
  const step = width / teeth
  const edge = range(teeth).map((i) => `L${x + width - (i + 0.5) * step} ${y + height - 12} L${x + width - (i + 1) * step} ${y + height}`)
  return `<path d="M${x} ${y} H${x + width} V${y + height} ${edge.join(' ')} Z" ${w(o)}/>`
}

export const motifs = {
  calendar: (c) =>
    `${sheet(40, 52, 240, 232, 0.16)}<path d="M40 60a8 8 0 0 1 8-8h224a8 8 0 0 1 8 8v40H40z" ${w(0.3)}/>` +
    `<path d="M96 34v34M224 34v34" ${s(0.9, 9)}/>` +
    range(28)
      .map((i) => {
        const on = i >= 10 && i <= 23
        return `<rect x="${59 + (i % 7) * 30}" y="${122 + Math.floor(i / 7) * 38}" width="22" height="22" rx="4" ${w(on ? 0.92 : 0.2)}/>`
      })
      .join('') +
    `<path d="M154 208l6 6 11-13" fill="none" stroke="${c}" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>`,
  house: () =>
    `<path d="M160 36L292 140H268V284H52V140H28Z" ${w(0.15)}/><path d="M52 152H160V284H52Z" ${w(0.88)}/>` +
    `<path d="M160 60V284" ${s(0.5, 4)} stroke-dasharray="2 12"/><rect x="196" y="176" width="40" height="40" rx="3" ${w(0.28)}/>` +
    `<path d="M28 140L160 36L292 140" ${s(0.9, 9)}/>`,
  papers: (c) =>
    `<g transform="rotate(-9 160 160)">${sheet(58, 40, 180, 236, 0.14)}</g><g transform="rotate(-3 160 160)">${sheet(66, 40, 180, 236, 0.2)}</g>` +
    `<g transform="rotate(4 160 160)">${sheet(74, 40, 180, 236, 0.92)}` +
    `<g fill="${c}" fill-opacity=".34">${[64, 92, 120, 148].map((y, i) => `<rect x="96" y="${y}" width="${[84, 136, 120, 136][i]}" height="8" rx="4"/>`).join('')}</g>` +
    `<circle cx="206" cy="222" r="32" fill="none" stroke="${c}" stroke-width="6"/><path d="M191 222l11 11 20-23" fill="none" stroke="${c}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/></g>`,
  sheet: (c) =>
    `<circle cx="214" cy="120" r="96" ${w(0.1)}/>${sheet(60, 34, 196, 252, 0.92)}<g fill="${c}">` +
    `<rect x="84" y="60" width="84" height="12" rx="3"/><rect x="84" y="92" width="148" height="34" rx="4" fill-opacity=".16"/><rect x="172" y="103" width="48" height="12" rx="3"/>` +
    [150, 174, 198].map((y, i) => `<rect x="84" y="${y}" width="${[76, 92, 60][i]}" height="7" rx="3.5" fill-opacity=".36"/><rect x="200" y="${y}" width="32" height="7" rx="3.5" fill-opacity=".36"/>`).join('') +
    `<rect x="84" y="224" width="148" height="3"/><rect x="166" y="242" width="66" height="14" rx="3"/></g>`,
  number: (c) =>
    `<circle cx="110" cy="206" r="92" ${w(0.12)}/>${sheet(84, 40, 184, 236, 0.2)}${lines(108, 70, [88, 134, 110], 24, 0.34)}${lines(108, 216, [134, 80], 24, 0.34)}` +
    `<rect x="30" y="138" width="262" height="58" rx="8" ${w(0.94)}/><path d="M50 154h28M64 154v27" fill="none" stroke="${c}" stroke-width="8"/>` +
    range(13).map((i) => `<rect x="${94 + i * 14 + (i > 0 ? 3 : 0) + (i > 4 ? 3 : 0) + (i > 8 ? 3 : 0)}" y="154" width="9" height="27" rx="2" fill="${c}" fill-opacity="${0.36 + ((i * 5) % 4) * 0.14}"/>`).join(''),
  loop: (c) =>
    `<circle cx="160" cy="160" r="112" ${s(0.2, 22)}/><path d="M160 48A112 112 0 1 1 63 104" ${s(0.92, 22)}/><path d="M36 122L62 88L98 116Z" fill="#fff" stroke="#fff" stroke-width="6" stroke-linejoin="round"/>` +
    `<rect x="104" y="118" width="112" height="84" rx="8" ${w(0.92)}/><path d="M108 126l52 40 52-40" fill="none" stroke="${c}" stroke-width="7" stroke-linejoin="round" stroke-linecap="round"/>`,
  grid: (c) =>
    range(16).map((i) => `<rect x="${36 + (i % 4) * 64}" y="${36 + Math.floor(i / 4) * 64}" width="56" height="56" rx="5" ${w([0.3, 0.16, 0.16, 0.16][i % 4] - (i > 3 ? 0.02 : -0.06))}/>`).join('') +
    `<path d="M64 108L128 138L192 226L256 158" ${s(0.95, 9)}/>` +
    [[64, 108], [128, 138], [256, 158]].map(([x, y]) => `<circle cx="${x}" cy="${y}" r="11" ${w(1)}/>`).join('') +
    `<circle cx="192" cy="226" r="16" ${w(1)}/><circle cx="192" cy="226" r="8" fill="${c}"/>`,
  gap: () =>
    `<path d="M28 236C90 226 120 96 292 72V196C190 206 150 262 28 268Z" ${w(0.16)}/><path d="M28 236C90 226 120 96 292 72" ${s(0.95, 9)}/>` +
    `<path d="M28 268C150 262 190 206 292 196" ${s(0.55, 9)} stroke-dasharray="2 17"/><path d="M220 102V206M206 116l14-14 14 14M206 192l14 14 14-14" ${s(0.85, 6)}/>`,
  levers: (c) =>
    [[76, 206], [160, 138], [244, 84]]
      .map(([x, y]) => `<rect x="${x - 9}" y="44" width="18" height="232" rx="9" ${w(0.18)}/><rect x="${x - 9}" y="${y}" width="18" height="${276 - y}" rx="9" ${w(0.5)}/><rect x="${x - 33}" y="${y - 20}" width="66" height="40" rx="8" ${w(0.94)}/><path d="M${x - 14} ${y}h28" stroke="${c}" stroke-width="5" stroke-linecap="round"/>`)
      .join(''),
  receipts: (c) =>
    `<g transform="rotate(10 160 160)">${zigzag(150, 46, 120, 218, 0.2)}</g><g transform="rotate(-7 160 160)">${zigzag(56, 42, 150, 246, 0.93)}<g fill="${c}">` +
    `<rect x="80" y="68" width="66" height="11" rx="3"/>` +
    [102, 126, 150].map((y, i) => `<rect x="80" y="${y}" width="${[48, 60, 40][i]}" height="7" rx="3.5" fill-opacity=".36"/><rect x="156" y="${y}" width="26" height="7" rx="3.5" fill-opacity=".36"/>`).join('') +
    `<rect x="80" y="180" width="102" height="3"/><rect x="124" y="200" width="58" height="16" rx="3"/></g></g>`,
  ledger: (c) =>
    `<path d="M24 74C70 56 120 56 160 82C200 56 250 56 296 74V256C250 240 200 242 160 266C120 242 70 240 24 256Z" ${w(0.2)}/>` +
    `<path d="M24 66C70 48 120 48 160 74V258C120 234 70 232 24 248Z" ${w(0.94)}/><path d="M160 74V258" ${s(0.9, 5)}/>` +
    `<g fill="none" stroke="${c}" stroke-width="7" stroke-linecap="round" stroke-opacity=".5"><path d="M50 104C80 96 110 98 134 110M50 136C80 128 110 130 134 142M50 168C80 160 104 161 118 166"/></g>` +
    `<g ${s(0.6, 7)}><path d="M186 110C210 98 240 96 270 104M186 142C210 130 240 128 270 136M186 174C200 166 220 161 236 161"/></g>` +
    `<path d="M50 202C80 194 110 196 134 208" stroke="${c}" stroke-width="9" fill="none" stroke-linecap="round"/><path d="M186 208C210 196 240 194 270 202" ${s(1, 9)}/>`,
  rings: (c) =>
    [132, 96, 60].map((r, i) => `<circle cx="160" cy="160" r="${r}" ${w([0.12, 0.16, 0.24][i])}/>`).join('') +
    `<circle cx="160" cy="160" r="26" ${w(0.95)}/><circle cx="160" cy="160" r="10" fill="${c}"/>` +
    [[66, 84], [262, 118], [96, 250], [226, 66], [210, 232], [116, 118], [204, 164]].map(([x, y], i) => `<circle cx="${x}" cy="${y}" r="${i > 4 ? 10 : 8}" ${w(i > 4 ? 0.95 : 0.6)}/>`).join('') +
    `<path d="M74 92L104 112M216 74L178 138M252 122L216 158" ${s(0.4, 3)} stroke-dasharray="1 9"/>`,
}

/** The poster: the motif, large, on the gradient of its colours. */
export const poster = ({ motif, artwork: { from, to } }) =>
  `<svg viewBox="0 0 640 360" xmlns="http://www.w3.org/2000/svg"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs>` +
  `<rect width="640" height="360" fill="url(#g)"/><path d="M0 318C150 296 230 214 370 224S560 150 640 96V360H0Z" fill="#fff" fill-opacity=".05"/><path d="M0 346C170 330 270 262 400 268S570 210 640 168" fill="none" stroke="#fff" stroke-opacity=".14" stroke-width="2"/>` +
  `<g transform="translate(170 30) scale(.94)">${motifs[motif](from)}</g></svg>`

export const coverArt = ({ motif, artwork: { from } }) => `<svg viewBox="0 0 320 320">${motifs[motif](from)}</svg>`
