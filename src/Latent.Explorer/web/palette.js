// Colours of labels and of errors. Colours are [red, green, blue], 0 to 255.

const anchors = {
  RdYlBu: 'a50026 d73027 f46d43 fdae61 fee090 ffffbf e0f3f8 abd9e9 74add1 4575b4 313695',
  viridis: '440154 482475 414487 355f8d 2a788e 21918c 22a884 44bf70 7ad151 bddf26 fde725',
  turbo: '30123b 4458cb 3e9bfe 18d7cb 46f783 a4fc3b e1dc37 fda330 ef5a11 c32402 7a0402',
  tab10: '1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf',
};

/** The colour maps to choose from: those of the figures. */
export const colorMaps = Object.keys(anchors);

const hexBytes = hex => [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16));

/** Any CSS colour in the form #rgb, #rrggbb, rgb() or rgba() as three bytes; null for another form. */
export function rgbOf(css) {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(css);
  if (short)
    return short.slice(1).map(digit => parseInt(digit + digit, 16));
  if (/^#[0-9a-f]{6}/i.test(css))
    return hexBytes(css.slice(1));
  const numbers = /^rgba?\(([^)]+)\)/.exec(css);
  return numbers ? numbers[1].split(/[\s,/]+/).slice(0, 3).map(Number) : null;
}

/** A colour map at a number from 0 to 1. */
export function colorAt(map, value) {
  const colors = anchors[map].split(' ');
  const position = Math.min(1, Math.max(0, value || 0)) * (colors.length - 1);
  const below = Math.min(Math.floor(position), colors.length - 2);
  const [from, to] = [hexBytes(colors[below]), hexBytes(colors[below + 1])];
  return from.map((part, i) => Math.round(part + (position - below) * (to[i] - part)));
}

/** The colours of so many labels; a single colour where there are none. */
export function labelColors(map, count) {
  return count === 0 ? [[0x1f, 0x6f, 0xb4]] : Array.from({ length: count }, (_, i) => colorAt(map, i / Math.max(1, count - 1)));
}

export const cssOf = color => `rgb(${color[0]}, ${color[1]}, ${color[2]})`;

/** The colour of a signed error from -1 (too dark, blue) to 1 (too bright, red) on a ground, in proportion. */
export function errorColor(error, ground) {
  const strength = Math.min(1, Math.abs(error));
  const end = error < 0 ? [0x2b, 0x74, 0xc9] : [0xd7, 0x30, 0x27];
  return ground.map((part, i) => Math.round(part + strength * (end[i] - part)));
}
