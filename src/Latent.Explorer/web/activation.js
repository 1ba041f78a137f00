// Activation functions, by Keras's names or as Keras's activation layers. Each works on an array in place.

const seluScale = 1.05070098735548049;
const seluAlpha = 1.67326324235437729;

const sigmoidOf = x => 1 / (1 + Math.exp(-x));

const softplusOf = x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Keras's ReLU with all its options; written so that a NaN stays one. */
const rampOf = (slope, threshold, most) => x => (!(x > threshold) ? slope * (x - threshold) : x > most ? most : x);

const eluOf = alpha => x => (x > 0 ? x : alpha * Math.expm1(x));

/**
 * The normal distribution: 1/2 + the density times the sum of x^n / n!! over odd n, whose terms are all of one sign (Abramowitz and Stegun,
 * 26.2.11). Beyond 8 less than 1e-15 is missing from 0 or 1.
 */
function normalOf(x) {
  if (Math.abs(x) > 8)
    return x > 0 ? 1 : 0;
  let sum = 0;
  let term = x;
  for (let n = 1; Math.abs(term) > 1e-17; n += 2) {
    sum += term;
    term *= (x * x) / (n + 2);
  }
  return Math.min(1, Math.max(0, 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)));
}

const namedFunctions = {
  relu: rampOf(0, 0, Infinity),
  relu6: rampOf(0, 0, 6),
  leaky_relu: rampOf(0.2, 0, Infinity),
  sigmoid: sigmoidOf,
  tanh: Math.tanh,
  elu: eluOf(1),
  selu: x => seluScale * (x > 0 ? x : seluAlpha * Math.expm1(x)),
  exponential: Math.exp,
  softplus: softplusOf,
  softsign: x => x / (1 + Math.abs(x)),
  silu: x => x * sigmoidOf(x),
  gelu: x => x * normalOf(x),
  mish: x => x * Math.tanh(softplusOf(x)),
  hard_sigmoid: x => Math.min(1, Math.max(0, x / 6 + 0.5)),
};

const functionLayers = {
  Activation: config => activationOf(config.activation),
  ReLU: config => perNumber(rampOf(config.negative_slope ?? 0, config.threshold ?? 0, config.max_value ?? Infinity)),
  LeakyReLU: config => perNumber(rampOf(config.negative_slope ?? 0.3, 0, Infinity)),
  ELU: config => perNumber(eluOf(config.alpha ?? 1)),
};

function perNumber(f) {
  return numbers => {
    for (let i = 0; i < numbers.length; i++)
      numbers[i] = f(numbers[i]);
    return numbers;
  };
}

/** Over the channels of each pixel, or over a vector. */
function softmax(numbers, channels) {
  for (let first = 0; first < numbers.length; first += channels) {
    let most = -Infinity;
    for (let i = first; i < first + channels; i++)
      most = Math.max(most, numbers[i]);
    let sum = 0;
    for (let i = first; i < first + channels; i++)
      sum += numbers[i] = Math.exp(numbers[i] - most);
    for (let i = first; i < first + channels; i++)
      numbers[i] /= sum;
  }
  return numbers;
}

/** A description's activation as a function (numbers, channels) that changes the numbers and gives them back; null for the linear one. */
export function activationOf(description) {
  if (description == null || description === 'linear')
    return null;
  if (description === 'softmax')
    return softmax;
  const f = typeof description === 'string' ? namedFunctions[description] : undefined;
  if (f)
    return perNumber(f);
  const layer = functionLayers[description.class_name];
  if (layer)
    return layer(description.config);
  throw new Error(`There is no activation ${description.class_name ?? description}.`);
}
