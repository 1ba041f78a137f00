import { pause } from './dom.js';

// All pictures pass through here: the one that follows the hand first, the many behind the map and in the strips when the hand rests.

/** Decodes and fetches pictures of a backend. */
export class Pictures {
  constructor(backend) {
    this.backend = backend;
    this.size = backend.meta.shape.reduce((product, side) => product * side, 1);
    this.latent = backend.meta.latent;
    this.images = new Map();
    this.handUntil = 0;
    this.perPicture = 4; // milliseconds, a first guess
    this.tail = Promise.resolve();
  }

  /** One picture, at once. */
  async now(z) {
    this.handUntil = performance.now() + 120;
    const pixels = await this.backend.decode(z);
    this.handUntil = performance.now() + 120;
    return pixels;
  }

  /**
   * Many pictures, a few at a time, between which the page stays responsive. Each is given to `take` with its number; `wanted` is asked before
   * each few, and false ends it.
   */
  async many(codes, take, wanted = () => true) {
    for (let done = 0; done < codes.length;) {
      while (performance.now() < this.handUntil)
        await pause(30);
      if (!wanted())
        return false;
      const count = Math.min(codes.length - done, Math.max(1, Math.min(64, Math.round(24 / this.perPicture))));
      const joined = new Float32Array(count * this.latent);
      for (let i = 0; i < count; i++)
        joined.set(codes[done + i], i * this.latent);
      const pixels = await this.inTurn(joined, count);
      for (let i = 0; i < count; i++)
        take(done + i, pixels.subarray(i * this.size, (i + 1) * this.size));
      done += count;
      await pause(0);
    }
    return true;
  }

  /** Those who want many take turns, a few pictures each. */
  inTurn(codes, count) {
    const run = this.tail.then(async () => {
      const start = performance.now();
      const pixels = await this.backend.decodeMany(codes, count);
      this.perPicture = 0.5 * this.perPicture + 0.5 * Math.max(0.1, (performance.now() - start) / count);
      return pixels;
    });
    this.tail = run.catch(() => {});
    return run;
  }

  /** The i-th image of the data set, remembered. */
  image(i) {
    let image = this.images.get(i);
    if (!image) {
      image = this.backend.image(i);
      image.catch(() => this.images.delete(i));
      this.images.set(i, image);
      if (this.images.size > 500)
        this.images.delete(this.images.keys().next().value);
    }
    return image;
  }
}
