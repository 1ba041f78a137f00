// A backend without a network, for tests: codes in clusters, and a decoder that draws a spot whose place and size are the code's first numbers.

function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

export function fakeBackend({ latent = 2, count = 1000, labels = 10, shape = [28, 28, 1], wait = 0, canEncode = true, hasImages = true } = {}) {
  const [height, width, channels] = shape;
  const next = random(7);
  const normal = () => next() + next() + next() + next() - 2;
  const codes = new Float32Array(count * latent);
  const labelOf = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = labelOf[i] = i % Math.max(1, labels);
    for (let d = 0; d < latent; d++)
      codes[i * latent + d] = 3 * Math.cos(label * (d + 1) * 0.628 + d) / (1 + 0.2 * d) + 0.6 * normal();
  }
  const column = d => Array.from({ length: count }, (_, i) => codes[i * latent + d]).sort((a, b) => a - b);
  const calls = { decode: 0, decodeMany: 0, encode: 0, image: 0 };
  const late = async value => {
    if (wait)
      await new Promise(done => setTimeout(done, wait));
    return value;
  };
  const draw = z => {
    const pixels = new Uint8Array(height * width * channels);
    const [x, y] = [width / 2 + 2 * z[0], height / 2 - 2 * (z[1] ?? 0)];
    const size = 3 + 0.5 * Math.abs(z[2] ?? 0);
    for (let row = 0; row < height; row++)
      for (let at = 0; at < width; at++)
        for (let c = 0; c < channels; c++)
          pixels[(row * width + at) * channels + c] = 255 * Math.exp(-((at - x) ** 2 + (row - y) ** 2) / (2 * size * (1 + c)));
    return pixels;
  };
  const code = i => codes.subarray(i * latent, (i + 1) * latent);
  return {
    calls, codes, labels: labels ? labelOf : null, draw,
    meta: {
      title: 'fake', latent, shape, count, canEncode, hasImages, indices: null, labelNames: [],
      ranges: Array.from({ length: latent }, (_, d) => (count ? [column(d)[Math.floor(0.01 * count)], column(d)[Math.floor(0.99 * count)]] : [-1, 1])),
      mean: Array.from({ length: latent }, (_, d) => column(d).reduce((sum, value) => sum + value / count, 0)),
      components: latent > 2 ? Array.from({ length: latent }, (_, k) => Array.from({ length: latent }, (_, d) => (d === (k + 1) % latent ? 1 : 0))) : [],
    },
    async decode(z) {
      calls.decode++;
      calls.code = Float32Array.from(z);
      return late(draw(z));
    },
    async decodeMany(zs, n) {
      calls.decodeMany++;
      const all = new Uint8Array(n * height * width * channels);
      for (let i = 0; i < n; i++)
        all.set(draw(zs.subarray(i * latent, (i + 1) * latent)), i * height * width * channels);
      return late(all);
    },
    async image(i) {
      calls.image++;
      return late(draw(code(i)));
    },
    async encode(pixels) {
      calls.encode++;
      calls.encoded = pixels.slice();
      let [mass, x, y] = [0, 0, 0];
      for (let i = 0; i < pixels.length; i++) {
        mass += pixels[i];
        x += pixels[i] * (Math.floor(i / channels) % width + 0.5);
        y += pixels[i] * (Math.floor(i / channels / width) + 0.5);
      }
      const z = new Float32Array(latent);
      z[0] = (x / mass - width / 2) / 2;
      if (latent > 1)
        z[1] = (height / 2 - y / mass) / 2;
      return late({ code: z, reconstruction: draw(z) });
    },
  };
}
