// Looking back over the epochs of a training: what the model made of a few images, and where it put the codes of some more.
// The pictures and the map follow the latest epoch until somebody goes back.

import { element, button, latest, countText, Codes, Plane, axesOf, LatentMap, labelColors, cssOf } from '/explorer/explorer.js';

const machines = new WeakMap();
const kept = 40; // looks that stay in memory, so that going back and forth asks for nothing

/** Makes the slider in a bar, the pictures and the map in elements that stay empty for Blazor. */
export function create(bar, pictures, map) {
  if (bar.isConnected && !machines.has(bar))
    machines.set(bar, new TimeMachine(bar, pictures, map));
}

/** Which run's epochs there are; the final model is one more. */
export function setEpochs(bar, run, epochs, final, best) {
  machines.get(bar)?.setEpochs(run, epochs, final, best);
}

export function destroy(bar) {
  machines.get(bar)?.destroy();
  machines.delete(bar);
}

class TimeMachine {
  constructor(bar, pictures, map) {
    Object.assign(this, { bar, pictures, map });
    this.run = null;
    this.stops = [];
    this.place = -1;
    this.follows = true;
    this.looks = new Map();
    this.show = latest(stop => this.showNow(stop), error => {
      console.warn(error);
      this.say('This epoch cannot be shown.');
    });
    this.build();
  }

  build() {
    this.back = button({ text: '‹', hint: 'One epoch back', click: () => this.go(this.place - 1), testId: 'epoch-back' });
    this.next = button({ text: '›', hint: 'One epoch on', click: () => this.go(this.place + 1), testId: 'epoch-next' });
    this.playing = button({ image: 'play', text: 'Play', hint: 'Play the epochs one after the other', click: () => this.play(), testId: 'epoch-play' });
    this.slider = element('input', { type: 'range', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'Epoch', 'data-testid': 'epoch-slider', disabled: true });
    this.slider.addEventListener('input', () => this.go(Number(this.slider.value)));
    this.text = element('output', { class: 'tm-text', 'data-testid': 'epoch-text' }, '');
    this.bar.classList.add('latent-explorer', 'tm-bar');
    this.bar.replaceChildren(this.playing, this.back, this.slider, this.next, this.text);
    this.pictures.classList.add('tm-pictures');
  }

  setEpochs(run, epochs, final, best) {
    if (run !== this.run) {
      this.run = run;
      this.looks.clear();
      this.dropMap();
      this.pictures.replaceChildren();
      this.basis = null;
      this.stop();
      [this.place, this.follows] = [-1, true];
    }
    const before = this.stops[this.place];
    this.stops = [...epochs.map(epoch => `${epoch}`), ...(final ? ['final'] : [])];
    if (!final)
      this.looks.delete('final');
    this.best = best;
    const last = this.stops.length - 1;
    this.slider.max = `${Math.max(0, last)}`;
    this.slider.disabled = last < 1;
    if (last < 0)
      return this.say('');
    const same = this.stops.indexOf(before);
    if (this.follows || same < 0)
      this.to(last);
    else if (same !== this.place)
      this.to(same);
    else
      this.enable();
  }

  /** Goes to a stop by hand: from then on the latest is followed only where that is the last one. */
  go(place) {
    this.stop();
    this.to(Math.min(this.stops.length - 1, Math.max(0, place)));
    this.follows = this.place === this.stops.length - 1;
  }

  to(place) {
    this.place = place;
    this.slider.value = `${place}`;
    this.enable();
    this.show(this.stops[place]);
  }

  enable() {
    this.back.disabled = this.place <= 0;
    this.next.disabled = this.place >= this.stops.length - 1;
    this.playing.disabled = this.stops.length < 2;
  }

  play() {
    if (this.timer) {
      this.stop();
      return;
    }
    this.follows = false;
    this.playing.lastChild.textContent = 'Stop';
    if (this.place >= this.stops.length - 1)
      this.to(0);
    const wait = Math.max(60, Math.min(600, 12000 / this.stops.length));
    this.timer = setInterval(() => {
      if (this.place >= this.stops.length - 1)
        this.stop();
      else
        this.to(this.place + 1);
      this.follows = this.place === this.stops.length - 1;
    }, wait);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.playing.lastChild.textContent = 'Play';
  }

  say(text) {
    this.text.textContent = text;
  }

  async showNow(stop) {
    const run = this.run;
    const look = await this.look(stop);
    if (this.gone || run !== this.run)
      return;
    if (!look) {
      this.say('This epoch is no longer kept.');
      return;
    }
    this.bar.dataset.epoch = stop;
    const { meta } = look;
    const name = stop === 'final' ? `final model${meta.epoch > 0 ? ` (epoch ${meta.epoch})` : ''}` : meta.epoch === 0 ? 'before training' : `epoch ${meta.epoch}`;
    const loss = meta.valLoss ?? meta.loss;
    this.say(`${name}${loss === null ? '' : ` · ${meta.valLoss === null ? 'loss' : 'val_loss'} ${loss.toPrecision(4)}`}${this.best > 0 && `${this.best}` === stop ? ' · best' : ''}`);
    this.slider.setAttribute('aria-valuetext', this.text.textContent);
    this.drawPictures(look);
    this.drawMap(look, stop);
  }

  /** The file of an epoch and what is known beside it. */
  async look(stop) {
    const known = this.looks.get(stop);
    if (known) {
      this.looks.delete(stop);
      this.looks.set(stop, known); // the one that was used last goes last
      return known;
    }
    const address = `/api/runs/${encodeURIComponent(this.run)}/snapshots/${stop}`;
    const [file, meta] = await Promise.all([fetch(address), fetch(`${address}/meta`)]);
    if (file.status !== 200 || meta.status !== 200) // 204: gone
      return null; // deleted meanwhile
    const look = { meta: await meta.json(), ...tensorsOf(await file.arrayBuffer()) };
    this.looks.set(stop, look);
    if (this.looks.size > kept)
      this.looks.delete(this.looks.keys().next().value);
    return look;
  }

  drawPictures({ meta, tensors }) {
    const [height, width, channels] = meta.shape;
    const size = height * width * channels;
    const count = size > 0 ? tensors.images.length / size : 0;
    if (this.pictures.dataset.count !== `${count}` || this.pictures.childElementCount === 0) {
      const columns = Math.min(5, count);
      const row = (name, text) => Array.from({ length: count }, (_, i) => element('canvas', {
        width, height, class: `tm-picture tm-${name}`, role: 'img', 'aria-label': `${text} ${i + 1}`,
      }));
      this.given = row('given', 'Image');
      this.made = row('made', 'Reconstruction');
      this.pictures.style.setProperty('--tm-columns', `${columns}`);
      this.pictures.dataset.count = `${count}`;
      const parts = [];
      for (let i = 0; i < count; i += columns)
        for (const [name, pictures] of [['image', this.given], ['rebuilt', this.made]])
          parts.push(element('div', { class: 'tm-row-name' }, name), ...pictures.slice(i, i + columns), ...Array.from({ length: Math.max(0, i + columns - count) }, () => element('span')));
      this.pictures.replaceChildren(...parts);
    }
    for (let i = 0; i < count; i++) {
      drawPixels(this.given[i], tensors.images.subarray(i * size, (i + 1) * size), meta.shape);
      drawPixels(this.made[i], tensors.reconstructions.subarray(i * size, (i + 1) * size), meta.shape);
    }
    this.pictures.dataset.version = `${Number(this.pictures.dataset.version ?? 0) + 1}`;
  }

  /**
   * Codes of more than two numbers are seen along the principal components of the newest epoch that was looked at, so that going back shows
   * how the codes moved and not how the view turned. The final model's codes may be scaled: they have components of their own.
   */
  drawMap({ meta, tensors }, stop) {
    if (meta.components.length > 0 && (stop === 'final' || meta.epoch >= (this.basis?.epoch ?? 0))) {
      if (this.basis)
        align(meta.components, this.basis.components);
      if (stop !== 'final')
        this.basis = { epoch: meta.epoch, mean: meta.mean, components: meta.components };
    }
    const basis = stop === 'final' ? meta : this.basis ?? meta;
    const codes = new Codes(tensors.codes, tensors.labels ?? null, { ...meta, mean: basis.mean, components: basis.components, indices: [...tensors.indices] });
    const axes = axesOf(codes);
    this.codes = codes;
    if (!this.view)
      this.makeMap(meta);
    this.view.setPlane(new Plane(codes, axes[0], axes[1] ?? null));
  }

  /** The explorer's map without what needs a decoder: an epoch's model is not kept. */
  makeMap(meta) {
    const names = this.codes.names;
    const colors = labelColors('RdYlBu', names.length);
    this.alone = null;
    this.map.classList.add('latent-explorer', 'tm-map');
    this.view = new LatentMap({
      pictures: null, shape: meta.shape, wheel: 'focused', failed: () => { },
      hooks: {
        lift: () => null, move: () => { }, pick: () => { }, lasso: () => { }, moved: () => { }, clear: () => this.isolate(null), theme: () => { },
        thumbnail: () => Promise.reject(new Error('not kept')), caption: () => '',
      },
    });
    this.view.setGrid(false);
    this.view.setMode('pan');
    this.view.setCode([NaN, NaN]); // no cross-hair: there is nothing to decode with
    this.view.setColors(colors);
    this.view.root.setAttribute('aria-label', `Map of the codes of ${countText(this.codes.count)} validation images. Plus and minus zoom, Shift with arrow keys pans, Home shows all.`);
    this.legend = names.map((name, label) => {
      const node = button({ text: name, hint: `Show ${name} alone`, pressed: false, click: () => this.isolate(this.alone === label ? null : label), extra: 'lx-chip' });
      node.style.setProperty('--lx-label', cssOf(colors[label]));
      return node;
    });
    this.map.replaceChildren(this.view.root, element('div', { class: 'lx-legend', role: 'group', 'aria-label': 'Labels: press one to see it alone' }, ...this.legend));
    this.view.attached();
    this.view.resize();
  }

  isolate(label) {
    this.alone = label;
    this.legend.forEach((node, i) => node.setAttribute('aria-pressed', `${i === label}`));
    this.view.setActive(label === null ? null : Uint8Array.from(this.codes.labels, value => value === label ? 1 : 0));
  }

  dropMap() {
    this.view?.destroy();
    this.view = null;
    this.map.replaceChildren();
  }

  destroy() {
    this.gone = true;
    this.stop();
    this.dropMap();
    this.bar.replaceChildren();
    this.pictures.replaceChildren();
  }
}

/** Turns components around that point away from those before: a component's sign means nothing. */
function align(components, before) {
  components.forEach((component, i) => {
    const other = before[i];
    if (!other || other.length !== component.length)
      return;
    let sum = 0;
    component.forEach((value, j) => sum += value * other[j]);
    if (sum < 0)
      component.forEach((value, j) => component[j] = -value);
  });
}

const kinds = { F32: Float32Array, I32: Int32Array, U8: Uint8Array };

/** The tensors of a safetensors file, without copying. */
function tensorsOf(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    const kind = kinds[entry.dtype];
    if (kind)
      tensors[name] = new kind(buffer, 8 + length + entry.data_offsets[0], (entry.data_offsets[1] - entry.data_offsets[0]) / kind.BYTES_PER_ELEMENT);
  }
  return { tensors };
}

function drawPixels(canvas, pixels, [height, width, channels]) {
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++)
      image.data[4 * i + c] = pixels[channels === 3 ? 3 * i + c : i * channels];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
