// The decoded plane behind the points: square tiles on a lattice of the plane, so that a tile stays valid while the map moves.

/** Decodes, keeps and draws tiles. */
export class DecodedGrid {
  /**
   * pictures: where pictures come from; lift(x, y): the code at a point of the plane; density(x, y): 0 to 1;
   * changed: called when tiles have come.
   */
  constructor({ pictures, shape, lift, density, changed, failed }) {
    Object.assign(this, { pictures, lift, density, changed, failed });
    [this.height, this.width, this.channels] = shape;
    this.shrink = Math.max(1, Math.ceil(Math.max(this.width, this.height) / 48)); // large images are drawn small here
    this.tileWidth = Math.max(1, Math.floor(this.width / this.shrink));
    this.tileHeight = Math.max(1, Math.floor(this.height / this.shrink));
    this.columns = 32;
    this.slots = 32 * 32;
    this.atlas = document.createElement('canvas');
    this.atlas.width = this.columns * (this.tileWidth + 2);
    this.atlas.height = this.slots / this.columns * (this.tileHeight + 2);
    this.context = this.atlas.getContext('2d');
    this.tiles = new Map(); // in the order of use, the least recent first
    this.free = Array.from({ length: this.slots }, (_, i) => i);
    this.version = 0;
    this.round = 0;
    this.shown = null;
    this.ink = null;
    this.theme = '';
  }

  /** All tiles are of a plane that is no more: they stay in sight until others have come. */
  invalidate() {
    this.version++;
  }

  /** Nothing is left. */
  clear() {
    this.version++;
    this.round++;
    this.free = Array.from({ length: this.slots }, (_, i) => i);
    this.tiles.clear();
    this.shown = null;
  }

  /** The lattice for a view: tiles of 2^level units, at least 38 pixels and no more than some hundreds in sight. */
  levelOf(view) {
    const least = Math.max(38, Math.sqrt(view.width * view.height / 420));
    return Math.ceil(Math.log2(least / view.scaleX));
  }

  visible(view, level) {
    const side = 2 ** level;
    const [fromX, toX] = [Math.floor(view.left / side), Math.floor(view.right / side)];
    if (view.flat)
      return Array.from({ length: toX - fromX + 1 }, (_, i) => ({ key: `${level}:${fromX + i}`, x: (fromX + i + 0.5) * side, y: view.tileY, side }));
    const [fromY, toY] = [Math.floor(view.bottom / side), Math.floor(view.top / side)];
    const tiles = [];
    for (let y = fromY; y <= toY; y++)
      for (let x = fromX; x <= toX; x++)
        tiles.push({ key: `${level}:${x}:${y}`, x: (x + 0.5) * side, y: (y + 0.5) * side, side });
    return tiles;
  }

  /** Asks for what a view lacks, densest places first. */
  async request(view) {
    const round = ++this.round;
    const version = this.version;
    const level = this.levelOf(view);
    const all = this.visible(view, level);
    const missing = all.filter(tile => this.tiles.get(tile.key)?.version !== version);
    if (this.shown === null || missing.length === 0 || Math.abs(level - this.shown) > 2)
      this.show(level);
    if (missing.length === 0)
      return;
    for (const tile of missing)
      tile.weight = this.density(tile.x, tile.y);
    missing.sort((a, b) => b.weight - a.weight);
    const since = performance.now();
    let painted = since;
    try {
      await this.pictures.many(missing.map(tile => this.lift(tile.x, tile.y)), (i, pixels) => {
        if (version !== this.version)
          return;
        this.keep(missing[i].key, version, pixels);
        if (round === this.round && performance.now() - since > 500)
          this.show(level);
        if (this.shown === level && performance.now() - painted > 60) {
          painted = performance.now();
          this.changed();
        }
      }, () => round === this.round && version === this.version);
    } catch (error) {
      this.failed(error);
    }
    if (round === this.round) {
      this.show(level);
      this.changed();
    }
  }

  show(level) {
    if (this.shown !== level) {
      this.shown = level;
      this.changed();
    }
  }

  keep(key, version, pixels) {
    const old = this.tiles.get(key);
    this.tiles.delete(key);
    let slot = old?.slot ?? this.free.pop();
    if (slot === undefined) {
      const [oldest] = this.tiles.keys();
      slot = this.tiles.get(oldest).slot;
      this.tiles.delete(oldest);
    }
    const tile = { slot, version, pixels: this.shrunk(pixels) };
    this.tiles.set(key, tile);
    this.paint(tile);
  }

  /** Pixels of the size of a tile, always of the channels of the image. */
  shrunk(pixels) {
    if (this.shrink === 1)
      return pixels.slice();
    const small = new Uint8Array(this.tileWidth * this.tileHeight * this.channels);
    for (let y = 0; y < this.tileHeight; y++)
      for (let x = 0; x < this.tileWidth; x++)
        for (let c = 0; c < this.channels; c++) {
          let sum = 0;
          for (let dy = 0; dy < this.shrink; dy++)
            for (let dx = 0; dx < this.shrink; dx++)
              sum += pixels[((y * this.shrink + dy) * this.width + x * this.shrink + dx) * this.channels + c];
          small[(y * this.tileWidth + x) * this.channels + c] = sum / this.shrink ** 2;
        }
    return small;
  }

  /** Grey images on black, as digits are, become ink in the colour of the text; others stay as they are. */
  paint(tile) {
    const { tileWidth: width, tileHeight: height, channels } = this;
    const { pixels } = tile;
    if (this.ink === null && channels === 1) {
      let edge = 0;
      for (let x = 0; x < width; x++)
        edge += pixels[x] + pixels[(height - 1) * width + x];
      this.ink = edge / (2 * width) < 40;
    }
    const image = this.context.createImageData(width, height);
    const [red, green, blue] = this.inkColor ?? [0, 0, 0];
    const inked = blue << 16 | green << 8 | red;
    const out = new Uint32Array(image.data.buffer);
    for (let i = 0; i < width * height; i++) {
      if (this.ink)
        out[i] = pixels[i] << 24 | inked;
      else if (channels === 3)
        out[i] = 255 << 24 | pixels[3 * i + 2] << 16 | pixels[3 * i + 1] << 8 | pixels[3 * i];
      else
        out[i] = 255 << 24 | pixels[i] * 0x010101;
    }
    const [x, y] = this.placeOf(tile.slot);
    this.context.putImageData(image, x, y);
  }

  placeOf(slot) {
    return [slot % this.columns * (this.tileWidth + 2) + 1, Math.floor(slot / this.columns) * (this.tileHeight + 2) + 1];
  }

  recolor(inkColor) {
    if (`${inkColor}` === this.theme)
      return;
    this.theme = `${inkColor}`;
    this.inkColor = inkColor;
    for (const tile of this.tiles.values())
      this.paint(tile);
  }

  /** Draws the tiles of a view into a context in CSS pixels. */
  draw(context, view, inkColor) {
    if (this.shown === null || Math.abs(this.levelOf(view) - this.shown) > 2)
      return;
    this.recolor(inkColor);
    const { tileWidth: width, tileHeight: height } = this;
    const strength = this.ink ? 0.72 : 0.85;
    context.save();
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'low';
    for (const place of this.visible(view, this.shown)) {
      const tile = this.tiles.get(place.key);
      if (!tile)
        continue;
      this.tiles.delete(place.key);
      this.tiles.set(place.key, tile);
      const side = place.side * view.scaleX;
      const fit = Math.min(side / width, side / height) * (this.ink ? 1 : 0.96);
      const [x, y] = this.placeOf(tile.slot);
      context.globalAlpha = strength * (0.16 + 0.84 * Math.sqrt(this.density(place.x, place.y)));
      context.drawImage(this.atlas, x, y, width, height,
        view.x0 + view.scaleX * place.x - fit * width / 2, view.y0 - view.scaleY * place.y - fit * height / 2, fit * width, fit * height);
    }
    context.restore();
  }
}
