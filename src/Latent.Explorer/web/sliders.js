import { element, button, icon, choice, clamp, decimalsOf, numberName } from './dom.js';

// One slider for each number of a code.

/** The sliders. hooks: change(i, value), reset(), random(), range(name). */
export class Sliders {
  constructor(codes, hooks) {
    this.hooks = hooks;
    this.range = 'data';
    this.rangeChoice = choice({
      label: 'Range of the sliders', hint: 'Range of the sliders: where the middle 98 of 100 codes lie, or from \u22125 to 5',
      options: [['data', 'data\u2019s range'], ['5', '\u22125 to 5']], value: 'data', change: value => {
        this.setRange(value);
        hooks.range(value);
      }, testId: 'slider-range',
    });
    this.list = element('div', { class: 'lx-sliders' });
    this.tools = [
      button({ image: 'reset', text: 'Mean', hint: 'Set all numbers that are not locked to the mean of the codes', click: () => hooks.reset(), testId: 'reset' }),
      button({ image: 'dice', text: 'Random', hint: 'Draw a code from the normal distribution with the codes\u2019 mean and covariance', click: () => hooks.random(), testId: 'random' }),
    ];
    this.root = element('div', { class: 'lx-slider-part' }, element('div', { class: 'lx-row' }, ...this.tools, this.rangeChoice), this.list);
    this.setCodes(codes);
  }

  setCodes(codes) {
    this.codes = codes;
    if (this.rows?.length === codes.latent) {
      this.applyRange();
      return;
    }
    this.fixed = new Uint8Array(codes.latent);
    this.rows = Array.from({ length: codes.latent }, (_, i) => this.row(i));
    this.list.replaceChildren(...this.rows.map(row => row.node));
    this.values = Float32Array.from(codes.mean);
    this.applyRange();
  }

  row(i) {
    const name = numberName(i);
    const slider = element('input', { type: 'range', step: 'any', 'aria-label': `Number ${i + 1} of the code`, 'data-testid': `slider-${i}`, class: 'lx-slider' });
    const number = element('input', { type: 'number', step: 'any', 'aria-label': `Value of number ${i + 1} of the code`, class: 'lx-number', 'data-testid': `value-${i}` });
    const lock = button({ image: 'open', hint: `Lock number ${i + 1}`, pressed: false, click: () => this.lock(i, !this.fixed[i]), testId: `lock-${i}`, extra: 'lx-lock' });
    slider.addEventListener('input', () => this.moved(i, slider.valueAsNumber, slider));
    slider.addEventListener('change', () => this.show(i));
    number.addEventListener('input', () => {
      if (Number.isFinite(number.valueAsNumber))
        this.moved(i, number.valueAsNumber, number);
    });
    number.addEventListener('change', () => this.show(i));
    return { slider, number, lock, node: element('div', { class: 'lx-slider-row' }, element('span', { class: 'lx-name', 'aria-hidden': 'true' }, name), slider, number, lock) };
  }

  moved(i, value, from) {
    this.values[i] = value;
    this.show(i, from);
    this.hooks.change(i, value);
  }

  lock(i, fixed) {
    this.fixed[i] = fixed ? 1 : 0;
    const { slider, number, lock } = this.rows[i];
    slider.disabled = number.disabled = fixed;
    lock.setAttribute('aria-pressed', `${fixed}`);
    lock.setAttribute('aria-label', `${fixed ? 'Unlock' : 'Lock'} number ${i + 1}`);
    lock.title = lock.getAttribute('aria-label');
    lock.replaceChildren(icon(fixed ? 'locked' : 'open'));
  }

  setRange(range) {
    this.range = range === '5' ? '5' : 'data';
    this.rangeChoice.value = this.range;
    this.applyRange();
  }

  applyRange() {
    for (let i = 0; i < this.rows.length; i++)
      this.show(i);
  }

  setCode(z) {
    for (let i = 0; i < z.length; i++)
      if (this.values[i] !== z[i] || !this.rows[i].shown) {
        this.values[i] = z[i];
        this.show(i);
      }
  }

  /** A slider reaches as far as its range, and as far as its value where that lies beyond; not while it is moved itself. */
  show(i, from = null) {
    const { slider, number } = this.rows[i];
    const value = this.values[i];
    const [low, high] = this.range === '5' ? [-5, 5] : this.codes.ranges[i];
    if (from !== slider) {
      slider.min = Math.min(low, value);
      slider.max = Math.max(high, value);
      slider.value = value;
    }
    if (from !== number)
      number.value = value.toFixed(decimalsOf(high - low)).replace(/^-(?=[0.]*$)/, ''); // never -0
    const [least, most] = [Number(slider.min), Number(slider.max)];
    slider.style.setProperty('--lx-part', `${100 * clamp((value - least) / Math.max(1e-9, most - least), 0, 1)}%`);
    slider.setAttribute('aria-valuetext', number.value);
    this.rows[i].node.classList.toggle('lx-beyond', value < low || value > high);
    this.rows[i].shown = true;
  }
}
