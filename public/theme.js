// Puts the chosen theme on the page before its first paint; src/ui/theme.rs keeps the choice under the same key.
try {
  const theme = localStorage.getItem("countersign.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is shut in this browser: the system's theme holds.
}
