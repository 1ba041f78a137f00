// What each layer does in use, for one image: a function from the numbers in front of it to those behind it. A function may write into what
// it is given, and what it returns stays its own until the next call.

import { activationOf } from './activation.js';
import { TapSum, convolutionSide, transposedSide, upsampledSide } from './taps.js';

/** Shapes are { height, width, channels, vector }, as (channels) or (height, width, channels) in a description. */
export function shapeOf(sides) {
  return sides.length === 1
    ? { height: 1, width: 1, channels: sides[0], vector: true }
    : { height: sides[0], width: sides[1], channels: sides[2], vector: false };
}

export function sizeOf({ height, width, channels }) {
  return height * width * channels;
}

const passOn = shape => ({ shape, apply: x => x });

function tapLayer(rows, columns, shape, outputs, kernel, take, config) {
  // the kernel was taken by the caller: it stands before the bias
  const bias = config.use_bias ? take(outputs) : null;
  const sum = new TapSum(rows, columns, shape.channels, outputs, kernel, bias);
  const activation = activationOf(config.activation);
  return {
    shape: { height: rows.output, width: columns.output, channels: outputs, vector: shape.vector },
    apply: activation ? x => activation(sum.apply(x), outputs) : x => sum.apply(x),
  };
}

function convolutionLayer(config, shape, take, side) {
  const [height, width] = config.kernel_size;
  const [inputs, outputs] = [shape.channels, config.filters];
  const numbers = take(height * width * inputs * outputs);
  const kernel = { numbers, row: width * inputs * outputs, column: inputs * outputs, input: outputs, output: 1 };
  return tapLayer(side(shape.height, height, 0), side(shape.width, width, 1), shape, outputs, kernel, take, config);
}

/** A window that slides over an image: for each output the rectangle of inputs that lie in the image, reduced channel by channel. */
function poolingLayer(config, shape, start, add, end) {
  const pool = config.pool_size ?? [2, 2];
  const strides = config.strides ?? pool;
  const sides = [shape.height, shape.width].map((size, i) => convolutionSide(size, pool[i], strides[i], 1, config.padding === 'same'));
  const [down, across] = sides.map((side, i) =>
    Array.from({ length: side.output }, (_, place) => {
      const from = place * side.stride + side.phases[0][0].offset;
      return [Math.max(0, from), Math.min(side.size, from + pool[i])];
    }),
  );
  const { width, channels } = shape;
  const output = new Float64Array(down.length * across.length * channels);
  const apply = x => {
    let n = 0;
    for (const [top, bottom] of down)
      for (const [left, right] of across)
        for (let c = 0; c < channels; c++, n++) {
          let value = start;
          for (let i = top; i < bottom; i++)
            for (let j = left; j < right; j++)
              value = add(value, x[(i * width + j) * channels + c]);
          output[n] = end(value, (bottom - top) * (right - left));
        }
    return output;
  };
  return { shape: { height: down.length, width: across.length, channels, vector: false }, apply };
}

const averagePooling = (config, shape) => poolingLayer(config, shape, 0, (sum, x) => sum + x, (sum, count) => sum / count);

/** Zeros around the image, or with negative margins less of it. */
function shiftedImage(shape, [[top, bottom], [left, right]]) {
  const { channels } = shape;
  const [height, width] = [shape.height + top + bottom, shape.width + left + right];
  const output = new Float64Array(height * width * channels);
  const apply = x => {
    output.fill(0); // a layer behind may have written into the margins
    for (let i = Math.max(0, top); i < Math.min(height, shape.height + top); i++)
      for (let j = Math.max(0, left); j < Math.min(width, shape.width + left); j++)
        for (let c = 0; c < channels; c++)
          output[(i * width + j) * channels + c] = x[((i - top) * shape.width + j - left) * channels + c];
    return output;
  };
  return { shape: { height, width, channels, vector: false }, apply };
}

/** For each place of the larger image the two in the smaller one that it lies between, and how near it is to the second. */
function placesBetween(size, factor, bilinear) {
  return Array.from({ length: size * factor }, (_, place) => {
    if (!bilinear)
      return [Math.floor(place / factor), Math.floor(place / factor), 0];
    const at = Math.min(Math.max((place + 0.5) / factor - 0.5, 0), size - 1);
    return [Math.floor(at), Math.min(Math.floor(at) + 1, size - 1), at - Math.floor(at)];
  });
}

function upsampled(config, shape) {
  const [tall, wide] = config.size ?? [2, 2];
  const bilinear = config.interpolation === 'bilinear';
  const down = placesBetween(shape.height, tall, bilinear);
  const across = placesBetween(shape.width, wide, bilinear);
  const { width, channels } = shape;
  const output = new Float64Array(down.length * across.length * channels);
  const apply = x => {
    let n = 0;
    for (const [top, bottom, v] of down)
      for (const [left, right, u] of across)
        for (let c = 0; c < channels; c++, n++) {
          const above = x[(top * width + left) * channels + c] * (1 - u) + x[(top * width + right) * channels + c] * u;
          const below = x[(bottom * width + left) * channels + c] * (1 - u) + x[(bottom * width + right) * channels + c] * u;
          output[n] = above * (1 - v) + below * v;
        }
    return output;
  };
  return { shape: { height: down.length, width: across.length, channels, vector: false }, apply };
}

/** x · factor + offset, channel by channel. */
function scaledChannels(shape, factors, offsets) {
  const { channels } = shape;
  const apply = x => {
    for (let i = 0; i < x.length; i += channels)
      for (let c = 0; c < channels; c++)
        x[i + c] = x[i + c] * factors[c] + offsets[c];
    return x;
  };
  return { shape, apply };
}

function byFunction(class_name) {
  return (config, shape) => {
    const activation = activationOf({ class_name, config });
    return activation ? { shape, apply: x => activation(x, shape.channels) } : passOn(shape);
  };
}

const layerBuilders = {
  Dense(config, shape, take) {
    const [inputs, outputs] = [shape.channels, config.units];
    const kernel = { numbers: take(inputs * outputs), row: 0, column: 0, input: outputs, output: 1 };
    const side = size => convolutionSide(size, 1, 1, 1, false); // on an image it works pixel by pixel
    return tapLayer(side(shape.height), side(shape.width), shape, outputs, kernel, take, config);
  },
  Conv2D(config, shape, take) {
    const { strides = [1, 1], dilation_rate = [1, 1] } = config;
    const same = config.padding === 'same';
    return convolutionLayer(config, shape, take, (size, kernel, i) => convolutionSide(size, kernel, strides[i], dilation_rate[i], same));
  },
  Conv2DTranspose(config, shape, take) {
    const { strides = [1, 1] } = config;
    const [height, width] = config.kernel_size;
    const [inputs, outputs] = [shape.channels, config.filters];
    const numbers = take(height * width * inputs * outputs);
    const kernel = { numbers, row: width * inputs * outputs, column: inputs * outputs, input: 1, output: inputs };
    const side = (size, reach, stride) => transposedSide(size, reach, stride, config.padding === 'same');
    const [rows, columns] = [side(shape.height, height, strides[0]), side(shape.width, width, strides[1])];
    return tapLayer(rows, columns, shape, outputs, kernel, take, config);
  },
  Flatten: (config, shape) => passOn(shapeOf([sizeOf(shape)])),
  Reshape: config => passOn(shapeOf(config.target_shape)),
  UpSampling2D: upsampled,
  MaxPooling2D: (config, shape) => poolingLayer(config, shape, -Infinity, (most, x) => (x > most ? x : most), most => most),
  AveragePooling2D: averagePooling,
  GlobalAveragePooling2D(config, shape) {
    const pooled = averagePooling({ pool_size: [shape.height, shape.width], padding: 'valid' }, shape);
    return config.keepdims ? pooled : { ...pooled, shape: shapeOf([shape.channels]) };
  },
  ZeroPadding2D: (config, shape) => shiftedImage(shape, config.padding),
  Cropping2D: (config, shape) => shiftedImage(shape, config.cropping.map(side => side.map(cells => -cells))),
  BatchNormalization(config, shape, take) {
    const { channels } = shape;
    const gamma = config.scale ? take(channels) : new Float32Array(channels).fill(1);
    const beta = config.center ? take(channels) : new Float32Array(channels);
    const [mean, variance] = [take(channels), take(channels)];
    const factors = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c] + config.epsilon));
    return scaledChannels(shape, factors, Float64Array.from(beta, (b, c) => b - mean[c] * factors[c]));
  },
  Rescaling: (config, shape) =>
    scaledChannels(shape, new Float64Array(shape.channels).fill(config.scale), new Float64Array(shape.channels).fill(config.offset ?? 0)),
  PReLU(config, shape, take) {
    const slopes = take(config.shared_axes ? shape.channels : sizeOf(shape));
    const apply = x => {
      for (let i = 0; i < x.length; i++) if (!(x[i] > 0))
        x[i] *= slopes[i % slopes.length];
      return x;
    };
    return { shape, apply };
  },
  Activation: byFunction('Activation'),
  ReLU: byFunction('ReLU'),
  LeakyReLU: byFunction('LeakyReLU'),
  ELU: byFunction('ELU'),
  // these are for training only
  Dropout: (config, shape) => passOn(shape),
  GaussianNoise: (config, shape) => passOn(shape),
  ActivityRegularization: (config, shape) => passOn(shape),
};

/** A layer of a description as { shape, apply }. 'take' gives the next numbers of the weights. */
export function buildLayer({ class_name, config }, shape, take) {
  const build = layerBuilders[class_name];
  if (!build)
    throw new Error(`The layer ${class_name} does not run here.`);
  return build(config, shape, take);
}

/**
 * An upsampling that repeats pixels and the convolution behind it as one layer, which never makes the large image; null where they are not
 * such a pair.
 */
export function buildPair(first, second, shape, take) {
  const repeats = first.class_name === 'UpSampling2D' && first.config.interpolation !== 'bilinear';
  if (!repeats || second?.class_name !== 'Conv2D')
    return null;
  const isOne = sides => !sides || (sides[0] === 1 && sides[1] === 1);
  if (!isOne(second.config.strides) || !isOne(second.config.dilation_rate))
    return null;
  const factors = first.config.size ?? [2, 2];
  const same = second.config.padding === 'same';
  return convolutionLayer(second.config, shape, take, (size, kernel, i) => upsampledSide(size, factors[i], kernel, same));
}
