import { element, button, icon, card, choice, calm, download, numberText } from './dom.js';
import { codeBetween } from './codes.js';
import { pictureCanvas, paint } from './picture.js';
import { png, animatedPng, besides, enlargedPixels } from './png.js';

// From one code to another: a film strip, a slider along it, and files of it.

const frames = 9;
const animated = 24; // frames one way; as many come back

/** The way between two anchors. hooks: code() for the cross-hair's, go(z), changed() when the way is another one. */
export class Morph {
  constructor({ pictures, shape, latent, hooks, failed }) {
    Object.assign(this, { pictures, shape, hooks, failed });
    this.spherical = false;
    this.round = 0;
    this.strip = [];
    this.a = this.b = null;
    this.build(latent);
  }

  build(latent) {
    this.frames = Array.from({ length: frames }, (_, i) => {
      const canvas = pictureCanvas(this.shape, { 'data-testid': `frame-${i}`, 'aria-label': `Frame ${i + 1} of ${frames}` });
      canvas.addEventListener('click', () => this.setTime(i / (frames - 1), true));
      return canvas;
    });
    this.slider = element('input', { type: 'range', min: 0, max: 1, step: 'any', value: 0, class: 'lx-slider', 'aria-label': 'Place on the way from A to B', 'data-testid': 'morph-slider' });
    this.slider.addEventListener('input', () => {
      this.stop();
      this.setTime(this.slider.valueAsNumber, true);
    });
    this.slider.style.setProperty('--lx-part', '0%');
    this.playButton = button({ image: 'play', text: 'Play', hint: 'Go to B and back', click: () => this.playing ? this.stop() : this.play(), testId: 'morph-play' });
    this.playButton.setAttribute('aria-pressed', 'false');
    const way = latent > 1
      ? choice({
        label: 'Way', hint: 'Straight, or on an arc about the origin', options: [['line', 'straight'], ['arc', 'spherical']], value: 'line', testId: 'morph-way',
        change: value => this.setSpherical(value === 'arc'),
      }) : null;
    this.way = way;
    const anchor = name => button({ text: `Set ${name}`, hint: `Set ${name} to the code of the cross-hair`, click: () => this.setAnchor(name.toLowerCase(), this.hooks.code()), testId: `anchor-${name.toLowerCase()}` });
    this.root = card('morph', 'Morph', [
      anchor('A'), anchor('B'), way, this.playButton,
      button({ image: 'download', text: 'Strip', hint: 'Save the film strip as a PNG', click: () => this.saveStrip(), testId: 'morph-strip' }),
      button({ image: 'download', text: 'Animation', hint: 'Save the way there and back as an animated PNG', click: () => this.saveAnimation(), testId: 'morph-animation' }),
    ].filter(Boolean),
    element('div', { class: 'lx-film' }, element('span', { class: 'lx-anchor', 'aria-hidden': 'true' }, 'A'), element('div', { class: 'lx-frames' }, ...this.frames), element('span', { class: 'lx-anchor', 'aria-hidden': 'true' }, 'B')),
    this.slider);
  }

  /** The code at a place of the way, 0 to 1. */
  at(t) {
    return codeBetween(this.a, this.b, t, this.spherical);
  }

  setAnchors(a, b) {
    [this.a, this.b] = [Float32Array.from(a), Float32Array.from(b)];
    this.wayChanged();
  }

  setAnchor(name, z) {
    this[name] = Float32Array.from(z);
    this.wayChanged();
  }

  setSpherical(on) {
    this.spherical = on;
    if (this.way)
      this.way.value = on ? 'arc' : 'line';
    this.wayChanged();
  }

  async wayChanged() {
    if (!this.a || !this.b)
      return;
    const round = ++this.round;
    this.stop();
    this.hooks.changed();
    const codes = this.frames.map((_, i) => this.at(i / (frames - 1)));
    try {
      await this.pictures.many(codes, (i, pixels) => {
        if (round === this.round)
          paint(this.frames[i], this.strip[i] = pixels.slice(), this.shape);
      }, () => round === this.round);
    } catch (error) {
      this.failed(error);
    }
  }

  setTime(t, go) {
    this.time = t;
    this.slider.value = t;
    this.slider.style.setProperty('--lx-part', `${100 * t}%`);
    this.slider.setAttribute('aria-valuetext', `${numberText(100 * t, 0)} of 100 on the way from A to B`);
    if (go && this.a)
      this.hooks.go(this.at(t));
  }

  /** The cross-hair went elsewhere: it is on the way no more. */
  left() {
    this.stop();
  }

  play() {
    if (!this.a)
      return;
    this.playing = true;
    this.showPlaying();
    const seconds = 2.4; // one way
    const from = this.slider.valueAsNumber % 1;
    const start = performance.now() - 1000 * seconds * from;
    const step = () => {
      if (!this.playing)
        return;
      const place = (performance.now() - start) / 1000 / seconds % 2;
      const t = place < 1 ? place : 2 - place;
      const shown = calm() ? Math.round(t * (frames - 1)) / (frames - 1) : t; // from frame to frame where less motion is wanted
      if (shown !== this.time)
        this.setTime(shown, true);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  stop() {
    if (!this.playing)
      return;
    this.playing = false;
    this.showPlaying();
  }

  showPlaying() {
    this.playButton.replaceChildren(icon(this.playing ? 'pause' : 'play'), this.playing ? 'Pause' : 'Play');
    this.playButton.setAttribute('aria-pressed', `${this.playing}`);
  }

  async saveStrip() {
    const codes = this.frames.map((_, i) => this.at(i / (frames - 1)));
    await this.save(codes, 'morph.png', images => {
      const strip = besides(images, this.shape);
      const large = enlargedPixels(strip.pixels, strip.shape, this.times(128));
      return png(large.pixels, large.shape);
    });
  }

  async saveAnimation() {
    const codes = Array.from({ length: animated + 1 }, (_, i) => this.at(i / animated));
    await this.save(codes, 'morph-animated.png', images => {
      const there = images.map(pixels => enlargedPixels(pixels, this.shape, this.times(224)));
      const back = there.slice(1, -1).reverse();
      return animatedPng([...there, ...back].map(each => each.pixels), there[0].shape, 70);
    });
  }

  async save(codes, name, write) {
    const images = [];
    try {
      await this.pictures.many(codes, (i, pixels) => images[i] = pixels.slice());
      download(await write(images), name);
    } catch (error) {
      this.failed(error);
    }
  }

  times(side) {
    return Math.max(1, Math.floor(side / this.shape[1]));
  }

  destroy() {
    this.playing = false;
    this.round++;
  }
}
