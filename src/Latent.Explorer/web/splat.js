// Many small discs, fast without a graphics card: each is a stamp of ready pixels, set into an image.

/** Draws discs with an anti-aliased edge and a thin rim, at quarters of a pixel. */
export class Splatter {
  constructor() {
    this.image = null;
    this.stamps = new Map();
    this.look = '';
  }

  /**
   * Draws points into a canvas, the ones that are not active first and faint.
   * view: { width, height, x0, y0, scaleX, scaleY } with pixel x = x0 + scaleX * x and pixel y = y0 - scaleY * y, in the canvas's pixels.
   * style: { colors: [[r, g, b], ...], faint, rim: [r, g, b], rimStrength, radius, opacity }.
   * order: the numbers of the points in the order of drawing; the first `count` are drawn.
   */
  draw(canvas, points, labels, active, order, count, view, style) {
    const border = Math.ceil(style.radius) + 2;
    const [width, height] = [view.width + 2 * border, view.height + 2 * border];
    const context = canvas.getContext('2d');
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    } else {
      this.pixels.fill(0);
    }
    this.prepare(style, width);
    if (active)
      this.pass(points, null, active, 0, order, count, view, border, width, height);
    this.pass(points, labels, active, 1, order, count, view, border, width, height);
    context.putImageData(this.image, -border, -border);
  }

  pass(points, labels, active, wanted, order, count, view, border, width, height) {
    const { x0, y0, scaleX, scaleY } = view;
    const reach = border - 1;
    const [right, bottom] = [(width - reach - 1) * 4, (height - reach - 1) * 4];
    for (let n = 0; n < count; n++) {
      const i = order[n];
      if (active && active[i] !== wanted)
        continue;
      const x = (x0 + scaleX * points[2 * i] + border) * 4;
      const y = (y0 - scaleY * points[2 * i + 1] + border) * 4;
      if (!(x >= reach * 4 && y >= reach * 4 && x < right && y < bottom))
        continue;
      const [quarterX, quarterY] = [x | 0, y | 0];
      const stamp = this.stampOf(wanted === 0 ? -1 : labels ? labels[i] : 0, (quarterX & 3) * 4 + (quarterY & 3));
      this.set((quarterY >> 2) * width + (quarterX >> 2), stamp);
    }
  }

  set(center, { offsets, colors }) {
    const { pixels } = this;
    for (let k = 0; k < offsets.length; k++) {
      const at = center + offsets[k];
      const over = colors[k];
      const alpha = over >>> 24;
      const under = pixels[at];
      const below = under >>> 24;
      if (alpha === 255 || below === 0) {
        pixels[at] = over;
        continue;
      }
      const rest = below * (255 - alpha) / 255;
      const sum = alpha + rest;
      const share = 256 * alpha / sum | 0;
      const red = under & 255;
      const green = under >> 8 & 255;
      const blue = under >> 16 & 255;
      pixels[at] = (sum + 0.5 | 0) << 24
        | blue + ((over >> 16 & 255) - blue) * share / 256 << 16
        | green + ((over >> 8 & 255) - green) * share / 256 << 8
        | red + ((over & 255) - red) * share / 256;
    }
  }

  prepare(style, width) {
    const look = JSON.stringify([style, width]);
    if (look === this.look)
      return;
    this.look = look;
    this.style = style;
    this.width = width;
    this.stamps.clear();
  }

  /** The pixels of a disc of a label (-1: a faint one) whose centre lies in one of the sixteen squares of a pixel. */
  stampOf(label, shift) {
    const key = label * 16 + shift;
    let stamp = this.stamps.get(key);
    if (stamp)
      return stamp;
    const { colors, faint, rim, rimStrength, opacity } = this.style;
    const radius = label < 0 ? this.style.radius * 0.8 : this.style.radius;
    const fill = label < 0 ? faint : colors[label % colors.length];
    const [centerX, centerY] = [((shift >> 2) + 0.5) / 4, ((shift & 3) + 0.5) / 4];
    const reach = Math.ceil(radius) + 1;
    const offsets = [];
    const values = [];
    for (let y = -reach; y <= reach; y++)
      for (let x = -reach; x <= reach; x++) {
        const distance = Math.hypot(x + 0.5 - centerX, y + 0.5 - centerY);
        const cover = Math.min(1, Math.max(0, radius + 0.5 - distance));
        const alpha = Math.round(255 * cover * (label < 0 ? 0.18 : opacity));
        if (alpha === 0)
          continue;
        const edge = label < 0 ? 0 : rimStrength * Math.min(1, Math.max(0, distance - radius + 1.1));
        const [red, green, blue] = fill.map((part, i) => Math.round(part + edge * (rim[i] - part)));
        offsets.push(y * this.width + x);
        values.push((alpha << 24 | blue << 16 | green << 8 | red) >>> 0);
      }
    stamp = { offsets: Int32Array.from(offsets), colors: Uint32Array.from(values) };
    this.stamps.set(key, stamp);
    return stamp;
  }
}
