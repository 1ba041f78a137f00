import { numberName } from './dom.js';

// A plane through the space of codes: which two directions the map shows.

/** The directions that a map can have as axes: principal components first, then the numbers of the code. */
export function axesOf(codes) {
  const axes = codes.components.map((direction, k) => {
    const offset = direction.reduce((sum, part, i) => sum + part * codes.mean[i], 0);
    return { key: `p${k + 1}`, name: `principal component ${k + 1}`, short: `PC ${k + 1}`, direction, offset };
  });
  for (let d = 0; d < codes.latent; d++) {
    const direction = new Array(codes.latent).fill(0);
    direction[d] = 1;
    axes.push({ key: `z${d + 1}`, name: numberName(d), short: numberName(d), direction, offset: 0 });
  }
  return axes;
}

/** Two axes. A code of one number has a strip instead: across, a lane for each label. */
export class Plane {
  constructor(codes, first, second) {
    this.codes = codes;
    this.first = first;
    this.second = second;
    this.lanes = second ? 0 : Math.max(1, codes.names.length);
  }

  get flat() {
    return this.lanes > 0;
  }

  /** Where a code lies. */
  project(z) {
    return [along(this.first, z, 0), this.second ? along(this.second, z, 0) : this.lanes / 2];
  }

  /** Where all codes lie, one pair after the other. */
  points() {
    const { values, count, latent, labels } = this.codes;
    const points = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      points[2 * i] = along(this.first, values, i * latent);
      points[2 * i + 1] = this.second ? along(this.second, values, i * latent)
        : (labels ? labels[i] : 0) + 0.15 + 0.7 * ((i * 0.6180339887) % 1); // spread over the lane, the same way every time
    }
    return points;
  }

  /**
   * The code nearest to z that lies at a point of the plane, moved along the two axes alone; numbers that are fixed stay as they are, and then it
   * comes as near to the point as it can.
   */
  lift(x, y, z, fixed = null) {
    const [atX, atY] = this.project(z);
    const [moveX, moveY] = [x - atX, this.second ? y - atY : 0];
    const free = (axis, i) => (fixed?.[i] ? 0 : axis.direction[i]);
    let [xx, xy, yy] = [0, 0, 0];
    for (let i = 0; i < z.length; i++) {
      const [u, v] = [free(this.first, i), this.second ? free(this.second, i) : 0];
      xx += u * u;
      xy += u * v;
      yy += v * v;
    }
    const ridge = 1e-9; // two axes may be one direction where numbers are fixed
    const determinant = (xx + ridge) * (yy + ridge) - xy * xy;
    const a = (moveX * (yy + ridge) - moveY * xy) / determinant;
    const b = (moveY * (xx + ridge) - moveX * xy) / determinant;
    return Float32Array.from(z, (value, i) => value + a * free(this.first, i) + (this.second ? b * free(this.second, i) : 0));
  }
}

function along(axis, values, start) {
  const { direction, offset } = axis;
  let sum = -offset;
  for (let i = 0; i < direction.length; i++)
    sum += direction[i] * values[start + i];
  return sum;
}

/** The smallest and largest of the finite coordinates of points; from 0 to 1 where there are none. */
export function extentOf(points) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (!Number.isFinite(x + y))
      continue;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < bottom) bottom = y;
    if (y > top) top = y;
  }
  return left <= right ? { left, right, bottom, top } : { left: 0, right: 1, bottom: 0, top: 1 };
}

/** How dense points are, relative to how dense they are around one of the lonelier of them: four of five have more around them. */
export class Density {
  constructor(points, side = 96) {
    this.side = side;
    this.bins = new Float32Array(side * side);
    const count = points.length / 2;
    const { left, right, bottom, top } = extentOf(points);
    const margin = 4; // bins around the points that stay empty, for the smoothing
    this.left = left;
    this.bottom = bottom;
    this.scaleX = (side - 2 * margin) / Math.max(1e-9, right - left);
    this.scaleY = (side - 2 * margin) / Math.max(1e-9, top - bottom);
    this.margin = margin;
    for (let i = 0; i < count; i++)
      this.bins[this.bin(points[2 * i], points[2 * i + 1])]++;
    for (let pass = 0; pass < 2; pass++) {
      this.smooth(1);
      this.smooth(side);
    }
    const own = [];
    for (let n = 0; n < Math.min(count, 1000); n++) {
      const i = Math.floor(n * count / Math.min(count, 1000));
      own.push(this.bins[this.bin(points[2 * i], points[2 * i + 1])]);
    }
    own.sort((a, b) => a - b);
    this.typical = own[Math.floor(own.length / 5)] || 1;
  }

  /** From 0, where there are no points, to 1, where there are as many as around such a one, or more. */
  at(x, y) {
    const i = this.bin(x, y);
    return i < 0 ? 0 : Math.min(1, this.bins[i] / this.typical);
  }

  bin(x, y) {
    const column = Math.floor((x - this.left) * this.scaleX + this.margin);
    const row = Math.floor((y - this.bottom) * this.scaleY + this.margin);
    return column < 0 || row < 0 || column >= this.side || row >= this.side ? -1 : row * this.side + column;
  }

  smooth(step) {
    const from = this.bins.slice();
    for (let i = 0; i < from.length; i++)
      this.bins[i] = (from[i - 2 * step] ?? 0) / 9 + 2 * (from[i - step] ?? 0) / 9 + from[i] / 3 + 2 * (from[i + step] ?? 0) / 9 + (from[i + 2 * step] ?? 0) / 9;
  }
}

/** Points sorted into cells, to find the one nearest to a place quickly. */
export class Cells {
  constructor(points, side = 128) {
    this.points = points;
    this.side = side;
    const count = points.length / 2;
    const { left, right, bottom, top } = extentOf(points);
    Object.assign(this, { left, bottom, scaleX: side / Math.max(1e-9, right - left), scaleY: side / Math.max(1e-9, top - bottom) });
    this.starts = new Int32Array(side * side + 1);
    const cells = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      cells[i] = this.row(points[2 * i + 1]) * side + this.column(points[2 * i]);
      this.starts[cells[i] + 1]++;
    }
    for (let i = 0; i < side * side; i++)
      this.starts[i + 1] += this.starts[i];
    const next = this.starts.slice();
    this.members = new Int32Array(count);
    for (let i = 0; i < count; i++)
      this.members[next[cells[i]]++] = i;
  }

  /** The nearest point within a distance in pixels, of those that may be chosen; -1 where there is none. */
  nearest(x, y, pixels, scaleX, scaleY, allowed) {
    const { points } = this;
    let best = -1;
    let limit = pixels * pixels;
    const [fromX, toX] = [this.column(x - pixels / scaleX), this.column(x + pixels / scaleX)];
    const [fromY, toY] = [this.row(y - pixels / scaleY), this.row(y + pixels / scaleY)];
    for (let row = fromY; row <= toY; row++)
      for (let n = this.starts[row * this.side + fromX]; n < this.starts[row * this.side + toX + 1]; n++) {
        const i = this.members[n];
        const square = ((points[2 * i] - x) * scaleX) ** 2 + ((points[2 * i + 1] - y) * scaleY) ** 2;
        if (square < limit && allowed(i)) {
          limit = square;
          best = i;
        }
      }
    return best;
  }

  column(x) {
    return Math.min(this.side - 1, Math.max(0, Math.floor((x - this.left) * this.scaleX)));
  }

  row(y) {
    return Math.min(this.side - 1, Math.max(0, Math.floor((y - this.bottom) * this.scaleY)));
  }
}
