// The theme before anything is painted, and the little that pages cannot do over their connection.
(() => {
  const key = 'decision-console-theme';
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => {
    try {
      return window.localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const isDark = () => (chosen() ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const show = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  };
  show();
  dark.addEventListener('change', show);

  window.decisionConsole = {
    isDark,
    setDark(value) {
      try {
        window.localStorage.setItem(key, value ? 'dark' : 'light');
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      document.documentElement.dataset.theme = value ? 'dark' : 'light';
    },
    // Where the page came over an unsafe connection there is no clipboard: the text is selected instead, to be copied by hand.
    async copy(id) {
      const field = document.getElementById(id);
      try {
        await navigator.clipboard.writeText(field.value);
        return true;
      } catch {
        field.focus();
        field.select();
        return false;
      }
    },
  };

  // A press belongs to the button on which it began. Leaving a field may draw something (what was typed joins a list, a finding is shown) that moves the
  // button from under the pointer before the press ends, and then the browser tells nobody of a click.
  const nearby = 4;
  let pressed = null;
  document.addEventListener('pointerdown', (event) => {
    const button = event.button === 0 && event.target.closest?.('button, a[href]');
    pressed = button ? { button, x: event.clientX, y: event.clientY } : null;
  }, true);
  document.addEventListener('pointercancel', () => {
    pressed = null;
  }, true);
  document.addEventListener('pointerup', (event) => {
    const press = pressed;
    pressed = null;
    if (press?.button.isConnected && !press.button.contains(event.target) && Math.hypot(event.clientX - press.x, event.clientY - press.y) <= nearby) {
      press.button.click();
    }
  }, true);
})();
