import { buildLayer, buildPair, shapeOf, sizeOf } from './layers.js';

/**
 * An encoder or a decoder in use. The description is the one that model files have: { input: [...], layers: [{ class_name, config }] }, in
 * Keras's vocabulary; the weights are a Float32Array of all its weights in Keras's order. Numbers are double precision in between: that is
 * what JavaScript computes in, and anything else would be converted at each step.
 */
export class Net {
  #steps = [];
  #numbers;

  constructor(description, weights) {
    let taken = 0;
    const take = count => {
      if (taken + count > weights.length)
        throw new Error(`The network has more than ${weights.length} weights.`);
      return weights.subarray(taken, (taken += count));
    };
    let shape = shapeOf(description.input);
    this.inputSize = sizeOf(shape);
    const { layers } = description;
    for (let i = 0; i < layers.length; i++) {
      const pair = buildPair(layers[i], layers[i + 1], shape, take);
      const step = pair ?? buildLayer(layers[i], shape, take);
      if (pair)
        i++;
      this.#steps.push(step.apply);
      shape = step.shape;
    }
    if (taken !== weights.length)
      throw new Error(`The network has ${taken} weights and not ${weights.length}.`);
    this.outputSize = sizeOf(shape);
    this.#numbers = new Float64Array(this.inputSize);
  }

  // The outputs of 'count' inputs, one after the other.
  run(input, count = 1) {
    const output = new Float32Array(count * this.outputSize);
    for (let n = 0; n < count; n++) {
      this.#numbers.set(input.subarray(n * this.inputSize, (n + 1) * this.inputSize));
      let numbers = this.#numbers;
      for (const apply of this.#steps)
        numbers = apply(numbers);
      output.set(numbers, n * this.outputSize);
    }
    return output;
  }
}

/** Numbers from 0 to 1 as bytes: the nearest, halves up; what is not a number is black. */
function pixelsOf(numbers) {
  const bytes = new Uint8Array(numbers.length);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = numbers[i] > 0 ? Math.min(numbers[i], 1) * 255 + 0.5 : 0;
  return bytes;
}

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = text.charCodeAt(i);
  return bytes;
}

const floatsOf = base64 => new Float32Array(bytesOf(base64).buffer);

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A turn for whatever else the page has to do. A timer would wait 4 ms. */
function nextTurn() {
  return new Promise(resolve => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

const sliceOfWork = 10; // milliseconds that a page may stand still

/**
 * A backend of what a page holds itself: { meta, codes, labels, images, decoder, encoder }. Codes, and the weights of { description, weights },
 * are 32-bit floats in base64, labels bytes in base64 or null, images all pixels as bytes, deflated (zlib), in base64 or null. Without an
 * encoder nothing is encoded.
 */
export function localBackend(data) {
  const { meta } = data;
  const open = network => new Net(network.description, floatsOf(network.weights));
  const decoder = open(data.decoder);
  const encoder = data.encoder ? open(data.encoder) : null;
  const size = decoder.outputSize;
  let images = null;
  return {
    meta,
    codes: floatsOf(data.codes),
    labels: data.labels ? bytesOf(data.labels) : null,

    async decode(z) {
      return pixelsOf(decoder.run(z));
    },

    async decodeMany(zs, count) {
      const pixels = new Uint8Array(count * size);
      let until = performance.now() + sliceOfWork;
      for (let n = 0; n < count; n++) {
        if (performance.now() > until) {
          await nextTurn();
          until = performance.now() + sliceOfWork;
        }
        pixels.set(pixelsOf(decoder.run(zs.subarray(n * meta.latent, (n + 1) * meta.latent))), n * size);
      }
      return pixels;
    },

    async image(i) {
      images ??= inflated(bytesOf(data.images));
      return (await images).subarray(i * size, (i + 1) * size);
    },

    async encode(pixels) {
      const code = encoder.run(Float32Array.from(pixels, x => x / 255));
      return { code, reconstruction: pixelsOf(decoder.run(code)) };
    },
  };
}
