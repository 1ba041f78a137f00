import { mount } from '/explorer/explorer.js';

// ---- the backend of an explorer: this server ----

const MOST_CODES = 1024; // of one request; the server takes more, but a page should not wait long for the first
const MOST_IMAGES = 512; // kept, for thumbnails that are shown again

async function answer(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error((await response.text()).trim() || `The studio answered ${response.status}.`);
  return response;
}

const bytesOf = async response => new Uint8Array(await response.arrayBuffer());
const post = (address, numbers) =>
  answer(address, { method: 'POST', body: numbers, headers: { 'Content-Type': 'application/octet-stream' } }).then(bytesOf);

const idle = 30000; // milliseconds after which a connection that nobody uses is closed
const pauseAfterFailure = 5000;

// Decodes one code after the other through a connection that stays open while the hand moves; 'otherwise' decodes where there is none (yet).
function liveDecoder(address, otherwise) {
  let socket = null;
  let waiting = []; // for pictures, which come in order
  let closing = 0;
  let notBefore = 0;

  function open() {
    const made = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${address}`);
    made.binaryType = 'arraybuffer';
    made.addEventListener('message', event => waiting.shift()?.done(new Uint8Array(event.data)));
    made.addEventListener('close', event => {
      if (event.code !== 1000) notBefore = performance.now() + pauseAfterFailure;
      const left = waiting;
      [socket, waiting] = [null, []];
      left.forEach(({ z, done }) => done(otherwise(z)));
    });
    return made;
  }

  return z => {
    clearTimeout(closing);
    closing = setTimeout(() => socket?.close(1000), idle);
    if (!socket && performance.now() >= notBefore) socket = open();
    if (socket?.readyState !== WebSocket.OPEN) return otherwise(z);
    return new Promise(done => {
      waiting.push({ z, done });
      socket.send(Float32Array.from(z));
    });
  };
}

// What an explorer asks about a run, from the server.
export async function remoteBackend(run) {
  const base = `/api/runs/${encodeURIComponent(run)}`;
  const [meta, codes, labels] = await Promise.all([
    answer(`${base}/meta`).then(response => response.json()),
    answer(`${base}/codes`).then(async response => new Float32Array(await response.arrayBuffer())),
    answer(`${base}/labels`).then(response => (response.status === 204 ? null : bytesOf(response))),
  ]);
  const size = meta.shape.reduce((product, side) => product * side);
  const images = new Map();

  async function decodeMany(codesToDecode, count) {
    const numbers = codesToDecode instanceof Float32Array ? codesToDecode : Float32Array.from(codesToDecode);
    if (count <= MOST_CODES) return post(`${base}/decode`, numbers);
    const pixels = new Uint8Array(count * size);
    for (let start = 0; start < count; start += MOST_CODES) {
      const end = Math.min(count, start + MOST_CODES);
      pixels.set(await post(`${base}/decode`, numbers.slice(start * meta.latent, end * meta.latent)), start * size);
    }
    return pixels;
  }

  function image(index) {
    if (!images.has(index)) {
      if (images.size >= MOST_IMAGES) images.delete(images.keys().next().value);
      const asked = answer(`${base}/images/${index}`).then(bytesOf);
      asked.catch(() => images.delete(index));
      images.set(index, asked);
    }
    return images.get(index);
  }

  async function encode(pixels) {
    const bytes = await post(`${base}/encode`, pixels);
    const end = meta.latent * Float32Array.BYTES_PER_ELEMENT;
    return { code: new Float32Array(bytes.buffer, 0, meta.latent).slice(), reconstruction: bytes.slice(end) };
  }

  return { meta, codes, labels, codesAddress: `${base}/codes.csv`, decode: liveDecoder(`${base}/live`, z => decodeMany(z, 1)), decodeMany, image, encode };
}

// Mounts the explorer of a run into an element; resolves to its controller.
export async function mountExplorer(element, run, options = {}) {
  const backend = await remoteBackend(run);
  const controller = mount(element, backend, options);
  if (backend.meta.note) element.before(noteOf(backend.meta.note));
  return controller;
}

// A code chosen in one of two explorers is shown in the other too, from that of the first on. Gives a function that ends it.
export function linkExplorers(a, b) {
  if (a.code.length !== b.code.length) return () => {};
  b.setCode(a.code, { silent: true });
  let linked = true;
  const ends = [
    a.onCode(z => linked && b.setCode(z, { silent: true })),
    b.onCode(z => linked && a.setCode(z, { silent: true })),
  ];
  return () => {
    linked = false;
    ends.forEach(end => typeof end === 'function' && end());
  };
}

// ---- <latent-explorer data-run="…">: the place of an explorer in a page ----
//   data-address  its state is what stands behind # in the page's address
//   data-compact  a part of the explorer, for two side by side
//   data-slot     tells two of one run apart
//   data-link     those of one word are linked

const shown = new Map(); // what elements show, by run and slot
const links = new Map(); // how to end the link of a word

function make(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

function noteOf(text) {
  const note = make('p', 'studio-note', text);
  note.setAttribute('role', 'status');
  return note;
}

const stateOfAddress = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

// An explorer with what it needs of the page. When Blazor replaces the page that the server sent first by the live one, the new element takes
// over what the old one shows: nothing is loaded twice and nothing flickers.
class Shown {
  constructor(run, key, { address, compact }) {
    Object.assign(this, { run, key, address, compact, controller: null, owner: null, waiting: 0 });
    this.content = make('div', 'studio-explorer-content');
    this.moved = () => this.controller?.setState(stateOfAddress());
    if (address) addEventListener('hashchange', this.moved);
    this.loaded = this.load();
  }

  async load() {
    const root = make('div', 'studio-explorer-root');
    root.setAttribute('aria-busy', 'true');
    this.content.replaceChildren(root);
    try {
      const controller = await mountExplorer(root, this.run, {
        compact: this.compact,
        state: this.address ? stateOfAddress() : undefined,
        onChange: state => this.keep(state),
      });
      if (this.isGone) {
        controller.destroy();
        return;
      }
      this.controller = controller;
      relink(this.owner?.dataset.link);
    } catch (error) {
      this.fail(error);
    }
    root.removeAttribute('aria-busy');
  }

  fail(error) {
    const box = make('div', 'studio-notice');
    box.setAttribute('role', 'alert');
    box.dataset.testid = 'explorer-failed';
    const again = make('button', 'studio-reconnect-again', 'Try again');
    again.type = 'button';
    again.addEventListener('click', () => this.load());
    box.append(make('h1', '', `${this.run} cannot be shown`), make('p', 'studio-notice-text', error.message), again);
    this.content.replaceChildren(box);
  }

  // The state behind #, and the run before it, so that the address can be passed on. Browsers count how often an address changes.
  keep(state) {
    if (!this.address) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.isGone) return;
      const address = new URL(location.href);
      address.searchParams.set('run', this.run);
      address.hash = new URLSearchParams(state);
      history.replaceState(history.state, '', address);
    }, 300);
  }

  end() {
    this.isGone = true;
    clearTimeout(this.waiting);
    removeEventListener('hashchange', this.moved);
    this.controller?.destroy();
    if (shown.get(this.key) === this) shown.delete(this.key);
  }
}

function relink(word) {
  if (!word) return;
  links.get(word)?.();
  links.delete(word);
  const pair = [...shown.values()].filter(one => one.owner?.dataset.link === word && one.controller);
  if (pair.length === 2) links.set(word, linkExplorers(pair[0].controller, pair[1].controller));
}

class LatentExplorerElement extends HTMLElement {
  static observedAttributes = ['data-link'];

  connectedCallback() {
    const { run, slot = '', address, compact } = this.dataset;
    const key = `${slot}/${run}`;
    this.shown = shown.get(key) ?? new Shown(run, key, { address: address === 'true', compact: compact === 'true' });
    shown.set(key, this.shown);
    this.shown.owner = this;
    this.replaceChildren(this.shown.content);
    relink(this.dataset.link);
  }

  disconnectedCallback() {
    const left = this.shown;
    setTimeout(() => {
      if (left.owner === this && !this.isConnected) left.end();
      relink(this.dataset.link);
    });
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || !this.shown) return;
    links.get(before)?.();
    links.delete(before);
    relink(now);
  }
}

customElements.define('latent-explorer', LatentExplorerElement);

// ---- the connection to the server ----

const mostWaited = 1500; // milliseconds
const frame = () => new Promise(requestAnimationFrame);

// What a page is opened for comes first: the explorer in it is drawn before the rest comes alive, which takes the same processor.
async function start() {
  const explorers = [...document.querySelectorAll('latent-explorer')];
  if (explorers.length > 0) {
    const drawn = Promise.all(explorers.map(explorer => explorer.shown.loaded)).then(frame).then(frame);
    await Promise.race([drawn, new Promise(done => setTimeout(done, mostWaited))]);
  }
  await window.Blazor.start();
}

addEventListener('DOMContentLoaded', start); // modules run before it, and so do deferred scripts

// A page that the server does not know any more starts anew: what it showed is in its address.
const reconnecting = event => event.detail?.state === 'rejected' && location.reload();
document.addEventListener('components-reconnect-state-changed', reconnecting, true); // it does not bubble

document.addEventListener('click', async event => {
  if (!event.target.closest?.('[data-reconnect]')) return;
  try {
    if (!(await window.Blazor.reconnect())) location.reload();
  } catch {
    // still away: the next try will tell
  }
});
