import { element, button, card, numberText, countText } from './dom.js';
import { pictureCanvas, paint, meanSquareError } from './picture.js';
import { cssOf } from './palette.js';

// The images that are near: to the cross-hair, to a point that was clicked, to a drawing; or those inside a lasso.

const neighbours = 8;

/** The panel. hooks: pick(i), clear(), download(indices), color(i). */
export class Nearest {
  constructor({ pictures, codes, shape, hooks, failed }) {
    Object.assign(this, { pictures, codes, shape, hooks, failed });
    this.round = 0;
    this.clearButton = button({ image: 'erase', text: 'Clear', hint: 'Clear the selection', click: () => hooks.clear(), testId: 'clear-selection' });
    this.saveButton = button({ image: 'download', text: 'Codes', hint: 'Save the selected codes as CSV', click: () => hooks.download(this.lasso), testId: 'selection-csv' });
    this.own = element('div', { class: 'lx-own' });
    this.list = element('div', { class: 'lx-neighbours' });
    this.text = element('p', { class: 'lx-note', 'data-testid': 'selection-text', role: 'status' });
    this.root = card('nearest', 'Nearest images', [this.saveButton, this.clearButton], this.text, element('div', { class: 'lx-nearest-row' }, this.own, this.list));
    this.root.dataset.testid = 'selection';
    this.buttons(false, false);
  }

  buttons(save, clear) {
    this.saveButton.hidden = !save;
    this.clearButton.hidden = !clear;
  }

  /** The images nearest to a code that is no image's. */
  async around(z, title = 'Nearest images') {
    const round = ++this.round;
    this.lasso = null;
    this.buttons(false, title !== 'Nearest images');
    this.root.heading.textContent = title;
    this.own.replaceChildren();
    if (this.codes.count === 0) {
      this.text.textContent = 'There are no codes to compare with.';
      this.list.replaceChildren();
      return;
    }
    const near = this.codes.nearest(z, neighbours);
    this.text.textContent = `by the distance of their codes to ${title === 'Nearest images' ? 'the cross-hair' : 'that of the drawing'}`;
    await this.fill(round, near.map(({ index, distance }) => ({ index, note: numberText(distance, 2) })));
  }

  /** An image that was clicked, its reconstruction and its neighbours. */
  async image(i) {
    const round = ++this.round;
    const { codes, shape } = this;
    this.lasso = null;
    this.buttons(false, true);
    this.root.heading.textContent = `Image ${countText(codes.imageOf(i))}`;
    this.text.textContent = `${codes.labels ? `label ${codes.nameOf(i)}; ` : ''}then its nearest by code`;
    const pair = [];
    if (this.pictures.backend.meta.hasImages)
      pair.push(this.figure('image', 'selected-image'));
    pair.push(this.figure('decoded', 'selected-reconstruction'));
    this.own.replaceChildren(...pair.map(each => each.node));
    const fill = this.fill(round, codes.nearest(codes.at(i), neighbours, i).map(({ index, distance }) => ({ index, note: numberText(distance, 2) })));
    try {
      const decoded = await this.pictures.now(codes.at(i));
      const original = pair.length > 1 ? await this.pictures.image(i) : null;
      if (round !== this.round)
        return;
      paint(pair.at(-1).canvas, decoded, shape);
      if (original) {
        paint(pair[0].canvas, original, shape);
        this.text.textContent = `${codes.labels ? `label ${codes.nameOf(i)}; ` : ''}mean square error ${numberText(meanSquareError(original, decoded), 4)}; then its nearest by code`;
      }
      await fill;
    } catch (error) {
      this.failed(error);
    }
  }

  /** What is inside a lasso: how many, which labels, some of them. */
  async many(indices) {
    const round = ++this.round;
    const { codes } = this;
    this.lasso = indices;
    this.buttons(indices.length > 0, true);
    this.root.heading.textContent = `${countText(indices.length)} selected`;
    this.own.replaceChildren();
    if (codes.labels) {
      const counts = new Map();
      for (const i of indices)
        counts.set(codes.labels[i], (counts.get(codes.labels[i]) ?? 0) + 1);
      this.text.textContent = [...counts].sort((a, b) => b[1] - a[1]).map(([label, count]) => `${codes.names[label]}: ${countText(count)}`).join(' \u00b7 ') || 'No point is inside.';
    } else {
      this.text.textContent = indices.length ? 'Some of them:' : 'No point is inside.';
    }
    const some = Math.min(indices.length, neighbours);
    await this.fill(round, Array.from({ length: some }, (_, n) => ({ index: indices[Math.floor(n * indices.length / some)], note: '' })));
  }

  figure(text, testId) {
    const canvas = pictureCanvas(this.shape, { 'data-testid': testId, 'aria-label': text });
    return { canvas, node: element('figure', { class: 'lx-own-figure' }, canvas, element('figcaption', {}, text)) };
  }

  /** Thumbnails, as buttons that select. Their places keep their elements, so that nothing flickers while the cross-hair moves. */
  async fill(round, entries) {
    const { codes, shape } = this;
    while (this.list.children.length > entries.length)
      this.list.lastChild.remove();
    while (this.list.children.length < entries.length) {
      const node = element('button', { type: 'button', class: 'lx-thumb' }, pictureCanvas(shape, { 'aria-hidden': 'true' }), element('span', {}));
      node.addEventListener('click', () => this.hooks.pick(node.index));
      this.list.append(node);
    }
    for (const [n, { index, note }] of entries.entries()) {
      const node = this.list.children[n];
      const label = codes.nameOf(index);
      node.index = index;
      node.title = `${codes.labels ? `${label}, ` : ''}image ${codes.imageOf(index)}${note ? `, ${note} away` : ''}`;
      node.setAttribute('aria-label', `Select ${node.title}`);
      node.style.setProperty('--lx-label', codes.labels ? cssOf(this.hooks.color(index)) : 'transparent');
      node.lastChild.textContent = codes.labels ? label : note;
    }
    try {
      if (this.pictures.backend.meta.hasImages)
        await Promise.all(entries.map(async ({ index }, n) => {
          const pixels = await this.pictures.image(index);
          if (round === this.round)
            paint(this.list.children[n].firstChild, pixels, shape);
        }));
      else
        await this.pictures.many(entries.map(({ index }) => codes.at(index)), (n, pixels) => {
          if (round === this.round)
            paint(this.list.children[n].firstChild, pixels, shape);
        }, () => round === this.round);
    } catch (error) {
      this.failed(error);
    }
  }
}
