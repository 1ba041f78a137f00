// The theme is an attribute of the root element, set before the page is painted: what was chosen, else what the system says.
(() => {
  const name = 'latent-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const themes = ['light', 'dark'];
  let chosen = null; // for this page alone, where the browser keeps nothing

  const remembered = () => {
    try {
      return localStorage.getItem(name) ?? chosen;
    } catch {
      return chosen;
    }
  };
  const current = () => (themes.includes(remembered()) ? remembered() : themes[+system.matches]);
  const apply = () => {
    document.documentElement.dataset.theme = current();
  };

  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', apply); // chosen in another tab
  document.addEventListener('click', event => {
    if (!event.target.closest?.('[data-theme-toggle]')) return;
    const other = themes[+(current() === 'light')];
    chosen = other === themes[+system.matches] ? null : other; // what the system says too: the theme goes on following it
    try {
      if (chosen) localStorage.setItem(name, chosen);
      else localStorage.removeItem(name);
    } catch {
      // private windows may keep nothing
    }
    apply();
  });
})();
