import { element, button, card, latest, numberText } from './dom.js';
import { pictureCanvas, paint, paintError } from './picture.js';
import { rgbOf } from './palette.js';

// The pad: something drawn or dropped, as the network sees it, beside what the network makes of it.

const padSide = 280; // pixels of the pad's canvas, however large it is shown
const mostBytes = 32 * 1024 * 1024;
const mostPixels = 64 * 1000 * 1000;

/** Draw, drop, paste or choose a picture. hooks: encoded(code, pixels), cleared(). */
export class Pad {
  constructor({ backend, hooks, failed, ground }) {
    Object.assign(this, { backend, hooks, ground });
    this.shape = backend.meta.shape;
    this.centered = this.shape.join() === '28,28,1';
    this.strokes = 0;
    this.send = latest(pixels => this.encode(pixels), failed);
    this.build();
    this.listen();
  }

  build() {
    this.canvas = element('canvas', { width: padSide, height: padSide, class: 'lx-pad', tabindex: '0', 'data-testid': 'draw-pad', role: 'img', 'aria-label': 'Pad: draw with the pointer, or drop or paste a picture' });
    this.context = this.canvas.getContext('2d', { willReadFrequently: true });
    this.chooser = element('input', { type: 'file', accept: 'image/*', class: 'lx-hidden', tabindex: '-1', 'aria-label': 'Picture file', 'data-testid': 'picture-file' });
    this.ink = this.shape[2] === 3 ? element('input', { type: 'color', value: '#ffffff', class: 'lx-ink', 'aria-label': 'Colour of the pen' }) : null;
    this.note = element('p', { class: 'lx-note', role: 'status' });
    const slot = (name, text) => element('figure', { class: `lx-slot lx-slot-${name}` }, element('div', { class: 'lx-frame' }), element('figcaption', {}, text));
    this.slots = { input: slot('input', 'input'), output: slot('output', 'reconstruction'), error: slot('error', 'error') };
    const legend = element('div', { class: 'lx-error-legend' }, element('i', {}), element('span', {}, 'too dark'), element('span', {}, 'too bright'));
    this.slots.input.title = 'The picture as the network sees it';
    this.slots.error.append(legend);
    this.root = card('draw', 'Draw', [
      this.ink,
      button({ image: 'file', text: 'Picture\u2026', hint: 'Choose a picture file', click: () => this.chooser.click(), testId: 'choose-picture' }),
      button({ image: 'erase', text: 'Clear', hint: 'Clear the pad', click: () => this.clear(), testId: 'clear-pad' }),
      this.chooser,
    ].filter(Boolean), element('div', { class: 'lx-draw-row' }, this.canvas, this.slots.input, this.slots.output, this.slots.error), this.note);
    this.wipe();
    this.say();
  }

  say(text = null) {
    this.note.textContent = text ?? 'Draw with the pointer; or drop, paste or choose a picture.';
  }

  wipe() {
    this.context.fillStyle = '#000';
    this.context.fillRect(0, 0, padSide, padSide);
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', event => {
      if (event.button !== 0)
        return;
      canvas.setPointerCapture(event.pointerId);
      if (this.fromFile)
        this.wipe();
      this.fromFile = null;
      this.at = this.place(event);
      this.line(this.at);
    });
    canvas.addEventListener('pointermove', event => {
      if (!this.at)
        return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event])
        this.line(this.place(each));
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
      canvas.addEventListener(end, () => this.at = null);
    canvas.addEventListener('keydown', event => {
      if (event.key === 'Escape' || event.key === 'Delete')
        this.clear();
    });
    this.chooser.addEventListener('change', () => {
      this.take(this.chooser.files[0]);
      this.chooser.value = '';
    });
    this.root.addEventListener('dragover', event => {
      event.preventDefault();
      this.root.classList.add('lx-over');
    });
    this.root.addEventListener('dragleave', () => this.root.classList.remove('lx-over'));
    this.root.addEventListener('drop', event => {
      event.preventDefault();
      this.root.classList.remove('lx-over');
      this.take(event.dataTransfer.files[0]);
    });
    this.paste = event => {
      const file = [...event.clipboardData?.files ?? []].find(each => each.type.startsWith('image/'));
      if (file)
        this.take(file);
    };
    addEventListener('paste', this.paste);
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * padSide / box.width, (event.clientY - box.top) * padSide / box.height];
  }

  line(to) {
    const { context } = this;
    context.strokeStyle = this.ink?.value ?? '#fff';
    context.lineWidth = padSide / 13; // the width of MNIST's pens, in a drawing that fills most of the pad
    context.lineCap = context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(...this.at);
    context.lineTo(to[0] + 0.01, to[1]);
    context.stroke();
    this.at = to;
    this.strokes++;
    this.say('');
    this.changed();
  }

  /** A picture file: on the pad as it is, and to the network as it wants it. */
  async take(file) {
    if (!file)
      return;
    if (file.size > mostBytes) {
      this.say(`This file has ${Math.ceil(file.size / 1048576)} MB; a picture may have at most ${mostBytes / 1048576} MB.`);
      return;
    }
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch {
      this.say('This file is no picture that the browser can read; take a PNG, JPEG, WebP or GIF file.');
      return;
    }
    const { width, height } = bitmap;
    if (width * height > mostPixels) {
      bitmap.close();
      this.say(`This picture has ${Math.ceil(width * height / 1e6)} million pixels; at most ${mostPixels / 1e6} million are taken.`);
      return;
    }
    const scale = padSide / Math.max(width, height);
    this.wipe();
    this.context.imageSmoothingEnabled = scale < 1;
    this.context.imageSmoothingQuality = 'high';
    this.context.drawImage(bitmap, (padSide - scale * width) / 2, (padSide - scale * height) / 2, scale * width, scale * height);
    this.fromFile = { bitmap, width, height };
    this.strokes++;
    this.changed();
  }

  changed() {
    const { pixels, note } = this.prepared();
    if (note !== undefined)
      this.say(note);
    if (!pixels)
      return;
    this.slot('input', 'drawn-input', canvas => paint(canvas, pixels, this.shape));
    this.send(pixels);
  }

  /** What the network is given, and a word on how it was made. */
  prepared() {
    const [height, width, channels] = this.shape;
    const picture = this.fromFile;
    if (!this.centered)
      return { pixels: fitted(picture?.bitmap ?? this.canvas, picture?.width ?? padSide, picture?.height ?? padSide, this.shape), note: picture ? `Scaled to fit ${width} \u00d7 ${height}.` : '' };
    const grey = picture ? greyOf(picture.bitmap, picture.width, picture.height) : greyOf(this.canvas, padSide, padSide);
    if (!picture)
      return { pixels: centeredDigit(grey, 28) };
    const dark = edgeMean(grey) > 127;
    if (dark)
      grey.values.forEach((value, i) => grey.values[i] = 255 - value);
    if (picture.width === width && picture.height === height && channels === 1 && !dark)
      return { pixels: Uint8Array.from(grey.values), note: 'This picture has the size of the data: taken as it is.' };
    const pixels = centeredDigit(grey, 28);
    return pixels ? { pixels, note: `Scaled and centred as MNIST is${dark ? ', dark ink turned to light' : ''}.` } : { note: 'This picture is of one colour: there is nothing to encode.' };
  }

  async encode(pixels) {
    const strokes = this.strokes;
    const { code, reconstruction } = await this.backend.encode(pixels);
    if (this.strokes === 0)
      return; // cleared meanwhile
    this.slot('output', 'drawn-reconstruction', canvas => paint(canvas, reconstruction, this.shape));
    let error = 0;
    this.slot('error', 'drawn-error', canvas => error = paintError(canvas, pixels, reconstruction, this.shape, rgbOf(this.ground()) ?? [255, 255, 255]));
    this.slots.error.querySelector('figcaption').textContent = `error ${numberText(error, 4)}`;
    this.slots.error.title = 'Mean square error of pixels from 0 to 1';
    this.last = { pixels, reconstruction };
    this.hooks.encoded(code, pixels, reconstruction, strokes);
  }

  repaint() {
    if (this.last && this.strokes)
      this.slot('error', 'drawn-error', canvas => paintError(canvas, this.last.pixels, this.last.reconstruction, this.shape, rgbOf(this.ground()) ?? [255, 255, 255]));
  }

  /** Draws into one of the places beside the pad, which have their size before there is a picture. */
  slot(name, testId, work) {
    const frame = this.slots[name].querySelector('.lx-frame');
    if (!frame.firstChild)
      frame.append(pictureCanvas(this.shape, { 'data-testid': testId, 'aria-label': this.slots[name].textContent }));
    work(frame.firstChild);
  }

  clear() {
    this.wipe();
    this.strokes = 0;
    this.fromFile = null;
    this.last = null;
    this.at = null;
    for (const slot of Object.values(this.slots))
      slot.querySelector('.lx-frame').replaceChildren();
    this.slots.error.querySelector('figcaption').textContent = 'error';
    this.say();
    this.hooks.cleared();
  }

  destroy() {
    removeEventListener('paste', this.paste);
  }
}

/** The brightness of a picture, at most 512 pixels a side. */
export function greyOf(source, width, height) {
  const scale = Math.min(1, 512 / Math.max(width, height));
  const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const context = element('canvas', { width: wide, height: high }).getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, wide, high);
  const { data } = context.getImageData(0, 0, wide, high);
  const values = new Float32Array(wide * high);
  for (let i = 0; i < values.length; i++)
    values[i] = (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]) * data[4 * i + 3] / 255 + (255 - data[4 * i + 3]);
  return { values, width: wide, height: high };
}

/**
 * A drawing as MNIST's images were made: the box around the ink, scaled so that its longer side has 20 of 28 pixels, each pixel the mean of what it
 * covers, placed so that the ink's centre of mass is in the middle. Null where there is no ink.
 */
export function centeredDigit({ values, width, height }, side) {
  let [least, most] = [255, 0];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (most - least < 16)
    return null;
  const ink = values.map(value => (value - least) / (most - least));
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (ink[y * width + x] > 0.2) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  const scale = side * 20 / 28 / Math.max(right - left + 1, bottom - top + 1);
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const value = ink[y * width + x];
      mass += value;
      sumX += value * (x + 0.5);
      sumY += value * (y + 0.5);
    }
  const moveX = side / 2 - scale * sumX / mass;
  const moveY = side / 2 - scale * sumY / mass;
  const sums = new Float32Array(side * side);
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++)
      spread(sums, side, x * scale + moveX, y * scale + moveY, scale, ink[y * width + x]);
  return Uint8Array.from(sums, value => Math.round(255 * Math.min(1, value)));
}

/** Adds a square of ink to the pixels that it covers, to each by the area. */
function spread(sums, side, left, top, size, value) {
  if (value <= 0)
    return;
  for (let y = Math.floor(top); y < top + size; y++) {
    const high = Math.min(y + 1, top + size) - Math.max(y, top);
    if (y < 0 || y >= side)
      continue;
    for (let x = Math.floor(left); x < left + size; x++)
      if (x >= 0 && x < side)
        sums[y * side + x] += value * high * (Math.min(x + 1, left + size) - Math.max(x, left));
  }
}

/** A picture scaled to fit a shape, in the middle of black. */
function fitted(source, sourceWidth, sourceHeight, [height, width, channels]) {
  const scale = Math.min(width / sourceWidth, height / sourceHeight);
  let [from, wide, high] = [source, sourceWidth, sourceHeight];
  while (wide >= 2 * sourceWidth * scale && high >= 2 * sourceHeight * scale) { // halves, so that no pixel is passed over
    const half = element('canvas', { width: wide >> 1, height: high >> 1 });
    half.getContext('2d').drawImage(from, 0, 0, half.width, half.height);
    [from, wide, high] = [half, half.width, half.height];
  }
  const context = element('canvas', { width, height }).getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(from, (width - sourceWidth * scale) / 2, (height - sourceHeight * scale) / 2, sourceWidth * scale, sourceHeight * scale);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint8Array(height * width * channels);
  for (let i = 0; i < width * height; i++) {
    if (channels === 3)
      pixels.set([data[4 * i], data[4 * i + 1], data[4 * i + 2]], 3 * i);
    else
      pixels[i] = Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]);
  }
  return pixels;
}

function edgeMean({ values, width, height }) {
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
        sum += values[y * width + x];
        count++;
      }
  return sum / count;
}
