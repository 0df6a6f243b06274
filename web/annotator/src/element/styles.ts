export const styles = `
:host { display: block; container-type: size; min-height: 20rem; height: 100%; contain: content; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.app {
  --ground: #f4f6f9; --surface: #ffffff; --line: #d9dfe7; --text: #1b2430; --muted: #566273; --accent: #0b5ed7; --accent-ink: #ffffff;
  --pressed: #dbe8fd; --pressed-ink: #0a4bb0; --field: #2b3340; --warn: #8a4b00; --warn-ground: #fff3dc; --good: #14713d; --shadow: 0 6px 24px rgb(15 23 42 / .18);
  display: grid; grid-template: "top top top" 48px "tools stage panel" minmax(0, 1fr) "status status status" 30px / 48px minmax(0, 1fr) 288px;
  height: 100%; background: var(--ground); color: var(--text); font: 14px/1.4 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; overflow: hidden;
}
.app[data-theme="dark"] {
  --ground: #12161d; --surface: #1a2029; --line: #303a47; --text: #e3e8ee; --muted: #9aa6b5; --accent: #5b9dff; --accent-ink: #06142b;
  --pressed: #22395c; --pressed-ink: #b9d5ff; --field: #0a0d12; --warn: #ffcf87; --warn-ground: #3a2a10; --good: #6fd39a; --shadow: 0 6px 24px rgb(0 0 0 / .6);
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.icon { width: 20px; height: 20px; flex: none; }
h1, h2, h3, p, ol, dl, dd { margin: 0; }
.top { grid-area: top; display: flex; align-items: center; gap: 12px; padding: 0 12px; background: var(--surface); border-bottom: 1px solid var(--line); min-width: 0; }
.title { font-size: 14px; font-weight: 600; flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.group { display: flex; gap: 4px; align-items: center; }
.answers { gap: 8px; }
.button { display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 34px; min-width: 34px; padding: 0 8px; border: 1px solid transparent; border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer; white-space: nowrap; }
.button:hover:not(:disabled) { background: var(--pressed); }
.button:disabled { opacity: .38; cursor: default; }
.button[aria-pressed="true"] { background: var(--pressed); color: var(--pressed-ink); border-color: currentColor; }
.answers .button { border-color: var(--line); padding: 0 12px; }
.button.primary { background: var(--accent); color: var(--accent-ink); border-color: transparent; font-weight: 600; }
.button.primary:hover:not(:disabled) { background: var(--accent); filter: brightness(1.1); }
.tools { grid-area: tools; display: flex; flex-direction: column; align-items: center; gap: 4px; padding: 8px 0; background: var(--surface); border-right: 1px solid var(--line); overflow: auto; scrollbar-width: none; }
.tools .button { width: 36px; height: 36px; flex: none; }
.rule { width: 24px; height: 1px; background: var(--line); margin: 4px 0; flex: none; }
.stage { grid-area: stage; position: relative; overflow: hidden; background: var(--field); touch-action: none; user-select: none; outline-offset: -2px; cursor: default; }
.stage:focus-visible { outline: 2px solid var(--accent); }
.stage:focus:not(:focus-visible) { outline: none; }
.stage[data-cursor="draw"] { cursor: crosshair; } .stage[data-cursor="move"] { cursor: move; } .stage[data-cursor="pan"] { cursor: grab; } .stage[data-cursor="panning"] { cursor: grabbing; }
.stage[data-cursor="ns"] { cursor: ns-resize; } .stage[data-cursor="ew"] { cursor: ew-resize; } .stage[data-cursor="nwse"] { cursor: nwse-resize; } .stage[data-cursor="nesw"] { cursor: nesw-resize; }
.stage[data-cursor="rotate"] { cursor: grab; } .stage[data-cursor="vertex"] { cursor: pointer; } .stage[data-cursor="insert"] { cursor: copy; }
.layer, .layers > svg { position: absolute; left: 0; top: 0; pointer-events: none; overflow: hidden; } .layer[hidden] { display: none; }
.layer-content { position: absolute; left: 0; top: 0; will-change: transform; } .layer-content > canvas { position: absolute; }
.minimap { position: absolute; right: 12px; bottom: 12px; border: 1px solid #fff; border-radius: 4px; box-shadow: var(--shadow); background: #000; cursor: pointer; }
.notice { position: absolute; inset: 12px 12px auto; width: fit-content; max-width: 68ch; margin-inline: auto; display: flex; gap: 12px; align-items: center; padding: 8px 14px; border-radius: 8px; background: var(--surface); color: var(--text); border: 1px solid var(--line); box-shadow: var(--shadow); }
.notice[data-kind="warn"] { background: var(--warn-ground); color: var(--warn); border-color: currentColor; }
.notice .button { border-color: currentColor; }
.panel { grid-area: panel; display: flex; flex-direction: column; min-height: 0; background: var(--surface); border-left: 1px solid var(--line); }
.panel h2 { font-size: 12px; font-weight: 600; color: var(--muted); padding: 10px 12px 6px; display: flex; gap: 6px; align-items: center; }
.classes { padding: 0 6px; max-height: 38%; overflow: auto; flex: none; }
.class { display: flex; align-items: center; gap: 8px; width: 100%; min-height: 32px; padding: 3px 8px; border: 1px solid transparent; border-radius: 6px; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
.class:hover { background: var(--pressed); }
.class[aria-checked="true"] { background: var(--pressed); color: var(--pressed-ink); border-color: currentColor; font-weight: 600; }
.swatch { display: inline-grid; place-items: center; width: 20px; height: 20px; flex: none; border-radius: 4px; font-size: 12px; font-weight: 700; line-height: 1; border: 1px solid rgb(0 0 0 / .25); }
.name { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: none; max-width: 55%; }
.class .name { flex: 1; max-width: none; }
.count, .detail { color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; font-size: 12px; }
.detail { min-width: 0; flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.shapes { display: flex; flex-direction: column; min-height: 96px; flex: 1 1 auto; border-top: 1px solid var(--line); margin-top: 8px; }
.search, textarea, .field input:not([type="checkbox"]):not([type="range"]), select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 5px 8px; min-height: 32px; }
.shapes .search { margin: 0 12px 6px; }
.rows { overflow: auto; padding: 0 6px 6px; flex: 1; }
.row { display: flex; align-items: center; gap: 8px; min-height: 32px; padding: 2px 4px 2px 8px; border: 1px solid transparent; border-radius: 6px; cursor: pointer; }
.row:hover { background: var(--ground); }
.row[aria-selected="true"] { background: var(--pressed); color: var(--pressed-ink); border-color: currentColor; }
.row.proposal { border: 1px dashed var(--muted); margin-bottom: 2px; }
.row.hidden-shape .name { text-decoration: line-through; opacity: .7; }
.mini { display: inline-grid; place-items: center; width: 26px; height: 26px; border: 0; border-radius: 5px; background: none; color: var(--muted); cursor: pointer; flex: none; padding: 0; }
.mini .icon { width: 16px; height: 16px; }
.row .mini { display: none; } .row:hover .mini, .row[aria-selected="true"] .mini, .row .mini.on, .row.proposal .mini { display: inline-grid; }
.mini:hover { background: var(--line); color: var(--text); }
.empty { color: var(--muted); padding: 8px; }
.details { overflow: auto; max-height: 40%; flex: none; border-top: 1px solid var(--line); }
.details section { padding-bottom: 8px; }
.field { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 4px 12px; }
.field > :nth-child(2):not([type="checkbox"]) { width: 55%; }
.tag-row { display: flex; flex-wrap: wrap; gap: 6px; padding: 0 12px 6px; } .tag { border-color: var(--line); }
.legend ul { list-style: none; margin: 0; padding: 0 12px; } .legend li { display: flex; align-items: center; gap: 8px; min-height: 26px; } .legend svg { width: 36px; height: 10px; flex: none; }
.history h2 { display: flex; justify-content: space-between; align-items: center; } .history ol { list-style: none; margin: 0; padding: 0 8px; max-height: 12em; overflow: auto; font-size: 13px; } .history li .plain { width: 100%; text-align: left; } .history [aria-current] { background: var(--pressed); color: var(--pressed-ink); }
.comments ol { padding: 0 12px 0 32px; } .resolved { color: var(--muted); text-decoration: line-through; }
.status { grid-area: status; display: flex; align-items: center; gap: 16px; padding: 0 12px; background: var(--surface); border-top: 1px solid var(--line); font-size: 12.5px; color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; min-width: 0; }
.spring { flex: 1; }
.sync { font-weight: 600; overflow: hidden; text-overflow: ellipsis; min-width: 6em; flex: 0 1 auto; }
.sync[data-state="saved"] { color: var(--good); } .sync[data-state="saving"] { color: var(--text); }
.sync:not([data-state="saved"]):not([data-state="saving"]) { color: var(--warn); background: var(--warn-ground); padding: 2px 8px; border-radius: 4px; }
.cursor { min-width: 6.5em; text-align: right; } .zoom { min-width: 4em; text-align: right; }
.plain { border: 0; background: none; color: inherit; font: inherit; cursor: pointer; padding: 4px; border-radius: 4px; } .plain:hover { background: var(--pressed); }
.filters { position: absolute; left: 60px; top: 60px; width: 300px; max-width: calc(100% - 72px); z-index: 3; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); padding: 4px 0 10px; }
.filters h2, dialog h2 { display: flex; justify-content: space-between; align-items: center; font-size: 14px; padding: 8px 12px; }
.filters .field > span { width: 84px; } .filters .field > input[type="range"] { flex: 1; width: auto; min-width: 0; accent-color: var(--accent); } .filters output { width: 52px; text-align: right; font-variant-numeric: tabular-nums; }
.filters .actions { flex-wrap: wrap; justify-content: flex-start; } .filters .actions > .button { width: auto !important; }
.filters .check { justify-content: flex-start; } .filters .check > span { width: auto; } .filters .button { border-color: var(--line); }
dialog { border: 1px solid var(--line); border-radius: 12px; padding: 8px 8px 16px; background: var(--surface); color: var(--text); box-shadow: var(--shadow); max-width: min(960px, calc(100vw - 24px)); max-height: calc(100vh - 24px); overflow: auto; }
dialog::backdrop { background: rgb(10 14 20 / .45); }
dialog form { display: grid; gap: 12px; padding: 0 12px; } dialog textarea { width: min(420px, 80vw); resize: vertical; }
.buttons { display: flex; justify-content: flex-end; gap: 8px; padding: 4px 0; } .buttons .button { border-color: var(--line); }
.reasons { display: grid; gap: 6px; padding: 4px 12px 12px; min-width: min(320px, 80vw); } .reasons .button { justify-content: flex-start; border-color: var(--line); }
.other { grid-template-columns: 1fr auto; }
kbd { display: inline-block; min-width: 22px; padding: 1px 5px; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; background: var(--ground); font: 600 12px/1.4 inherit; font-family: inherit; text-align: center; }
.groups { columns: 3 260px; column-gap: 28px; padding: 0 12px; } .groups section { break-inside: avoid-column; margin-bottom: 14px; }
.groups h3 { font-size: 13px; margin-bottom: 4px; } .groups dl { display: grid; grid-template-columns: 1fr auto; gap: 1px 8px; align-items: center; } .groups dt { color: var(--muted); font-size: 13px; }
.key { border: 0; background: none; color: inherit; cursor: pointer; padding: 1px; display: flex; gap: 3px; border-radius: 4px; margin-left: auto; } .key:hover kbd { border-color: var(--accent); }
.note { padding: 0 12px; min-height: 1.4em; color: var(--warn); }
.panel-toggle { display: none; border-color: var(--line); max-width: 110px; overflow: hidden; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@container (max-width: 1000px) { .answers .button:not(.primary) .text { display: none; } .answers .button { padding: 0 9px; } }
@container (max-width: 720px) {
  .app { grid-template: "top" 48px "stage" minmax(0, 1fr) "tools" 48px "status" 30px / minmax(0, 1fr); }
  .title { display: none; } .top { gap: 6px; padding: 0 6px; justify-content: space-between; } .answers { gap: 4px; }
  .top .primary .text { display: none; }
  .tools { flex-direction: row; padding: 0 6px; border-right: 0; border-top: 1px solid var(--line); gap: 2px; justify-content: safe center; } .tools .button { width: 44px; height: 44px; } .rule { width: 1px; height: 24px; margin: 0 4px; }
  .panel { grid-area: stage; z-index: 2; align-self: end; max-height: 62%; min-height: 200px; border-left: 0; border-top: 1px solid var(--line); border-radius: 14px 14px 0 0; box-shadow: var(--shadow); display: none; }
  .panel[data-open] { display: flex; } .panel-toggle { display: inline-flex; } .panel-toggle .text { overflow: hidden; text-overflow: ellipsis; }
  .class, .row, .mini { min-height: 40px; } .mini { width: 40px; } .row .mini { display: inline-grid; } .row .detail { display: none; } .row .name { flex: 1; max-width: none; }
  .status .wide { display: none; } .status { gap: 8px; padding: 0 8px; }
  .filters { left: 8px; top: 56px; max-width: calc(100% - 16px); }
  .minimap { right: 8px; bottom: 8px; }
}
@media (prefers-reduced-motion: no-preference) { .button, .row, .class { transition: background-color .1s; } }
@media (forced-colors: active) { .button[aria-pressed="true"], .class[aria-checked="true"], .row[aria-selected="true"] { outline: 2px solid Highlight; } }
`;
