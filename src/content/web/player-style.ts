/** The rules of the pages about videos; everything else comes from the style sheet of all pages. */
export const playerStyle = `
.catalogue{display:grid;gap:40px}.catalogue h1{font-size:var(--text-3)}
.catalogue__text{margin-bottom:16px;font-size:var(--text-m);color:var(--ink-2);max-width:42em}
.watch{display:grid;gap:24px;grid-template-columns:minmax(0,1fr)}
.watch h1{font-size:var(--text-3)}
.watch h2{font-size:1.0625rem;margin-bottom:14px}
.watch__meta{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;margin-top:8px;font-size:var(--text-s);color:var(--ink-2)}
.watch__progress{margin-top:14px}
.watch__progress .watch__meta{justify-content:space-between;margin-top:4px}
.watch__text{max-width:42em;word-break:auto-phrase;text-wrap:pretty}
.player{min-width:0}
.player media-controller{display:block;width:100%;aspect-ratio:16/9;border-radius:var(--r-l);overflow:hidden;background:#14120f;
--media-primary-color:#fffdf9;--media-secondary-color:rgb(20 18 15/72%);--media-accent-color:#fffdf9;--media-range-bar-color:#fffdf9;
--media-font-family:var(--font);--media-control-hover-background:rgb(66 61 54/86%);--media-focus-box-shadow:inset 0 0 0 2px #fffdf9}
.player video{width:100%;height:100%;background:#14120f;font-family:var(--font)}
.player video::cue{font-family:'Noto Sans JP Variable',system-ui,sans-serif;line-height:1.5;background:rgb(20 18 15/80%)}
.player video:not([controls])::-webkit-media-text-track-container{transform:translateY(-10px);transition:transform .2s}
.player media-controller:not([userinactive]) video:not([controls])::-webkit-media-text-track-container,.player media-controller[mediapaused] video:not([controls])::-webkit-media-text-track-container{transform:translateY(-68px)}
.player media-control-bar{width:100%}.player .player__line{padding:0 4px}
.player media-time-range{flex:1;height:20px;padding:0 8px}.player media-time-display{white-space:nowrap;font-variant-numeric:tabular-nums}
.player .player__gap{flex:1;background:var(--media-secondary-color)}.player .player__line{background:linear-gradient(to top,rgb(20 18 15/72%),rgb(20 18 15/40%))}
.player .player__line media-time-range{--media-control-background:transparent}
.player__note{min-height:1.6em;margin-top:6px;font-size:var(--text-s);color:var(--ink-2)}
.player__note[data-tone="good"]{color:var(--good)}
.player__note[data-tone="caution"]{color:var(--caution)}
@media (max-width:599px){.player media-volume-range,.player media-mute-button{display:none}.player{margin:0 -16px}.player media-controller{border-radius:0}.player__note{margin-inline:16px}.watch h1{font-size:1.3125rem}}
`
