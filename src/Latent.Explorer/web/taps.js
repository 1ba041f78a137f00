// Sums over taps: what a convolution, a transposed convolution, an upsampling with a convolution behind it and a dense layer have in common.
//
// A side (the rows, or the columns) of such a layer is { size, output, stride, phases }. Output p + i · phases.length is a sum over the taps
// of phase p, each of which reads the input at stride · i + offset and multiplies it by the sum of the kernel's rows (columns) in 'kernel'.
// What lies outside the input is zero.

/** A convolution: one phase. An odd cell of 'same' padding goes to the end, as in Keras. */
export function convolutionSide(size, kernel, stride, dilation, same) {
  const reach = (kernel - 1) * dilation + 1;
  const output = same ? Math.ceil(size / stride) : Math.floor((size - reach) / stride) + 1;
  const before = same ? Math.floor(Math.max(0, (output - 1) * stride + reach - size) / 2) : 0;
  return { size, output, stride, phases: [tapRange(kernel, k => ({ offset: k * dilation - before, kernel: [k] }))] };
}

/**
 * Each input repeated, then a convolution of stride 1. The repeated inputs are the same number, so the kernel's taps on them are added up
 * beforehand: a phase has a small kernel of its own on the small image. Of factor 2 and kernel 3 that is 4/9 of the work.
 */
export function upsampledSide(size, factor, kernel, same) {
  const output = same ? size * factor : size * factor - kernel + 1;
  const before = same ? Math.floor((kernel - 1) / 2) : 0;
  const phases = tapRange(factor, phase => {
    const taps = [];
    for (let k = 0; k < kernel; k++) {
      const offset = Math.floor((phase + k - before) / factor);
      if (taps.at(-1)?.offset === offset)
        taps.at(-1).kernel.push(k);
      else taps.push({ offset, kernel: [k] });
    }
    return taps;
  });
  return { size, output, stride: 1, phases };
}

/** A transposed convolution: input i adds to the outputs stride · i + k − before. Seen from an output, each phase has every stride-th tap. */
export function transposedSide(size, kernel, stride, same) {
  const output = same ? size * stride : size * stride + Math.max(kernel - stride, 0);
  const before = same ? Math.floor(Math.max(0, (size - 1) * stride + kernel - output) / 2) : 0;
  const phases = tapRange(stride, phase => {
    const taps = [];
    for (let k = kernel - 1; k >= 0; k--)
      if ((phase + before - k) % stride === 0)
        taps.push({ offset: (phase + before - k) / stride, kernel: [k] });
    return taps;
  });
  return { size, output, stride: 1, phases };
}

function tapRange(count, item) {
  return Array.from({ length: count }, (_, i) => item(i));
}

/** How many outputs a phase has. */
function phaseCount(side, phase) {
  return Math.max(0, Math.ceil((side.output - phase) / side.phases.length));
}

/** The zeros that the outermost outputs read around the input. */
function borderOf(side) {
  let before = 0;
  let after = 0;
  side.phases.forEach((taps, phase) => {
    const count = phaseCount(side, phase);
    if (count === 0 || taps.length === 0)
      return;
    before = Math.max(before, -taps[0].offset);
    after = Math.max(after, (count - 1) * side.stride + taps.at(-1).offset - (side.size - 1));
  });
  return { before, after };
}

/**
 * The layer itself. A kernel is { numbers, row, column, input, output }: its numbers, and how far apart two neighbours of each kind lie in them.
 * The bias is an array or null.
 */
export class TapSum {
  constructor(rows, columns, inputs, outputs, kernel, bias) {
    const [tall, wide] = [borderOf(rows), borderOf(columns)];
    this.line = columns.size * inputs;
    this.lines = rows.size;
    this.frameLine = (wide.before + columns.size + wide.after) * inputs;
    this.first = tall.before * this.frameLine + wide.before * inputs;
    const lines = tall.before + rows.size + tall.after;
    this.frame = lines > rows.size || this.frameLine > this.line ? new Float64Array(lines * this.frameLine) : null;
    this.output = new Float64Array(rows.output * columns.output * outputs);
    this.outputs = outputs;
    this.bias = new Float64Array(Math.ceil(outputs / 4) * 4);
    if (bias)
      this.bias.set(bias);
    this.parts = [];
    for (let p = 0; p < rows.phases.length; p++)
      for (let q = 0; q < columns.phases.length; q++)
        this.parts.push(this.#part(rows, p, columns, q, inputs, kernel));
  }

  // One phase of the rows with one of the columns: where its outputs read and write, and its kernel in the order in which it is read.
  #part(rows, p, columns, q, inputs, kernel) {
    const [tall, wide] = [phaseCount(rows, p), phaseCount(columns, q)];
    const sources = new Int32Array(tall * wide);
    const targets = new Int32Array(tall * wide);
    for (let i = 0, n = 0; i < tall; i++)
      for (let j = 0; j < wide; j++, n++) {
        sources[n] = this.first + i * rows.stride * this.frameLine + j * columns.stride * inputs;
        targets[n] = ((p + i * rows.phases.length) * columns.output + q + j * columns.phases.length) * this.outputs;
      }

    // taps beside each other in a row read numbers beside each other
    const [down, across] = [rows.phases[p], columns.phases[q]];
    const together = across.every((tap, i) => i === 0 || tap.offset === across[i - 1].offset + 1);
    const runs = [];
    for (const row of down)
      for (const column of together ? across.slice(0, 1) : across)
        runs.push(row.offset * this.frameLine + column.offset * inputs);

    const weights = new Float64Array(down.length * across.length * inputs * this.bias.length);
    let k = 0;
    for (let block = 0; block < this.outputs; block += 4)
      for (const row of down)
        for (const column of across) {
          for (const y of row.kernel)
            for (const x of column.kernel)
              addKernel(weights, k, kernel, y * kernel.row + x * kernel.column, inputs, block, Math.min(block + 4, this.outputs));
          k += 4 * inputs;
        }
    return { sources, targets, weights, runs: Int32Array.from(runs), run: (together ? across.length : 1) * inputs };
  }

  // The outputs of one input; the array is the layer's own and stays until the next call.
  apply(x) {
    if (this.frame) {
      for (let i = 0; i < this.lines; i++)
        this.frame.set(x.subarray(i * this.line, (i + 1) * this.line), this.first + i * this.frameLine);
    }
    for (const part of this.parts)
      sumTaps(this.frame ?? x, this.output, this.outputs, this.bias, part);
    return this.output;
  }
}

/** Adds one place of a kernel, for all inputs and up to four outputs, to the weights from k on. */
function addKernel(weights, k, { numbers, input, output }, first, inputs, from, to) {
  for (let i = 0; i < inputs; i++)
    for (let o = from; o < to; o++)
      weights[k + 4 * i + o - from] += numbers[first + i * input + o * output];
}

/** The one loop that matters: two pixels by four output channels at a time, their eight sums in registers over all taps and input channels. */
function sumTaps(x, y, outputs, bias, { sources, targets, weights, runs, run }) {
  const count = sources.length;
  const depth = runs.length * run * 4;
  for (let block = 0, first = 0; block < outputs; block += 4, first += depth) {
    const room = outputs - block;
    for (let n = 0; n < count; n += 2) {
      const m = n + 1 < count ? n + 1 : n;
      const apart = sources[m] - sources[n];
      let a0 = bias[block];
      let a1 = bias[block + 1];
      let a2 = bias[block + 2];
      let a3 = bias[block + 3];
      let b0 = a0;
      let b1 = a1;
      let b2 = a2;
      let b3 = a3;
      let k = first;
      for (let r = 0; r < runs.length; r++) {
        let p = sources[n] + runs[r];
        for (const end = p + run; p < end; p++, k += 4) {
          const u = x[p];
          const v = x[p + apart];
          a0 += u * weights[k];
          a1 += u * weights[k + 1];
          a2 += u * weights[k + 2];
          a3 += u * weights[k + 3];
          b0 += v * weights[k];
          b1 += v * weights[k + 1];
          b2 += v * weights[k + 2];
          b3 += v * weights[k + 3];
        }
      }
      const s = targets[n] + block;
      const t = targets[m] + block;
      y[s] = a0;
      y[t] = b0;
      if (room > 1) {
        y[s + 1] = a1;
        y[t + 1] = b1;
      }
      if (room > 2) {
        y[s + 2] = a2;
        y[t + 2] = b2;
      }
      if (room > 3) {
        y[s + 3] = a3;
        y[t + 3] = b3;
      }
    }
  }
}
