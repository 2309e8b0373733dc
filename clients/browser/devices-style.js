/** The looks of `<symbolon-devices>`. Colours by role; each text has a contrast of at least 4.5 : 1. They follow the page's `color-scheme`. */
export const STYLE = `
:host {
  --_surface: var(--symbolon-surface, #ffffff);
  --_ink: var(--symbolon-ink, #23211e);
  --_soft: var(--symbolon-soft, #625c52);
  --_line: var(--symbolon-line, #ddd7cc);
  --_control-line: var(--symbolon-control-line, #8b8478);
  --_hover: var(--symbolon-hover, #f3f0ea);
  --_accent: var(--symbolon-accent, #9c4320);
  --_on-accent: var(--symbolon-on-accent, #ffffff);
  --_good: var(--symbolon-good, #1f6b4a);
  --_good-tint: var(--symbolon-good-tint, #e4f2ea);
  --_bad: var(--symbolon-bad, #a3262c);
  --_bad-tint: var(--symbolon-bad-tint, #fbe9e9);
  --_focus: var(--symbolon-focus, #1f5fae);
  --_radius: var(--symbolon-radius, 12px);
  display: block;
  container-type: inline-size;
  color: var(--_ink);
  font: 1rem/1.5 var(--symbolon-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans CJK SC", sans-serif);
}
@supports (color: light-dark(#000, #fff)) {
  :host {
    --_surface: var(--symbolon-surface, light-dark(#ffffff, #211f1c));
    --_ink: var(--symbolon-ink, light-dark(#23211e, #ece8e1));
    --_soft: var(--symbolon-soft, light-dark(#625c52, #aba397));
    --_line: var(--symbolon-line, light-dark(#ddd7cc, #38342e));
    --_control-line: var(--symbolon-control-line, light-dark(#8b8478, #7d766a));
    --_hover: var(--symbolon-hover, light-dark(#f3f0ea, #2b2824));
    --_accent: var(--symbolon-accent, light-dark(#9c4320, #eda27e));
    --_on-accent: var(--symbolon-on-accent, light-dark(#ffffff, #2a1308));
    --_good: var(--symbolon-good, light-dark(#1f6b4a, #7fcfa6));
    --_good-tint: var(--symbolon-good-tint, light-dark(#e4f2ea, #1b3328));
    --_bad: var(--symbolon-bad, light-dark(#a3262c, #f2a1a1));
    --_bad-tint: var(--symbolon-bad-tint, light-dark(#fbe9e9, #3b2020));
    --_focus: var(--symbolon-focus, light-dark(#1f5fae, #8ab8f5));
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
h2, p, ul, form { margin: 0; padding: 0; }
.card { background: var(--_surface); border: 1px solid var(--_line); border-radius: var(--_radius); padding: 1.25rem; display: grid; gap: 1rem; min-width: 0; }
.head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem; }
h2 { font-size: 1.125rem; line-height: 1.3; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--_focus); outline-offset: 2px; }
ul { list-style: none; display: grid; }
ul:empty, .status:empty, .hint:empty { display: none; }
li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem 1rem; align-items: center; padding-block: .875rem; border-top: 1px solid var(--_line); }
li:last-child { padding-bottom: 0; }
.text { min-width: 0; overflow-wrap: anywhere; }
.name { font-weight: 600; margin-inline-end: .5rem; }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 6px; font-size: .8125rem; font-weight: 600; line-height: 1.5rem; white-space: nowrap; color: var(--_good); background: var(--_good-tint); }
.detail, .status, .hint { color: var(--_soft); font-size: .875rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; }
form { grid-column: 1 / -1; display: grid; gap: .375rem; }
label { font-size: .875rem; font-weight: 600; }
button, input { font: inherit; color: inherit; min-height: 2.5rem; border: 1px solid var(--_control-line); border-radius: calc(var(--_radius) * .7); }
button { padding: .25rem .75rem; background: var(--_surface); font-size: .9375rem; cursor: pointer; transition: background-color .15s; }
button:hover { background: var(--_hover); }
button[aria-disabled="true"] { opacity: .65; cursor: progress; }
button.end { color: var(--_bad); border-color: currentColor; }
button.end:hover { background: var(--_bad-tint); }
button.save { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
input { width: 100%; padding: .25rem .75rem; background: var(--_surface); }
input[aria-invalid="true"] { border-color: var(--_bad); }
input[aria-invalid="true"] ~ .hint { color: var(--_bad); }
.error { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem; padding: .625rem .875rem; border-radius: calc(var(--_radius) * .7); color: var(--_bad); background: var(--_bad-tint); }
.error button { background: none; border-color: currentColor; }
@container (max-width: 28rem) {
  .card { padding: 1rem; }
  .head button { width: 100%; }
  li { grid-template-columns: minmax(0, 1fr); }
  .actions button { flex: 1 1 auto; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .badge { border: 1px solid; } }
`;
