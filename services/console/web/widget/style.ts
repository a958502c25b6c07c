/** Sizes are px: rem would follow the page. `!important` in a shadow root wins over the page's own. */
export const buttonStyle = `
:host{all:initial!important;position:static!important;display:block!important;color-scheme:light dark!important}
*{box-sizing:border-box}
[hidden]{display:none!important}
.button,.panel{font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;position:fixed;z-index:2147483000}
.button{inset-inline-end:20px;inset-block-end:20px;width:56px;height:56px;border:0;border-radius:50%;padding:0;
background:var(--kith);color:var(--on-kith);cursor:pointer;box-shadow:0 4px 16px #0004;display:grid;place-items:center}
.button:focus-visible{outline:3px solid var(--kith);outline-offset:3px}
.badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;height:22px;padding:0 6px;
border-radius:11px;background:#b3261e;color:#fff;font-size:13px;line-height:22px;font-weight:600}
`;

export const panelStyle = `
.panel{--back:#fff;--front:#1c1f23;--quiet:#5a616b;--edge:#d5d9df;--theirs:#f0f2f5;--bad:#b3261e;
inset-inline-end:20px;inset-block-end:20px;width:372px;height:min(600px,calc(100dvh - 40px));display:flex;
flex-direction:column;background:var(--back);color:var(--front);border:1px solid var(--edge);border-radius:16px;
overflow:hidden;box-shadow:0 12px 40px #0004;text-align:start}
.head{display:flex;align-items:center;justify-content:space-between;padding:10px 10px 10px 16px;
padding-inline:16px 10px;background:var(--kith);color:var(--on-kith)}
h2{all:unset;font-weight:600;font-size:16px}
.close{all:unset;width:36px;height:36px;display:grid;place-items:center;border-radius:8px;cursor:pointer}
.close:focus-visible{outline:2px solid var(--on-kith);outline-offset:-3px}
.log{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:8px;overscroll-behavior:contain}
.log:focus-visible{outline:2px solid var(--kith);outline-offset:-2px}
.log::before{content:"";margin-block-start:auto}
.empty{color:var(--quiet);text-align:center;margin:auto}
.said{max-width:84%;align-self:flex-start;display:flex;flex-direction:column;align-items:flex-start;gap:6px}
.said.own{align-self:flex-end;align-items:flex-end}
.text{padding:8px 12px;border-radius:14px;background:var(--theirs);white-space:pre-wrap;overflow-wrap:anywhere}
.own .text{background:var(--kith);color:var(--on-kith)}
.text a{color:inherit;text-decoration:underline}
.state{font-size:12px;color:var(--quiet)}
.refused .state{color:var(--bad)}
.choices{display:flex;flex-wrap:wrap;gap:6px}
.choice,.go{all:unset;box-sizing:border-box;padding:7px 12px;border:1px solid var(--quiet);border-radius:18px;
cursor:pointer;color:var(--front);background:var(--back);overflow-wrap:anywhere}
.choice:hover,.go:hover{background:var(--theirs)}
.choice:focus-visible,.go:focus-visible,.send:focus-visible{outline:2px solid var(--front);outline-offset:2px}
.choice:disabled{cursor:default;color:var(--quiet);border-color:var(--edge)}
.state-line{min-height:0;padding:0 16px;font-size:13px;color:var(--quiet)}
.state-line:not(:empty){padding-block:4px}
.form{display:flex;gap:8px;align-items:flex-end;padding:10px;border-block-start:1px solid var(--edge)}
textarea{flex:1;min-width:0;min-height:40px;max-height:120px;resize:none;font:inherit;font-size:16px;color:inherit;
background:var(--back);border:1px solid var(--quiet);border-radius:12px;padding:8px 12px;field-sizing:content}
textarea::placeholder{color:var(--quiet);opacity:1}
textarea:focus-visible{outline:2px solid var(--kith);outline-offset:1px}
.send{all:unset;box-sizing:border-box;height:40px;padding:0 14px;border-radius:12px;background:var(--kith);
color:var(--on-kith);font-weight:600;cursor:pointer;display:grid;place-items:center}
.bar{margin:0;padding:8px 16px;font-size:13px;color:var(--quiet);border-block-end:1px solid var(--edge)}
.desk{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:16px;overscroll-behavior:contain}
.desk h3{margin:0;font-size:16px;font-weight:600}.desk h4{margin:12px 0 4px;font-size:14px;font-weight:600}
.desk h3:focus-visible{outline:2px solid var(--kith);outline-offset:3px;border-radius:2px}
.desk p{margin:6px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
.desk a{color:inherit}.desk ul{margin:0;padding-inline-start:20px;overflow-wrap:anywhere}
summary{cursor:pointer;margin-block-start:8px}summary:focus-visible{outline:2px solid var(--kith);outline-offset:2px}
.hours{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:8px 0 0}.hours dd{margin:0}
.leave{display:flex;flex-direction:column;gap:14px}
.field{display:flex;flex-direction:column;gap:4px;border:0;margin:0;padding:0;min-width:0}
.field legend{padding:0;margin-block-end:4px}
.field label,.field legend{font-weight:600;overflow-wrap:anywhere}
.field .pick{display:flex;gap:8px;align-items:flex-start;font-weight:400;padding:4px 0;cursor:pointer}
.field input:not([type=checkbox],[type=radio]),.field textarea{box-sizing:border-box;width:100%;min-height:40px;
font:inherit;font-size:16px;color:inherit;background:var(--back);border:1px solid var(--quiet);border-radius:8px;padding:8px 12px}
.field textarea{flex:none;min-height:96px;max-height:240px;resize:vertical}
.pick input{flex:none;width:18px;height:18px;margin:2px 0 0;accent-color:var(--kith)}
.field input:focus-visible{outline:2px solid var(--kith);outline-offset:1px}
.field input[aria-invalid],.field textarea[aria-invalid]{border-color:var(--bad)!important}
.quiet{color:var(--quiet);font-weight:400}
.desk .error{margin:0;color:var(--bad);font-size:14px}.error:empty{display:none}
.wide{width:100%}.desk .go{align-self:flex-start;margin-block-start:8px}
.foot{padding:10px;border-block-start:1px solid var(--edge)}
.name{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:480px){.panel{inset:0;width:100%;height:100dvh;border:0;border-radius:0}}
@media (prefers-color-scheme:dark){.panel{--back:#1b1e22;--front:#eceef1;--quiet:#a4abb6;--edge:#3a4048;--theirs:#2a2f36;
--bad:#ffb4ab}}
@media (prefers-reduced-motion:no-preference){.panel{animation:in .14s ease-out}@keyframes in{from{opacity:0;translate:0 8px}}}
@media (forced-colors:active){.text,.button,.send,.panel{border:1px solid}}
`;
