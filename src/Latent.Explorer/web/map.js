import { element, clamp, debounce, onFrame, numberText, calm, watchTheme, themeOf } from './dom.js';
import { rgbOf } from './palette.js';
import { Cells, Density, extentOf } from './plane.js';
import { Splatter } from './splat.js';
import { DecodedGrid } from './grid.js';

// The map: points, the decoded plane behind them, the cross-hair and the marks above them, and the gestures.

const margins = { left: 46, right: 10, top: 10, bottom: 40 };
const stripHeight = 76; // of the row of tiles below the lanes, where a code is one number
const nearEnough = 9; // pixels between the pointer and a point that it means

/**
 * The canvas of the codes.
 * hooks: lift(x, y), move(x, y) for the cross-hair, pick(i), lasso(indices), thumbnail(i), caption(i), moved() after the view changed, clear(),
 * theme() after the colours changed.
 */
export class LatentMap {
  constructor({ pictures, shape, wheel, hooks, failed }) {
    this.hooks = hooks;
    this.wheelAlways = wheel !== 'focused';
    this.mode = 'decode';
    this.showGrid = true;
    this.showPoints = true;
    this.view = { x: 0, y: 0, scale: 1 };
    this.touched = false;
    this.points = new Float32Array(0);
    this.labels = null;
    this.active = null;
    this.marks = new Map();
    this.code = [0, 0];
    this.hovered = -1;
    this.picked = -1;
    this.pointers = new Map();
    this.perPoint = 0.0006; // milliseconds, a first guess
    this.movingUntil = 0;
    this.splatter = new Splatter();
    this.build();
    this.grid = new DecodedGrid({
      pictures, shape, failed,
      lift: (x, y) => this.hooks.lift(x, y),
      density: (x, y) => this.density?.at(x, this.plane.flat ? 0 : y) ?? 1,
      changed: () => this.redrawBack(),
    });
    this.redraw = onFrame(() => this.drawAll());
    this.redrawBack = onFrame(() => this.drawBack());
    this.redrawFront = onFrame(() => this.drawFront());
    this.settle = debounce(() => this.drawAll(), 140);
    this.wantTiles = debounce(() => this.requestTiles(), 160);
    this.listen();
  }

  build() {
    const layer = name => element('canvas', { class: `lx-layer ${name}`, 'aria-hidden': 'true' });
    this.back = layer('lx-back');
    this.middle = layer('lx-middle');
    this.front = layer('lx-front');
    this.tipPicture = element('canvas', { class: 'lx-pixels' });
    this.tipText = element('div', { class: 'lx-tip-text' });
    this.tip = element('div', { class: 'lx-tip', hidden: true, 'aria-hidden': 'true' }, this.tipPicture, this.tipText);
    this.empty = element('div', { class: 'lx-empty', hidden: true });
    this.root = element('div', {
      class: 'lx-map', tabindex: '0', role: 'application', 'data-testid': 'latent-map', 'data-points': '0', 'data-ready': 'false',
      'aria-label': 'Map of the codes. Arrow keys move the cross-hair, plus and minus zoom, Shift with arrow keys pans, Home shows all, Enter selects the nearest image, Escape clears the selection.',
    }, this.back, this.middle, this.front, this.tip, this.empty);
  }

  // --- what is shown

  /** Another plane or other codes. Points that are still as many glide to their new places. */
  setPlane(plane) {
    const points = plane.points();
    const glide = this.plane && points.length === this.points.length && points.length > 0 && points.length <= 40000 && !calm() && this.width > 0;
    const from = this.points;
    this.plane = plane;
    this.labels = plane.codes.labels;
    this.cells = new Cells(points);
    const projected = plane.flat ? points.map((value, i) => (i % 2 ? 0 : value)) : points;
    this.density = points.length ? new Density(projected) : null;
    this.grid.clear();
    this.hover(-1);
    if (this.order?.length !== points.length / 2)
      this.order = shuffled(points.length / 2);
    this.points = points;
    this.root.dataset.points = `${points.length / 2}`;
    this.root.dataset.ready = 'false';
    if (!this.touched)
      this.fit();
    this.glide(glide ? from : null, points);
    this.wantTiles();
  }

  glide(from, to) {
    cancelAnimationFrame(this.gliding);
    this.gliding = 0;
    if (!from) {
      this.redraw();
      return;
    }
    const start = performance.now();
    const moving = new Float32Array(to.length);
    const step = () => {
      const t = clamp((performance.now() - start) / 380, 0, 1);
      const eased = t * t * (3 - 2 * t);
      for (let i = 0; i < to.length; i++)
        moving[i] = from[i] + eased * (to[i] - from[i]);
      this.points = t < 1 ? moving : to;
      this.gliding = t < 1 ? requestAnimationFrame(step) : 0;
      this.drawAll();
    };
    step();
  }

  /** Why there is nothing to see; null where there is. */
  setEmpty(text) {
    this.empty.hidden = text === null;
    this.empty.textContent = text ?? '';
  }

  setColors(colors) {
    this.colors = colors;
    this.redraw();
  }

  /** Which points are drawn in full: a byte for each, or null for all. */
  setActive(active) {
    this.active = active;
    this.redraw();
  }

  setCode(point) {
    this.code = point;
    this.redrawFront();
  }

  setPicked(i) {
    this.picked = i;
    this.redrawFront();
  }

  /** A named mark: { point, text, kind }, or null to take it away. */
  setMark(name, mark) {
    if (mark)
      this.marks.set(name, mark);
    else
      this.marks.delete(name);
    this.redrawFront();
  }

  /** A line through the plane: pairs of numbers, or null. */
  setPath(path) {
    this.path = path;
    this.redrawFront();
  }

  setGrid(on) {
    this.showGrid = on;
    this.redraw();
    this.requestTiles();
  }

  setPoints(on) {
    this.showPoints = on;
    this.redraw();
  }

  /** The plane has moved through the space of codes: what is behind the points is decoded anew. */
  planeMoved() {
    this.grid.invalidate();
    this.wantTiles();
  }

  setMode(mode) {
    this.mode = mode;
    this.root.dataset.mode = mode;
    this.loop = null;
    this.redrawFront();
  }

  // --- the view

  fit() {
    this.touched = false;
    if (!this.width)
      return;
    const { left, right, bottom, top } = framed(this.points);
    const [wide, high] = [Math.max(right - left, 1e-6) * 1.06, Math.max(top - bottom, 1e-6) * 1.06];
    this.view = {
      x: (left + right) / 2, y: (bottom + top) / 2,
      scale: this.plane?.flat ? this.width / wide : Math.min(this.width / wide, this.height / high),
    };
    this.fitScale = this.view.scale;
    this.viewChanged();
  }

  setView(view) {
    this.view = { ...view };
    this.touched = true;
    this.viewChanged();
  }

  /** Zooms so that a place of the plot, in pixels, stays where it is. */
  zoom(factor, atX = this.width / 2, atY = this.height / 2) {
    const before = this.planeAt(atX, atY);
    this.view.scale = clamp(this.view.scale * factor, (this.fitScale ?? 1) / 30, (this.fitScale ?? 1) * 3000);
    const after = this.planeAt(atX, atY);
    this.view.x += before[0] - after[0];
    if (!this.plane?.flat)
      this.view.y += before[1] - after[1];
    this.touched = true;
    this.viewChanged();
  }

  pan(pixelsX, pixelsY) {
    this.view.x -= pixelsX / this.view.scale;
    if (!this.plane?.flat)
      this.view.y += pixelsY / this.view.scale;
    this.touched = true;
    this.viewChanged();
  }

  viewChanged() {
    this.movingUntil = performance.now() + 130;
    this.hover(-1);
    this.redraw();
    this.settle();
    this.wantTiles();
    this.hooks.moved();
  }

  /** The view as numbers to draw with, in CSS pixels of the plot. */
  frame() {
    const { width, height, view } = this;
    const flat = this.plane?.flat ?? false;
    const scaleX = view.scale;
    const scaleY = flat ? Math.max(1, height - stripHeight - 8) / this.plane.lanes : view.scale;
    const x0 = width / 2 - view.x * scaleX;
    const y0 = flat ? height - stripHeight : height / 2 + view.y * scaleY;
    return {
      width, height, flat, scaleX, scaleY, x0, y0, left: -x0 / scaleX, right: (width - x0) / scaleX,
      bottom: (y0 - height) / scaleY, top: y0 / scaleY, tileY: -(stripHeight / 2) / scaleY,
    };
  }

  planeAt(pixelX, pixelY) {
    const { x0, y0, scaleX, scaleY } = this.frame();
    return [(pixelX - x0) / scaleX, (y0 - pixelY) / scaleY];
  }

  pixelOf(point) {
    const { x0, y0, scaleX, scaleY } = this.frame();
    return [x0 + point[0] * scaleX, y0 - point[1] * scaleY];
  }

  /** The point of the plane at a pixel that a click there would mean; -1 for none. */
  pointAt(pixelX, pixelY, reach = nearEnough) {
    if (!this.cells || !this.showPoints)
      return -1;
    const { scaleX, scaleY } = this.frame();
    const [x, y] = this.planeAt(pixelX, pixelY);
    return this.cells.nearest(x, y, reach, scaleX, scaleY, i => !this.active || this.active[i] === 1);
  }

  /** The numbers of all points whose places a test accepts. */
  pointsWhere(test) {
    const found = [];
    for (let i = 0; i < this.points.length / 2; i++)
      if (test(this.points[2 * i], this.points[2 * i + 1]))
        found.push(i);
    return found;
  }

  pointsInView() {
    const { left, right, bottom, top } = this.frame();
    return this.pointsWhere((x, y) => x >= left && x <= right && y >= bottom && y <= top);
  }

  requestTiles() {
    if (this.showGrid && this.width > 0 && this.plane && !this.gone)
      this.grid.request(this.frame());
  }

  // --- drawing

  resize() {
    const box = this.root.getBoundingClientRect();
    let width = Math.max(0, Math.round(box.width) - margins.left - margins.right);
    let height = Math.max(0, Math.round(box.height) - margins.top - margins.bottom);
    if (width === 0 || height === 0)
      width = height = 0; // hidden, or too small for a plot: nothing is drawn until there is room
    if (width === this.width && height === this.height && this.ratio === devicePixelRatio)
      return;
    [this.width, this.height] = [width, height];
    this.ratio = devicePixelRatio;
    this.full = [Math.round(box.width), Math.round(box.height)];
    for (const canvas of [this.back, this.front]) {
      canvas.width = Math.round(this.full[0] * this.ratio);
      canvas.height = Math.round(this.full[1] * this.ratio);
    }
    this.middle.width = Math.round(width * this.ratio);
    this.middle.height = Math.round(height * this.ratio);
    for (const canvas of [this.back, this.middle, this.front]) { // so that no canvas is scaled
      canvas.style.width = `${canvas.width / this.ratio}px`;
      canvas.style.height = `${canvas.height / this.ratio}px`;
    }
    if (!this.touched)
      this.fit();
    if (this.plane)
      this.drawAll(); // at once: a canvas that was resized is empty
    this.wantTiles();
  }

  drawAll() {
    this.redraw.cancel();
    this.drawPoints();
    this.drawBack();
    this.drawFront();
  }

  get theme() {
    return this.cachedTheme ??= themeOf(this.root);
  }

  drawPoints() {
    if (!this.width || !this.plane || this.gone)
      return;
    const count = this.points.length / 2;
    const { width, height, x0, y0, scaleX, scaleY } = this.frame();
    const ratio = this.ratio;
    const moving = performance.now() < this.movingUntil || this.gliding;
    const some = moving ? Math.min(count, Math.max(6000, Math.floor(11 / this.perPoint))) : count;
    const start = performance.now();
    const dark = isDark(this.theme.plot);
    const closer = clamp((scaleX / (this.fitScale ?? scaleX)) ** 0.35, 1, 2.4);
    this.splatter.draw(this.middle, this.points, this.labels, this.active, this.order, this.showPoints ? some : 0,
      { width: this.middle.width, height: this.middle.height, x0: x0 * ratio, y0: y0 * ratio, scaleX: scaleX * ratio, scaleY: scaleY * ratio },
      {
        colors: this.colors ?? [[0x1f, 0x6f, 0xb4]], faint: rgbOf(this.theme.soft) ?? [128, 128, 128],
        rim: dark ? [225, 230, 236] : [48, 54, 61], rimStrength: dark ? 0.32 : 0.62, opacity: this.showGrid ? 0.86 : 0.95,
        radius: ratio * closer * (count <= 2500 ? 3 : count <= 20000 ? 2.1 : 1.5),
      });
    if (some > 2000 && this.showPoints)
      this.perPoint = 0.7 * this.perPoint + 0.3 * (performance.now() - start) / some;
    if (moving)
      this.settle();
    this.root.dataset.drawn = `${some}`;
    if (some === count)
      this.root.dataset.ready = 'true';
  }

  drawBack() {
    if (!this.width || this.gone)
      return;
    const context = this.back.getContext('2d');
    const theme = this.theme;
    const frame = this.frame();
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, ...this.full);
    context.translate(margins.left, margins.top);
    context.fillStyle = theme.plot;
    context.fillRect(0, 0, this.width, this.height);
    const step = stepOf((frame.right - frame.left) / Math.max(2, this.width / 64));
    const xs = ticksOf(frame.left, frame.right, step);
    const ys = frame.flat ? [] : ticksOf(frame.bottom, frame.top, step);
    const pixel = 1 / this.ratio;
    const snap = value => Math.round(value * this.ratio) / this.ratio;
    context.save();
    context.beginPath();
    context.rect(0, 0, this.width, this.height);
    context.clip();
    for (const x of xs) {
      context.fillStyle = theme.line;
      context.globalAlpha = x === 0 ? 1 : 0.55;
      context.fillRect(snap(frame.x0 + x * frame.scaleX), 0, pixel, this.height);
    }
    for (const y of ys) {
      context.globalAlpha = y === 0 ? 1 : 0.55;
      context.fillRect(0, snap(frame.y0 - y * frame.scaleY), this.width, pixel);
    }
    context.globalAlpha = 1;
    if (this.showGrid && this.plane)
      this.grid.draw(context, frame, rgbOf(theme.ink) ?? [0, 0, 0]);
    context.restore();
    this.drawAxes(context, frame, xs, ys, step, theme);
  }

  drawAxes(context, frame, xs, ys, step, theme) {
    const decimals = clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 9);
    context.fillStyle = theme.soft;
    context.font = `11px ${theme.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    for (const x of xs) {
      const at = frame.x0 + x * frame.scaleX;
      if (at > 8 && at < this.width - 8)
        context.fillText(numberText(x, decimals), at, this.height + 11);
    }
    context.textAlign = 'right';
    for (const y of ys) {
      const at = frame.y0 - y * frame.scaleY;
      if (at > 6 && at < this.height - 6)
        context.fillText(numberText(y, decimals), -6, at);
    }
    if (frame.flat && this.labels)
      for (let lane = 0; lane < this.plane.lanes; lane++)
        context.fillText(short(context, this.plane.codes.names[lane], margins.left - 8), -6, frame.y0 - (lane + 0.5) * frame.scaleY);
    if (!this.plane)
      return;
    context.fillText(this.plane.first.name, this.width, this.height + 29);
    if (this.plane.second) {
      context.save();
      context.translate(-38, 0);
      context.rotate(-Math.PI / 2);
      context.fillText(this.plane.second.name, 0, 0);
      context.restore();
    }
  }

  drawFront() {
    if (!this.width || this.gone)
      return;
    const context = this.front.getContext('2d');
    const theme = this.theme;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, ...this.full);
    if (!this.plane)
      return;
    context.translate(margins.left, margins.top);
    context.save();
    context.beginPath();
    context.rect(0, 0, this.width, this.height);
    context.clip();
    if (this.path)
      this.drawPath(context, theme);
    this.drawCross(context, theme);
    for (const i of [this.hovered, this.picked])
      if (i >= 0 && i < this.points.length / 2)
        this.ring(context, this.pixelOf([this.points[2 * i], this.points[2 * i + 1]]), i === this.picked ? 8 : 6, theme);
    for (const mark of this.marks.values())
      this.drawMark(context, mark, theme);
    if (this.loop)
      this.drawLoop(context, theme);
    context.restore();
    this.drawPlace(context, theme);
  }

  drawPath(context, theme) {
    context.beginPath();
    for (let i = 0; i < this.path.length; i += 2)
      context.lineTo(...this.pixelOf([this.path[i], this.path[i + 1]]));
    halo(context, theme, 2, [5, 4]);
  }

  drawCross(context, theme) {
    const [x, y] = this.pixelOf(this.code);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, this.height);
    if (!this.plane.flat) {
      context.moveTo(0, y);
      context.lineTo(this.width, y);
    }
    halo(context, theme, 1, []);
    context.beginPath();
    context.arc(x, this.plane.flat ? this.height - stripHeight / 2 : y, 7, 0, 7);
    halo(context, theme, 2, []);
  }

  /** Where the cross-hair is, as numbers on both axes. */
  drawPlace(context, theme) {
    const [x, y] = this.pixelOf(this.code);
    const decimals = clamp(Math.ceil(Math.log10(this.view.scale)), 1, 6);
    context.font = `600 11px ${theme.font}`;
    context.textBaseline = 'middle';
    const chip = (text, left, top, align) => {
      const wide = context.measureText(text).width + 8;
      context.fillStyle = theme.accent;
      context.beginPath();
      context.roundRect(left - (align === 'center' ? wide / 2 : wide), top - 8, wide, 16, 4);
      context.fill();
      context.fillStyle = theme.panel;
      context.textAlign = 'center';
      context.fillText(text, left - (align === 'center' ? 0 : wide / 2), top + 0.5);
    };
    if (x >= 0 && x <= this.width)
      chip(numberText(this.code[0], decimals), x, this.height + 11, 'center');
    if (!this.plane.flat && y >= 0 && y <= this.height)
      chip(numberText(this.code[1], decimals), -2, y, 'right');
  }

  ring(context, [x, y], radius, theme) {
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.lineWidth = 4;
    context.strokeStyle = theme.panel;
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = theme.ink;
    context.stroke();
  }

  drawMark(context, { point, text }, theme) {
    const [x, y] = this.pixelOf(point);
    const middle = this.plane.flat ? this.height - stripHeight / 2 : y;
    context.beginPath();
    context.arc(x, middle, 9, 0, 7);
    context.fillStyle = theme.ink;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = theme.panel;
    context.stroke();
    context.fillStyle = theme.panel;
    context.font = `700 11px ${theme.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(text, x, middle + 0.5);
  }

  drawLoop(context, theme) {
    context.beginPath();
    for (const [x, y] of this.loop)
      context.lineTo(x, y);
    context.closePath();
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.14;
    context.fill();
    context.globalAlpha = 1;
    halo(context, theme, 1.5, [4, 3]);
  }

  // --- gestures

  listen() {
    const { root } = this;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
    root.addEventListener('pointerdown', event => this.down(event));
    root.addEventListener('pointermove', event => this.move(event));
    root.addEventListener('pointerup', event => this.up(event));
    root.addEventListener('pointercancel', event => this.up(event));
    root.addEventListener('pointerleave', () => this.hover(-1));
    root.addEventListener('lostpointercapture', event => this.pointers.delete(event.pointerId));
    root.addEventListener('mousedown', event => {
      if (event.button === 1)
        event.preventDefault(); // the page would scroll by itself
    });
    root.addEventListener('contextmenu', event => event.preventDefault());
    root.addEventListener('wheel', event => this.wheel(event), { passive: false });
    root.addEventListener('dblclick', () => this.fit());
    root.addEventListener('keydown', event => this.key(event));
    root.addEventListener('blur', () => this.holdSpace(false));
    this.space = event => {
      if (event.code === 'Space' && (root.matches(':hover') || document.activeElement === root) && !/^(INPUT|BUTTON|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '')) {
        this.holdSpace(event.type === 'keydown');
        event.preventDefault(); // the page would scroll
      }
    };
    addEventListener('keydown', this.space);
    addEventListener('keyup', this.space);
  }

  /** To be called once the map lies in the page: its colours are those of the elements around it. */
  attached() {
    this.unwatch = watchTheme(this.root.parentElement, () => {
      this.cachedTheme = null;
      this.redraw();
      this.hooks.theme();
    });
    this.resize();
  }

  holdSpace(held) {
    this.spaceHeld = held;
    this.root.classList.toggle('lx-grab', held);
  }

  place(event) {
    const box = this.root.getBoundingClientRect();
    return [event.clientX - box.left - margins.left, event.clientY - box.top - margins.top];
  }

  down(event) {
    if (!this.plane)
      return;
    this.root.setPointerCapture(event.pointerId);
    const at = this.place(event);
    this.pointers.set(event.pointerId, at);
    this.hover(-1);
    if (this.pointers.size === 2) {
      this.gesture = { kind: 'pinch' };
      this.loop = null;
      return;
    }
    const primary = event.button === 0 && !this.spaceHeld;
    const kind = primary ? this.mode : 'pan';
    this.gesture = { kind, from: at, last: at, moved: false };
    if (kind === 'lasso')
      this.loop = [at];
    this.root.classList.toggle('lx-grabbing', kind === 'pan');
  }

  move(event) {
    const at = this.place(event);
    const { gesture } = this;
    if (!gesture || !this.pointers.has(event.pointerId)) {
      if (event.pointerType !== 'touch' && event.buttons === 0)
        this.hoverAt(at);
      return;
    }
    if (gesture.kind === 'pinch') {
      this.pinch(event.pointerId, at);
      return;
    }
    this.pointers.set(event.pointerId, at);
    gesture.moved ||= Math.hypot(at[0] - gesture.from[0], at[1] - gesture.from[1]) > 3;
    if (!gesture.moved)
      return;
    if (gesture.kind === 'decode') {
      this.hooks.move(...this.planeAt(clamp(at[0], 0, this.width), clamp(at[1], 0, this.height)));
    } else if (gesture.kind === 'pan') {
      this.pan(at[0] - gesture.last[0], at[1] - gesture.last[1]);
    } else if (Math.hypot(at[0] - gesture.last[0], at[1] - gesture.last[1]) > 3) {
      this.loop.push(at);
      this.redrawFront();
    } else {
      return;
    }
    gesture.last = at;
  }

  pinch(id, at) {
    const [[first, a], [second, b]] = [...this.pointers];
    const [oldX, oldY, oldLong] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, Math.hypot(a[0] - b[0], a[1] - b[1])];
    this.pointers.set(id, at);
    const [c, d] = [this.pointers.get(first), this.pointers.get(second)];
    const [newX, newY, newLong] = [(c[0] + d[0]) / 2, (c[1] + d[1]) / 2, Math.hypot(c[0] - d[0], c[1] - d[1])];
    this.pan(newX - oldX, newY - oldY);
    if (oldLong > 10 && newLong > 10)
      this.zoom(newLong / oldLong, newX, newY);
  }

  up(event) {
    const { gesture } = this;
    if (!this.pointers.delete(event.pointerId) || !gesture)
      return;
    this.root.classList.remove('lx-grabbing');
    if (gesture.kind === 'pinch') {
      if (this.pointers.size === 0)
        this.gesture = null;
      return;
    }
    this.gesture = null;
    const loop = this.loop;
    this.loop = null;
    if (event.type === 'pointercancel') {
      this.redrawFront();
      return;
    }
    if (gesture.kind === 'lasso' && loop?.length > 2) {
      const path = loop.map(([x, y]) => this.planeAt(x, y));
      this.hooks.lasso(this.pointsWhere((x, y) => inside(x, y, path)));
    } else if (!gesture.moved && event.button === 0) {
      this.click(this.place(event));
    }
    this.redrawFront();
  }

  click(at) {
    const i = this.pointAt(...at);
    if (i >= 0)
      this.hooks.pick(i);
    else if (this.mode === 'decode')
      this.hooks.move(...this.planeAt(...at));
    else if (this.mode === 'lasso')
      this.hooks.clear();
  }

  wheel(event) {
    if (!this.wheelAlways && !event.ctrlKey && document.activeElement !== this.root)
      return; // a page that only holds this map scrolls on
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 100 : 1;
    const speed = event.ctrlKey ? 0.008 : 0.0018;
    this.zoom(Math.exp(clamp(-event.deltaY * lines * speed, -0.7, 0.7)), ...this.place(event));
  }

  key(event) {
    if (event.target !== this.root || event.altKey || event.metaKey)
      return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (step && event.shiftKey) {
      this.pan(-60 * step[0], -60 * step[1]);
    } else if (step) {
      const pixels = event.ctrlKey ? 1 : 8;
      const [x, y] = this.pixelOf(this.code);
      this.hooks.move(...this.planeAt(x + pixels * step[0], y + pixels * step[1]));
    } else if (event.key === '+' || event.key === '=') {
      this.zoom(1.25, ...this.zoomPlace());
    } else if (event.key === '-' || event.key === '_') {
      this.zoom(0.8, ...this.zoomPlace());
    } else if (event.key === 'Home' || event.key === '0') {
      this.fit();
    } else if (event.key === 'Enter') {
      const i = this.pointAt(...this.pixelOf(this.code), 1e4);
      if (i >= 0)
        this.hooks.pick(i);
    } else if (event.key === 'Escape') {
      this.hooks.clear();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Keys zoom about the cross-hair where it is in sight. */
  zoomPlace() {
    const [x, y] = this.pixelOf(this.code);
    return x >= 0 && x <= this.width && y >= 0 && y <= this.height ? [x, this.plane.flat ? this.height / 2 : y] : [];
  }

  hoverAt(at) {
    this.hoverPlace = at;
    this.hoverLater ??= onFrame(() => {
      if (!this.gesture && this.hoverPlace)
        this.hover(this.pointAt(...this.hoverPlace));
    });
    this.hoverLater();
  }

  async hover(i) {
    if (i < 0)
      this.hoverPlace = null;
    if (i === this.hovered)
      return;
    this.hovered = i;
    this.tip.hidden = true;
    this.redrawFront();
    if (i < 0)
      return;
    try {
      const paint = await this.hooks.thumbnail(i);
      if (this.hovered !== i)
        return;
      paint(this.tipPicture);
    } catch {
      return;
    }
    this.tipText.textContent = this.hooks.caption(i);
    const [x, y] = this.pixelOf([this.points[2 * i], this.points[2 * i + 1]]);
    this.tip.hidden = false;
    const [wide, high] = [this.tip.offsetWidth, this.tip.offsetHeight];
    const left = x + 18 + wide < this.width ? x + 18 : x - 18 - wide;
    this.tip.style.left = `${margins.left + Math.max(0, left)}px`;
    this.tip.style.top = `${margins.top + clamp(y - high / 2, 4, Math.max(4, this.height - high - 4))}px`;
  }

  destroy() {
    this.gone = true;
    this.observer.disconnect();
    this.unwatch?.();
    this.settle.cancel();
    this.wantTiles.cancel();
    cancelAnimationFrame(this.gliding);
    removeEventListener('keydown', this.space);
    removeEventListener('keyup', this.space);
  }
}

function halo(context, theme, width, dashes) {
  context.setLineDash([]);
  context.lineWidth = width + 2;
  context.strokeStyle = theme.panel;
  context.globalAlpha = 0.75;
  context.stroke();
  context.globalAlpha = 1;
  context.setLineDash(dashes);
  context.lineWidth = width;
  context.strokeStyle = theme.accent;
  context.stroke();
  context.setLineDash([]);
}

/** All points, or all but the outermost where these would make the others small. */
function framed(points) {
  const count = points.length / 2;
  if (count === 0)
    return { left: -5, right: 5, bottom: -5, top: 5 };
  const all = extentOf(points);
  if (count < 100)
    return all;
  const some = Math.min(count, 4000);
  const side = offset => {
    const values = Float32Array.from({ length: some }, (_, n) => points[2 * Math.floor(n * count / some) + offset]).filter(Number.isFinite).sort();
    return [values[Math.floor(0.002 * values.length)], values[Math.ceil(0.998 * values.length) - 1]];
  };
  const [[left, right], [bottom, top]] = [side(0), side(1)];
  const wide = all.right - all.left > 1.6 * (right - left);
  const high = all.top - all.bottom > 1.6 * (top - bottom);
  return {
    left: wide ? left : all.left, right: wide ? right : all.right, bottom: high ? bottom : all.bottom, top: high ? top : all.top,
  };
}

/** The same disorder every time, so that no label lies over all others and the first points are a sample of all. */
function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  let state = 12345;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor(state / 4294967296 * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** The round distance, 1, 2 or 5 times a power of ten, just above a rough one. */
function stepOf(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

function ticksOf(low, high, step) {
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high && ticks.length < 200; i++)
    ticks.push(i * step);
  return ticks;
}

function inside(x, y, path) {
  let odd = false;
  for (let i = 0, j = path.length - 1; i < path.length; j = i++) {
    const [[ax, ay], [bx, by]] = [path[i], path[j]];
    if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax)
      odd = !odd;
  }
  return odd;
}

function short(context, text, width) {
  let cut = text;
  while (cut.length > 1 && context.measureText(cut === text ? cut : `${cut}…`).width > width)
    cut = cut.slice(0, -1);
  return cut === text ? text : `${cut}…`;
}

function isDark(css) {
  const [red, green, blue] = rgbOf(css) ?? [255, 255, 255];
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}
