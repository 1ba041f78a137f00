import { element } from './dom.js';
import { errorColor } from './palette.js';

// Pictures on canvases: one canvas pixel for each pixel of the image, enlarged by the style sheet without smoothing.

/** An empty canvas for images of a shape. */
export function pictureCanvas(shape, attributes = {}) {
  const [height, width] = shape;
  return element('canvas', { width, height, role: 'img', ...attributes, class: `lx-pixels ${attributes.class ?? ''}` });
}

/** Draws the pixels of an image, height x width x channels. */
export function paint(canvas, pixels, shape) {
  const [height, width, channels] = shape;
  if (canvas.width !== width || canvas.height !== height)
    [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const { data } = image;
  for (let i = 0; i < width * height; i++) {
    data[4 * i] = pixels[i * channels];
    data[4 * i + 1] = pixels[i * channels + (channels > 1 ? 1 : 0)];
    data[4 * i + 2] = pixels[i * channels + (channels > 2 ? 2 : 0)];
    data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Draws the signed error of a reconstruction, the channels' mean, on a ground; gives the mean square error of pixels from 0 to 1. */
export function paintError(canvas, pixels, reconstruction, shape, ground) {
  const [height, width, channels] = shape;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  let squares = 0;
  for (let i = 0; i < width * height; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const error = (reconstruction[i * channels + c] - pixels[i * channels + c]) / 255;
      sum += error / channels;
      squares += error * error;
    }
    const [red, green, blue] = errorColor(sum, ground);
    image.data.set([red, green, blue, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return squares / pixels.length;
}

/** The mean square error of two images whose pixels count from 0 to 1. */
export function meanSquareError(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++)
    sum += ((a[i] - b[i]) / 255) ** 2;
  return sum / a.length;
}
