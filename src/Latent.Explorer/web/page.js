import { mount } from './explorer.js';
import { localBackend } from './net.js';

/** What the address says behind #, as the explorer's state. */
function stateOfAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

function writeAddress(state) {
  const hash = `#${new URLSearchParams(state)}`;
  try {
    history.replaceState(null, '', hash);
  } catch {
    location.replace(hash); // some browsers let a page from a file change its address in this way only
  }
}

/**
 * Starts the explorer of a page that holds all of its data. The element has a data attribute 'source' with the id of the script element that
 * holds them as JSON; 'options' are those of mount. With 'address' the explorer's state is kept behind the # of the page's address.
 */
export function startPage(root, { address = false, ...options } = {}) {
  let waiting = 0;
  const keep = state => {
    clearTimeout(waiting);
    waiting = setTimeout(() => writeAddress(state), 300); // browsers count how often an address changes
  };
  try {
    const source = document.getElementById(root.dataset.source);
    const backend = localBackend(JSON.parse(source.textContent));
    source.remove(); // what was read needs no second place in memory
    root.replaceChildren();
    if (!address)
      return mount(root, backend, options);
    const controller = mount(root, backend, { ...options, state: stateOfAddress(), onChange: keep });
    addEventListener('hashchange', () => controller.setState(stateOfAddress()));
    return controller;
  } catch (error) {
    root.textContent = `This browser cannot show the explorer: ${error.message}`;
    console.error(error);
    return null;
  }
}
