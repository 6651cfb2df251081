// Runs before the first paint: the stored theme and pane width must not flash in later.
(function () {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('doce:theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    const width = Number(localStorage.getItem('doce:chat-width'));
    if (width >= 20 && width <= 70) root.style.setProperty('--chat-width', width + '%');
    if (localStorage.getItem('doce:chat-folded') === 'yes') root.classList.add('chat-folded');
  } catch {
    // Storage may be refused; the defaults stand.
  }
})();
