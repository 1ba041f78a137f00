// Elements, numbers and time: what every part of the explorer needs.

/** An element with attributes, listeners (on...) and children. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false)
      continue;
    if (key.startsWith('on'))
      node.addEventListener(key.slice(2), value);
    else
      node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}

const icons = {
  cross: 'M12 3v18M3 12h18M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8',
  hand: 'M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3',
  lasso: 'M7 17c-3-1-4-4-3-7 1.5-4 6-6 10-5.5 4 .5 7 3 7 6.5s-4 6-9 6c-1.7 0-3.5-.3-5-1zM7 17c1.5 0 2 1 1.5 2S6.5 21 5 20.5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  frame: 'M5 5h14v14H5zM9 12l2 2 4-4',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  locked: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  open: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.8-1.2',
  dice: 'M5 5h14v14H5zM9 9h.4M15 15h.4M12 12h.4M15 9h.4M9 15h.4',
  reset: 'M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4',
  erase: 'M6 6l12 12M18 6L6 18',
  file: 'M4 6h16v12H4zM4 15l4-4 4 4 3-3 5 5M15.5 9.5h.01',
  play: 'M7 5l12 7-12 7z',
  pause: 'M8 5v14M16 5v14',
};

/** A small drawing in the colour of the text. */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', 'aria-hidden': 'true', class: 'lx-icon' }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}

/** A button with a drawing, a text or both; the hint is its name where it has no text. */
export function button({ image, text, hint, click, pressed, testId, extra }) {
  return element('button', {
    type: 'button', class: `lx-button${text ? '' : ' lx-bare'}${extra ? ` ${extra}` : ''}`, title: hint ?? null,
    'aria-label': text ? null : hint, 'aria-pressed': pressed === undefined ? null : `${pressed}`, 'data-testid': testId ?? null,
    onclick: click,
  }, image ? icon(image) : null, text ?? null);
}

/** A box to tick with its label. */
export function tick({ text, hint, on, change, testId }) {
  const box = element('input', { type: 'checkbox', checked: on, 'data-testid': testId ?? null });
  box.addEventListener('change', () => change(box.checked));
  const label = element('label', { class: 'lx-tick', title: hint ?? null }, box, text);
  label.box = box;
  return label;
}

/** A list to choose one from: pairs of a value and its text. */
export function choice({ label, hint, options, value, change, testId }) {
  const select = element('select', { class: 'lx-select', 'aria-label': hint ?? label, title: hint ?? label, 'data-testid': testId ?? null },
    ...options.map(([key, text]) => element('option', { value: key }, text)));
  select.value = value;
  select.addEventListener('change', () => change(select.value));
  return select;
}

/** A part of the page with a heading and a place for buttons beside it. */
export function card(name, title, tools, ...children) {
  const heading = element('h2', { class: 'lx-title' }, title);
  const node = element('section', { class: `lx-card lx-${name}`, 'aria-label': title },
    element('div', { class: 'lx-head' }, heading, ...tools), ...children);
  node.heading = heading;
  return node;
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** A number with so many decimals and a true minus sign. */
export function numberText(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace('-', '\u2212');
}

/** How many decimals tell hundredths of a range apart, at least two. */
export const decimalsOf = range => clamp(Math.ceil(2 - Math.log10(Math.max(range, 1e-9))), 2, 6);

/** The name of the i-th number of a code: z with a small index from 1. */
export const numberName = i => `z${[...`${i + 1}`].map(digit => String.fromCharCode(0x2080 + Number(digit))).join('')}`;

export const countText = count => count.toLocaleString('en');

/** Runs something once, when it has not been asked for during so many milliseconds. */
export function debounce(work, milliseconds) {
  let timer = 0;
  const later = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Runs something at most once a frame. */
export function onFrame(work) {
  let asked = 0;
  const later = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      work();
    });
  };
  later.cancel = () => {
    cancelAnimationFrame(asked);
    asked = 0;
  };
  return later;
}

/** Runs an asynchronous work with one call in flight: of what is asked for meanwhile only the latest is run. */
export function latest(work, failed) {
  let busy = false;
  let next = null;
  return async value => {
    next = { value };
    if (busy)
      return;
    busy = true;
    while (next) {
      const current = next.value;
      next = null;
      try {
        await work(current);
      } catch (error) {
        failed(error);
      }
    }
    busy = false;
  };
}

export const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Gives a file to the one who asked for it. */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** Puts a text into the clipboard, also where the page has no right to the newer way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element('textarea', { class: 'lx-hidden', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

/** Calls back when the colours may have changed: the system's, or an attribute of the node or of one it lies in. */
export function watchTheme(node, changed) {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  for (let at = node; at; at = at.parentElement)
    observer.observe(at, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  media.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', changed);
  };
}

/** The explorer's colours as they are now at a node. */
export function themeOf(node) {
  const style = getComputedStyle(node);
  const read = name => style.getPropertyValue(`--lx-${name}`).trim();
  return { paper: read('paper'), ink: read('ink'), soft: read('soft'), line: read('line'), panel: read('panel'), accent: read('accent'), plot: read('plot'), font: style.fontFamily };
}

/** Runs something when the page has nothing more urgent to do, in half a second at the latest. */
export const whenIdle = work => (window.requestIdleCallback ? requestIdleCallback(() => work(), { timeout: 500 }) : setTimeout(work, 1));
