// Writes tokens.css from one table and checks its contrast; ends with 1 if a pair falls below WCAG AA. Run: node style/tokens.mjs
import { writeFileSync } from 'node:fs';
const clamp = x => Math.min(1, Math.max(0, x));
function lab2lin(L, a, b) {
  const l = (L + .3963377774*a + .2158037573*b) ** 3, m = (L - .1055613458*a - .0638541728*b) ** 3, s = (L - .0894841775*a - 1.2914855480*b) ** 3;
  return [4.0767416621*l - 3.3077115913*m + .2309699292*s, -1.2684380046*l + 2.6097574011*m - .3413193965*s, -.0041960863*l - .7034186147*m + 1.7076147010*s];
}
const hx = lin => '#' + lin.map(v => Math.round(clamp(v <= .0031308 ? 12.92*v : 1.055*v ** (1/2.4) - .055) * 255).toString(16).padStart(2, '0')).join('');
function lch(L, C, H) { // reduces chroma until inside sRGB
  for (let c = C; ; c -= .004) { const h = H*Math.PI/180, r = lab2lin(L, Math.max(c,0)*Math.cos(h), Math.max(c,0)*Math.sin(h)); if (c <= 0 || r.every(v => v >= -.0005 && v <= 1.0005)) return hx(r); }
}
const labOf = (L, C, H) => [L, C*Math.cos(H*Math.PI/180), C*Math.sin(H*Math.PI/180)];
const ramp = (p, q, n) => [...Array(n).keys()].map(i => { const t = i/(n-1), a = labOf(...p), b = labOf(...q); return hx(lab2lin(...a.map((v, k) => v + (b[k]-v)*t)).map(clamp)); });
const lum = h => { const c = [1,3,5].map(i => parseInt(h.slice(i,i+2),16)/255).map(v => v <= .04045 ? v/12.92 : ((v+.055)/1.055) ** 2.4); return .2126*c[0]+.7152*c[1]+.0722*c[2]; };
const cr = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q-p); return (x+.05)/(y+.05); };

const N = 262; // neutral hue
const themes = {
  light: {
    bg: lch(.975,.004,N), surface: '#ffffff', raised: '#ffffff', sunken: lch(.96,.005,N), hover: lch(.955,.006,N), selected: lch(.955,.018,272),
    border: lch(.905,.008,N), 'border-strong': lch(.83,.012,N), 'border-control': lch(.62,.02,N),
    text: lch(.23,.02,N), 'text-2': lch(.43,.022,N), 'text-3': lch(.505,.022,N), 'text-on-solid': '#ffffff',
    accent: lch(.46,.17,272), 'accent-hover': lch(.40,.165,272), 'accent-tint': lch(.955,.022,272), 'accent-line': lch(.58,.16,272), 'on-accent': '#ffffff', focus: lch(.52,.2,272),
    'diff-add': lch(.955,.035,155), 'diff-del': lch(.955,.025,25), 'diff-add-mark': lch(.90,.07,155), 'diff-del-mark': lch(.905,.055,25),
  },
  dark: {
    bg: lch(.165,.008,N), surface: lch(.20,.01,N), raised: lch(.24,.012,N), sunken: lch(.148,.008,N), hover: lch(.242,.012,N), selected: lch(.26,.04,272),
    border: lch(.285,.014,N), 'border-strong': lch(.38,.018,N), 'border-control': lch(.56,.022,N),
    text: lch(.93,.006,N), 'text-2': lch(.775,.014,N), 'text-3': lch(.685,.018,N), 'text-on-solid': lch(.16,.01,N),
    accent: lch(.55,.17,272), 'accent-hover': lch(.50,.17,272), 'accent-tint': lch(.275,.05,272), 'accent-line': lch(.74,.12,272), 'on-accent': '#ffffff', focus: lch(.76,.13,272),
    'diff-add': lch(.265,.04,155), 'diff-del': lch(.265,.045,25), 'diff-add-mark': lch(.36,.07,155), 'diff-del-mark': lch(.37,.09,25),
  },
};
themes.light['accent-text'] = themes.light.accent; themes.dark['accent-text'] = lch(.80,.10,272);
const sem = { // name: [hue, chroma]
  'risk-low': [205,.06], 'risk-moderate': [88,.11], 'risk-high': [55,.14], 'risk-critical': [22,.18],
  'state-pending': [262,.13], 'state-approved': [155,.11], 'state-rejected': [27,.17], 'state-expired': [N,.02], 'state-superseded': [300,.08],
  'state-redeemed': [200,.09], 'state-rolled-back': [70,.11], 'state-failed': [2,.17], 'state-denied': [40,.13], 'unknown': [320,.09],
};
for (const [k, [h, c]] of Object.entries(sem)) {
  Object.assign(themes.light, { [k]: lch(.445,c,h), [`${k}-tint`]: lch(.962,c*.2,h), [`${k}-line`]: lch(.585,c,h) });
  Object.assign(themes.dark, { [k]: lch(.83,c*.75,h), [`${k}-tint`]: lch(.272,c*.38,h), [`${k}-line`]: lch(.70,c,h) });
}
ramp([.655,.115,92],[.255,.085,264],7).forEach((v,i) => themes.light[`heat-${i+1}`] = v);
ramp([.515,.085,264],[.93,.15,100],7).forEach((v,i) => themes.dark[`heat-${i+1}`] = v);
for (const t of ['light','dark']) for (let i = 1; i <= 7; i++) { const f = themes[t][`heat-${i}`]; themes[t][`on-heat-${i}`] = cr('#ffffff', f) >= cr('#0b0d12', f) ? '#ffffff' : '#0b0d12'; }
const cat = { light: ['#0068a8','#c25200','#00875f','#a8477f','#2a86b8','#8a7400','#b06f00','#4d5563'], dark: ['#5aa9e6','#ef7f3d','#2bbf93','#dd8fbd','#8fd0f2','#efe07a','#f0b23e','#aeb6c3'] };
for (const t of ['light','dark']) cat[t].forEach((v,i) => themes[t][`cat-${i+1}`] = v);

const shadow = { light: { 'shadow-1': '0 1px 2px rgb(16 22 40 / .06)', 'shadow-2': '0 4px 16px rgb(16 22 40 / .10), 0 1px 2px rgb(16 22 40 / .08)' }, dark: { 'shadow-1': '0 1px 2px rgb(0 0 0 / .4)', 'shadow-2': '0 8px 24px rgb(0 0 0 / .5), 0 0 0 1px rgb(255 255 255 / .05)' } };
const block = t => Object.entries({ ...themes[t], ...shadow[t] }).map(([k, v]) => `  --${k}: ${v};`).join('\n');
const css = `/* Countersign design tokens. Written by tokens.mjs, which also checks the contrast of every pair in use. */
:root {
  /* Space: 4 px base. Only these. */
  --s-1: 4px; --s-2: 8px; --s-3: 12px; --s-4: 16px; --s-5: 20px; --s-6: 24px; --s-8: 32px; --s-12: 48px;
  /* Type: five sizes, line heights on the grid. */
  --font: "Inter", system-ui, -apple-system, "Segoe UI", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace;
  --t-xs: .6875rem/1rem var(--font);   /* 11/16  axis, column heads, meta */
  --t-sm: .75rem/1rem var(--font);     /* 12/16  secondary text, chips, table cells */
  --t-md: .8125rem/1.25rem var(--font);/* 13/20  body, list titles, controls */
  --t-lg: 1rem/1.5rem var(--font);     /* 16/24  title of the open thing */
  --t-xl: 1.5rem/2rem var(--font);     /* 24/32  figures alone */
  --t-code: .75rem/1.25rem var(--mono);/* 12/20  operations, digests, arguments */
  --w-regular: 400; --w-medium: 500; --w-semibold: 600;
  /* Shape */
  --r-1: 3px; --r-2: 6px; --r-3: 8px; --r-full: 999px;
  --line: 1px solid var(--border); --line-strong: 1px solid var(--border-strong); --line-control: 1px solid var(--border-control);
  --ring: 0 0 0 2px var(--surface), 0 0 0 4px var(--focus);
  --bar: 48px; --row: 28px; --control: 32px; --touch: 44px; --dock: 96px; --list: 320px; --rail: 344px; --gutter: 24px;
  /* Motion: opacity and colour only; layout under the reader's eyes never moves. */
  --m-fast: 80ms; --m-base: 140ms; --m-slow: 240ms; --ease: cubic-bezier(.2,.7,.2,1); --arm-delay: 1000ms;
}
:root, [data-theme="light"] {
  color-scheme: light;
${block('light')}
}
@media (prefers-color-scheme: dark) { :root:not([data-theme]) {
  color-scheme: dark;
${block('dark')}
} }
[data-theme="dark"] {
  color-scheme: dark;
${block('dark')}
}
@media (prefers-reduced-motion: reduce) { :root { --m-fast: 0ms; --m-base: 0ms; --m-slow: 0ms; } }
@media (prefers-contrast: more) { :root { --border: var(--border-control); --border-strong: var(--text-2); --text-3: var(--text-2); } }
`;
writeFileSync(new URL('tokens.css', import.meta.url), css);

let report = '';
for (const [t, c] of Object.entries(themes)) {
  const text = [], gfx = [];
  const T = (f, b) => text.push([cr(c[f], c[b]), `${f} on ${b}`]), G = (f, b) => gfx.push([cr(c[f], c[b]), `${f} on ${b}`]);
  for (const f of ['text','text-2','text-3','accent-text']) for (const b of ['bg','surface','raised','sunken','hover','selected']) T(f, b);
  for (const f of ['text','text-2']) for (const b of ['diff-add','diff-del','accent-tint']) T(f, b);
  for (const b of ['diff-add-mark','diff-del-mark']) T('text', b);
  T('accent-text','accent-tint'); T('on-accent','accent'); T('on-accent','accent-hover'); for (const k of ['state-pending','state-approved']) { T(k,'accent-tint'); G(k+'-line','accent-tint'); } T('text-3','accent-tint'); T('unknown','accent-tint');
  for (const k of Object.keys(sem)) { for (const b of ['surface','bg','sunken','raised','hover','selected', `${k}-tint`]) { T(k, b); G(`${k}-line`, b); } T('text', `${k}-tint`); T('text-2', `${k}-tint`); }
  for (let i = 1; i <= 7; i++) { G(`heat-${i}`, 'surface'); T(`on-heat-${i}`, `heat-${i}`); }
  for (let i = 1; i <= 8; i++) for (const b of ['surface','bg']) G(`cat-${i}`, b);
  for (const b of ['surface','bg','raised','sunken','hover','selected']) { G('border-control', b); G('focus', b); G('accent-line', b); }
  for (const [name, list, min] of [['text', text, 4.5], ['graphics', gfx, 3]]) {
    list.sort((a, b) => a[0]-b[0]);
    report += `${t} ${name}: ${list.length} pairs, lowest ${list[0][0].toFixed(2)} (${list[0][1]}), next ${list.slice(1,4).map(x => `${x[0].toFixed(2)} ${x[1]}`).join('; ')}\n`;
    for (const [r, p] of list) if (r < min) report += `  FAIL ${r.toFixed(2)} ${p}\n`;
  }
  const steps = []; for (let i = 1; i < 7; i++) steps.push(cr(c[`heat-${i}`], c[`heat-${i+1}`]).toFixed(2)); report += `${t} heat neighbours: ${steps.join(' ')}  ${[1,2,3,4,5,6,7].map(i=>c['heat-'+i]).join(' ')}\n`;
}
console.log(report);
if (report.includes('FAIL')) process.exitCode = 1;
