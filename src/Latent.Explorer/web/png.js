// PNG and animated PNG files, written here so that they hold exactly the decoder's pixels.

/** A PNG of an image of 1 or 3 channels. */
export async function png(pixels, [height, width, channels]) {
  return file([header(height, width, channels), chunk('IDAT', await deflated(scanlines(pixels, height, width, channels)))]);
}

/** An animated PNG that repeats for ever, so many milliseconds a frame. */
export async function animatedPng(frames, [height, width, channels], milliseconds) {
  const chunks = [header(height, width, channels), chunk('acTL', numbers(frames.length, 0))];
  let sequence = 0;
  for (const [i, pixels] of frames.entries()) {
    const control = new Uint8Array(26);
    const view = new DataView(control.buffer);
    for (const [at, value] of [[0, sequence++], [4, width], [8, height]])
      view.setUint32(at, value);
    view.setUint16(20, milliseconds);
    view.setUint16(22, 1000);
    chunks.push(chunk('fcTL', control));
    const data = await deflated(scanlines(pixels, height, width, channels));
    chunks.push(i === 0 ? chunk('IDAT', data) : chunk('fdAT', joined([numbers(sequence++), data])));
  }
  return file(chunks);
}

/** Each pixel as a square of so many pixels. */
export function enlargedPixels(pixels, [height, width, channels], times) {
  const large = new Uint8Array(height * times * width * times * channels);
  for (let y = 0, at = 0; y < height * times; y++)
    for (let x = 0; x < width * times; x++)
      for (let c = 0, from = (Math.floor(y / times) * width + Math.floor(x / times)) * channels; c < channels; c++)
        large[at++] = pixels[from + c];
  return { pixels: large, shape: [height * times, width * times, channels] };
}

/** Images of one shape beside each other. */
export function besides(images, [height, width, channels]) {
  const row = width * channels;
  const strip = new Uint8Array(images.length * height * row);
  for (const [i, pixels] of images.entries())
    for (let y = 0; y < height; y++)
      strip.set(pixels.subarray(y * row, (y + 1) * row), y * row * images.length + i * row);
  return { pixels: strip, shape: [height, width * images.length, channels] };
}

function file(chunks) {
  return new Blob([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...chunks, chunk('IEND', new Uint8Array(0))], { type: 'image/png' });
}

function header(height, width, channels) {
  return chunk('IHDR', joined([numbers(width, height), new Uint8Array([8, channels === 1 ? 0 : 2, 0, 0, 0])]));
}

/** Each row behind a 0: no filter. */
function scanlines(pixels, height, width, channels) {
  const row = width * channels;
  const lines = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++)
    lines.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return lines;
}

async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function chunk(type, data) {
  const named = joined([Uint8Array.from(type, letter => letter.charCodeAt(0)), data]);
  return joined([numbers(data.length), named, numbers(checksum(named))]);
}

/** The cyclic redundancy check of the PNG specification, annex D. */
function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++)
      sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function numbers(...values) {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(4 * i, value));
  return bytes;
}

function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
