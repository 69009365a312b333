// Inside the shadow root: nothing of the page reaches in, nothing of ours leaks out.
export const style = `
:host { all: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; color-scheme: light;
  --accent: #1d5fd1; --on-accent: #fff; --paper: #fff; --ink: #16202e; --soft: #eef1f6; --line: #d5dbe5; --dim: #566274; --bad: #b3261e;
  font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); }
:host([data-theme="dark"]) { color-scheme: dark; --paper: #171c24; --ink: #eef2f8; --soft: #252c37; --line: #394353; --dim: #a5b1c2; --bad: #ff9a92; }
* { box-sizing: border-box; font: inherit; color: inherit; }
[hidden] { display: none !important; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.launcher { width: 60px; height: 60px; border-radius: 50%; background: var(--accent); color: var(--on-accent);
  display: grid; place-items: center; box-shadow: 0 4px 18px #0004; position: relative; }
.launcher:hover { filter: brightness(1.08); }
.launcher:focus-visible { outline-color: var(--ink); }
.badge { position: absolute; top: -4px; right: -4px; min-width: 24px; height: 24px; border-radius: 12px; padding: 0 6px;
  background: #b3261e; color: #fff; font-size: 14px; line-height: 24px; text-align: center; }
.window { width: 380px; height: min(600px, calc(100vh - 40px)); display: flex; flex-direction: column; overflow: hidden;
  background: var(--paper); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 10px 40px #0005; }
header { display: flex; align-items: center; gap: 12px; padding: 14px 16px; background: var(--accent); color: var(--on-accent); }
header div { flex: 1; min-width: 0; }
h2 { margin: 0; font-weight: 650; }
header p { margin: 0; font-size: 14px; opacity: .92; }
header button { width: 44px; height: 44px; margin: -6px -8px -6px 0; border-radius: 8px; display: grid; place-items: center; }
header button:focus-visible { outline-color: var(--on-accent); outline-offset: -4px; }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 10px; }
.message { max-width: 84%; align-self: flex-start; }
.message .who { font-size: 13px; color: var(--dim); margin: 0 4px 2px; }
.message .text { background: var(--soft); border-radius: 14px 14px 14px 4px; padding: 9px 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
.message a { color: inherit; text-decoration: underline; }
.customer { align-self: flex-end; }
.customer .who { text-align: right; }
.customer .text { background: var(--accent); color: var(--on-accent); border-radius: 14px 14px 4px 14px; }
.customer[data-state="sending"] .text { opacity: .75; }
.system { align-self: center; text-align: center; }
.system .text { background: none; color: var(--dim); font-size: 14px; padding: 2px; }
.note { font-size: 13px; color: var(--dim); text-align: right; margin: 2px 4px 0; }
.note.bad { color: var(--bad); }
.note button { text-decoration: underline; margin-left: 6px; min-height: 24px; }
.typing { min-height: 22px; padding: 0 20px; font-size: 14px; color: var(--dim); }
.banner { padding: 8px 16px; background: var(--soft); font-size: 14px; border-top: 1px solid var(--line); }
form { border-top: 1px solid var(--line); padding: 12px; display: grid; gap: 8px; }
label { font-size: 13px; color: var(--dim); display: grid; gap: 2px; }
input, textarea { width: 100%; font-size: 16px; color: var(--ink); background: var(--paper); border: 1px solid var(--dim); border-radius: 10px; padding: 8px 11px; }
.row { display: flex; gap: 8px; align-items: end; }
.row label { flex: 1; }
textarea { resize: none; max-height: 140px; display: block; }
.send { background: var(--accent); color: var(--on-accent); border-radius: 10px; min-height: 44px; padding: 0 16px; font-weight: 600; }
.address { border-bottom: 0; }
.transcript { font-size: 14px; text-decoration: underline; color: var(--dim); min-height: 32px; padding: 0 16px; text-align: left; }
.attach { min-width: 44px; min-height: 44px; border-radius: 10px; border: 1px solid var(--dim); display: grid; place-items: center; }
.file { text-decoration: underline; min-height: 24px; text-align: left; }
.chosen { font-size: 14px; color: var(--dim); display: flex; flex-wrap: wrap; gap: 4px 12px; }
.chosen button { text-decoration: underline; min-height: 24px; }
.chosen .bad { color: var(--bad); }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 480px) { :host([data-open]) { inset: 0; } .window { width: 100vw; height: 100vh; height: 100dvh; border: 0; border-radius: 0; } }
@media (prefers-reduced-motion: no-preference) { .window { animation: rise .16s ease-out; } @keyframes rise { from { opacity: 0; transform: translateY(10px); } } }
@media (forced-colors: active) { .launcher, .send, .customer .text, .window { border: 1px solid; } }
`
