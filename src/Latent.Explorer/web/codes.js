// The codes of a data set: where they lie, which are near, what is usual among them.

/** Codes with their labels and statistics. */
export class Codes {
  constructor(codes, labels, meta) {
    this.latent = meta.latent;
    this.values = codes;
    this.count = Math.floor(codes.length / meta.latent);
    this.labels = labels && labels.length >= this.count && this.count > 0 ? labels : null;
    this.mean = Float32Array.from(meta.mean?.length === meta.latent ? meta.mean : new Array(meta.latent).fill(0));
    this.ranges = Array.from({ length: meta.latent }, (_, i) => usable(meta.ranges?.[i]));
    this.components = meta.components ?? [];
    this.indices = meta.indices ?? null;
    let last = -1;
    for (let i = 0; this.labels && i < this.count; i++)
      last = Math.max(last, this.labels[i]);
    this.names = Array.from({ length: Math.max(last + 1, this.labels ? meta.labelNames?.length ?? 0 : 0) }, (_, i) => meta.labelNames?.[i] ?? `${i}`);
  }

  at(i) {
    return this.values.slice(i * this.latent, (i + 1) * this.latent);
  }

  nameOf(i) {
    return this.labels ? this.names[this.labels[i]] : '';
  }

  /** The number of a code's image in its data set. */
  imageOf(i) {
    return this.indices ? this.indices[i] : i;
  }

  /** The k nearest codes to a point, nearest first, without one of them: their numbers and distances. */
  nearest(z, k, without = -1) {
    const { values, latent, count } = this;
    const found = [];
    let limit = Infinity;
    for (let i = 0, at = 0; i < count; i++, at += latent) {
      let sum = 0;
      for (let d = 0; d < latent && sum < limit; d++) {
        const difference = values[at + d] - z[d];
        sum += difference * difference;
      }
      if (!(sum < limit) || i === without)
        continue;
      let place = found.length;
      while (place > 0 && found[place - 1].square > sum)
        place--;
      found.splice(place, 0, { index: i, square: sum });
      if (found.length > k)
        found.pop();
      if (found.length === k)
        limit = found[k - 1].square;
    }
    return found.map(({ index, square }) => ({ index, distance: Math.sqrt(square) }));
  }

  /** How far a code's nearest neighbour usually is: the median and the 95th percentile over some of the codes. */
  get spacing() {
    if (!this.cachedSpacing) {
      const some = Math.min(this.count, clampCount(2e7 / Math.max(1, this.count * this.latent)));
      const distances = [];
      for (let n = 0; n < some; n++) {
        const i = Math.floor(n * this.count / some);
        const [other] = this.nearest(this.at(i), 1, i);
        if (other)
          distances.push(other.distance);
      }
      distances.sort((a, b) => a - b);
      const at = share => distances[Math.min(distances.length - 1, Math.floor(share * distances.length))] ?? 0;
      this.cachedSpacing = { median: at(0.5), high: at(0.95) };
    }
    return this.cachedSpacing;
  }

  /** A code drawn from the normal distribution that has the codes' mean and covariance. */
  random() {
    const { latent, mean } = this;
    const factor = this.covarianceFactor();
    const normal = Float64Array.from({ length: latent }, gaussian);
    return Float32Array.from({ length: latent }, (_, row) => {
      let sum = mean[row];
      for (let column = 0; column <= row; column++)
        sum += factor[row * latent + column] * normal[column];
      return sum;
    });
  }

  /** The lower triangle L with L L' = covariance, from at most 4,000 codes spread over all. */
  covarianceFactor() {
    if (this.cachedFactor)
      return this.cachedFactor;
    const { latent, values, count } = this;
    const some = Math.min(count, 4000);
    const center = new Float64Array(latent);
    const rows = Array.from({ length: some }, (_, n) => Math.floor(n * count / some) * latent);
    for (const row of rows)
      for (let i = 0; i < latent; i++)
        center[i] += values[row + i] / some;
    const matrix = new Float64Array(latent * latent);
    for (const row of rows)
      for (let i = 0; i < latent; i++)
        for (let j = 0, own = values[row + i] - center[i]; j <= i; j++)
          matrix[i * latent + j] += own * (values[row + j] - center[j]) / Math.max(1, some - 1);
    for (let i = 0; i < latent; i++)
      for (let j = 0; j <= i; j++) {
        let sum = matrix[i * latent + j];
        for (let k = 0; k < j; k++)
          sum -= matrix[i * latent + k] * matrix[j * latent + k];
        if (i === j)
          matrix[i * latent + i] = Math.sqrt(Math.max(0, sum)); // 0 for a number that does not vary
        else
          matrix[i * latent + j] = matrix[j * latent + j] > 1e-12 ? sum / matrix[j * latent + j] : 0;
      }
    return this.cachedFactor = matrix;
  }

  /** The codes as a table: all of them, or some. */
  csv(some = null) {
    const indices = some ?? Array.from({ length: this.count }, (_, i) => i);
    const head = ['index', ...(this.labels ? ['label'] : []), ...Array.from({ length: this.latent }, (_, d) => `z${d + 1}`)];
    const lines = [head.join(',')];
    for (const i of indices)
      lines.push([this.imageOf(i), ...(this.labels ? [csvText(this.nameOf(i))] : []), ...this.at(i)].join(','));
    return `${lines.join('\n')}\n`;
  }
}

/** The way from a to b at t, straight, or on an arc about the origin whose radius changes evenly (Shoemake, 1985). */
export function codeBetween(a, b, t, spherical) {
  const [lengthA, lengthB] = [norm(a), norm(b)];
  if (spherical && lengthA > 1e-9 && lengthB > 1e-9) {
    let cosine = 0;
    for (let i = 0; i < a.length; i++)
      cosine += a[i] * b[i] / (lengthA * lengthB);
    const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
    const sine = Math.sin(angle);
    if (sine > 1e-6) {
      const length = lengthA + t * (lengthB - lengthA);
      const [shareA, shareB] = [Math.sin((1 - t) * angle) / sine / lengthA, Math.sin(t * angle) / sine / lengthB];
      return Float32Array.from(a, (value, i) => length * (value * shareA + b[i] * shareB));
    }
  }
  return Float32Array.from(a, (value, i) => value + t * (b[i] - value));
}

function norm(vector) {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function usable(range) {
  const [low, high] = range ?? [-1, 1];
  return high > low ? [low, high] : [low - 1, low + 1];
}

const clampCount = count => Math.min(200, Math.max(12, Math.floor(count)));

function gaussian() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function csvText(text) {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
