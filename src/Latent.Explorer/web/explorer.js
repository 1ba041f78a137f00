import { element, button, tick, choice, card, debounce, latest, download, copyText, numberText, numberName, countText, whenIdle } from './dom.js';
import { Codes } from './codes.js';
import { Plane, axesOf } from './plane.js';
import { Pictures } from './decoding.js';
import { LatentMap } from './map.js';
import { Sliders } from './sliders.js';
import { Pad } from './pad.js';
import { Morph } from './morph.js';
import { Nearest } from './nearest.js';
import { pictureCanvas, paint } from './picture.js';
import { colorMaps, labelColors, cssOf } from './palette.js';
import { png } from './png.js';

/**
 * Builds the explorer of a backend inside an element and gives what controls it: getState, setState, code, setCode, onCode, setCodes,
 * view, destroy.
 * options: state as getState gives it; compact for map, sliders, picture and morph only; onChange(state) after each change.
 */
export function mount(root, backend, options = {}) {
  return new Explorer(root, backend, options).controller();
}

class Explorer {
  constructor(root, backend, options) {
    Object.assign(this, { root, backend, options, listeners: new Set(), version: 0, marks: {} });
    const { meta } = backend;
    this.shape = meta.shape;
    this.latent = meta.latent;
    this.codes = new Codes(backend.codes, backend.labels, meta);
    this.pictures = new Pictures(backend);
    this.isolated = new Set();
    this.selection = null;
    this.picked = -1;
    this.colorMap = 'RdYlBu';
    this.code = Float32Array.from(this.codes.mean);
    this.failed = error => this.fail(error);
    this.told = debounce(() => this.tell(), 120);
    this.decodeLatest = latest(z => this.decode(z), this.failed);
    this.slowly = debounce(() => whenIdle(() => this.lookAround()), 130);
    this.build();
    this.setAxes(this.axes[0].key, this.axes[1]?.key);
    this.startMorph();
    this.setCode(this.code, { silent: true });
    if (options.state)
      this.setState(options.state);
    this.lastTold = JSON.stringify(this.getState());
  }

  tell() {
    const state = this.getState();
    const text = JSON.stringify(state);
    if (text !== this.lastTold)
      this.options.onChange?.(state);
    this.lastTold = text;
  }

  // --- building

  build() {
    const { root, codes, shape, options } = this;
    root.classList.add('latent-explorer');
    this.map = new LatentMap({
      pictures: this.pictures, shape, failed: this.failed, wheel: options.compact ? 'focused' : 'always',
      hooks: {
        lift: (x, y) => this.plane.lift(x, y, this.code),
        move: (x, y) => this.moveTo(x, y),
        pick: i => this.pick(i),
        lasso: indices => this.select(indices),
        thumbnail: i => this.thumbnail(i),
        caption: i => `${this.codes.labels ? `${this.codes.nameOf(i)} · ` : ''}image ${countText(this.codes.imageOf(i))}`,
        moved: () => this.told(),
        clear: () => this.clearSelection(),
        theme: () => this.pad?.repaint(),
      },
    });
    this.sliders = new Sliders(codes, {
      change: (i, value) => {
        const z = Float32Array.from(this.code);
        z[i] = value;
        this.setCode(z, { from: 'sliders' });
      },
      reset: () => this.setCode(this.free(this.codes.mean)),
      random: () => this.setCode(this.free(this.codes.random())),
      range: () => this.told(),
    });
    this.morph = new Morph({
      pictures: this.pictures, shape, latent: this.latent, failed: this.failed,
      hooks: { code: () => this.code, go: z => this.setCode(z, { from: 'morph' }), changed: () => this.wayChanged() },
    });
    const parts = [this.buildCode(), this.morph.root];
    if (!options.compact) {
      if (this.backend.meta.canEncode)
        parts.push(this.buildPad());
      this.nearest = new Nearest({
        pictures: this.pictures, codes, shape, failed: this.failed,
        hooks: {
          pick: i => this.pick(i), clear: () => this.clearSelection(), color: i => this.colors[this.codes.labels[i]],
          download: indices => this.saveCsv(indices, 'selected-codes.csv'),
        },
      });
      parts.push(this.nearest.root);
    }
    this.status = element('div', { class: 'lx-status', role: 'alert', hidden: true });
    this.heard = element('div', { class: 'lx-heard', 'aria-live': 'polite' });
    const [code, morph, ...others] = parts;
    this.body = element('div', { class: `lx-body${options.compact ? ' lx-compact' : ''}` },
      element('div', { class: 'lx-left' }, this.buildMapCard(), morph),
      element('div', { class: 'lx-right' }, code, ...others));
    root.replaceChildren(this.body, this.status, this.heard);
    this.map.attached();
    this.setColors();
  }

  buildMapCard() {
    const { options } = this;
    const modes = [['decode', 'cross', 'Decode', 'Drag to decode; click a point to select it'], ['pan', 'hand', 'Pan', 'Drag to move the map'], ['lasso', 'lasso', 'Lasso', 'Draw around points to select them']];
    this.modeButtons = new Map(modes.map(([mode, image, text, hint]) => [mode, button({ image, text, hint, pressed: mode === 'decode', click: () => this.setMode(mode), testId: `mode-${mode}` })]));
    this.gridTick = tick({ text: 'Grid', hint: 'What the decoder makes of the plane behind the points, faint where there are few', on: true, change: on => this.showGrid(on), testId: 'grid-switch' });
    this.pointTick = tick({ text: 'Points', on: true, change: on => this.map.setPoints(on), testId: 'points-switch' });
    this.axesRow = element('div', { class: 'lx-group', 'aria-label': 'Axes', role: 'group' });
    this.colorChoice = choice({ label: 'Colours of the labels', options: colorMaps.map(name => [name, name]), value: this.colorMap, change: value => this.setColorMap(value), testId: 'colors' });
    const tools = element('div', { class: 'lx-toolbar', role: 'toolbar', 'aria-label': 'Map' },
      element('div', { class: 'lx-group lx-joined', role: 'group', 'aria-label': 'What the primary button does' }, ...this.modeButtons.values()),
      element('div', { class: 'lx-group' },
        button({ image: 'minus', hint: 'Zoom out', click: () => this.map.zoom(0.8), testId: 'zoom-out' }),
        button({ image: 'plus', hint: 'Zoom in', click: () => this.map.zoom(1.25), testId: 'zoom-in' }),
        button({ image: 'fit', hint: 'Show all points', click: () => this.map.fit(), testId: 'zoom-fit' })),
      element('div', { class: 'lx-group' }, this.gridTick, this.pointTick),
      this.axesRow);
    const share = options.compact ? null : element('div', { class: 'lx-group lx-end' },
      button({ image: 'frame', text: 'Select view', hint: 'Select the points that are in view', click: () => this.select(this.map.pointsInView()), testId: 'select-view' }),
      this.linkButton = button({ image: 'link', text: 'Copy link', hint: 'Copy the address of this state', click: () => this.copyLink(), testId: 'copy-link' }),
      button({ image: 'download', text: 'Codes', hint: 'Save all codes as CSV', click: () => this.saveCsv(null, 'codes.csv'), testId: 'codes-csv' }));
    this.legend = element('div', { class: 'lx-legend', role: 'group', 'aria-label': 'Labels: press one to see it alone' });
    const hint = element('p', { class: 'lx-note lx-gestures' }, options.compact
      ? 'Drag to decode. Right button or space pans; the wheel zooms once the map was clicked; double click shows all.'
      : 'Drag decodes, a click selects. Right button or space pans, wheel zooms, double click shows all.');
    const node = element('section', { class: 'lx-card lx-map-card', 'aria-label': 'Map' }, tools, this.map.root,
      element('div', { class: 'lx-legend-row' }, this.legend, this.colorChoice), element('div', { class: 'lx-legend-row lx-foot' }, hint, share ?? ''));
    this.buildAxes();
    return node;
  }

  buildAxes() {
    this.axes = axesOf(this.codes);
    if (this.latent === 1)
      this.axes.length = 1;
    else if (this.latent === 2)
      this.axes = this.axes.slice(-2);
    const list = this.axes.map(axis => [axis.key, axis.short]);
    const select = (label, position) => choice({ label, options: list, value: list[0][0], change: value => this.chooseAxis(position, value), testId: `axis-${position}` });
    this.axisChoices = this.latent > 2 ? [select('Axis to the right', 0), select('Axis upwards', 1)] : [];
    this.axesRow.replaceChildren(...this.axisChoices);
    this.axesRow.hidden = this.axisChoices.length === 0;
  }

  buildCode() {
    this.decoded = pictureCanvas(this.shape, { class: 'lx-decoded', 'data-testid': 'decoded', 'data-version': '0', 'aria-label': 'What the decoder makes of the code' });
    this.place = element('p', { class: 'lx-place', 'data-testid': 'place' }, '\u00a0');
    this.near = element('p', { class: 'lx-near', 'data-testid': 'distance' }, '\u00a0');
    const picture = element('div', { class: 'lx-picture' }, element('div', { class: 'lx-decoded-frame' }, this.decoded), this.near);
    return card('code', 'Code', [this.place, button({ image: 'download', text: 'PNG', hint: 'Save the decoded picture as PNG', click: () => this.savePicture(), testId: 'picture-png' })],
      element('div', { class: 'lx-code-row' }, picture, this.sliders.root));
  }

  buildPad() {
    this.pad = new Pad({
      backend: this.backend, failed: this.failed, ground: () => this.map.theme.panel,
      hooks: {
        encoded: code => {
          this.clearSelection(true);
          this.drawn = Float32Array.from(code);
          this.setCode(this.drawn, { from: 'pad' });
          this.showMarks();
        },
        cleared: () => {
          this.drawn = null;
          this.showMarks();
          this.slowly();
        },
      },
    });
    return this.pad.root;
  }

  startMorph() {
    const { codes } = this;
    if (codes.count < 2) {
      this.morph.setAnchors(codes.mean, codes.mean.map((value, i) => value + (codes.ranges[i][1] - codes.ranges[i][0]) / 4));
      return;
    }
    let other = 1;
    while (other < codes.count - 1 && codes.labels && codes.labels[other] === codes.labels[0])
      other++;
    this.morph.setAnchors(codes.at(0), codes.at(other));
  }

  // --- the code

  /** Sets the code everywhere. from: the part that has it already. */
  setCode(z, { silent = false, from = '' } = {}) {
    const before = this.code;
    this.code = Float32Array.from({ length: this.latent }, (_, i) => (Number.isFinite(z[i]) ? z[i] : before[i]));
    if (from !== 'sliders')
      this.sliders.setCode(this.code);
    if (from !== 'morph')
      this.morph.left();
    if (from !== 'pick')
      this.unpick(from);
    this.map.setCode(this.plane.project(this.code));
    if (this.latent > 2 && this.leftPlane())
      this.map.planeMoved();
    this.place.textContent = this.latent <= 3 ? `(${[...this.code].map(value => numberText(value, 2)).join(', ')})` : '';
    this.decodeLatest(this.code);
    this.slowly();
    this.told();
    if (!silent)
      for (const listener of this.listeners)
        listener(Float32Array.from(this.code));
  }

  /** Whether the code has left the plane for which the tiles behind the points were decoded. */
  leftPlane() {
    const foot = this.plane.lift(0, 0, this.code);
    const moved = !this.foot || foot.some((value, i) => Math.abs(value - this.foot[i]) > 1e-3 * (this.codes.ranges[i][1] - this.codes.ranges[i][0]));
    if (moved)
      this.foot = foot;
    return moved;
  }

  /** A code in which the locked numbers stay as they are. */
  free(z) {
    return z.map((value, i) => (this.sliders.fixed[i] ? this.code[i] : value));
  }

  moveTo(x, y) {
    this.setCode(this.plane.lift(x, y, this.code, this.sliders.fixed));
  }

  async decode(z) {
    const pixels = await this.pictures.now(z);
    if (this.gone)
      return;
    this.pixels = pixels;
    paint(this.decoded, pixels, this.shape);
    this.decoded.dataset.version = `${++this.version}`;
    this.status.hidden = true;
    this.decoded.classList.remove('lx-stale');
  }

  /** What takes longer than a picture: the neighbours of the code, and how far it is from all data. */
  lookAround() {
    const { codes, code } = this;
    if (this.gone)
      return;
    if (codes.count === 0) {
      this.near.textContent = '\u00a0';
    } else {
      const [{ distance }] = codes.nearest(code, 1);
      const { median, high } = codes.spacing;
      const kind = distance <= Math.max(high, 1e-6) ? 'among the data' : distance <= 4 * high ? 'at the edge of the data' : 'far from all data';
      this.near.dataset.kind = distance <= high ? 'near' : distance <= 4 * high ? 'edge' : 'far';
      this.near.textContent = `${kind}: the nearest code is ${numberText(distance, 2)} away (usual: ${numberText(median, 2)})`;
      this.near.title = 'Between two codes of images the distance to the nearest is usually that of the median, and for 95 of 100 less than that of the edge';
    }
    this.heard.textContent = `Code ${[...code.slice(0, 4)].map((value, i) => `${numberName(i)} ${numberText(value, 2)}`).join(', ')}. ${this.near.textContent}`;
    if (this.nearest && this.picked < 0 && !this.selection)
      this.nearest.around(code, this.drawn && sameCode(code, this.drawn) ? 'Nearest to the drawing' : 'Nearest images');
  }

  // --- the map

  setAxes(first, second) {
    const of = key => this.axes.find(axis => axis.key === key);
    const one = of(first) ?? of(this.plane?.first.key) ?? this.axes[0];
    const other = of(second) ?? of(this.plane?.second?.key);
    const two = this.latent === 1 ? null : other && other !== one ? other : this.axes.find(axis => axis !== one);
    this.plane = new Plane(this.codes, one, two);
    if (this.axisChoices.length)
      [this.axisChoices[0].value, this.axisChoices[1].value] = [one.key, two.key];
    this.foot = null;
    this.map.setEmpty(this.codes.count ? null : 'There are no codes of images to show here. What the decoder makes of the plane is behind this note, and sliders and cross-hair decode it.');
    this.map.setCode(this.plane.project(this.code));
    this.map.setPlane(this.plane);
    this.wayChanged();
    this.showMarks();
  }

  chooseAxis(position, key) {
    const keys = [this.plane.first.key, this.plane.second.key];
    if (keys[1 - position] === key)
      keys.reverse(); // the other axis' one: they change places
    else
      keys[position] = key;
    this.map.touched = false;
    this.setAxes(...keys);
    this.told();
  }

  setMode(mode) {
    this.map.setMode(mode);
    for (const [name, node] of this.modeButtons)
      node.setAttribute('aria-pressed', `${name === mode}`);
  }

  showGrid(on) {
    this.gridTick.box.checked = on;
    this.map.setGrid(on);
    this.told();
  }

  setColorMap(name) {
    this.colorMap = colorMaps.includes(name) ? name : 'RdYlBu';
    this.colorChoice.value = this.colorMap;
    this.setColors();
    this.told();
  }

  setColors() {
    const { codes } = this;
    this.colors = labelColors(this.colorMap, codes.names.length);
    this.map.setColors(this.colors);
    this.colorChoice.hidden = codes.names.length === 0;
    this.legend.replaceChildren(...codes.names.map((name, label) => {
      const node = button({ text: name, hint: `Show ${name} alone; with Ctrl or Shift beside others`, pressed: this.isolated.has(label), click: event => this.isolate(label, event.ctrlKey || event.shiftKey || event.metaKey), testId: `label-${label}`, extra: 'lx-chip' });
      node.style.setProperty('--lx-label', cssOf(this.colors[label]));
      return node;
    }));
    this.legend.classList.toggle('lx-alone', this.isolated.size > 0);
  }

  isolate(label, more) {
    const alone = this.isolated.size === 1 && this.isolated.has(label);
    if (more)
      this.isolated.has(label) ? this.isolated.delete(label) : this.isolated.add(label);
    else
      this.isolated = alone ? new Set() : new Set([label]);
    this.labelsChanged();
  }

  labelsChanged() {
    [...this.legend.children].forEach((node, label) => node.setAttribute('aria-pressed', `${this.isolated.has(label)}`));
    this.legend.classList.toggle('lx-alone', this.isolated.size > 0);
    this.showActive();
    this.told();
  }

  showActive() {
    const { codes } = this;
    if (this.isolated.size === 0 && !this.selection) {
      this.map.setActive(null);
      return;
    }
    const active = new Uint8Array(codes.count).fill(this.selection ? 0 : 1);
    for (const i of this.selection ?? [])
      active[i] = 1;
    if (this.isolated.size > 0 && codes.labels)
      for (let i = 0; i < codes.count; i++)
        active[i] &= this.isolated.has(codes.labels[i]) ? 1 : 0;
    this.map.setActive(active);
  }

  async thumbnail(i) {
    const pixels = await (this.backend.meta.hasImages ? this.pictures.image(i) : this.pictures.now(this.codes.at(i)));
    return canvas => paint(canvas, pixels, this.shape);
  }

  // --- selections

  pick(i) {
    this.selection = null;
    this.picked = i;
    this.showActive();
    this.map.setPicked(i);
    this.setCode(this.codes.at(i), { from: 'pick' });
    this.nearest?.image(i);
  }

  /** The code went elsewhere: an image that was picked is so no more. */
  unpick() {
    if (this.picked < 0)
      return;
    this.picked = -1;
    this.map.setPicked(-1);
  }

  /** Selects points, of the labels that are shown alone where there are any. */
  select(indices) {
    this.unpick();
    this.selection = indices.filter(i => this.isolated.size === 0 || this.isolated.has(this.codes.labels[i]));
    this.showActive();
    this.nearest?.many(this.selection);
  }

  clearSelection(quietly = false) {
    this.unpick();
    if (this.selection) {
      this.selection = null;
      this.showActive();
    }
    if (!quietly)
      this.slowly();
  }

  wayChanged() {
    const { a, b } = this.morph;
    if (!a || !this.plane)
      return;
    const path = [];
    for (let i = 0; i <= 32; i++)
      path.push(...this.plane.project(this.morph.at(i / 32)));
    this.map.setPath(Float32Array.from(path));
    this.showMarks();
    this.told();
  }

  showMarks() {
    const { a, b } = this.morph;
    const mark = (z, text) => (z ? { point: this.plane.project(z), text } : null);
    this.map.setMark('a', mark(a, 'A'));
    this.map.setMark('b', mark(b, 'B'));
    this.map.setMark('drawn', mark(this.drawn, '\u270e'));
  }

  // --- files and state

  async savePicture() {
    if (this.pixels)
      download(await png(this.pixels, this.shape), 'decoded.png');
  }

  saveCsv(indices, name) {
    download(new Blob([this.codes.csv(indices)], { type: 'text/csv' }), name);
  }

  async copyLink() {
    const done = await copyText(`${location.href.split('#')[0]}#${new URLSearchParams(this.getState())}`);
    this.linkButton.lastChild.textContent = done ? 'Copied' : 'Not allowed';
    setTimeout(() => this.linkButton.lastChild.textContent = 'Copy link', 1600);
  }

  /** All that a link can bring back: short strings, and only what differs from the start. */
  getState() {
    const { view } = this.map;
    const state = { z: textOf(this.code) };
    if (this.latent > 2)
      state.axes = `${this.plane.first.key},${this.plane.second.key}`;
    if (this.map.touched)
      state.view = [view.x, view.y, view.scale].map(value => Number(value.toPrecision(5))).join();
    if (this.isolated.size > 0)
      state.label = [...this.isolated].sort((a, b) => a - b).join();
    if (!this.map.showGrid)
      state.grid = '0';
    if (this.sliders.range !== 'data')
      state.range = this.sliders.range;
    if (this.colorMap !== 'RdYlBu')
      state.colors = this.colorMap;
    if (this.morph.spherical)
      state.way = 'arc';
    return { ...state, a: textOf(this.morph.a), b: textOf(this.morph.b) };
  }

  /** Takes a state back; what it does not name, or names wrongly, stays as it is. */
  setState(state) {
    const a = codeOf(state.a, this.latent);
    const b = codeOf(state.b, this.latent);
    if (state.axes && this.latent > 2)
      this.setAxes(...state.axes.split(','));
    const view = (state.view ?? '').split(',').map(Number);
    if (view.length === 3 && view.every(Number.isFinite) && view[2] > 0)
      this.map.setView({ x: view[0], y: view[1], scale: view[2] });
    const labels = (state.label ?? '').split(',').filter(text => text !== '').map(Number).filter(label => label < this.codes.names.length);
    if (state.label === '' || labels.length > 0) {
      this.isolated = new Set(labels);
      this.labelsChanged();
    }
    if (state.grid !== undefined)
      this.showGrid(state.grid !== '0');
    if (state.range)
      this.sliders.setRange(state.range);
    if (state.colors)
      this.setColorMap(state.colors);
    if (state.way)
      this.morph.setSpherical(state.way === 'arc' && this.latent > 1);
    if (a || b)
      this.morph.setAnchors(a ?? this.morph.a, b ?? this.morph.b);
    const z = codeOf(state.z, this.latent);
    if (z)
      this.setCode(z, { silent: true });
  }

  /** Other codes, as a training gives them: the points glide, the rest stays. */
  setCodes(codes, labels, meta = {}) {
    this.codes = new Codes(codes, labels, { ...this.backend.meta, ...meta });
    if (this.nearest)
      this.nearest.codes = this.codes;
    this.selection = null;
    this.unpick();
    this.sliders.setCodes(this.codes);
    const { first, second } = this.plane;
    this.buildAxes();
    this.setColors();
    this.showActive();
    this.setAxes(first.key, second?.key);
    this.map.planeMoved();
    this.slowly();
  }

  fail(error) {
    if (this.gone)
      return;
    console.warn(error);
    this.decoded.classList.add('lx-stale');
    this.status.textContent = `No picture could be made: ${error?.message ?? error}. The last one stays; moving on tries again.`;
    this.status.hidden = false;
  }

  controller() {
    const explorer = this;
    return {
      get code() {
        return Float32Array.from(explorer.code);
      },
      view: () => [this.map.view.x, this.map.view.y, this.map.view.scale], // the plane's point in the middle, and the pixels a unit takes
      getState: () => this.getState(),
      setState: state => this.setState(state),
      setCode: (z, options) => this.setCode(z, options),
      setCodes: (codes, labels, meta) => this.setCodes(codes, labels, meta),
      onCode: listener => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      destroy: () => this.destroy(),
    };
  }

  destroy() {
    this.gone = true;
    this.told.cancel();
    this.slowly.cancel();
    this.map.destroy();
    this.morph.destroy();
    this.pad?.destroy();
    this.root.replaceChildren();
    this.root.classList.remove('latent-explorer');
  }
}

const textOf = z => [...z].map(value => Number(value.toPrecision(5))).join();

function codeOf(text, latent) {
  const numbers = (text ?? '').split(',').map(Number);
  return text && numbers.length === latent && numbers.every(Number.isFinite) ? Float32Array.from(numbers) : null;
}

const sameCode = (a, b) => a.every((value, i) => value === b[i]);
