// The loss of trainings as curves, drawn by uPlot. Blazor calls the exported functions; each chart is known by its element.

import { element, watchTheme } from '/explorer/explorer.js';

const charts = new WeakMap();
let library = null;

/** uPlot is a classic script: it is loaded once, when the first chart is drawn. */
function uPlotLoaded() {
  library ??= new Promise((loaded, failed) => {
    const script = document.createElement('script');
    script.src = new URL('./uplot/uPlot.iife.min.js', import.meta.url).href;
    script.onload = () => loaded(window.uPlot);
    script.onerror = () => failed(new Error('uPlot cannot be loaded'));
    document.head.append(script);
  });
  return library;
}

/** Makes a chart in an element, which stays empty for Blazor. */
export async function create(root, options) {
  const uPlot = await uPlotLoaded();
  if (root.isConnected && !charts.has(root))
    charts.set(root, new LossChart(root, uPlot, options));
}

/** Other curves: [{ name, epochs: [..], loss: [..], valLoss: [..], best }]; whether their steps are still those that were sent. */
export function setCurves(root, curves, keepSteps) {
  charts.get(root)?.setCurves(curves, keepSteps);
}

/** The loss within the epochs of a curve: from a point on these, as bytes of 64-bit floats. */
export function setSteps(root, index, from, epochs, losses) {
  charts.get(root)?.setSteps(index, from, numbers(epochs), numbers(losses));
}

export function setLog(root, log) {
  charts.get(root)?.setLog(log);
}

export function destroy(root) {
  charts.get(root)?.destroy();
  charts.delete(root);
}

function numbers(bytes) {
  return new Float64Array(bytes.slice().buffer);
}

// Told apart also without colours: the validation is solid, the training dashed, its steps are thin.
const palette = { light: ['#0b6bcb', '#b3500a', '#1c7c3c', '#8a3ab9', '#a8264c', '#00747a', '#6b6200', '#555f6b'],
  dark: ['#5aa9ff', '#ffab5e', '#62d38a', '#cf9bff', '#ff8fab', '#4fd0d6', '#d9cb55', '#aab4c0'] };

class LossChart {
  constructor(root, uPlot, options) {
    this.root = root;
    this.uPlot = uPlot;
    this.log = options?.log ?? false;
    this.curves = [];
    this.steps = [];
    this.shape = '';
    this.plotted = null;
    this.asked = 0;
    this.legend = element('div', { class: 'loss-legend' });
    this.plot = element('div', { class: 'loss-plot' });
    root.replaceChildren(this.legend, this.plot);
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(this.plot);
    this.unwatch = watchTheme(root, () => this.themeChanged());
    root.dataset.ready = 'true';
    this.draw();
  }

  setCurves(curves, keepSteps) {
    this.curves = curves;
    if (!keepSteps)
      this.steps = [];
    this.draw();
  }

  setSteps(index, from, epochs, losses) {
    const before = this.steps[index] ?? { epochs: [], losses: [] };
    this.steps[index] = {
      epochs: [...before.epochs.slice(0, from), ...epochs],
      losses: [...before.losses.slice(0, from), ...losses],
    };
    this.draw();
  }

  setLog(log) {
    if (log === this.log)
      return;
    this.log = log;
    this.shape = '';
    this.draw();
  }

  destroy() {
    cancelAnimationFrame(this.asked);
    clearTimeout(this.later);
    this.resized.disconnect();
    this.unwatch();
    this.plotted?.destroy();
    this.root.replaceChildren();
  }

  /** All changes of a frame are drawn together. */
  draw() {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.drawNow();
    });
  }

  themeChanged() {
    this.shape = '';
    this.draw();
    clearTimeout(this.later);
    this.later = setTimeout(() => { // the colours themselves may come a moment after the attribute
      this.shape = '';
      this.draw();
    }, 150);
  }

  resize() {
    const { width, height } = this.size();
    if (this.plotted && width > 0 && height > 0)
      this.plotted.setSize({ width, height });
    else
      this.draw();
  }

  size() {
    return { width: this.plot.clientWidth, height: this.plot.clientHeight };
  }

  get single() {
    return this.curves.length <= 1;
  }

  /** A table of numbers for each curve, with an x of its own; uPlot joins them. */
  tables() {
    const tables = [];
    const lines = [];
    const colors = palette[this.theme().dark ? 'dark' : 'light'];
    const positive = values => this.log ? values.map(value => value > 0 ? value : null) : values;
    this.curves.forEach((curve, i) => {
      const own = this.single ? '' : `${curve.name} `;
      const color = colors[i % colors.length];
      const steps = this.steps[i];
      if (this.single) {
        tables.push([steps?.epochs ?? [], positive(steps?.losses ?? [])]);
        lines.push({ label: 'steps', stroke: this.theme().faint, width: 1, points: { show: false } });
      }
      const few = curve.epochs.length <= 40;
      tables.push([curve.epochs, positive(curve.loss)]);
      lines.push({ label: `${own}loss`, stroke: this.single ? colors[1] : color, width: 2, dash: [6, 4], points: { show: this.single && few, size: 5 } });
      if (curve.valLoss.some(value => value !== null)) {
        tables.push([curve.epochs, positive(curve.valLoss)]);
        lines.push({ label: `${own}val_loss`, stroke: color, width: 2, points: { show: few, size: 6 }, best: curve.best, curve: i });
      }
    });
    return { tables, lines };
  }

  drawNow() {
    const { tables, lines } = this.tables();
    const some = tables.filter(([x]) => x.length > 0);
    this.root.dataset.epochs = `${this.curves[0]?.epochs.length ?? 0}`;
    this.root.dataset.steps = `${this.steps[0]?.epochs.length ?? 0}`;
    this.root.dataset.curves = `${this.curves.length}`;
    const { width, height } = this.size();
    if (lines.length === 0 || width === 0 || height === 0) {
      this.plotted?.destroy();
      this.plotted = null;
      this.legend.replaceChildren();
      return;
    }
    // uPlot joins only tables with numbers; the empty ones get their column after it
    const data = some.length > 0 ? this.uPlot.join(tables.map(([x, y]) => x.length > 0 ? [x, y] : [[some[0][0][0]], [null]])) : [[], ...lines.map(() => [])];
    const shape = JSON.stringify([this.log, lines.map(line => [line.label, line.stroke, line.points.show])]);
    this.lines = lines;
    if (this.plotted && shape === this.shape) {
      this.plotted.setData(data);
    } else {
      this.plotted?.destroy();
      this.shape = shape;
      this.plotted = new this.uPlot(this.options(lines, width, height), data, this.plot);
      this.buildLegend(lines);
    }
    this.fillLegend();
  }

  buildLegend(lines) {
    const item = (line, name) => {
      const mark = element('span', { class: 'loss-mark', 'aria-hidden': 'true' });
      if (line) {
        mark.style.borderTop = `${line.width}px ${line.dash ? 'dashed' : 'solid'} ${line.stroke}`;
      }
      const value = element('span', { class: 'loss-value' });
      const node = element('span', { class: 'loss-item' }, line ? mark : null, name, value);
      node.value = value;
      return node;
    };
    this.items = [item(null, 'epoch'), ...lines.map(line => item(line, line.label))];
    this.legend.replaceChildren(...this.items);
  }

  /** The numbers under the cursor, or the last ones. */
  fillLegend() {
    const { plotted } = this;
    if (!plotted || !this.items)
      return;
    const { data, cursor } = plotted;
    const at = cursor.idx;
    this.items.forEach((node, i) => {
      const values = data[i] ?? [];
      let place = at ?? values.length - 1;
      if (i > 0 && at === null || at === undefined)
        while (place > 0 && (values[place] === null || values[place] === undefined))
          place--;
      const value = values[place];
      node.value.textContent = value === null || value === undefined ? '\u2013' : i === 0 ? `${Math.round(value * 100) / 100}` : lossText(value);
    });
  }

  options(lines, width, height) {
    const theme = this.theme();
    const axis = { stroke: theme.soft, grid: { stroke: theme.line, width: 1 }, ticks: { show: false }, font: `12px ${theme.font}`, labelFont: `12px ${theme.font}` };
    return {
      width, height,
      scales: {
        x: { time: false, range: (plot, low, high) => [Math.min(low ?? 0, this.single ? 0 : low ?? 0), Math.max(high ?? 1, (low ?? 0) + 1)] },
        y: { distr: this.log ? 3 : 1, range: this.log ? undefined : (plot, low, high) => this.rangeOf(low, high) },
      },
      axes: [
        { ...axis, label: 'epoch', labelSize: 20, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
        { ...axis, size: 64, values: (plot, values) => values.map(value => value === null ? '' : lossText(value)) },
      ],
      series: [
        {},
        ...lines.map(line => ({ ...line, spanGaps: true })),
      ],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      hooks: { draw: [plot => this.drawBest(plot)], setCursor: [() => this.fillLegend()] },
    };
  }

  /** The first steps are far above all that comes: they may leave the picture at the top, so that the rest can be read. */
  rangeOf(low, high) {
    if (low === null || low === undefined)
      return [0, 1];
    const steps = this.steps[0]?.losses ?? [];
    let top = high;
    if (this.single && steps.length > 20) {
      const sorted = [...steps].sort((a, b) => a - b);
      const usual = sorted[Math.floor(0.97 * (sorted.length - 1))];
      const epochs = this.curves.flatMap(curve => [...curve.loss, ...curve.valLoss]).filter(value => value !== null);
      top = Math.min(high, Math.max(usual, ...epochs) * 1.1);
    }
    const room = (top - low) * 0.06 || Math.abs(top) * 0.1 || 1;
    return [Math.max(0, low - room), top + room];
  }

  /** A ring around the best validation of each curve, with its number where there is one curve. */
  drawBest(plot) {
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    for (const line of this.lines) {
      const curve = this.curves[line.curve];
      const place = line.best > 0 && curve ? curve.epochs.indexOf(line.best) : -1;
      const value = place < 0 ? null : curve.valLoss[place];
      if (value === null || (this.log && value <= 0))
        continue;
      const [x, y] = [plot.valToPos(line.best, 'x', true), plot.valToPos(value, 'y', true)];
      ctx.save();
      ctx.strokeStyle = line.stroke;
      ctx.lineWidth = 2 * ratio;
      ctx.beginPath();
      ctx.arc(x, y, 7 * ratio, 0, 2 * Math.PI);
      ctx.stroke();
      if (this.single) {
        const theme = this.theme();
        const text = `best ${lossText(value)}`;
        ctx.font = `600 ${12 * ratio}px ${theme.font}`;
        const wide = ctx.measureText(text).width;
        const left = Math.min(Math.max(x - wide / 2, plot.bbox.left), plot.bbox.left + plot.bbox.width - wide);
        const above = y - 16 * ratio;
        ctx.fillStyle = theme.ink;
        ctx.textBaseline = 'middle';
        ctx.textAlign = 'left';
        ctx.lineWidth = 4 * ratio;
        ctx.strokeStyle = theme.ground;
        ctx.lineJoin = 'round';
        ctx.strokeText(text, left, above);
        ctx.fillText(text, left, above);
      }
      ctx.restore();
    }
  }

  theme() {
    const style = getComputedStyle(this.root);
    const read = (name, other) => style.getPropertyValue(name).trim() || other;
    const ink = read('--mud-palette-text-primary', style.color);
    const dark = brightness(ink) > 0.5;
    return {
      dark, ink,
      soft: read('--mud-palette-text-secondary', ink),
      line: dark ? 'rgba(255,255,255,.12)' : 'rgba(0,0,0,.10)',
      faint: dark ? '#7f8b99' : '#9aa4af',
      ground: read('--mud-palette-surface', dark ? '#1e1e2d' : '#fff'),
      font: style.fontFamily || 'sans-serif',
    };
  }
}

/** From 0, black, to 1, white. */
function brightness(css) {
  const context = document.createElement('canvas').getContext('2d');
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return (0.3 * red + 0.6 * green + 0.1 * blue) / 255;
}

/** Four digits, as the program prints a loss. */
function lossText(value) {
  if (value === 0)
    return '0';
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : `${Number(value.toPrecision(4))}`;
}
